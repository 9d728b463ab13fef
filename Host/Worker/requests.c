#include "requests.h"

#include <stdlib.h>

static struct request *find(const struct requests *requests, uint64_t id)
{
    for (size_t i = 0; i < requests->count; i++) {
        if (requests->all[i].id == id) return &requests->all[i];
    }
    return NULL;
}

uint64_t requests_add(struct requests *requests, struct request request)
{
    if (requests->count == REQUESTS_LIMIT) return 0;
    if (requests->count == requests->capacity) {
        size_t capacity = requests->capacity == 0 ? 8 : requests->capacity * 2;
        struct request *all = realloc(requests->all, capacity * sizeof *all);
        if (all == NULL) return 0;
        requests->all = all;
        requests->capacity = capacity;
    }
    request.id = ++requests->last_id;
    requests->all[requests->count++] = request;
    return request.id;
}

void requests_remove(struct requests *requests, uint64_t id)
{
    struct request *request = find(requests, id);
    if (request != NULL) *request = requests->all[--requests->count];
}

bool requests_take_answered(struct requests *requests, uint64_t id, hearth_status status, struct request *answered)
{
    struct request *request = find(requests, id);
    if (request == NULL || request->is_answered) return false;
    *answered = *request;
    request->is_answered = true;
    bool stands = request->kind == REQUEST_SUBSCRIPTION && status == HEARTH_OK && request->receive != NULL;
    if (!stands) requests_remove(requests, id);
    return true;
}

bool requests_find(const struct requests *requests, uint64_t id, enum request_kind kind, struct request *found)
{
    const struct request *request = find(requests, id);
    if (request == NULL || request->kind != kind) return false;
    *found = *request;
    return true;
}

bool requests_unsubscribe(struct requests *requests, uint64_t id)
{
    struct request *request = find(requests, id);
    if (request == NULL || request->kind != REQUEST_SUBSCRIPTION || request->receive == NULL) return false;
    request->receive = NULL;
    if (request->is_answered) requests_remove(requests, id);
    return true;
}

bool requests_cancel(struct requests *requests, uint64_t id)
{
    struct request *request = find(requests, id);
    if (request == NULL || request->kind != REQUEST_RUN || request->is_cancelled) return false;
    request->is_cancelled = true;
    return true;
}

void requests_clear(struct requests *requests)
{
    free(requests->all);
    requests->all = NULL;
    requests->count = requests->capacity = 0;
}
