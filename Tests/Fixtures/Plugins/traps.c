/* Executes an illegal instruction in start: SIGILL (or SIGTRAP), as a failed check of Swift or Rust does.
 * It loads and probes well. */
#include "minimal.h"

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)instance;
    (void)call;
    (void)settings;
    __builtin_trap();
}

PLUGIN("traps", start, plain_stop, NULL)
