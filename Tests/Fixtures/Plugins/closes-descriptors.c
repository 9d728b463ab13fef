/* Closes all descriptors from 3 on in its command "close": the control socket, the lock, and the worker's own.
 * It starts well. */
#include "minimal.h"

static hearth_status command(void *instance, const hearth_call *call, const hearth_command *command)
{
    (void)instance;
    (void)call;
    (void)command;
    for (int descriptor = 3; descriptor < 64; descriptor++) close(descriptor);
    return HEARTH_OK;
}

PLUGIN("closes-descriptors", plain_start, plain_stop, command)
