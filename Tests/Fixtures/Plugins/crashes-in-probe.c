/* Crashes with SIGSEGV while it is loaded, in a constructor: the probe sees it.
 * No function of the plugin is ever reached. */
#include "minimal.h"

__attribute__((constructor)) static void crash(void) { raise(SIGSEGV); }

PLUGIN("crashes-in-probe", plain_start, plain_stop, NULL)
