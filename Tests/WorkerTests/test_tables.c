#include "check.h"
#include "operations.h"
#include "requests.h"
#include "state.h"

#include <stdlib.h>
#include <string.h>

static void keeps_state_sorted_and_bounded(void)
{
    struct state state = {0};
    CHECK(state_set(&state, TEXT("b"), TEXT("2")) && state_set(&state, TEXT("a"), TEXT("1")));
    CHECK(state_set(&state, TEXT("c"), TEXT("")) && state_set(&state, TEXT("b"), TEXT("22")));
    CHECK(state.count == 3 && state.bytes == 6 && state.all[0].key.data[0] == 'a' && state.all[2].key.data[0] == 'c');
    CHECK(state_find(&state, TEXT("b"))->value.size == 2 && state_find(&state, TEXT("bb")) == NULL);
    state_remove(&state, TEXT("a"));
    state_remove(&state, TEXT("a"));
    CHECK(state.count == 2 && state.bytes == 4);

    char *large = calloc(1, STATE_VALUE_LIMIT + 1);
    hearth_string most = {large, STATE_VALUE_LIMIT}, more = {large, STATE_VALUE_LIMIT + 1};
    CHECK(state_accepts(&state, TEXT("k"), most) && !state_accepts(&state, TEXT("k"), more));
    CHECK(!state_accepts(&state, TEXT(""), TEXT("v")) && !state_accepts(&state, TEXT("\xFF"), TEXT("v")));
    CHECK(!state_accepts(&state, (hearth_string){large, STATE_KEY_LIMIT + 1}, TEXT("v")));
    for (char i = 0; i < 15; i++) CHECK(state_set(&state, (hearth_string){&i, 1}, most));
    CHECK(!state_accepts(&state, TEXT("k"), most)); /* 16 keys are too much for 1 MiB */
    CHECK(state_accepts(&state, (hearth_string){"\5", 1}, most));
    free(large);
    state_clear(&state);
}

static void finishes_operations_once(void)
{
    struct operations operations = {0};
    struct operation finished;
    CHECK(operations_add(&operations, 5, OPERATION_START) && operations_add(&operations, 6, OPERATION_COMMAND));
    CHECK(!operations_take_finished(&operations, &finished));
    operations_find(&operations, 6)->is_answered = true;
    CHECK(!operations_take_finished(&operations, &finished)); /* its call has not returned */
    operations_find(&operations, 6)->is_calling = false;
    CHECK(operations_take_finished(&operations, &finished) && finished.id == 6);
    CHECK(operations_find(&operations, 6) == NULL);
    CHECK(!operations_take_other(&operations, 5, &finished) && operations_take_other(&operations, 1, &finished));
    for (uint64_t i = 0; i < OPERATIONS_LIMIT; i++) operations_add(&operations, i, OPERATION_COMMAND);
    CHECK(!operations_add(&operations, 9999, OPERATION_COMMAND));
    operations_clear(&operations);
}

static void receive(void *context, const hearth_reading *readings, size_t count)
{
    (void)context;
    (void)readings;
    (void)count;
}

static void answers_requests_once(void)
{
    struct requests requests = {0};
    struct request found, subscription = {.kind = REQUEST_SUBSCRIPTION, .receive = receive};
    uint64_t call = requests_add(&requests, (struct request){.kind = REQUEST_ANSWER});
    CHECK(call == 1 && requests_take_answered(&requests, call, HEARTH_OK, &found));
    CHECK(!requests_take_answered(&requests, call, HEARTH_OK, &found));

    uint64_t stands = requests_add(&requests, subscription), denied = requests_add(&requests, subscription);
    CHECK(requests_take_answered(&requests, stands, HEARTH_OK, &found));
    CHECK(requests_find(&requests, stands, REQUEST_SUBSCRIPTION, &found));
    CHECK(!requests_take_answered(&requests, stands, HEARTH_OK, &found));
    CHECK(requests_take_answered(&requests, denied, HEARTH_DENIED, &found));
    CHECK(!requests_find(&requests, denied, REQUEST_SUBSCRIPTION, &found));
    CHECK(requests_unsubscribe(&requests, stands) && !requests_unsubscribe(&requests, stands));
    CHECK(requests.count == 0);

    uint64_t early = requests_add(&requests, subscription); /* given up before it is answered */
    CHECK(requests_unsubscribe(&requests, early) && requests_take_answered(&requests, early, HEARTH_OK, &found));
    CHECK(requests.count == 0 && !requests_find(&requests, early, REQUEST_SUBSCRIPTION, &found));

    uint64_t run = requests_add(&requests, (struct request){.kind = REQUEST_RUN});
    CHECK(!requests_unsubscribe(&requests, run) && !requests_find(&requests, run, REQUEST_SUBSCRIPTION, &found));
    CHECK(requests_find(&requests, run, REQUEST_RUN, &found));
    CHECK(requests_cancel(&requests, run) && !requests_cancel(&requests, run) && !requests_cancel(&requests, 999));
    for (int i = 1; i < REQUESTS_LIMIT; i++) requests_add(&requests, found);
    CHECK(requests_add(&requests, found) == 0);
    requests_clear(&requests);
}

void test_tables(void)
{
    keeps_state_sorted_and_bounded();
    finishes_operations_once();
    answers_requests_once();
}
