#include "extensions.h"
#include "instance.h"

static int64_t now_ms(const hearth_host *host)
{
    (void)host;
    return clock_utc_ms();
}

static int64_t monotonic_ms(const hearth_host *host)
{
    (void)host;
    return clock_monotonic_ms();
}

static uint64_t start_timer(const hearth_host *host, uint32_t delay_ms, uint32_t interval_ms,
                            void (*fire)(void *context), void *context)
{
    struct instance *instance = instance_of(host);
    pthread_mutex_lock(&instance->lock);
    uint64_t number = timers_start(&instance->timers, clock_monotonic_ms(), delay_ms, interval_ms, fire, context);
    pthread_mutex_unlock(&instance->lock);
    waker_wake(&instance->waker);
    return number;
}

static void stop_timer(const hearth_host *host, uint64_t timer)
{
    struct instance *instance = instance_of(host);
    pthread_mutex_lock(&instance->lock);
    timers_stop(&instance->timers, timer);
    pthread_mutex_unlock(&instance->lock);
}

const hearth_clock extension_clock = {
    .struct_size = sizeof(hearth_clock),
    .now_ms = now_ms,
    .monotonic_ms = monotonic_ms,
    .start_timer = start_timer,
    .stop_timer = stop_timer,
};
