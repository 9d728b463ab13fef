/* Listens on a TCP port of this machine, which its manifest does not ask for.
 * It starts and stops well. */
#include "minimal.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static int listener = -1;

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)instance;
    (void)call;
    (void)settings;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    listener = socket(AF_INET, SOCK_STREAM, 0);
    bool listens = bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 1) == 0;
    return listens ? HEARTH_OK : HEARTH_RETRYABLE;
}

static hearth_status stop(void *instance, const hearth_call *call)
{
    (void)instance;
    (void)call;
    close(listener);
    return HEARTH_OK;
}

PLUGIN("listens", start, stop, NULL)
