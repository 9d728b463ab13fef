/* Runs, or (IS_ILL) dies soon after it has started. */
#include "minimal.h"

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

static const hearth_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi_major = HEARTH_ABI_MAJOR,
    .abi_minor = HEARTH_ABI_MINOR,
    .id = LITERAL(ID),
    .version = LITERAL(VERSION),
    .create = plain_create,
    .destroy = plain_destroy,
    .start = start,
    .stop = plain_stop,
};

HEARTH_EXPORT const hearth_plugin *hearth_plugin_entry(void) { return &plugin; }
