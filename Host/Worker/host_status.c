#include "extensions.h"
#include "instance.h"
#include "message.h"

static hearth_status report(const hearth_host *host, int32_t state, hearth_string text)
{
    if (state < HEARTH_STATE_STARTING || state > HEARTH_STATE_AUTH || !is_sentence(text)) return HEARTH_INVALID;
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_STATUS, 0);
    frame_put_u32(&frame, (uint32_t)state);
    frame_put_text(&frame, text);
    return outbox_push(&instance_of(host)->outbox, OUTBOX_ORDER, &frame);
}

const hearth_status_report extension_status = {.struct_size = sizeof(hearth_status_report), .report = report};
