/* What the host tells the plugin, and time: everything that calls back into it besides operations. Main thread. */
#ifndef WORKER_CALLBACKS_H
#define WORKER_CALLBACKS_H

#include "instance.h"
#include "message.h"

#pragma GCC visibility push(hidden)

void callbacks_answer(struct instance *instance, const struct message *message);
void callbacks_readings(struct instance *instance, const struct message *message);
void callbacks_output(struct instance *instance, const struct message *message);

/* Fires the timers that are due, each at most once. Returns the milliseconds until the next one, or -1. */
int64_t callbacks_timers(struct instance *instance);

#pragma GCC visibility pop

#endif
