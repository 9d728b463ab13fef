/* Ends the connection to the host in its command "hang-up", and goes on without it.
 * It starts well. */
#include "minimal.h"

#include <sys/socket.h>

static hearth_status command(void *instance, const hearth_call *call, const hearth_command *command)
{
    (void)instance;
    (void)call;
    (void)command;
    shutdown(3, SHUT_WR);
    for (;;) pause();
}

PLUGIN("hangs-up", plain_start, plain_stop, command)
