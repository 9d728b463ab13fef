#include "json_scan.h"

#include <string.h>

/* Decodes the character at *at of a pointer's token; 0, if "~" is followed by neither 0 nor 1. */
static size_t next_of_token(const char **at, const char *end, char *out)
{
    *out = *(*at)++;
    if (*out != '~') return 1;
    if (*at == end || (**at != '0' && **at != '1')) return 0;
    *out = *(*at)++ == '0' ? '~' : '/';
    return 1;
}

static bool is_well_formed(hearth_string pointer)
{
    if (pointer.size == 0) return true;
    if (pointer.data[0] != '/') return false;
    const char *at = pointer.data, *end = pointer.data + pointer.size;
    char ignored;
    while (at < end) {
        if (next_of_token(&at, end, &ignored) == 0) return false;
    }
    return true;
}

static bool names(struct json_value name, hearth_string token)
{
    const char *at = name.start + 1, *end = name.start + name.size - 1;
    const char *wanted = token.data, *wanted_end = token.data + token.size;
    while (at < end) {
        char character[4], other;
        size_t size = json_next_character(&at, character);
        for (size_t i = 0; i < size; i++) {
            if (wanted == wanted_end) return false;
            next_of_token(&wanted, wanted_end, &other);
            if (other != character[i]) return false;
        }
    }
    return wanted == wanted_end;
}

/* "0", or digits without a leading zero. */
static bool is_index(hearth_string token, size_t *index)
{
    if (token.size == 0 || token.size > 9 || (token.size > 1 && token.data[0] == '0')) return false;
    *index = 0;
    for (size_t i = 0; i < token.size; i++) {
        if (token.data[i] < '0' || token.data[i] > '9') return false;
        *index = *index * 10 + (size_t)(token.data[i] - '0');
    }
    return true;
}

static bool step(struct json_value container, hearth_string token, struct json_value *found)
{
    if (container.kind != JSON_OBJECT && container.kind != JSON_ARRAY) return false;
    size_t index = 0;
    if (container.kind == JSON_ARRAY && !is_index(token, &index)) return false;

    struct json_cursor cursor = json_open(container);
    struct json_value name;
    while (json_next(&cursor, &name, found)) {
        if (container.kind == JSON_OBJECT ? names(name, token) : index-- == 0) return true;
    }
    return false;
}

enum json_lookup json_find(struct json_value root, hearth_string pointer, struct json_value *found)
{
    if (!is_well_formed(pointer)) return JSON_BAD_POINTER;
    *found = root;
    const char *at = pointer.data, *end = pointer.data + pointer.size;
    while (at < end) {
        const char *start = ++at; /* past the slash */
        const char *slash = memchr(start, '/', (size_t)(end - start));
        at = slash == NULL ? end : slash;
        if (!step(*found, (hearth_string){start, (size_t)(at - start)}, found)) return JSON_MISSING;
    }
    return JSON_FOUND;
}
