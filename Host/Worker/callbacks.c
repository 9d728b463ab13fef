#include "callbacks.h"

#include <stdlib.h>

void callbacks_answer(struct instance *instance, const struct message *message)
{
    struct request request;
    hearth_status status = message->answer.status;
    pthread_mutex_lock(&instance->lock);
    bool is_known = requests_take_answered(&instance->requests, message->id, status, &request);
    pthread_mutex_unlock(&instance->lock);
    if (!is_known || request.answer == NULL || !instance_takes_callbacks(instance)) return;
    request.answer(request.context, status, message->answer.json, message->answer.message);
}

static bool find(struct instance *instance, uint64_t id, enum request_kind kind, struct request *request)
{
    pthread_mutex_lock(&instance->lock);
    bool is_known = requests_find(&instance->requests, id, kind, request);
    pthread_mutex_unlock(&instance->lock);
    return is_known && instance_takes_callbacks(instance);
}

void callbacks_readings(struct instance *instance, const struct message *message)
{
    struct request request;
    if (message->readings.count == 0) return;
    if (!find(instance, message->id, REQUEST_SUBSCRIPTION, &request) || request.receive == NULL) return;

    hearth_reading *readings = calloc(message->readings.count, sizeof *readings);
    if (readings == NULL) return;
    struct frame_reader reader = message->readings.reader;
    for (uint32_t i = 0; i < message->readings.count; i++) readings[i] = message_reading(&reader);
    request.receive(request.context, readings, message->readings.count);
    free(readings);
}

void callbacks_output(struct instance *instance, const struct message *message)
{
    struct request request;
    if (!find(instance, message->id, REQUEST_RUN, &request) || request.output == NULL) return;
    request.output(request.context, (int32_t)message->output.stream, (const uint8_t *)message->output.bytes.data,
                   message->output.bytes.size);
}

int64_t callbacks_timers(struct instance *instance)
{
    int64_t now_ms = clock_monotonic_ms();
    for (;;) {
        struct timer due;
        pthread_mutex_lock(&instance->lock);
        bool is_due = instance_takes_callbacks(instance) && timers_take_due(&instance->timers, now_ms, &due);
        int64_t wait_ms = is_due ? 0 : timers_wait(&instance->timers, clock_monotonic_ms());
        pthread_mutex_unlock(&instance->lock);
        if (!is_due) return wait_ms;
        due.fire(due.context);
    }
}
