#include "ask.h"
#include "extensions.h"

static uint64_t subscribe(const hearth_host *host, hearth_string pattern,
                          void (*receive)(void *context, const hearth_reading *readings, size_t count),
                          hearth_answer answer, void *context)
{
    if (!is_subscription(pattern)) return 0;
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_SUBSCRIBE, 0);
    frame_put_text(&frame, pattern);
    struct request request = {
        .kind = REQUEST_SUBSCRIPTION, .answer = answer, .receive = receive, .context = context};
    return ask(instance_of(host), request, &frame);
}

static void unsubscribe(const hearth_host *host, uint64_t subscription)
{
    struct instance *instance = instance_of(host);
    pthread_mutex_lock(&instance->lock);
    if (requests_unsubscribe(&instance->requests, subscription)) {
        struct frame_writer frame;
        frame_begin(&frame, MESSAGE_UNSUBSCRIBE, subscription);
        outbox_push(&instance->outbox, OUTBOX_REPLY, &frame);
    }
    pthread_mutex_unlock(&instance->lock);
}

static hearth_status call(const hearth_host *host, hearth_string plugin, const hearth_command *command,
                          hearth_answer answer, void *context)
{
    if (!HEARTH_HAS(command, arguments)) return HEARTH_INVALID;
    hearth_string arguments = command->arguments.size == 0 ? text_of("{}") : command->arguments;
    bool is_valid = is_plugin_id(plugin) && is_short_name(command->name)
        && (command->device.size == 0 || is_device_id(command->device)) && json_is_object(arguments);
    if (!is_valid) return HEARTH_INVALID;

    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_CALL, 0);
    frame_put_u32(&frame, command->timeout_ms);
    frame_put_text(&frame, plugin);
    frame_put_text(&frame, command->device);
    frame_put_text(&frame, command->name);
    frame_put_text(&frame, arguments);
    struct request request = {.kind = REQUEST_ANSWER, .answer = answer, .context = context};
    return ask(instance_of(host), request, &frame) == 0 ? HEARTH_BUSY : HEARTH_OK;
}

const hearth_home extension_home = {
    .struct_size = sizeof(hearth_home), .subscribe = subscribe, .unsubscribe = unsubscribe, .call = call};
