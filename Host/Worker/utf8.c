#include "utf8.h"

#include <string.h>

static bool is_continuation(uint8_t byte) { return (byte & 0xC0) == 0x80; }

size_t utf8_character(const uint8_t *bytes, size_t size)
{
    if (size == 0) return 0;
    uint8_t first = bytes[0];
    if (first < 0x80) return 1;

    size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || size < length) return 0;
    for (size_t i = 1; i < length; i++) {
        if (!is_continuation(bytes[i])) return 0;
    }
    if (first == 0xE0 && bytes[1] < 0xA0) return 0; /* longer than needed */
    if (first == 0xED && bytes[1] > 0x9F) return 0; /* a surrogate */
    if (first == 0xF0 && bytes[1] < 0x90) return 0; /* longer than needed */
    if (first == 0xF4 && bytes[1] > 0x8F) return 0; /* beyond U+10FFFF */
    return length;
}

bool utf8_is_valid(const void *text, size_t size)
{
    const uint8_t *bytes = text;
    size_t at = 0;
    while (at < size) {
        if (bytes[at] < 0x80) {
            at++;
            continue;
        }
        size_t length = utf8_character(bytes + at, size - at);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

size_t utf8_cut(const char *text, size_t size, size_t limit)
{
    if (size <= limit) return size;
    size_t cut = limit;
    while (cut > 0 && limit - cut < 3 && is_continuation((uint8_t)text[cut])) cut--;
    return cut;
}

size_t utf8_repair(const char *text, size_t size, char *out)
{
    const uint8_t *bytes = (const uint8_t *)text;
    size_t written = 0;
    for (size_t at = 0; at < size;) {
        size_t length = utf8_character(bytes + at, size - at);
        if (length == 0) {
            memcpy(out + written, "\xEF\xBF\xBD", 3);
            written += 3;
            at += 1;
        } else {
            memcpy(out + written, bytes + at, length);
            written += length;
            at += length;
        }
    }
    return written;
}
