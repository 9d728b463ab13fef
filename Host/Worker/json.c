#define _GNU_SOURCE
#include "json.h"
#include "json_scan.h"
#include "utf8.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *json_parse(hearth_string document, struct json_value *value)
{
    if (document.size > JSON_SIZE_LIMIT) return "it is larger than 1 MiB";
    if (document.size == 0) return "it is empty";
    if (!utf8_is_valid(document.data, document.size)) return "it is not UTF-8";

    struct json_scanner scanner = {.at = document.data, .end = document.data + document.size};
    if (!json_scan_value(&scanner, value)) return scanner.fault;
    json_skip_space(&scanner);
    return scanner.at == scanner.end ? NULL : "something follows the value";
}

bool json_is_object(hearth_string document)
{
    struct json_value value;
    return json_parse(document, &value) == NULL && value.kind == JSON_OBJECT;
}

size_t json_count(struct json_value value)
{
    struct json_cursor cursor = json_open(value);
    struct json_value name, member;
    size_t count = 0;
    while (json_next(&cursor, &name, &member)) count++;
    return count;
}

bool json_boolean(struct json_value value) { return value.start[0] == 't'; }

size_t json_text(struct json_value value, char *out)
{
    const char *at = value.start + 1, *end = value.start + value.size - 1;
    size_t written = 0;
    while (at < end) {
        char character[4];
        size_t size = json_next_character(&at, character);
        memcpy(out + written, character, size);
        written += size;
    }
    return written;
}

/* The document has no terminating NUL, which strtod and strtoll need. No number worth having is longer. */
static bool terminate(struct json_value value, char out[64])
{
    if (value.size >= 64) return false;
    memcpy(out, value.start, value.size);
    out[value.size] = '\0';
    return true;
}

bool json_number(struct json_value value, double *number)
{
    char short_text[64], *text = short_text;
    if (!terminate(value, short_text)) {
        text = strndup(value.start, value.size);
        if (text == NULL) return false;
    }
    /* A plugin may have called setlocale(), and would then read "1.5" as 1. This one costs nothing: glibc's "C"
     * locale is static. */
    locale_t locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    *number = strtod_l(text, NULL, locale);
    freelocale(locale);
    if (text != short_text) free(text);
    return isfinite(*number);
}

bool json_integer(struct json_value value, int64_t *integer)
{
    bool is_negative = value.start[0] == '-';
    uint64_t magnitude = 0, limit = (uint64_t)INT64_MAX + (is_negative ? 1 : 0);
    size_t at = is_negative ? 1 : 0;
    for (; at < value.size && value.start[at] >= '0' && value.start[at] <= '9'; at++) {
        uint64_t digit = (uint64_t)(value.start[at] - '0');
        if (magnitude > (limit - digit) / 10) return false;
        magnitude = magnitude * 10 + digit;
    }
    if (at == value.size) {
        *integer = is_negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
        return true;
    }
    double number;
    const double exact = 9007199254740992.0; /* 2^53: beyond it a double is no longer one certain integer */
    if (!json_number(value, &number) || number < -exact || number > exact) return false;
    *integer = (int64_t)number;
    return (double)*integer == number;
}
