/* Answers start with HEARTH_INVALID_SETTINGS: it waits for other settings.
 * It loads and probes well. */
#include "minimal.h"

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)instance;
    (void)settings;
    call->message(call, TEXT("host is no address: enter one."));
    return HEARTH_INVALID_SETTINGS;
}

PLUGIN("invalid-settings", start, plain_stop, NULL)
