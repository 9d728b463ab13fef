#include "extensions.h"
#include "instance.h"
#include "message.h"

static bool is_title(hearth_string text)
{
    return text.size != 0 && is_sentence(text) && memchr(text.data, '\n', text.size) == NULL;
}

static hearth_status raise_alert(const hearth_host *host, hearth_string key, int32_t severity, hearth_string title,
                                 hearth_string detail)
{
    bool is_known = severity >= HEARTH_ALERT_WARNING && severity <= HEARTH_ALERT_CRITICAL;
    if (!is_alert_key(key) || !is_known || !is_title(title) || !is_sentence(detail)) return HEARTH_INVALID;
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_ALERT_RAISE, 0);
    frame_put_text(&frame, key);
    frame_put_u32(&frame, (uint32_t)severity);
    frame_put_text(&frame, title);
    frame_put_text(&frame, detail);
    return outbox_push(&instance_of(host)->outbox, OUTBOX_ORDER, &frame);
}

static hearth_status clear(const hearth_host *host, hearth_string key)
{
    if (!is_alert_key(key)) return HEARTH_INVALID;
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_ALERT_CLEAR, 0);
    frame_put_text(&frame, key);
    return outbox_push(&instance_of(host)->outbox, OUTBOX_ORDER, &frame);
}

const hearth_alerts extension_alerts = {.struct_size = sizeof(hearth_alerts), .raise = raise_alert, .clear = clear};
