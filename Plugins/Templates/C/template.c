/*
 * A plugin to start from, in C: one device, which counts its greetings, and one reading every few seconds.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Everything here runs on the host's one [instance] thread, so there is nothing to lock.
 */
#include <plugin_api.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VERSION "1.0.0"
#define DEVICE "greeter"

struct greeter {
    const hearth_host *host;
    const hearth_clock *clock;
    const hearth_readings *readings;
    const hearth_devices *devices;
    const hearth_state *state;
    const hearth_settings_reader *settings;
    char greeting[81];
    int64_t started_ms;
    long greetings;
    uint64_t timer; /* 0: none */
};

static hearth_string text(const char *text) { return (hearth_string){text, strlen(text)}; }

static const void *extension(const hearth_host *host, const char *id) { return host->extension(host, text(id)); }

static hearth_status fail(const hearth_call *call, hearth_status status, const char *message)
{
    call->message(call, text(message));
    return status;
}

/* --- Readings ------------------------------------------------------------------------------------------------------ */

static hearth_reading number(const char *entity, const char *unit, double value)
{
    return (hearth_reading){.struct_size = sizeof(hearth_reading), .kind = HEARTH_READING_NUMBER,
                            .device = text(DEVICE), .entity = text(entity), .unit = text(unit), .value = value};
}

static void publish(void *context)
{
    struct greeter *self = context;
    double uptime = (double)(self->clock->monotonic_ms(self->host) - self->started_ms) / 1000;
    hearth_reading readings[] = {number("greetings", "", (double)self->greetings), number("uptime", "s", uptime)};
    self->readings->publish(self->host, readings, 2);
}

/* --- Settings: read where they are needed, and once more when they change ------------------------------------------- */

static void take_greeting(void *context, hearth_string value)
{
    struct greeter *self = context;
    snprintf(self->greeting, sizeof self->greeting, "%.*s", (int)value.size, value.data);
}

static hearth_status apply_settings(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    struct greeter *self = instance;
    double seconds;
    (void)settings; /* the whole document, for those who have a JSON library */
    if (self->settings->get_number(self->host, text("/interval_seconds"), &seconds) != HEARTH_OK
        || self->settings->get_text(self->host, text("/greeting"), take_greeting, self) != HEARTH_OK) {
        return fail(call, HEARTH_INVALID_SETTINGS, "interval_seconds and greeting are needed");
    }
    self->clock->stop_timer(self->host, self->timer);
    uint32_t interval_ms = (uint32_t)(seconds * 1000);
    self->timer = self->clock->start_timer(self->host, interval_ms, interval_ms, publish, self);
    return HEARTH_OK;
}

/* --- State: a text under a key -------------------------------------------------------------------------------------- */

static void take_greetings(void *context, hearth_string value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%.*s", (int)value.size, value.data);
    ((struct greeter *)context)->greetings = strtol(digits, NULL, 10);
}

static void keep_greetings(struct greeter *self)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%ld", self->greetings);
    self->state->set(self->host, text("greetings"), text(digits));
}

/* --- The plugin's functions ------------------------------------------------------------------------------------------ */

static hearth_status create(const hearth_host *host, const hearth_call *call, void **instance)
{
    struct greeter *self = calloc(1, sizeof *self);
    if (self == NULL) return fail(call, HEARTH_RETRYABLE, "there is no memory left");
    *self = (struct greeter){
        .host = host,
        .clock = extension(host, HEARTH_EXTENSION_CLOCK),
        .readings = extension(host, HEARTH_EXTENSION_READINGS),
        .devices = extension(host, HEARTH_EXTENSION_DEVICES),
        .state = extension(host, HEARTH_EXTENSION_STATE),
        .settings = extension(host, HEARTH_EXTENSION_SETTINGS),
    };
    if (!self->clock || !self->readings || !self->devices || !self->state || !self->settings) {
        free(self);
        return fail(call, HEARTH_UNSUPPORTED, "the host lacks an extension that this plugin needs");
    }
    *instance = self;
    return HEARTH_OK;
}

static void destroy(void *instance) { free(instance); }

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    struct greeter *self = instance;
    self->started_ms = self->clock->monotonic_ms(self->host);
    self->state->get(self->host, text("greetings"), take_greetings, self); /* none yet: it stays 0 */
    self->devices->put(self->host, text("{\"id\":\"" DEVICE "\",\"name\":\"Greeter\",\"kind\":\"example\",\"entities\":["
                                        "{\"id\":\"greetings\",\"kind\":\"number\"},"
                                        "{\"id\":\"uptime\",\"kind\":\"number\",\"unit\":\"s\"}],"
                                        "\"commands\":[{\"name\":\"say-hello\",\"title\":\"Say hello\"}]}"));
    self->devices->set_availability(self->host, text(DEVICE), HEARTH_DEVICE_ONLINE, text(""));
    hearth_status status = apply_settings(instance, call, settings);
    if (status == HEARTH_OK) publish(self);
    return status;
}

static hearth_status stop(void *instance, const hearth_call *call)
{
    struct greeter *self = instance;
    (void)call;
    self->clock->stop_timer(self->host, self->timer);
    self->timer = 0;
    return HEARTH_OK;
}

static hearth_status command(void *instance, const hearth_call *call, const hearth_command *command)
{
    struct greeter *self = instance;
    hearth_string name = text("say-hello");
    if (command->name.size != name.size || memcmp(command->name.data, name.data, name.size) != 0) {
        return fail(call, HEARTH_UNSUPPORTED, "there is no such command; try say-hello");
    }
    self->greetings += 1;
    keep_greetings(self);
    publish(self);
    /* The greeting comes from the user and may contain anything; a count needs no escaping. */
    char json[48];
    snprintf(json, sizeof json, "{\"greetings\":%ld}", self->greetings);
    call->result(call, text(json));
    printf("%s!\n", self->greeting); /* what a plugin prints becomes a line of its log */
    return HEARTH_OK;
}

#define STATIC_TEXT(literal) {literal, sizeof(literal) - 1}

static const hearth_plugin plugin = {
    .struct_size = sizeof(hearth_plugin),
    .abi_major = HEARTH_ABI_MAJOR,
    .abi_minor = HEARTH_ABI_MINOR,
    .id = STATIC_TEXT("template-c"),
    .version = STATIC_TEXT(VERSION),
    .create = create,
    .destroy = destroy,
    .start = start,
    .stop = stop,
    .apply_settings = apply_settings,
    .command = command,
};

HEARTH_EXPORT const hearth_plugin *hearth_plugin_entry(void) { return &plugin; }
