#define _GNU_SOURCE
#include "loop.h"
#include "callbacks.h"
#include "dispatch.h"
#include "life.h"
#include "socket.h"

#include <poll.h>

static const char socket_lost[] =
    "the control socket does not work: did the plugin close descriptor 3, or was the worker not started by hostd?";

struct loop {
    struct instance *instance;
    int control;
    struct inbox inbox;
    enum transfer sending; /* how the last attempt ended */
    const char *fault;
};

static void send_out(struct loop *loop) { loop->sending = socket_send(loop->control, &loop->instance->outbox); }

/* Answers leave after each message, not after all of them. Returns true if the host told the worker to end. */
static bool handle_messages(struct loop *loop)
{
    struct frame_header header;
    const uint8_t *payload;
    while (inbox_next(&loop->inbox, &header, &payload, &loop->fault)) {
        struct message message;
        enum dispatch outcome;
        loop->fault = message_decode(&header, payload, &message);
        if (loop->fault == NULL) loop->fault = dispatch(loop->instance, &message, &outcome);
        if (loop->fault != NULL) return false;
        if (outcome == DISPATCH_EXIT || loop->instance->life == LIFE_OVER) return true;
        if (loop->sending == TRANSFER_DONE) send_out(loop);
    }
    return false;
}

static int64_t sooner(int64_t one, int64_t other) { return one < 0 || (other >= 0 && other < one) ? other : one; }

/* Does what is due without waiting. Returns for how many milliseconds nothing more is, or -1. */
static int64_t do_what_is_due(struct loop *loop)
{
    life_settle(loop->instance);
    int64_t timers_ms = callbacks_timers(loop->instance);
    int64_t outbox_ms = outbox_settle(&loop->instance->outbox, clock_monotonic_ms(), false);
    send_out(loop);
    return sooner(timers_ms, outbox_ms);
}

enum { CONTROL, WAKER };

/* Returns false if one of the descriptors is not ours any more. */
static bool wait_for_work(struct loop *loop, int64_t wait_ms, struct pollfd polled[2])
{
    /* A host that does not read gets no more work done: otherwise the answers would pile up. */
    bool reads = !outbox_is_full(&loop->instance->outbox);
    bool writes = loop->sending == TRANSFER_WAIT;
    polled[CONTROL] = (struct pollfd){
        .fd = loop->control, .events = (short)((reads ? POLLIN : 0) | (writes ? POLLOUT : 0))};
    polled[WAKER] = (struct pollfd){.fd = loop->instance->waker.descriptor, .events = POLLIN};
    int timeout = wait_ms < 0 ? -1 : wait_ms > 60000 ? 60000 : (int)wait_ms;
    if (poll(polled, 2, timeout) < 0) polled[CONTROL].revents = polled[WAKER].revents = 0; /* a signal */
    return ((polled[CONTROL].revents | polled[WAKER].revents) & POLLNVAL) == 0;
}

static enum loop_end run(struct loop *loop)
{
    for (;;) {
        int64_t wait_ms = do_what_is_due(loop);
        struct pollfd polled[2];
        if (loop->sending == TRANSFER_GONE) return LOOP_GONE;
        if (loop->sending == TRANSFER_BROKEN || !wait_for_work(loop, wait_ms, polled)) {
            loop->fault = socket_lost;
            return LOOP_BROKEN;
        }
        if (polled[WAKER].revents != 0) waker_reset(&loop->instance->waker);
        if ((polled[CONTROL].revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;

        switch (inbox_receive(&loop->inbox, loop->control)) {
        case TRANSFER_DONE:
            if (handle_messages(loop)) return LOOP_TOLD;
            if (loop->fault != NULL) return LOOP_BROKEN;
            break;
        case TRANSFER_WAIT: break;
        case TRANSFER_GONE: return LOOP_GONE;
        case TRANSFER_BROKEN: loop->fault = socket_lost; return LOOP_BROKEN;
        }
    }
}

enum loop_end loop_run(struct instance *instance, int control, const char **reason)
{
    struct loop loop = {.instance = instance, .control = control};
    enum loop_end end = run(&loop);
    *reason = loop.fault;
    inbox_close(&loop.inbox);
    return end;
}

void loop_flush(struct instance *instance, int control, int64_t limit_ms)
{
    int64_t end_ms = clock_monotonic_ms() + limit_ms;
    outbox_settle(&instance->outbox, clock_monotonic_ms(), true);
    while (socket_send(control, &instance->outbox) == TRANSFER_WAIT) {
        int64_t left_ms = end_ms - clock_monotonic_ms();
        struct pollfd polled = {.fd = control, .events = POLLOUT};
        if (left_ms <= 0 || poll(&polled, 1, (int)left_ms) < 0) return;
    }
}
