/* What waits to be sent to the host: bounded, in order, filled from any thread and emptied by the main thread.
 * Time is injected; nothing here reads a clock or a descriptor. */
#ifndef WORKER_OUTBOX_H
#define WORKER_OUTBOX_H

#include "frame.h"
#include "waker.h"

#include <sys/uio.h>

#pragma GCC visibility push(hidden)

/* docs/worker-protocol.md, "Bounds". */
enum {
    OUTBOX_READINGS_LIMIT = 8192,
    OUTBOX_LOG_LINES_LIMIT = 4096,
    OUTBOX_BYTES_LIMIT = 4 << 20,  /* of log lines, and again of everything else */
    OUTBOX_BATCH_MS = 20,          /* readings wait so long for more of them */
    OUTBOX_BATCH_READINGS = 4096,  /* or until there are so many, */
    OUTBOX_BATCH_BYTES = 256 << 10, /* or so many bytes of them */
    OUTBOX_DROPPED_MS = 1000       /* how often what was dropped is told */
};

enum outbox_class {
    OUTBOX_REPLY, /* the host asked for it: never refused (how many there are is the host's own doing) */
    OUTBOX_ORDER, /* refused beyond OUTBOX_BYTES_LIMIT */
    OUTBOX_LOG,   /* dropped and counted beyond the limits */
    OUTBOX_BATCH  /* readings; only outbox_publish makes them */
};

struct outbox_frame {
    struct outbox_frame *next;
    enum outbox_class class;
    uint32_t readings;
    size_t size;
    uint8_t *bytes;
};

struct outbox {
    pthread_mutex_t lock;
    struct waker *waker;
    struct outbox_frame *first, *last;
    size_t sent; /* bytes of first that are gone already */

    struct frame_writer batch; /* open while batch_count is not 0 */
    uint32_t batch_count;
    int64_t batch_due_ms;

    size_t readings, log_lines, log_bytes, other_bytes; /* queued */
    uint64_t dropped_readings, dropped_log_lines;       /* since the start */
    bool has_untold_drops;
    int64_t told_ms; /* when DROPPED was last queued */
};

void outbox_open(struct outbox *outbox, struct waker *waker);
void outbox_close(struct outbox *outbox);

/* [any] Takes over frame, whatever comes out. HEARTH_BUSY if it was dropped, for lack of memory too. */
hearth_status outbox_push(struct outbox *outbox, enum outbox_class class, struct frame_writer *frame);

/* [any] Queues readings that are valid, all or none, in one frame with others of the last OUTBOX_BATCH_MS. stride is
 * the distance between two of them in bytes; a time_ms of 0 becomes utc_ms. */
hearth_status outbox_publish(struct outbox *outbox, const hearth_reading *readings, size_t count, size_t stride,
                             int64_t utc_ms, int64_t now_ms);

/* Queues what has become due by now_ms (all that is open if flush). Returns the milliseconds until there is more to
 * do, or -1. */
int64_t outbox_settle(struct outbox *outbox, int64_t now_ms, bool flush);

/* Lists up to count pieces of what waits. They stay where they are until outbox_sent; main thread only. */
int outbox_gather(struct outbox *outbox, struct iovec *pieces, int count);
void outbox_sent(struct outbox *outbox, size_t bytes);

bool outbox_is_empty(struct outbox *outbox);

/* Whether so much waits that the worker should not take on more work. */
bool outbox_is_full(struct outbox *outbox);

#pragma GCC visibility pop

#endif
