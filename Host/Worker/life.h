/* The course of a life: what the host orders, when it is allowed, and what follows from how it ended. Main thread. */
#ifndef WORKER_LIFE_H
#define WORKER_LIFE_H

#include "instance.h"
#include "message.h"

#pragma GCC visibility push(hidden)

/* Loads the plugin and says LOADED. Only in state WAITING. */
void life_load(struct instance *instance, const struct message *message);

void life_start(struct instance *instance, const struct message *message);
void life_stop(struct instance *instance, const struct message *message);
void life_apply(struct instance *instance, const struct message *message);
void life_command(struct instance *instance, const struct message *message);
void life_health(struct instance *instance, const struct message *message);

/* Stops, if need be, and destroys; then the state is OVER. False if the plugin did not let go of the host: its threads
 * may still use it, so that its memory must stay. */
bool life_exit(struct instance *instance);

/* Draws the conclusions from operations that are finished, on whichever thread that was. */
void life_settle(struct instance *instance);

#pragma GCC visibility pop

#endif
