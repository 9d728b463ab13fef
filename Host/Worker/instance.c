#define _GNU_SOURCE
#include "instance.h"
#include "call.h"
#include "extensions.h"

#include <stdlib.h>
#include <time.h>

static int64_t read_clock_ms(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_utc_ms(void) { return read_clock_ms(CLOCK_REALTIME); }
int64_t clock_monotonic_ms(void) { return read_clock_ms(CLOCK_BOOTTIME); }

bool instance_open(struct instance *instance)
{
    *instance = (struct instance){
        .host = {
            .struct_size = sizeof instance->host,
            .abi_major = HEARTH_ABI_MAJOR,
            .abi_minor = HEARTH_ABI_MINOR,
            .context = instance,
            .complete = call_complete,
            .extension = instance_extension,
        },
        .life = LIFE_WAITING,
    };
    if (!waker_open(&instance->waker)) return false;
    outbox_open(&instance->outbox, &instance->waker);
    pthread_mutex_init(&instance->lock, NULL);
    pthread_mutex_init(&instance->state_lock, NULL);
    return true;
}

void instance_close(struct instance *instance)
{
    outbox_close(&instance->outbox);
    waker_close(&instance->waker);
    operations_clear(&instance->operations);
    requests_clear(&instance->requests);
    timers_clear(&instance->timers);
    state_clear(&instance->state);
    pthread_mutex_destroy(&instance->lock);
    pthread_mutex_destroy(&instance->state_lock);
    free(instance->settings.text);
    free(instance->candidate.text);
    free(instance->plugin_id);
    free(instance->data_directory);
    free(instance->package_directory);
}

const void *instance_extension(const hearth_host *host, hearth_string id)
{
    (void)host;
    const struct {
        const char *id;
        const void *table;
    } extensions[] = {
        {HEARTH_EXTENSION_LOG, &extension_log},           {HEARTH_EXTENSION_READINGS, &extension_readings},
        {HEARTH_EXTENSION_DEVICES, &extension_devices},   {HEARTH_EXTENSION_ALERTS, &extension_alerts},
        {HEARTH_EXTENSION_STATE, &extension_state},       {HEARTH_EXTENSION_SETTINGS, &extension_settings},
        {HEARTH_EXTENSION_CLOCK, &extension_clock},       {HEARTH_EXTENSION_STATUS, &extension_status},
        {HEARTH_EXTENSION_HOME, &extension_home},         {HEARTH_EXTENSION_EXEC, &extension_exec},
    };
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++) {
        if (text_equals(id, text_of(extensions[i].id))) return extensions[i].table;
    }
    return NULL;
}

bool instance_takes_callbacks(const struct instance *instance)
{
    return instance->life >= LIFE_IDLE && instance->life < LIFE_OVER;
}
