/* Reads JSON (RFC 8259) where it lies: checks it, finds a value by pointer (RFC 6901), gives its value. Pure. */
#ifndef WORKER_JSON_H
#define WORKER_JSON_H

#include <plugin_api.h>

#pragma GCC visibility push(hidden)

enum { JSON_SIZE_LIMIT = 1048576, JSON_DEPTH_LIMIT = 64 };

enum json_kind { JSON_NULL, JSON_BOOLEAN, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

/* A part of a document that json_parse found valid. */
struct json_value {
    enum json_kind kind;
    const char *start;
    size_t size;
};

/* Checks that document is exactly one JSON value of at most JSON_SIZE_LIMIT bytes and JSON_DEPTH_LIMIT levels.
 * Escaped surrogates must come in pairs, so that every text has a UTF-8 form. Returns NULL, or what is wrong. */
const char *json_parse(hearth_string document, struct json_value *value);

/* Whether document is a valid JSON object. */
bool json_is_object(hearth_string document);

enum json_lookup { JSON_FOUND, JSON_MISSING, JSON_BAD_POINTER };

/* Of members with equal names the first one is found. */
enum json_lookup json_find(struct json_value root, hearth_string pointer, struct json_value *found);

/* The number of elements of an array or members of an object. */
size_t json_count(struct json_value value);

bool json_boolean(struct json_value value);

/* Writes the characters of a text to out (room for value.size bytes) and returns their size in bytes. */
size_t json_text(struct json_value value, char *out);

/* False if a number is no integer, or too large (beyond 2^53 if written with a fraction or exponent). */
bool json_integer(struct json_value value, int64_t *integer);

/* False if a number is too large for a double. */
bool json_number(struct json_value value, double *number);

#pragma GCC visibility pop

#endif
