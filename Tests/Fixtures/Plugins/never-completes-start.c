/* Answers start with PENDING and never completes it; heartbeats are answered.
 * stop works at once. */
#include "minimal.h"

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)instance;
    (void)call;
    (void)settings;
    return HEARTH_PENDING;
}

PLUGIN("never-completes-start", start, plain_stop, NULL)
