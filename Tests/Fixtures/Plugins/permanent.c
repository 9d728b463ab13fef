/* Answers start with HEARTH_PERMANENT: it is stopped for good.
 * It loads and probes well. */
#include "minimal.h"

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)instance;
    (void)settings;
    call->message(call, TEXT("This model is not supported."));
    return HEARTH_PERMANENT;
}

PLUGIN("permanent", start, plain_stop, NULL)
