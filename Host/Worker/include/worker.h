/*
 * The worker: loads one plugin and lets it talk to the host (docs/worker-protocol.md).
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HEARTH_WORKER_H
#define HEARTH_WORKER_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Why a worker ended; the exit statuses of `hearth-worker run`. */
enum {
    HEARTH_WORKER_ENDED = 0,            /* told to end, or the host is gone */
    HEARTH_WORKER_PROTOCOL_BROKEN = 70, /* the reason is on stderr */
    HEARTH_WORKER_SYSTEM_REFUSED = 71   /* the operating system refused something that the worker needs */
};

struct hearth_worker_options {
    /* A connected Unix stream socket to the host. The caller closes it, after hearth_worker_run returned. */
    int control;
    /* True in a process of its own: the worker then closes every descriptor above 4 and shuts itself in (no new
     * privileges, no new processes, dies with the host) before it loads anything. False on a thread of another
     * program (`isolation: host`): nothing of the process is changed, and several may run at once. */
    bool owns_process;
};

/* Serves one plugin on the calling thread until the host says EXIT or closes the socket. Returns HEARTH_WORKER_*.
 * The plugin's code stays loaded for ever. In a process of its own the caller ends it with _exit() right after, since
 * threads of the plugin may still run. */
int hearth_worker_run(const struct hearth_worker_options *options);

/* `hearth-worker exec`: runs PATH with limits and ends all its descendants when it ends, or when descriptor 3 is
 * closed at its other end. memory_bytes and cpu_seconds: 0 is no limit. arguments[0] is PATH and the last one NULL.
 * Returns the exit status: the program's, 128 + the signal's number, or 127 if it could not be started. */
int hearth_worker_exec(unsigned long long memory_bytes, unsigned long long cpu_seconds, char *const *arguments);

#ifdef __cplusplus
}
#endif

#endif /* HEARTH_WORKER_H */
