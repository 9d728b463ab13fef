/* Frees in destroy what it never had.
 * It starts and stops well. */
#include "minimal.h"

static void destroy(void *instance)
{
    (void)instance;
    abort();
}

static const hearth_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi_major = HEARTH_ABI_MAJOR,
    .abi_minor = HEARTH_ABI_MINOR,
    .id = LITERAL("crashes-in-destroy"),
    .version = LITERAL("1.0.0"),
    .create = plain_create,
    .destroy = destroy,
    .start = plain_start,
    .stop = plain_stop,
};

HEARTH_EXPORT const hearth_plugin *hearth_plugin_entry(void) { return &plugin; }
