/* Each start begins a thread that no stop ends.
 * It starts and stops well. */
#include "minimal.h"

static void *wait_for_ever(void *context)
{
    (void)context;
    for (;;) pause();
}

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)call;
    (void)settings;
    run_on_thread(wait_for_ever, instance);
    return HEARTH_OK;
}

PLUGIN("leaks-threads", start, plain_stop, NULL)
