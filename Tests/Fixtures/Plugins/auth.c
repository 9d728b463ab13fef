/* Answers start with HEARTH_AUTH: it waits for new credentials and is not restarted.
 * It loads and probes well. */
#include "minimal.h"

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)instance;
    (void)settings;
    call->message(call, TEXT("The password is wrong: enter it again."));
    return HEARTH_AUTH;
}

PLUGIN("auth", start, plain_stop, NULL)
