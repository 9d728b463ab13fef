/* A thread goes on publishing readings after stop.
 * It starts and stops well. */
#include "minimal.h"

static void *publish(void *context)
{
    const hearth_host *host = context;
    const hearth_readings *readings = host->extension(host, TEXT(HEARTH_EXTENSION_READINGS));
    for (;;) {
        hearth_reading reading = {.struct_size = sizeof reading, .kind = HEARTH_READING_NUMBER, .device = TEXT("tap"),
                                  .entity = TEXT("drops"), .value = 1};
        readings->publish(host, &reading, 1);
        usleep(50000);
    }
}

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)call;
    (void)settings;
    static bool is_running;
    const hearth_host *host = instance;
    const hearth_devices *devices = host->extension(host, TEXT(HEARTH_EXTENSION_DEVICES));
    devices->put(host, TEXT("{\"id\":\"tap\",\"name\":\"Tap\",\"entities\":[{\"id\":\"drops\",\"kind\":\"number\"}]}"));
    if (!is_running) run_on_thread(publish, instance);
    is_running = true;
    return HEARTH_OK;
}

PLUGIN("talks-after-stop", start, plain_stop, NULL)
