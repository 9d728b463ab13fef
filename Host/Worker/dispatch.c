#include "dispatch.h"
#include "callbacks.h"
#include "life.h"

static void answer_ping(struct instance *instance, uint64_t id)
{
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_PONG, id);
    outbox_push(&instance->outbox, OUTBOX_REPLY, &frame);
}

static void keep_state(struct instance *instance, const struct message *message)
{
    pthread_mutex_lock(&instance->state_lock);
    state_set(&instance->state, message->state.key, message->state.value);
    pthread_mutex_unlock(&instance->state_lock);
}

const char *dispatch(struct instance *instance, const struct message *message, enum dispatch *outcome)
{
    *outcome = DISPATCH_DONE;
    /* A thread may have answered since: the host, which has read that, goes by it already. */
    life_settle(instance);
    bool is_waiting = instance->life == LIFE_WAITING;
    bool needs_plugin = message->type != MESSAGE_LOAD && message->type != MESSAGE_PING
        && message->type != MESSAGE_EXIT && message->type != MESSAGE_LOG_LEVEL;
    if (is_waiting && needs_plugin) return "a message came before LOAD";

    switch (message->type) {
    case MESSAGE_LOAD:
        if (!is_waiting) return "LOAD came twice";
        life_load(instance, message);
        break;
    case MESSAGE_STATE: keep_state(instance, message); break;
    case MESSAGE_START: life_start(instance, message); break;
    case MESSAGE_STOP: life_stop(instance, message); break;
    case MESSAGE_APPLY: life_apply(instance, message); break;
    case MESSAGE_COMMAND: life_command(instance, message); break;
    case MESSAGE_HEALTH: life_health(instance, message); break;
    case MESSAGE_PING: answer_ping(instance, message->id); break;
    case MESSAGE_LOG_LEVEL: atomic_store(&instance->log_level, (int32_t)message->log_level); break;
    case MESSAGE_ANSWER: callbacks_answer(instance, message); break;
    case MESSAGE_SUBSCRIPTION_READINGS: callbacks_readings(instance, message); break;
    case MESSAGE_EXEC_OUTPUT: callbacks_output(instance, message); break;
    case MESSAGE_EXIT: *outcome = DISPATCH_EXIT; break;
    }
    life_settle(instance);
    return NULL;
}
