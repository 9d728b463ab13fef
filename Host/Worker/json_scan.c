#include "json_scan.h"

#include <string.h>

static bool fail(struct json_scanner *scanner, const char *fault)
{
    if (scanner->fault == NULL) scanner->fault = fault;
    return false;
}

void json_skip_space(struct json_scanner *scanner)
{
    while (scanner->at < scanner->end
           && (*scanner->at == ' ' || *scanner->at == '\t' || *scanner->at == '\n' || *scanner->at == '\r')) {
        scanner->at++;
    }
}

bool json_accept(struct json_scanner *scanner, char character)
{
    if (scanner->at == scanner->end || *scanner->at != character) return false;
    scanner->at++;
    return true;
}

static bool scan_word(struct json_scanner *scanner, const char *word)
{
    size_t size = strlen(word);
    if ((size_t)(scanner->end - scanner->at) < size || memcmp(scanner->at, word, size) != 0) {
        return fail(scanner, "there is a word that JSON does not know");
    }
    scanner->at += size;
    return true;
}

static bool scan_digits(struct json_scanner *scanner)
{
    const char *start = scanner->at;
    while (scanner->at < scanner->end && *scanner->at >= '0' && *scanner->at <= '9') scanner->at++;
    return scanner->at > start || fail(scanner, "a number lacks digits");
}

static bool scan_number(struct json_scanner *scanner)
{
    json_accept(scanner, '-');
    if (!json_accept(scanner, '0') && !scan_digits(scanner)) return false;
    if (json_accept(scanner, '.') && !scan_digits(scanner)) return false;
    if (json_accept(scanner, 'e') || json_accept(scanner, 'E')) {
        if (!json_accept(scanner, '+')) json_accept(scanner, '-');
        if (!scan_digits(scanner)) return false;
    }
    return true;
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

static bool scan_hex(struct json_scanner *scanner, uint32_t *unit)
{
    if (scanner->end - scanner->at < 4) return fail(scanner, "a text does not end");
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_value(*scanner->at++);
        if (digit < 0) return fail(scanner, "an escape in a text is not four hexadecimal digits");
        *unit = *unit << 4 | (uint32_t)digit;
    }
    return true;
}

/* What follows \u, where the second half of a pair must follow the first. */
static bool scan_unicode(struct json_scanner *scanner)
{
    static const char alone[] = "a text has half of a surrogate pair";
    uint32_t first, second;
    if (!scan_hex(scanner, &first)) return false;
    if (first < 0xD800 || first > 0xDFFF) return true;
    if (first > 0xDBFF) return fail(scanner, alone);
    if (!json_accept(scanner, '\\') || !json_accept(scanner, 'u')) return fail(scanner, alone);
    if (!scan_hex(scanner, &second)) return false;
    return (second >= 0xDC00 && second <= 0xDFFF) || fail(scanner, alone);
}

static bool scan_text(struct json_scanner *scanner)
{
    if (!json_accept(scanner, '"')) return fail(scanner, "a member of an object has no name");
    while (scanner->at < scanner->end) {
        char character = *scanner->at++;
        if (character == '"') return true;
        if ((unsigned char)character < 0x20) return fail(scanner, "a text has a control character");
        if (character != '\\') continue;
        if (scanner->at == scanner->end) break;
        character = *scanner->at++;
        if (character == 'u') {
            if (!scan_unicode(scanner)) return false;
        } else if (character == '\0' || strchr("\"\\/bfnrt", character) == NULL) {
            return fail(scanner, "a text has an unknown escape");
        }
    }
    return fail(scanner, "a text does not end");
}

