/* The host's operations that are not finished yet. Pure; the caller locks. */
#ifndef WORKER_OPERATIONS_H
#define WORKER_OPERATIONS_H

#include <plugin_api.h>

#pragma GCC visibility push(hidden)

enum { OPERATIONS_LIMIT = 4096 };

enum operation_kind { OPERATION_START, OPERATION_STOP, OPERATION_APPLY, OPERATION_COMMAND, OPERATION_HEALTH };

struct operation {
    uint64_t id;
    enum operation_kind kind;
    bool is_calling;  /* the plugin's function has not returned yet */
    bool is_answered; /* RESULT is queued; the main thread has yet to draw its conclusions */
    hearth_status status;
};

struct operations {
    struct operation *all;
    size_t count, capacity;
};

/* False if there are OPERATIONS_LIMIT already, or memory ran out. */
bool operations_add(struct operations *operations, uint64_t id, enum operation_kind kind);

/* Valid until the next change. NULL if there is none. */
struct operation *operations_find(struct operations *operations, uint64_t id);

/* Takes out one that is answered and whose call has returned. */
bool operations_take_finished(struct operations *operations, struct operation *finished);

/* Takes out any but the one with this id, or returns false. */
bool operations_take_other(struct operations *operations, uint64_t id, struct operation *other);

void operations_clear(struct operations *operations);

#pragma GCC visibility pop

#endif
