/* Walks over JSON text: what json.c and json_pointer.c share. */
#ifndef WORKER_JSON_SCAN_H
#define WORKER_JSON_SCAN_H

#include "json.h"

#pragma GCC visibility push(hidden)

struct json_scanner {
    const char *at;
    const char *end;
    unsigned depth;
    const char *fault; /* NULL as long as the text is valid */
};

void json_skip_space(struct json_scanner *scanner);

/* Moves past character, if it is next. */
bool json_accept(struct json_scanner *scanner, char character);

/* Moves past one value and tells where it lies; false, and a fault, if there is none. */
bool json_scan_value(struct json_scanner *scanner, struct json_value *value);

/* Decodes the character at *at of a valid text, inside its quotes, as UTF-8 into out, and moves past it. Returns its
 * size. */
size_t json_next_character(const char **at, char out[4]);

/* Visits the members of an object or the elements of an array in turn. For an array, name is left alone. */
struct json_cursor {
    struct json_scanner scanner;
    bool is_object;
    bool is_first;
};

struct json_cursor json_open(struct json_value container);
bool json_next(struct json_cursor *cursor, struct json_value *name, struct json_value *value);

#pragma GCC visibility pop

#endif
