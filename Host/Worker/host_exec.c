#include "ask.h"
#include "extensions.h"

static uint64_t run(const hearth_host *host, hearth_string program, hearth_string arguments,
                    void (*output)(void *context, int32_t stream, const uint8_t *bytes, size_t size),
                    hearth_answer answer, void *context)
{
    if (arguments.size == 0) arguments = text_of("{}");
    if (!is_short_name(program) || !json_is_object(arguments)) return 0;
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_EXEC, 0);
    frame_put_text(&frame, program);
    frame_put_text(&frame, arguments);
    struct request request = {.kind = REQUEST_RUN, .answer = answer, .output = output, .context = context};
    return ask(instance_of(host), request, &frame);
}

static void cancel(const hearth_host *host, uint64_t number)
{
    struct instance *instance = instance_of(host);
    pthread_mutex_lock(&instance->lock);
    if (requests_cancel(&instance->requests, number)) {
        struct frame_writer frame;
        frame_begin(&frame, MESSAGE_EXEC_CANCEL, number);
        outbox_push(&instance->outbox, OUTBOX_REPLY, &frame);
    }
    pthread_mutex_unlock(&instance->lock);
}

const hearth_exec extension_exec = {.struct_size = sizeof(hearth_exec), .run = run, .cancel = cancel};
