#include "sentence.h"
#include "names.h"
#include "utf8.h"

#include <stdlib.h>

hearth_string sentence_of(hearth_string text, char **owned)
{
    static const char mark[] = " … (cut)";
    const size_t mark_size = sizeof mark - 1;
    *owned = NULL;
    if (is_sentence(text)) return text;

    size_t kept = utf8_cut(text.data, text.size, SENTENCE_LIMIT);
    char *copy = malloc(3 * kept + mark_size);
    if (copy == NULL) return (hearth_string){NULL, 0};
    size_t size = utf8_repair(text.data, kept, copy);
    if (kept < text.size || size > SENTENCE_LIMIT) {
        size = utf8_cut(copy, size, SENTENCE_LIMIT - mark_size);
        memcpy(copy + size, mark, mark_size);
        size += mark_size;
    }
    *owned = copy;
    return (hearth_string){copy, size};
}
