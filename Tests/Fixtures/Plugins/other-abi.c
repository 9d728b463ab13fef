/* Speaks version 99 of the PluginAPI: the outcome is abi-unsupported.
 * Nothing after abi_major may be looked at. */
#include <plugin_api.h>

static const hearth_plugin plugin = {.struct_size = sizeof plugin, .abi_major = 99};

HEARTH_EXPORT const hearth_plugin *hearth_plugin_entry(void) { return &plugin; }