static bool scan_members(struct json_scanner *scanner, bool is_object)
{
    char closing = is_object ? '}' : ']';
    scanner->at++;
    if (++scanner->depth > JSON_DEPTH_LIMIT) return fail(scanner, "it is nested deeper than 64 levels");
    json_skip_space(scanner);
    if (!json_accept(scanner, closing)) {
        do {
            struct json_value ignored;
            json_skip_space(scanner);
            if (is_object) {
                if (!scan_text(scanner)) return false;
                json_skip_space(scanner);
                if (!json_accept(scanner, ':')) return fail(scanner, "a member of an object lacks its colon");
            }
            if (!json_scan_value(scanner, &ignored)) return false;
            json_skip_space(scanner);
        } while (json_accept(scanner, ','));
        if (!json_accept(scanner, closing)) return fail(scanner, "an object or array does not end");
    }
    scanner->depth--;
    return true;
}

bool json_scan_value(struct json_scanner *scanner, struct json_value *value)
{
    json_skip_space(scanner);
    if (scanner->at == scanner->end) return fail(scanner, "a value is missing");
    value->start = scanner->at;

    bool is_valid;
    switch (*scanner->at) {
    case 'n': value->kind = JSON_NULL; is_valid = scan_word(scanner, "null"); break;
    case 't': value->kind = JSON_BOOLEAN; is_valid = scan_word(scanner, "true"); break;
    case 'f': value->kind = JSON_BOOLEAN; is_valid = scan_word(scanner, "false"); break;
    case '"': value->kind = JSON_TEXT; is_valid = scan_text(scanner); break;
    case '[': value->kind = JSON_ARRAY; is_valid = scan_members(scanner, false); break;
    case '{': value->kind = JSON_OBJECT; is_valid = scan_members(scanner, true); break;
    default: value->kind = JSON_NUMBER; is_valid = scan_number(scanner); break;
    }
    value->size = (size_t)(scanner->at - value->start);
    return is_valid;
}

/* --- Parts of valid text ------------------------------------------------------------------------------------------ */

static uint32_t hex_unit(const char *digits)
{
    uint32_t unit = 0;
    for (int i = 0; i < 4; i++) unit = unit << 4 | (uint32_t)hex_value(digits[i]);
    return unit;
}

static size_t encode(uint32_t scalar, char out[4])
{
    if (scalar < 0x80) {
        out[0] = (char)scalar;
        return 1;
    }
    size_t size = scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4;
    static const uint8_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size - 1; i > 0; i--, scalar >>= 6) out[i] = (char)(0x80 | (scalar & 0x3F));
    out[0] = (char)(lead[size] | scalar);
    return size;
}

size_t json_next_character(const char **at, char out[4])
{
    char character = *(*at)++;
    out[0] = character;
    if (character != '\\') return 1; /* a character of several bytes comes out in several steps */

    character = *(*at)++;
    switch (character) {
    case 'b': out[0] = '\b'; return 1;
    case 'f': out[0] = '\f'; return 1;
    case 'n': out[0] = '\n'; return 1;
    case 'r': out[0] = '\r'; return 1;
    case 't': out[0] = '\t'; return 1;
    case 'u': break;
    default: out[0] = character; return 1;
    }
    uint32_t scalar = hex_unit(*at);
    *at += 4;
    if (scalar >= 0xD800 && scalar <= 0xDBFF) {
        scalar = 0x10000 + ((scalar - 0xD800) << 10) + (hex_unit(*at + 2) - 0xDC00);
        *at += 6;
    }
    return encode(scalar, out);
}

struct json_cursor json_open(struct json_value container)
{
    return (struct json_cursor){
        .scanner = {.at = container.start + 1, .end = container.start + container.size},
        .is_object = container.kind == JSON_OBJECT,
        .is_first = true,
    };
}

bool json_next(struct json_cursor *cursor, struct json_value *name, struct json_value *value)
{
    struct json_scanner *scanner = &cursor->scanner;
    json_skip_space(scanner);
    if (json_accept(scanner, cursor->is_object ? '}' : ']')) return false;
    if (!cursor->is_first) json_accept(scanner, ',');
    cursor->is_first = false;
    if (cursor->is_object) {
        if (!json_scan_value(scanner, name)) return false;
        json_skip_space(scanner);
        json_accept(scanner, ':');
    }
    return json_scan_value(scanner, value);
}
