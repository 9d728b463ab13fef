/* Calls exit(3) in start.
 * It loads and probes well. */
#include "minimal.h"

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)instance;
    (void)call;
    (void)settings;
    exit(3);
}

PLUGIN("exits", start, plain_stop, NULL)
