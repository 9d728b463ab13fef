/* Runs, or (IS_ILL) dies of itself soon after it has started. */
#include "minimal.h"

__attribute__((used)) static const char version[] = "this is version " VERSION;

static void *die(void *context)
{
    (void)context;
    usleep(50000);
    abort();
}

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    if (IS_ILL) run_on_thread(die, NULL);
    return plain_start(instance, call, settings);
}

PLUGIN(ID, start, plain_stop, NULL)
