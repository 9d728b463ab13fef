#include "extensions.h"
#include "instance.h"

#include <stdlib.h>

static hearth_status find(const hearth_host *host, hearth_string pointer, struct json_value *value)
{
    struct instance *instance = instance_of(host);
    if (!waker_is_main_thread(&instance->waker)) return HEARTH_INVALID; /* the document may change at any moment */
    const struct document *document = instance->candidate.text != NULL ? &instance->candidate : &instance->settings;
    if (document->text == NULL) return HEARTH_PERMANENT;
    switch (json_find(document->root, pointer, value)) {
    case JSON_FOUND: return HEARTH_OK;
    case JSON_MISSING: return HEARTH_PERMANENT;
    default: return HEARTH_INVALID;
    }
}

static hearth_status get_text(const hearth_host *host, hearth_string pointer,
                              void (*receive)(void *context, hearth_string value), void *context)
{
    struct json_value value;
    hearth_status status = find(host, pointer, &value);
    if (status != HEARTH_OK) return status;
    if (value.kind != JSON_TEXT) return HEARTH_INVALID;
    char *characters = malloc(value.size);
    if (characters == NULL) return HEARTH_BUSY;
    receive(context, (hearth_string){characters, json_text(value, characters)});
    free(characters);
    return HEARTH_OK;
}

static hearth_status get_integer(const hearth_host *host, hearth_string pointer, int64_t *integer)
{
    struct json_value value;
    hearth_status status = find(host, pointer, &value);
    if (status != HEARTH_OK) return status;
    return value.kind == JSON_NUMBER && json_integer(value, integer) ? HEARTH_OK : HEARTH_INVALID;
}

static hearth_status get_number(const hearth_host *host, hearth_string pointer, double *number)
{
    struct json_value value;
    hearth_status status = find(host, pointer, &value);
    if (status != HEARTH_OK) return status;
    return value.kind == JSON_NUMBER && json_number(value, number) ? HEARTH_OK : HEARTH_INVALID;
}

static hearth_status get_boolean(const hearth_host *host, hearth_string pointer, int32_t *boolean)
{
    struct json_value value;
    hearth_status status = find(host, pointer, &value);
    if (status != HEARTH_OK) return status;
    if (value.kind != JSON_BOOLEAN) return HEARTH_INVALID;
    *boolean = json_boolean(value) ? 1 : 0;
    return HEARTH_OK;
}

static hearth_status get_count(const hearth_host *host, hearth_string pointer, size_t *count)
{
    struct json_value value;
    hearth_status status = find(host, pointer, &value);
    if (status != HEARTH_OK) return status;
    if (value.kind != JSON_ARRAY && value.kind != JSON_OBJECT) return HEARTH_INVALID;
    *count = json_count(value);
    return HEARTH_OK;
}

const hearth_settings_reader extension_settings = {
    .struct_size = sizeof(hearth_settings_reader),
    .get_text = get_text,
    .get_integer = get_integer,
    .get_number = get_number,
    .get_boolean = get_boolean,
    .get_count = get_count,
};
