/* Needs minor version 99 of the host: the outcome is needs-newer-host.
 * Everything else about it is right. */
#include "minimal.h"

static const hearth_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi_major = HEARTH_ABI_MAJOR,
    .abi_minor = 99,
    .min_host_minor = 99,
    .id = LITERAL("newer-host"),
    .version = LITERAL("1.0.0"),
    .create = plain_create,
    .destroy = plain_destroy,
    .start = plain_start,
    .stop = plain_stop,
};

HEARTH_EXPORT const hearth_plugin *hearth_plugin_entry(void) { return &plugin; }
