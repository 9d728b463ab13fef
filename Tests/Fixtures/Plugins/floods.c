/* Writes log lines, readings and lines on stdout from a thread without end.
 * It starts and stops well, and answers commands meanwhile. */
#include "minimal.h"

#include <stdatomic.h>

static atomic_bool is_over;
static pthread_t thread;

static void *flood(void *context)
{
    const hearth_host *host = context;
    const hearth_readings *readings = host->extension(host, TEXT(HEARTH_EXTENSION_READINGS));
    for (unsigned long count = 1; !atomic_load(&is_over); count++) {
        hearth_reading reading = {
            .struct_size = sizeof reading,
            .kind = HEARTH_READING_NUMBER,
            .device = TEXT("tap"),
            .entity = TEXT("drops"),
            .value = (double)count,
        };
        readings->publish(host, &reading, 1);
        log_line(host, "one line of very many");
        printf("line %lu\n", count);
    }
    return NULL;
}

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)call;
    (void)settings;
    const hearth_host *host = instance;
    const hearth_devices *devices = host->extension(host, TEXT(HEARTH_EXTENSION_DEVICES));
    devices->put(host, TEXT("{\"id\":\"tap\",\"name\":\"Tap\",\"entities\":[{\"id\":\"drops\",\"kind\":\"number\"}]}"));
    atomic_store(&is_over, false);
    return pthread_create(&thread, NULL, flood, instance) == 0 ? HEARTH_OK : HEARTH_RETRYABLE;
}

static hearth_status stop(void *instance, const hearth_call *call)
{
    (void)instance;
    (void)call;
    atomic_store(&is_over, true);
    pthread_join(thread, NULL);
    return HEARTH_OK;
}

static hearth_status command(void *instance, const hearth_call *call, const hearth_command *command)
{
    (void)instance;
    call->result(call, command->arguments);
    return HEARTH_OK;
}

PLUGIN("floods", start, stop, command)
