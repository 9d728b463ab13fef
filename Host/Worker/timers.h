/* The plugin's timers, by the clock that its caller reads. Pure; the caller locks. */
#ifndef WORKER_TIMERS_H
#define WORKER_TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

enum { TIMERS_LIMIT = 1024, TIMER_INTERVAL_LEAST_MS = 10 };

struct timer {
    uint64_t number;
    int64_t due_ms;
    uint32_t interval_ms; /* 0: once */
    void (*fire)(void *context);
    void *context;
};

struct timers {
    struct timer *all; /* in no order: there are few, and looking at all of them costs less than keeping one */
    size_t count, capacity;
    uint64_t last_number;
};

/* Returns the timer's number, or 0 if there are TIMERS_LIMIT already or memory ran out. */
uint64_t timers_start(struct timers *timers, int64_t now_ms, uint32_t delay_ms, uint32_t interval_ms,
                      void (*fire)(void *), void *context);
void timers_stop(struct timers *timers, uint64_t number);
void timers_clear(struct timers *timers);

/* Takes the timer that has been due longest at now_ms; one that repeats is then due after now_ms. */
bool timers_take_due(struct timers *timers, int64_t now_ms, struct timer *due);

/* Milliseconds until the next one is due (0: it is), or -1 if there is none. */
int64_t timers_wait(const struct timers *timers, int64_t now_ms);

#pragma GCC visibility pop

#endif
