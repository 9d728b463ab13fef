#include "extensions.h"
#include "instance.h"
#include "message.h"

/* Whether document is an object whose id can be a device's. The host looks at the rest. */
static bool is_device(hearth_string document)
{
    struct json_value root, id;
    if (json_parse(document, &root) != NULL || root.kind != JSON_OBJECT) return false;
    if (json_find(root, text_of("/id"), &id) != JSON_FOUND || id.kind != JSON_TEXT) return false;
    char characters[2 + 6 * NAME_LIMIT]; /* each could be written as an escape */
    if (id.size > sizeof characters) return false;
    return is_device_id((hearth_string){characters, json_text(id, characters)});
}

static hearth_status put(const hearth_host *host, hearth_string device)
{
    if (!is_device(device)) return HEARTH_INVALID;
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_DEVICE_PUT, 0);
    frame_put_text(&frame, device);
    return outbox_push(&instance_of(host)->outbox, OUTBOX_ORDER, &frame);
}

static hearth_status remove_device(const hearth_host *host, hearth_string id)
{
    if (!is_device_id(id)) return HEARTH_INVALID;
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_DEVICE_REMOVE, 0);
    frame_put_text(&frame, id);
    return outbox_push(&instance_of(host)->outbox, OUTBOX_ORDER, &frame);
}

static hearth_status set_availability(const hearth_host *host, hearth_string id, int32_t availability,
                                      hearth_string reason)
{
    bool is_known = availability >= HEARTH_DEVICE_ONLINE && availability <= HEARTH_DEVICE_UNKNOWN;
    if (!is_device_id(id) || !is_known || !is_sentence(reason)) return HEARTH_INVALID;
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_DEVICE_AVAILABILITY, 0);
    frame_put_text(&frame, id);
    frame_put_u32(&frame, (uint32_t)availability);
    frame_put_text(&frame, reason);
    return outbox_push(&instance_of(host)->outbox, OUTBOX_ORDER, &frame);
}

const hearth_devices extension_devices = {
    .struct_size = sizeof(hearth_devices),
    .put = put,
    .remove = remove_device,
    .set_availability = set_availability,
};
