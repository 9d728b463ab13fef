/* UTF-8: whether it is valid, and where it may be cut. */
#ifndef WORKER_UTF8_H
#define WORKER_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/* The size (1 to 4) of the valid character at the start of bytes, or 0 if there is none (Unicode 15, table 3-7). */
size_t utf8_character(const uint8_t *bytes, size_t size);

bool utf8_is_valid(const void *text, size_t size);

/* The largest size <= limit at which text can be cut without splitting a character, if it is valid. */
size_t utf8_cut(const char *text, size_t size, size_t limit);

/* Copies text to out (room for 3 * size bytes), each invalid byte replaced by U+FFFD. Returns the size written. */
size_t utf8_repair(const char *text, size_t size, char *out);

#pragma GCC visibility pop

#endif
