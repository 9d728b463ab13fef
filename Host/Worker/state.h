/* The plugin's stored values, as the worker knows them. Pure; the caller locks. */
#ifndef WORKER_STATE_H
#define WORKER_STATE_H

#include <plugin_api.h>

#pragma GCC visibility push(hidden)

enum { STATE_KEY_LIMIT = 128, STATE_VALUE_LIMIT = 65536, STATE_TOTAL_LIMIT = 1048576 };

struct state_entry {
    hearth_string key, value; /* both from malloc */
};

struct state {
    struct state_entry *all; /* sorted by key */
    size_t count, capacity;
    size_t bytes; /* of all keys and values */
};

/* NULL if there is no such key. Valid until the next change. */
const struct state_entry *state_find(const struct state *state, hearth_string key);

/* Whether key and value are within the limits, also together with all others. */
bool state_accepts(const struct state *state, hearth_string key, hearth_string value);

/* False if memory ran out; then nothing changed. */
bool state_set(struct state *state, hearth_string key, hearth_string value);
void state_remove(struct state *state, hearth_string key);
void state_clear(struct state *state);

#pragma GCC visibility pop

#endif
