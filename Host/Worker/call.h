/* Operations of the host, from the call into the plugin to their RESULT. */
#ifndef WORKER_CALL_H
#define WORKER_CALL_H

#include "instance.h"

#pragma GCC visibility push(hidden)

/* Registers an operation and opens the slot for its call. NULL, and it is answered, if too many are under way. */
const hearth_call *call_begin(struct instance *instance, uint64_t operation, enum operation_kind kind);

/* Forgets what the plugin said so far in this call. */
void call_reset(struct instance *instance);

/* Closes the slot with what the plugin returned: sends the RESULT, or leaves it to complete(). */
void call_end(struct instance *instance, hearth_status status);

/* Sends a RESULT of the worker's own. */
void call_refuse(struct instance *instance, uint64_t operation, hearth_status status, const char *message);

/* [any] hearth_host.complete */
void call_complete(const hearth_host *host, uint64_t operation, hearth_status status, hearth_string json,
                   hearth_string message);

#pragma GCC visibility pop

#endif
