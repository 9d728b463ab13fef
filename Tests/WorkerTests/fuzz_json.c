/* The first line is a JSON pointer, the rest a document: checks it, looks the pointer up, and takes every value. */
#include "json.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void take(struct json_value value)
{
    int64_t integer;
    double number;
    switch (value.kind) {
    case JSON_TEXT: {
        char *out = malloc(value.size);
        size_t size = json_text(value, out);
        if (size > value.size || !utf8_is_valid(out, size)) abort();
        free(out);
        break;
    }
    case JSON_NUMBER:
        json_integer(value, &integer);
        json_number(value, &number);
        break;
    case JSON_ARRAY:
    case JSON_OBJECT: json_count(value); break;
    case JSON_BOOLEAN: json_boolean(value); break;
    case JSON_NULL: break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const uint8_t *line_end = size == 0 ? NULL : memchr(bytes, '\n', size);
    if (line_end == NULL) return 0;
    hearth_string pointer = {(const char *)bytes, (size_t)(line_end - bytes)};
    size_t document_size = size - pointer.size - 1;
    char *document = malloc(document_size == 0 ? 1 : document_size); /* of its own: reading beyond it is noticed */
    memcpy(document, line_end + 1, document_size);

    struct json_value root, found;
    if (json_parse((hearth_string){document, document_size}, &root) == NULL) {
        take(root);
        if (json_find(root, pointer, &found) == JSON_FOUND) {
            take(found);
            struct json_value again; /* a part of a valid document is a valid document */
            if (json_parse((hearth_string){found.start, found.size}, &again) != NULL) abort();
            if (again.kind != found.kind || again.size != found.size) abort();
        }
    }
    free(document);
    return 0;
}
