/* Says that it is "someone-else": the outcome is start-failed.
 * Everything else about it is right. */
#include "minimal.h"

PLUGIN("someone-else", plain_start, plain_stop, NULL)
