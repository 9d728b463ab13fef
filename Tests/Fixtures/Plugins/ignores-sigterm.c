/* Ignores SIGTERM, and blocks for ever in stop: only SIGKILL ends it.
 * It starts well. */
#include "minimal.h"

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)instance;
    (void)call;
    (void)settings;
    signal(SIGTERM, SIG_IGN);
    return HEARTH_OK;
}

static hearth_status stop(void *instance, const hearth_call *call)
{
    (void)instance;
    (void)call;
    while (pause() != 0) {
    }
    return HEARTH_OK;
}

PLUGIN("ignores-sigterm", start, stop, NULL)
