/* The main thread's loop: messages in, calls into the plugin, messages out. */
#ifndef WORKER_LOOP_H
#define WORKER_LOOP_H

#include "instance.h"

#pragma GCC visibility push(hidden)

enum loop_end {
    LOOP_TOLD,   /* by EXIT, or there is nothing to do after LOADED */
    LOOP_GONE,   /* the host is */
    LOOP_BROKEN  /* the protocol, or the control socket; *reason says how */
};

enum loop_end loop_run(struct instance *instance, int control, const char **reason);

/* Sends all that is queued, for at most limit_ms. */
void loop_flush(struct instance *instance, int control, int64_t limit_ms);

#pragma GCC visibility pop

#endif
