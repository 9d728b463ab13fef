/* Starts well, and crashes with SIGSEGV from a thread 20 ms later, every time.
 * It loads and probes well. */
#include "minimal.h"

static void *crash(void *context)
{
    (void)context;
    usleep(20000);
    raise(SIGSEGV);
    return NULL;
}

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)instance;
    (void)call;
    (void)settings;
    run_on_thread(crash, NULL);
    return HEARTH_OK;
}

PLUGIN("crash-loops", start, plain_stop, NULL)
