/* Questions of the plugin to the host that are answered later. */
#ifndef WORKER_ASK_H
#define WORKER_ASK_H

#include "instance.h"
#include "message.h"

#pragma GCC visibility push(hidden)

/* [any] Registers request and sends frame, which carries no number yet, under its number. Takes over frame. Returns the
 * number, or 0 if too many are unanswered or too much is queued. */
uint64_t ask(struct instance *instance, struct request request, struct frame_writer *frame);

#pragma GCC visibility pop

#endif
