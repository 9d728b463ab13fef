#include "names.h"
#include "utf8.h"

#include <math.h>

static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_one_of(char c, const char *set) { return c != '\0' && strchr(set, c) != NULL; }

static bool is_plugin_character(char c) { return is_lower(c) || is_digit(c) || c == '-'; }
static bool is_device_character(char c) { return is_lower(c) || is_upper(c) || is_digit(c) || is_one_of(c, "._:-"); }
static bool is_entity_character(char c) { return is_lower(c) || is_digit(c) || is_one_of(c, "_-"); }
static bool is_alert_character(char c) { return is_lower(c) || is_digit(c) || is_one_of(c, "._:/-"); }

static bool consists_of(hearth_string text, size_t least, size_t most, bool (*is_allowed)(char))
{
    if (text.size < least || text.size > most) return false;
    for (size_t i = 0; i < text.size; i++) {
        if (!is_allowed(text.data[i])) return false;
    }
    return true;
}

bool is_plugin_id(hearth_string text)
{
    return consists_of(text, 2, 31, is_plugin_character) && is_lower(text.data[0]);
}

bool is_device_id(hearth_string text) { return consists_of(text, 1, NAME_LIMIT, is_device_character); }

bool is_entity_id(hearth_string text)
{
    return consists_of(text, 1, NAME_LIMIT, is_entity_character) && is_lower(text.data[0]);
}

bool is_alert_key(hearth_string text)
{
    return consists_of(text, 1, 128, is_alert_character) && (is_lower(text.data[0]) || is_digit(text.data[0]));
}

bool is_short_name(hearth_string text)
{
    return text.size >= 1 && text.size <= NAME_LIMIT && utf8_is_valid(text.data, text.size);
}

bool is_sentence(hearth_string text)
{
    return text.size <= SENTENCE_LIMIT && utf8_is_valid(text.data, text.size);
}

bool is_subscription(hearth_string text)
{
    bool (*const rules[])(hearth_string) = {is_plugin_id, is_device_id, is_entity_id};
    for (size_t i = 0; i < 3; i++) {
        const char *slash = text.size == 0 ? NULL : memchr(text.data, '/', text.size);
        hearth_string part = {text.data, slash == NULL ? text.size : (size_t)(slash - text.data)};
        if (!text_equals(part, text_of("*")) && !rules[i](part)) return false;
        if ((slash == NULL) != (i == 2)) return false;
        text = slash == NULL ? (hearth_string){NULL, 0} : (hearth_string){slash + 1, text.size - part.size - 1};
    }
    return true;
}

static bool has_valid_value(const hearth_reading *reading)
{
    switch (reading->kind) {
    case HEARTH_READING_NUMBER: return isfinite(reading->value);
    case HEARTH_READING_BOOLEAN: return reading->value == 0 || reading->value == 1;
    case HEARTH_READING_TEXT: return reading->text.size <= 255 && utf8_is_valid(reading->text.data, reading->text.size);
    case HEARTH_READING_UNKNOWN: return true;
    default: return false;
    }
}

bool is_valid_reading(const hearth_reading *reading)
{
    return is_device_id(reading->device) && is_entity_id(reading->entity)
        && (reading->unit.size == 0 || is_short_name(reading->unit)) && reading->time_ms >= 0
        && has_valid_value(reading);
}
