/* Hands each message of the host to the part that answers it. */
#ifndef WORKER_DISPATCH_H
#define WORKER_DISPATCH_H

#include "instance.h"
#include "message.h"

#pragma GCC visibility push(hidden)

enum dispatch {
    DISPATCH_DONE,
    DISPATCH_EXIT /* the host told the worker to end */
};

/* Returns NULL, or in what way the message breaks the protocol. */
const char *dispatch(struct instance *instance, const struct message *message, enum dispatch *outcome);

#pragma GCC visibility pop

#endif
