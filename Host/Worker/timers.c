#include "timers.h"

#include <stdlib.h>

uint64_t timers_start(struct timers *timers, int64_t now_ms, uint32_t delay_ms, uint32_t interval_ms,
                      void (*fire)(void *), void *context)
{
    if (timers->count == TIMERS_LIMIT) return 0;
    if (timers->count == timers->capacity) {
        size_t capacity = timers->capacity == 0 ? 8 : timers->capacity * 2;
        struct timer *all = realloc(timers->all, capacity * sizeof *all);
        if (all == NULL) return 0;
        timers->all = all;
        timers->capacity = capacity;
    }
    if (interval_ms != 0 && interval_ms < TIMER_INTERVAL_LEAST_MS) interval_ms = TIMER_INTERVAL_LEAST_MS;
    timers->all[timers->count++] = (struct timer){
        .number = ++timers->last_number,
        .due_ms = now_ms + delay_ms,
        .interval_ms = interval_ms,
        .fire = fire,
        .context = context,
    };
    return timers->last_number;
}

void timers_stop(struct timers *timers, uint64_t number)
{
    for (size_t i = 0; i < timers->count; i++) {
        if (timers->all[i].number != number) continue;
        timers->all[i] = timers->all[--timers->count];
        return;
    }
}

void timers_clear(struct timers *timers)
{
    free(timers->all);
    timers->all = NULL;
    timers->count = timers->capacity = 0;
}

static struct timer *earliest(const struct timers *timers)
{
    struct timer *found = NULL;
    for (size_t i = 0; i < timers->count; i++) {
        struct timer *timer = &timers->all[i];
        bool is_earlier = found == NULL || timer->due_ms < found->due_ms
            || (timer->due_ms == found->due_ms && timer->number < found->number);
        if (is_earlier) found = timer;
    }
    return found;
}

bool timers_take_due(struct timers *timers, int64_t now_ms, struct timer *due)
{
    struct timer *timer = earliest(timers);
    if (timer == NULL || timer->due_ms > now_ms) return false;
    *due = *timer;
    if (timer->interval_ms == 0) {
        timers_stop(timers, timer->number);
    } else {
        timer->due_ms += timer->interval_ms;
        if (timer->due_ms <= now_ms) timer->due_ms = now_ms + timer->interval_ms; /* late ticks are not made up for */
    }
    return true;
}

int64_t timers_wait(const struct timers *timers, int64_t now_ms)
{
    const struct timer *timer = earliest(timers);
    if (timer == NULL) return -1;
    return timer->due_ms > now_ms ? timer->due_ms - now_ms : 0;
}
