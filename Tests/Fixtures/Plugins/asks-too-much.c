/* Subscribes in start to the readings of all plugins, which its manifest does not ask for.
 * It starts and stops well. */
#include "minimal.h"

static void receive(void *context, const hearth_reading *readings, size_t count)
{
    (void)context;
    (void)readings;
    (void)count;
}

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)call;
    (void)settings;
    const hearth_host *host = instance;
    const hearth_home *home = host->extension(host, TEXT(HEARTH_EXTENSION_HOME));
    home->subscribe(host, TEXT("*/*/*"), receive, NULL, NULL);
    return HEARTH_OK;
}

PLUGIN("asks-too-much", start, plain_stop, NULL)
