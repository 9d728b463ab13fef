/* Refuses every command, but only after it has blocked the worker for 3 s: no heartbeat is answered meanwhile.
 * It starts and stops well. */
#include "minimal.h"

static hearth_status command(void *instance, const hearth_call *call, const hearth_command *command)
{
    (void)instance;
    (void)command;
    sleep(3);
    call->message(call, TEXT("There is no such command."));
    return HEARTH_UNSUPPORTED;
}

PLUGIN("blocks-callback", plain_start, plain_stop, command)
