/* Shuts the worker's process in, before it loads anything and before there is a second thread. */
#ifndef WORKER_SANDBOX_H
#define WORKER_SANDBOX_H

#include <stdbool.h>

#pragma GCC visibility push(hidden)

/* Has the kernel end this process with its parent. False if the parent is gone already. */
bool sandbox_die_with_parent(void);

/* Closes all descriptors from first on. */
void sandbox_close_from(int first);

/* Sets no_new_privs, and forbids to start processes and to undo sandbox_die_with_parent. Returns what is in force, as
 * HELLO reports it: a kernel without a feature leaves it out. */
const char *sandbox_enter(void);

#pragma GCC visibility pop

#endif
