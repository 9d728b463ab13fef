/* Exports a second symbol: whoever loads two such plugins may get the one of the other.
 * It starts and stops well. */
#include "minimal.h"

HEARTH_EXPORT int helpful(void);
HEARTH_EXPORT int helpful(void) { return 1; }

PLUGIN("exports-two", plain_start, plain_stop, NULL)
