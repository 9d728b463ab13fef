/* Each start opens a socket that no stop closes.
 * It starts and stops well. */
#include "minimal.h"

#include <sys/socket.h>

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)instance;
    (void)call;
    (void)settings;
    return socket(AF_INET, SOCK_DGRAM, 0) < 0 ? HEARTH_RETRYABLE : HEARTH_OK;
}

PLUGIN("leaks-descriptors", start, plain_stop, NULL)
