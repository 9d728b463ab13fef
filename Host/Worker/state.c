#include "state.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

static int compare(hearth_string one, hearth_string other)
{
    size_t size = one.size < other.size ? one.size : other.size;
    int order = size == 0 ? 0 : memcmp(one.data, other.data, size);
    return order != 0 ? order : (one.size > other.size) - (one.size < other.size);
}

/* The index of key, or the one where it belongs. */
static size_t place_of(const struct state *state, hearth_string key, bool *is_there)
{
    size_t low = 0, high = state->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(state->all[middle].key, key);
        if (order == 0) {
            *is_there = true;
            return middle;
        }
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    *is_there = false;
    return low;
}

static bool copy(hearth_string text, hearth_string *out)
{
    char *data = malloc(text.size + 1);
    if (data == NULL) return false;
    if (text.size != 0) memcpy(data, text.data, text.size);
    *out = (hearth_string){data, text.size};
    return true;
}

static void release(hearth_string text) { free((char *)(uintptr_t)text.data); }

const struct state_entry *state_find(const struct state *state, hearth_string key)
{
    bool is_there;
    size_t place = place_of(state, key, &is_there);
    return is_there ? &state->all[place] : NULL;
}

bool state_accepts(const struct state *state, hearth_string key, hearth_string value)
{
    if (key.size == 0 || key.size > STATE_KEY_LIMIT || value.size > STATE_VALUE_LIMIT) return false;
    if (!utf8_is_valid(key.data, key.size) || !utf8_is_valid(value.data, value.size)) return false;
    const struct state_entry *old = state_find(state, key);
    size_t replaced = old == NULL ? 0 : old->key.size + old->value.size;
    return state->bytes - replaced + key.size + value.size <= STATE_TOTAL_LIMIT;
}

static bool reserve(struct state *state)
{
    if (state->count < state->capacity) return true;
    size_t capacity = state->capacity == 0 ? 8 : state->capacity * 2;
    struct state_entry *all = realloc(state->all, capacity * sizeof *all);
    if (all == NULL) return false;
    state->all = all;
    state->capacity = capacity;
    return true;
}

bool state_set(struct state *state, hearth_string key, hearth_string value)
{
    struct state_entry fresh = {0};
    bool is_there;
    size_t place = place_of(state, key, &is_there);
    if (!copy(value, &fresh.value)) return false;
    if (is_there) {
        struct state_entry *entry = &state->all[place];
        state->bytes -= entry->value.size;
        release(entry->value);
        entry->value = fresh.value;
    } else {
        if (!reserve(state) || !copy(key, &fresh.key)) {
            release(fresh.value);
            return false;
        }
        memmove(&state->all[place + 1], &state->all[place], (state->count - place) * sizeof fresh);
        state->all[place] = fresh;
        state->count++;
        state->bytes += key.size;
    }
    state->bytes += value.size;
    return true;
}

void state_remove(struct state *state, hearth_string key)
{
    bool is_there;
    size_t place = place_of(state, key, &is_there);
    if (!is_there) return;
    struct state_entry *entry = &state->all[place];
    state->bytes -= entry->key.size + entry->value.size;
    release(entry->key);
    release(entry->value);
    state->count--;
    memmove(entry, entry + 1, (state->count - place) * sizeof *entry);
}

void state_clear(struct state *state)
{
    for (size_t i = 0; i < state->count; i++) {
        release(state->all[i].key);
        release(state->all[i].value);
    }
    free(state->all);
    *state = (struct state){0};
}
