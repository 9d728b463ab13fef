#include "check.h"
#include "timers.h"

#include <stddef.h>

static void nothing(void *context) { (void)context; }

static void fires_in_order(void)
{
    struct timers timers = {0};
    struct timer due;
    CHECK(timers_wait(&timers, 0) == -1);
    uint64_t late = timers_start(&timers, 0, 30, 0, nothing, NULL);
    uint64_t early = timers_start(&timers, 0, 10, 0, nothing, NULL);
    uint64_t same = timers_start(&timers, 5, 5, 0, nothing, NULL);
    CHECK(late == 1 && early == 2 && same == 3);
    CHECK(timers_wait(&timers, 4) == 6 && timers_wait(&timers, 50) == 0);
    CHECK(!timers_take_due(&timers, 9, &due));
    CHECK(timers_take_due(&timers, 40, &due) && due.number == early);
    CHECK(timers_take_due(&timers, 40, &due) && due.number == same);
    CHECK(timers_take_due(&timers, 40, &due) && due.number == late);
    CHECK(!timers_take_due(&timers, 40, &due));
    timers_clear(&timers);
}

static void repeats_without_catching_up(void)
{
    struct timers timers = {0};
    struct timer due;
    uint64_t number = timers_start(&timers, 0, 0, 100, nothing, NULL);
    CHECK(timers_take_due(&timers, 0, &due) && timers_wait(&timers, 0) == 100);
    CHECK(timers_take_due(&timers, 120, &due) && timers_wait(&timers, 120) == 80); /* the beat is kept */
    CHECK(timers_take_due(&timers, 1000, &due) && !timers_take_due(&timers, 1000, &due));
    CHECK(timers_wait(&timers, 1000) == 100);
    timers_stop(&timers, number);
    timers_stop(&timers, number);
    CHECK(timers_wait(&timers, 1000) == -1);
    timers_start(&timers, 0, 0, 1, nothing, NULL);
    CHECK(timers_take_due(&timers, 0, &due) && timers_wait(&timers, 0) == TIMER_INTERVAL_LEAST_MS);
    timers_clear(&timers);
}

static void are_limited(void)
{
    struct timers timers = {0};
    for (int i = 0; i < TIMERS_LIMIT; i++) timers_start(&timers, 0, 1, 0, nothing, NULL);
    CHECK(timers.count == TIMERS_LIMIT && timers_start(&timers, 0, 1, 0, nothing, NULL) == 0);
    timers_stop(&timers, 5);
    CHECK(timers_start(&timers, 0, 1, 0, nothing, NULL) == TIMERS_LIMIT + 1);
    timers_clear(&timers);
}

void test_timers(void)
{
    fires_in_order();
    repeats_without_catching_up();
    are_limited();
}
