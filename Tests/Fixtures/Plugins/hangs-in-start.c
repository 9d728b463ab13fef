/* Never returns from start: heartbeats are not answered any more.
 * It loads and probes well. */
#include "minimal.h"

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)instance;
    (void)call;
    (void)settings;
    while (pause() != 0) {
    }
    return HEARTH_OK;
}

PLUGIN("hangs-in-start", start, plain_stop, NULL)
