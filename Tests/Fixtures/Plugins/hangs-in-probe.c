/* Never finishes loading: its constructor loops.
 * No function of the plugin is ever reached. */
#include "minimal.h"

__attribute__((constructor)) static void hang(void)
{
    for (;;) pause();
}

PLUGIN("hangs-in-probe", plain_start, plain_stop, NULL)
