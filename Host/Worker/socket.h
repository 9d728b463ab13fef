/* The control socket: bytes in and out, without ever blocking. */
#ifndef WORKER_SOCKET_H
#define WORKER_SOCKET_H

#include "frame.h"
#include "outbox.h"

#pragma GCC visibility push(hidden)

enum transfer {
    TRANSFER_DONE,
    TRANSFER_WAIT,  /* the socket takes, or has, no more at the moment */
    TRANSFER_GONE,  /* the other end is closed */
    TRANSFER_BROKEN /* this end is: closed, or no socket */
};

/* Bytes that came in, and where in them the next frame begins. */
struct inbox {
    uint8_t *bytes;
    size_t start, end, capacity;
};

/* Takes in what is there: at most one call to the system. */
enum transfer inbox_receive(struct inbox *inbox, int control);

/* The next frame that is complete; its payload stays valid until the next inbox_receive. *fault is set if the bytes
 * break the protocol. */
bool inbox_next(struct inbox *inbox, struct frame_header *header, const uint8_t **payload, const char **fault);

void inbox_close(struct inbox *inbox);

/* Sends what waits. TRANSFER_DONE: all of it. */
enum transfer socket_send(int control, struct outbox *outbox);

#pragma GCC visibility pop

#endif
