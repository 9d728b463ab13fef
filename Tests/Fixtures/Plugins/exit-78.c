/* Calls exit(78) in start: the host is not to start it again by itself.
 * It loads and probes well. */
#include "minimal.h"

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)instance;
    (void)call;
    (void)settings;
    exit(78);
}

PLUGIN("exit-78", start, plain_stop, NULL)
