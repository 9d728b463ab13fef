#include "extensions.h"
#include "instance.h"
#include "message.h"
#include "sentence.h"

#include <stdlib.h>

static int32_t level(const hearth_host *host) { return atomic_load(&instance_of(host)->log_level); }

static void write_line(const hearth_host *host, int32_t line_level, hearth_string message, hearth_string fields)
{
    struct instance *instance = instance_of(host);
    if (line_level > HEARTH_LOG_CRITICAL) line_level = HEARTH_LOG_CRITICAL;
    if (line_level < HEARTH_LOG_DEBUG) line_level = HEARTH_LOG_DEBUG;
    if (line_level < level(host)) return;
    /* There is no way to refuse a line; what was said is worth more than details that cannot be read. */
    if (fields.size != 0 && !json_is_object(fields)) fields = (hearth_string){NULL, 0};

    char *owned;
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_LOG, 0);
    frame_put_u32(&frame, (uint32_t)line_level);
    frame_put_i64(&frame, clock_utc_ms());
    frame_put_text(&frame, sentence_of(message, &owned));
    frame_put_text(&frame, fields);
    free(owned);
    outbox_push(&instance->outbox, OUTBOX_LOG, &frame);
}

const hearth_log extension_log = {.struct_size = sizeof(hearth_log), .level = level, .write = write_line};
