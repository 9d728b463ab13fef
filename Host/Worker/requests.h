/* What the plugin asked of the host and waits for: answers, subscriptions, running programs. Pure; the caller locks. */
#ifndef WORKER_REQUESTS_H
#define WORKER_REQUESTS_H

#include <plugin_api.h>

#pragma GCC visibility push(hidden)

enum { REQUESTS_LIMIT = 1024 };

enum request_kind { REQUEST_ANSWER, REQUEST_SUBSCRIPTION, REQUEST_RUN };

typedef void (*request_receive)(void *context, const hearth_reading *readings, size_t count);
typedef void (*request_output)(void *context, int32_t stream, const uint8_t *bytes, size_t size);

struct request {
    uint64_t id; /* set by requests_add */
    enum request_kind kind;
    bool is_answered;         /* a subscription outlives its answer */
    bool is_cancelled;        /* a run is cancelled once */
    hearth_answer answer;     /* may be NULL */
    request_receive receive;  /* subscriptions; NULL once given up */
    request_output output;    /* runs */
    void *context;
};

struct requests {
    struct request *all;
    size_t count, capacity;
    uint64_t last_id;
};

/* Returns the number under which it stands, or 0 if there are too many or memory ran out. */
uint64_t requests_add(struct requests *requests, struct request request);
void requests_remove(struct requests *requests, uint64_t id);

/* The request that an ANSWER with this status is for: removed, unless it is a subscription that stands from now on. */
bool requests_take_answered(struct requests *requests, uint64_t id, hearth_status status, struct request *answered);

bool requests_find(const struct requests *requests, uint64_t id, enum request_kind kind, struct request *found);

/* Gives up a subscription: nothing is received any more, and its answer still comes. False if there is none. */
bool requests_unsubscribe(struct requests *requests, uint64_t id);

/* Marks a run as cancelled. False if there is none, or it is already. */
bool requests_cancel(struct requests *requests, uint64_t id);

void requests_clear(struct requests *requests);

#pragma GCC visibility pop

#endif
