/* Takes 1 MiB of memory every 10 ms and never gives it back, from start on, up to 128 MiB.
 * It starts and stops well. */
#include "minimal.h"

static void leak(void *context)
{
    (void)context;
    static int count;
    static char *volatile memory; /* volatile: or the compiler leaves it all out */
    if (count++ >= 128) return;
    memory = malloc(1 << 20);
    if (memory != NULL) memset(memory, 1, 1 << 20);
}

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)call;
    (void)settings;
    const hearth_host *host = instance;
    const hearth_clock *clock = host->extension(host, TEXT(HEARTH_EXTENSION_CLOCK));
    clock->start_timer(host, 10, 10, leak, NULL);
    return HEARTH_OK;
}

PLUGIN("leaks-memory", start, plain_stop, NULL)
