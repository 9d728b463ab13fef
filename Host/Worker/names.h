/* The rules of plugin_api.h for ids and texts. Pure. */
#ifndef WORKER_NAMES_H
#define WORKER_NAMES_H

#include <plugin_api.h>

#include <string.h>

#pragma GCC visibility push(hidden)

enum {
    SENTENCE_LIMIT = 8192, /* bytes of a log message, and of all other text for people */
    NAME_LIMIT = 64        /* bytes of an id, of a unit, of a command's name */
};

bool is_plugin_id(hearth_string text);   /* [a-z][a-z0-9-]{1,30} */
bool is_device_id(hearth_string text);   /* [A-Za-z0-9._:-]{1,64} */
bool is_entity_id(hearth_string text);   /* [a-z][a-z0-9_-]{0,63} */
bool is_alert_key(hearth_string text);   /* [a-z0-9][a-z0-9._:/-]{0,127} */
bool is_short_name(hearth_string text);  /* 1 to NAME_LIMIT bytes of UTF-8 */
bool is_sentence(hearth_string text);    /* at most SENTENCE_LIMIT bytes of UTF-8 */
bool is_subscription(hearth_string text); /* "plugin/device/entity", each a name or "*" */

/* Whether reading follows plugin_api.h. */
bool is_valid_reading(const hearth_reading *reading);

static inline hearth_string text_of(const char *literal) { return (hearth_string){literal, strlen(literal)}; }

static inline bool text_equals(hearth_string one, hearth_string other)
{
    return one.size == other.size && (one.size == 0 || memcmp(one.data, other.data, one.size) == 0);
}

#pragma GCC visibility pop

#endif
