#include "operations.h"

#include <stdlib.h>

bool operations_add(struct operations *operations, uint64_t id, enum operation_kind kind)
{
    if (operations->count == OPERATIONS_LIMIT) return false;
    if (operations->count == operations->capacity) {
        size_t capacity = operations->capacity == 0 ? 8 : operations->capacity * 2;
        struct operation *all = realloc(operations->all, capacity * sizeof *all);
        if (all == NULL) return false;
        operations->all = all;
        operations->capacity = capacity;
    }
    operations->all[operations->count++] = (struct operation){.id = id, .kind = kind, .is_calling = true};
    return true;
}

struct operation *operations_find(struct operations *operations, uint64_t id)
{
    for (size_t i = 0; i < operations->count; i++) {
        if (operations->all[i].id == id) return &operations->all[i];
    }
    return NULL;
}

static void take(struct operations *operations, size_t index, struct operation *taken)
{
    *taken = operations->all[index];
    operations->all[index] = operations->all[--operations->count];
}

bool operations_take_finished(struct operations *operations, struct operation *finished)
{
    for (size_t i = 0; i < operations->count; i++) {
        if (!operations->all[i].is_answered || operations->all[i].is_calling) continue;
        take(operations, i, finished);
        return true;
    }
    return false;
}

bool operations_take_other(struct operations *operations, uint64_t id, struct operation *other)
{
    for (size_t i = 0; i < operations->count; i++) {
        if (operations->all[i].id == id) continue;
        take(operations, i, other);
        return true;
    }
    return false;
}

void operations_clear(struct operations *operations)
{
    free(operations->all);
    *operations = (struct operations){0};
}
