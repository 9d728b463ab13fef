#include "ask.h"
#include "extensions.h"

#include <stdlib.h>

static hearth_status get(const hearth_host *host, hearth_string key,
                         void (*receive)(void *context, hearth_string value), void *context)
{
    struct instance *instance = instance_of(host);
    char *copy = NULL;
    size_t size = 0;
    pthread_mutex_lock(&instance->state_lock);
    const struct state_entry *entry = state_find(&instance->state, key);
    if (entry != NULL) {
        /* A copy, so that receive may use the state itself. */
        size = entry->value.size;
        copy = malloc(size + 1);
        if (copy != NULL) memcpy(copy, entry->value.data, size);
    }
    pthread_mutex_unlock(&instance->state_lock);
    if (entry == NULL) return HEARTH_PERMANENT;
    if (copy == NULL) return HEARTH_BUSY;
    receive(context, (hearth_string){copy, size});
    free(copy);
    return HEARTH_OK;
}

static hearth_status set(const hearth_host *host, hearth_string key, hearth_string value)
{
    struct instance *instance = instance_of(host);
    hearth_status status = HEARTH_OK;
    /* The host must see changes in the order in which get does: hence the lock until the frame is queued. */
    pthread_mutex_lock(&instance->state_lock);
    const struct state_entry *old = state_find(&instance->state, key);
    if (!state_accepts(&instance->state, key, value)) {
        status = HEARTH_INVALID;
    } else if (old == NULL || !text_equals(old->value, value)) {
        struct frame_writer frame;
        frame_begin(&frame, MESSAGE_STATE_SET, 0);
        frame_put_text(&frame, key);
        frame_put_text(&frame, value);
        status = outbox_push(&instance->outbox, OUTBOX_ORDER, &frame);
        if (status == HEARTH_OK && !state_set(&instance->state, key, value)) status = HEARTH_BUSY;
    }
    pthread_mutex_unlock(&instance->state_lock);
    return status;
}

static hearth_status remove_key(const hearth_host *host, hearth_string key)
{
    struct instance *instance = instance_of(host);
    hearth_status status = HEARTH_OK;
    if (key.size == 0 || key.size > STATE_KEY_LIMIT) return HEARTH_INVALID;
    pthread_mutex_lock(&instance->state_lock);
    if (state_find(&instance->state, key) != NULL) {
        struct frame_writer frame;
        frame_begin(&frame, MESSAGE_STATE_REMOVE, 0);
        frame_put_text(&frame, key);
        status = outbox_push(&instance->outbox, OUTBOX_ORDER, &frame);
        if (status == HEARTH_OK) state_remove(&instance->state, key);
    }
    pthread_mutex_unlock(&instance->state_lock);
    return status;
}

static hearth_status flush(const hearth_host *host, hearth_answer answer, void *context)
{
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_STATE_FLUSH, 0);
    struct request request = {.kind = REQUEST_ANSWER, .answer = answer, .context = context};
    return ask(instance_of(host), request, &frame) == 0 ? HEARTH_BUSY : HEARTH_OK;
}

const hearth_state extension_state = {
    .struct_size = sizeof(hearth_state), .get = get, .set = set, .remove = remove_key, .flush = flush};
