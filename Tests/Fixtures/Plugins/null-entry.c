/* Its entry returns NULL: the outcome is start-failed.
 * The entry itself is there and exported. */
#include <plugin_api.h>

HEARTH_EXPORT const hearth_plugin *hearth_plugin_entry(void) { return NULL; }
