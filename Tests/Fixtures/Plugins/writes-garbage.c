/* Its command "garbage" writes bytes without sense to every socket it finds: among them the worker's own to the host.
 * It starts and stops well. */
#include "minimal.h"

#include <sys/socket.h>

static hearth_status command(void *instance, const hearth_call *call, const hearth_command *command)
{
    (void)instance;
    (void)call;
    (void)command;
    unsigned char bytes[4096];
    unsigned state = 1;
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)((state = state * 1103515245u + 12345u) >> 16);
    for (int descriptor = 3; descriptor < 64; descriptor++) send(descriptor, bytes, sizeof bytes, MSG_DONTWAIT);
    return HEARTH_OK;
}

PLUGIN("writes-garbage", plain_start, plain_stop, command)
