#include "ask.h"

uint64_t ask(struct instance *instance, struct request request, struct frame_writer *frame)
{
    /* The lock is held until the frame is queued: no answer can come before the request stands. */
    pthread_mutex_lock(&instance->lock);
    uint64_t id = requests_add(&instance->requests, request);
    if (id == 0) {
        frame_discard(frame);
    } else {
        frame_set_id(frame, id);
        if (outbox_push(&instance->outbox, OUTBOX_ORDER, frame) != HEARTH_OK) {
            requests_remove(&instance->requests, id);
            id = 0;
        }
    }
    pthread_mutex_unlock(&instance->lock);
    return id;
}
