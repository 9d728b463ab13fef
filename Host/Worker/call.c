#include "call.h"
#include "message.h"
#include "sentence.h"

#include <stdio.h>
#include <stdlib.h>

/* --- The slot: what the plugin says during the call --------------------------------------------------------------- */

static struct call_slot *open_slot(const hearth_call *call)
{
    struct instance *instance = call->context;
    bool is_inside = waker_is_main_thread(&instance->waker) && instance->slot.is_open;
    return is_inside ? &instance->slot : NULL;
}

static void keep(char **kept, size_t *kept_size, hearth_string text)
{
    char *copy = malloc(text.size + 1);
    if (copy != NULL && text.size != 0) memcpy(copy, text.data, text.size);
    free(*kept);
    *kept = copy;
    *kept_size = copy == NULL ? 0 : text.size;
}

static void take_result(const hearth_call *call, hearth_string json)
{
    struct call_slot *slot = open_slot(call);
    if (slot == NULL) return;
    bool is_too_large = json.size > JSON_SIZE_LIMIT;
    slot->fault = is_too_large ? "it is larger than 1 MiB" : NULL;
    keep(&slot->result, &slot->result_size, is_too_large ? (hearth_string){NULL, 0} : json);
}

static void take_message(const hearth_call *call, hearth_string text)
{
    struct call_slot *slot = open_slot(call);
    if (slot == NULL) return;
    char *owned;
    keep(&slot->message, &slot->message_size, sentence_of(text, &owned));
    free(owned);
}

void call_reset(struct instance *instance)
{
    struct call_slot *slot = &instance->slot;
    free(slot->result);
    free(slot->message);
    slot->result = slot->message = NULL;
    slot->result_size = slot->message_size = 0;
    slot->fault = NULL;
}

/* --- The result --------------------------------------------------------------------------------------------------- */

struct result {
    hearth_status status;
    hearth_string json, message;
    const char *fault; /* why json cannot be used */
    bool is_object;    /* json is, or there is none */
};

static struct result check_result(hearth_status status, hearth_string json, hearth_string message, const char *fault)
{
    if (status > HEARTH_OK || status < HEARTH_BUSY) status = HEARTH_INTERNAL;
    struct result result = {.status = status, .json = json, .message = message, .fault = fault, .is_object = true};
    if (fault == NULL && json.size != 0) {
        struct json_value value;
        result.fault = json_parse(json, &value);
        result.is_object = result.fault == NULL && value.kind == JSON_OBJECT;
    }
    return result;
}

static void send_result(struct instance *instance, uint64_t operation, struct result result)
{
    char explanation[256];
    if (result.fault != NULL) {
        int size = snprintf(explanation, sizeof explanation, "The plugin gave a result that cannot be used: %s.",
                            result.fault);
        result.status = HEARTH_INTERNAL;
        result.json = (hearth_string){NULL, 0};
        result.message = (hearth_string){explanation, (size_t)size};
    } else if (result.json.size != 0 && outbox_is_full(&instance->outbox)) {
        result.status = HEARTH_BUSY;
        result.json = (hearth_string){NULL, 0};
        result.message = text_of("The result was dropped: too much waits to be sent to the host.");
    }
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_RESULT, operation);
    frame_put_i32(&frame, result.status);
    frame_put_text(&frame, result.json);
    frame_put_text(&frame, result.message);
    outbox_push(&instance->outbox, OUTBOX_REPLY, &frame);
}

/* With the lock held: the first answer counts. Returns the status as it was sent. */
static void answer(struct instance *instance, struct operation *operation, struct result result)
{
    if (operation->kind == OPERATION_HEALTH && result.fault == NULL && !result.is_object) {
        result.fault = "health is a JSON object";
    }
    send_result(instance, operation->id, result);
    operation->is_answered = true;
    operation->status = result.fault == NULL ? result.status : HEARTH_INTERNAL;
}

void call_refuse(struct instance *instance, uint64_t operation, hearth_status status, const char *message)
{
    send_result(instance, operation, (struct result){.status = status, .message = text_of(message)});
}

/* --- The operation ------------------------------------------------------------------------------------------------ */

const hearth_call *call_begin(struct instance *instance, uint64_t operation, enum operation_kind kind)
{
    pthread_mutex_lock(&instance->lock);
    bool is_added = operations_add(&instance->operations, operation, kind);
    pthread_mutex_unlock(&instance->lock);
    if (!is_added) {
        call_refuse(instance, operation, HEARTH_BUSY, "Too many operations of this plugin are unfinished.");
        return NULL;
    }
    instance->slot.call = (hearth_call){
        .struct_size = sizeof(hearth_call),
        .operation = operation,
        .context = instance,
        .result = take_result,
        .message = take_message,
    };
    instance->slot.is_open = true;
    return &instance->slot.call;
}

void call_end(struct instance *instance, hearth_status status)
{
    struct call_slot *slot = &instance->slot;
    slot->is_open = false;
    struct result result = check_result(status, (hearth_string){slot->result, slot->result_size},
                                        (hearth_string){slot->message, slot->message_size}, slot->fault);
    pthread_mutex_lock(&instance->lock);
    struct operation *operation = operations_find(&instance->operations, slot->call.operation);
    if (operation != NULL) {
        operation->is_calling = false;
        if (status != HEARTH_PENDING && !operation->is_answered) answer(instance, operation, result);
    }
    pthread_mutex_unlock(&instance->lock);
    call_reset(instance);
}

void call_complete(const hearth_host *host, uint64_t number, hearth_status status, hearth_string json,
                   hearth_string message)
{
    struct instance *instance = instance_of(host);
    char *owned;
    struct result result = check_result(status, json, sentence_of(message, &owned), NULL);
    pthread_mutex_lock(&instance->lock);
    struct operation *operation = operations_find(&instance->operations, number);
    if (operation != NULL && !operation->is_answered) answer(instance, operation, result);
    pthread_mutex_unlock(&instance->lock);
    free(owned);
    waker_wake(&instance->waker);
}
