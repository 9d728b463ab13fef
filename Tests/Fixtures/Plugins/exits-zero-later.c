/* Starts well, and calls exit(0) from a thread 100 ms later: a death like any other.
 * The host had not told it to end. */
#include "minimal.h"

static void *leave(void *context)
{
    usleep(100000);
    (void)context;
    exit(0);
}

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)instance;
    (void)call;
    (void)settings;
    run_on_thread(leave, NULL);
    return HEARTH_OK;
}

PLUGIN("exits-zero-later", start, plain_stop, NULL)
