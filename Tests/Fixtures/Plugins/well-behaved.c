/* Uses every extension and does what it is told: by commands, by settings, on a timer.
 * Its settings: interval_ms, greeting, reject (refuses them if true), start ("ok", "pending", "retry"). */
#define _GNU_SOURCE
#include <plugin_api.h>

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LITERAL(literal) {literal, sizeof(literal) - 1}
#define TEXT(literal) ((hearth_string)LITERAL(literal))

struct instance {
    const hearth_host *host;
    const hearth_log *log;
    const hearth_readings *readings;
    const hearth_devices *devices;
    const hearth_alerts *alerts;
    const hearth_state *state;
    const hearth_settings_reader *settings;
    const hearth_clock *clock;
    const hearth_status_report *status;
    const hearth_home *home;
    const hearth_exec *exec;
    uint64_t timer;
    uint64_t subscription;
    uint64_t run;
    int64_t interval_ms;
    char greeting[64];
    uint64_t ticks, received, answered, output_bytes, starts;
};

/* A command that is answered later: by a thread, or by the host. */
struct later {
    struct instance *instance;
    uint64_t operation;
    int64_t delay_ms;
    pthread_t thread;
};

static bool is(hearth_string text, const char *other)
{
    return text.size == strlen(other) && memcmp(text.data, other, text.size) == 0;
}

static void say(struct instance *self, const char *line)
{
    self->log->write(self->host, HEARTH_LOG_INFO, (hearth_string){line, strlen(line)},
                     TEXT("{\"plugin\":\"well-behaved\"}"));
}

static void reply(const hearth_call *call, const char *json)
{
    call->result(call, (hearth_string){json, strlen(json)});
}

/* --- Arguments: commands take small JSON objects, and this reads one number or text out of them ------------------- */

static const char *find(hearth_string arguments, const char *name, size_t *left)
{
    char key[32];
    int size = snprintf(key, sizeof key, "\"%s\":", name);
    for (size_t i = 0; i + (size_t)size <= arguments.size; i++) {
        if (memcmp(arguments.data + i, key, (size_t)size) != 0) continue;
        *left = arguments.size - i - (size_t)size;
        return arguments.data + i + size;
    }
    return NULL;
}

static int64_t number_in(hearth_string arguments, const char *name, int64_t fallback)
{
    size_t left;
    char digits[24] = "";
    const char *at = find(arguments, name, &left);
    if (at == NULL) return fallback;
    memcpy(digits, at, left < sizeof digits - 1 ? left : sizeof digits - 1);
    return strtoll(digits, NULL, 10);
}

static hearth_string text_in(hearth_string arguments, const char *name)
{
    size_t left;
    const char *at = find(arguments, name, &left);
    if (at == NULL || left < 2 || at[0] != '"') return (hearth_string){NULL, 0};
    const char *end = memchr(at + 1, '"', left - 1);
    return end == NULL ? (hearth_string){NULL, 0} : (hearth_string){at + 1, (size_t)(end - at - 1)};
}

/* --- Readings on a timer ------------------------------------------------------------------------------------------ */

static void publish(void *context)
{
    struct instance *self = context;
    self->ticks++;
    hearth_reading readings[] = {
        {.struct_size = sizeof(hearth_reading), .kind = HEARTH_READING_NUMBER, .device = TEXT("lamp-1"),
         .entity = TEXT("power"), .unit = TEXT("W"), .value = (double)self->ticks},
        {.struct_size = sizeof(hearth_reading), .kind = HEARTH_READING_BOOLEAN, .device = TEXT("lamp-1"),
         .entity = TEXT("on"), .value = (double)(self->ticks % 2)},
        {.struct_size = sizeof(hearth_reading), .kind = HEARTH_READING_TEXT, .device = TEXT("lamp-1"),
         .entity = TEXT("mode"), .text = TEXT("warm")},
    };
    self->readings->publish(self->host, readings, 3);
}

static void restart_timer(struct instance *self)
{
    self->clock->stop_timer(self->host, self->timer);
    self->timer = self->interval_ms <= 0 ? 0
        : self->clock->start_timer(self->host, 0, (uint32_t)self->interval_ms, publish, self);
}

/* --- Settings ----------------------------------------------------------------------------------------------------- */

static void take_greeting(void *context, hearth_string value)
{
    struct instance *self = context;
    size_t size = value.size < sizeof self->greeting - 1 ? value.size : sizeof self->greeting - 1;
    memcpy(self->greeting, value.data, size);
    self->greeting[size] = '\0';
}

static void read_settings(struct instance *self)
{
    self->interval_ms = 0;
    self->settings->get_integer(self->host, TEXT("/interval_ms"), &self->interval_ms);
    self->settings->get_text(self->host, TEXT("/greeting"), take_greeting, self);
}

static void take_start(void *context, hearth_string value)
{
    *(int *)context = is(value, "pending") ? 1 : is(value, "retry") ? 2 : 0;
}

/* --- State: a counter that survives restarts ---------------------------------------------------------------------- */

static void take_starts(void *context, hearth_string value)
{
    char digits[24] = "";
    memcpy(digits, value.data, value.size < sizeof digits - 1 ? value.size : sizeof digits - 1);
    *(uint64_t *)context = strtoull(digits, NULL, 10);
}

static void count_start(struct instance *self)
{
    char digits[24];
    self->starts = 0;
    self->state->get(self->host, TEXT("starts"), take_starts, &self->starts);
    int size = snprintf(digits, sizeof digits, "%" PRIu64, ++self->starts);
    self->state->set(self->host, TEXT("starts"), (hearth_string){digits, (size_t)size});
}

/* --- Life --------------------------------------------------------------------------------------------------------- */

static hearth_status create(const hearth_host *host, const hearth_call *call, void **instance)
{
    (void)call;
    struct instance *self = calloc(1, sizeof *self);
    if (self == NULL) return HEARTH_RETRYABLE;
    self->host = host;
    self->log = host->extension(host, TEXT(HEARTH_EXTENSION_LOG));
    self->readings = host->extension(host, TEXT(HEARTH_EXTENSION_READINGS));
    self->devices = host->extension(host, TEXT(HEARTH_EXTENSION_DEVICES));
    self->alerts = host->extension(host, TEXT(HEARTH_EXTENSION_ALERTS));
    self->state = host->extension(host, TEXT(HEARTH_EXTENSION_STATE));
    self->settings = host->extension(host, TEXT(HEARTH_EXTENSION_SETTINGS));
    self->clock = host->extension(host, TEXT(HEARTH_EXTENSION_CLOCK));
    self->status = host->extension(host, TEXT(HEARTH_EXTENSION_STATUS));
    self->home = host->extension(host, TEXT(HEARTH_EXTENSION_HOME));
    self->exec = host->extension(host, TEXT(HEARTH_EXTENSION_EXEC));
    *instance = self;
    bool has_all = self->log && self->readings && self->devices && self->alerts && self->state && self->settings
        && self->clock && self->status && self->home && self->exec;
    return has_all && host->extension(host, TEXT("hearth.unknown/1")) == NULL ? HEARTH_OK : HEARTH_INTERNAL;
}

static void destroy(void *instance) { free(instance); }

static void *complete_later(void *context)
{
    struct later *later = context;
    const hearth_host *host = later->instance->host;
    usleep((useconds_t)later->delay_ms * 1000);
    host->complete(host, later->operation, HEARTH_OK, TEXT("{\"slow\":true}"), TEXT(""));
    host->complete(host, later->operation, HEARTH_INTERNAL, TEXT(""), TEXT("the second one is dropped"));
    free(later);
    return NULL;
}

static hearth_status finish_later(struct instance *self, uint64_t operation, int64_t delay_ms)
{
    struct later *later = malloc(sizeof *later);
    if (later == NULL) return HEARTH_RETRYABLE;
    *later = (struct later){.instance = self, .operation = operation, .delay_ms = delay_ms};
    pthread_t thread;
    if (pthread_create(&thread, NULL, complete_later, later) != 0) {
        free(later);
        return HEARTH_RETRYABLE;
    }
    pthread_detach(thread);
    return HEARTH_PENDING;
}

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)settings;
    struct instance *self = instance;
    int how = 0;
    read_settings(self);
    self->settings->get_text(self->host, TEXT("/start"), take_start, &how);
    if (how == 2) {
        call->message(call, TEXT("the settings asked for a failure"));
        return HEARTH_RETRYABLE;
    }
    count_start(self);
    self->devices->put(self->host,
        TEXT("{\"id\":\"lamp-1\",\"name\":\"Lamp\",\"kind\":\"light\",\"model\":\"L1\","
             "\"entities\":[{\"id\":\"power\",\"unit\":\"W\",\"kind\":\"number\"},{\"id\":\"on\",\"kind\":\"boolean\"},"
             "{\"id\":\"mode\",\"kind\":\"text\"}],\"commands\":[{\"name\":\"echo\"},{\"name\":\"fail\"}]}"));
    self->devices->set_availability(self->host, TEXT("lamp-1"), HEARTH_DEVICE_ONLINE, TEXT(""));
    restart_timer(self);
    say(self, "started");
    return how == 1 ? finish_later(self, call->operation, 50) : HEARTH_OK;
}

static hearth_status stop(void *instance, const hearth_call *call)
{
    (void)call;
    struct instance *self = instance;
    self->clock->stop_timer(self->host, self->timer);
    self->home->unsubscribe(self->host, self->subscription);
    self->timer = self->subscription = 0;
    say(self, "stopped");
    return HEARTH_OK;
}

static hearth_status apply_settings(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)settings;
    struct instance *self = instance;
    int32_t reject = 0;
    self->settings->get_boolean(self->host, TEXT("/reject"), &reject);
    if (reject) {
        call->message(call, TEXT("reject is true: these settings are refused"));
        return HEARTH_INVALID_SETTINGS;
    }
    read_settings(self);
    restart_timer(self);
    return HEARTH_OK;
}

static hearth_status health(void *instance, const hearth_call *call)
{
    struct instance *self = instance;
    char json[256];
    int size = snprintf(json, sizeof json,
        "{\"ticks\":%" PRIu64 ",\"received\":%" PRIu64 ",\"answered\":%" PRIu64 ",\"output_bytes\":%" PRIu64
        ",\"starts\":%" PRIu64 "}", self->ticks, self->received, self->answered, self->output_bytes, self->starts);
    call->result(call, (hearth_string){json, (size_t)size});
    return HEARTH_OK;
}

/* --- Commands ----------------------------------------------------------------------------------------------------- */

/* Hands the host's answer on as the result of the command that asked for it. */
static void pass_on(void *context, hearth_status status, hearth_string json, hearth_string message)
{
    struct later *later = context;
    struct instance *self = later->instance;
    self->answered++;
    self->host->complete(self->host, later->operation, status, json, message);
    free(later);
}

static struct later *ask(struct instance *self, const hearth_call *call)
{
    struct later *later = malloc(sizeof *later);
    if (later != NULL) *later = (struct later){.instance = self, .operation = call->operation};
    return later;
}

static void receive(void *context, const hearth_reading *readings, size_t count)
{
    struct instance *self = context;
    self->received += count;
    char line[160];
    snprintf(line, sizeof line, "received %.*s/%.*s = %g", (int)readings[0].device.size, readings[0].device.data,
             (int)readings[0].entity.size, readings[0].entity.data, readings[0].value);
    say(self, line);
}

static void subscribed(void *context, hearth_status status, hearth_string json, hearth_string message)
{
    (void)json;
    (void)message;
    struct instance *self = context;
    self->answered++;
    say(self, status == HEARTH_OK ? "subscribed" : "not subscribed");
}

static void take_output(void *context, int32_t stream, const uint8_t *bytes, size_t size)
{
    (void)bytes;
    (void)stream;
    ((struct later *)context)->instance->output_bytes += size;
}

/* {"plugin": "…", "name": "…"}: calls that command of another plugin, and answers what it answers. */
static hearth_status call_other(struct instance *self, const hearth_call *call, hearth_string arguments)
{
    hearth_command command = {.struct_size = sizeof command, .timeout_ms = 5000, .device = text_in(arguments, "device"),
                              .name = text_in(arguments, "name"), .arguments = TEXT("{}")};
    struct later *later = ask(self, call);
    hearth_status status = self->home->call(self->host, text_in(arguments, "plugin"), &command, pass_on, later);
    if (status != HEARTH_OK) free(later);
    return status == HEARTH_OK ? HEARTH_PENDING : status;
}

/* {"program": "…"} runs it with {"text": …} as its argument; its exit is the result. */
static hearth_status run_program(struct instance *self, const hearth_call *call, hearth_string arguments)
{
    char json[160];
    hearth_string text = text_in(arguments, "text");
    int size = text.data == NULL ? snprintf(json, sizeof json, "{}")
        : snprintf(json, sizeof json, "{\"text\":\"%.*s\"}", (int)(text.size < 100 ? text.size : 100), text.data);
    struct later *later = ask(self, call);
    self->run = self->exec->run(self->host, text_in(arguments, "program"), (hearth_string){json, (size_t)size},
                                take_output, pass_on, later);
    if (self->run == 0) free(later);
    return self->run == 0 ? HEARTH_INVALID : HEARTH_PENDING;
}

static hearth_status greet(struct instance *self, const hearth_call *call)
{
    char json[128];
    int size = snprintf(json, sizeof json, "{\"greeting\":\"%s\",\"interval_ms\":%" PRId64 "}", self->greeting,
                        self->interval_ms);
    call->result(call, (hearth_string){json, (size_t)size});
    return HEARTH_OK;
}

static hearth_status command(void *instance, const hearth_call *call, const hearth_command *command)
{
    struct instance *self = instance;
    hearth_string name = command->name, arguments = command->arguments;
    if (is(name, "echo")) {
        call->result(call, arguments);
    } else if (is(name, "greet")) {
        return greet(self, call);
    } else if (is(name, "slow")) { /* {"ms": 100} */
        return finish_later(self, call->operation, number_in(arguments, "ms", 100));
    } else if (is(name, "never")) { /* PENDING, and never completed */
        return HEARTH_PENDING;
    } else if (is(name, "fail")) { /* {"status": -1} */
        call->message(call, TEXT("it was told to fail"));
        return (hearth_status)number_in(arguments, "status", HEARTH_PERMANENT);
    } else if (is(name, "crash")) {
        abort();
    } else if (is(name, "hang")) {
        for (;;) pause();
    } else if (is(name, "exit")) { /* {"status": 3} */
        _exit((int)number_in(arguments, "status", 3));
    } else if (is(name, "print")) {
        fputs("a line on stdout\n", stdout);
        fputs("a line on stderr\n", stderr);
    } else if (is(name, "log")) { /* {"level": 1} */
        self->log->write(self->host, (int32_t)number_in(arguments, "level", HEARTH_LOG_INFO), TEXT("as told"),
                         arguments);
    } else if (is(name, "read")) {
        publish(self);
    } else if (is(name, "starts")) {
        char digits[24];
        snprintf(digits, sizeof digits, "%" PRIu64, self->starts);
        reply(call, digits);
    } else if (is(name, "remember")) { /* {"value": "…"} */
        return self->state->set(self->host, TEXT("remembered"), text_in(arguments, "value"));
    } else if (is(name, "forget")) {
        return self->state->remove(self->host, TEXT("remembered"));
    } else if (is(name, "flush")) {
        struct later *later = ask(self, call);
        hearth_status status = self->state->flush(self->host, pass_on, later);
        if (status != HEARTH_OK) free(later);
        return status == HEARTH_OK ? HEARTH_PENDING : status;
    } else if (is(name, "raise")) { /* {"severity": 1} */
        return self->alerts->raise(self->host, TEXT("told"),
                                   (int32_t)number_in(arguments, "severity", HEARTH_ALERT_ERROR), TEXT("Something is wrong"), TEXT("Call the command clear."));
    } else if (is(name, "clear")) {
        return self->alerts->clear(self->host, TEXT("told"));
    } else if (is(name, "status")) { /* {"state": 2} */
        return self->status->report(self->host, (int32_t)number_in(arguments, "state", HEARTH_STATE_DEGRADED),
                                    TEXT("as told"));
    } else if (is(name, "availability")) { /* {"availability": 1} */
        return self->devices->set_availability(self->host, TEXT("lamp-1"),
                                               (int32_t)number_in(arguments, "availability", 1), TEXT("as told"));
    } else if (is(name, "remove-device")) {
        return self->devices->remove(self->host, TEXT("lamp-1"));
    } else if (is(name, "subscribe")) { /* {"pattern": "…"} */
        self->subscription =
            self->home->subscribe(self->host, text_in(arguments, "pattern"), receive, subscribed, self);
        return self->subscription == 0 ? HEARTH_INVALID : HEARTH_OK;
    } else if (is(name, "unsubscribe")) {
        self->home->unsubscribe(self->host, self->subscription);
    } else if (is(name, "call")) {
        return call_other(self, call, arguments);
    } else if (is(name, "run")) {
        return run_program(self, call, arguments);
    } else if (is(name, "cancel")) {
        self->exec->cancel(self->host, self->run);
    } else {
        call->message(call, TEXT("there is no such command"));
        return HEARTH_UNSUPPORTED;
    }
    return HEARTH_OK;
}

static const hearth_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi_major = HEARTH_ABI_MAJOR,
    .abi_minor = HEARTH_ABI_MINOR,
    .id = LITERAL("well-behaved"),
    .version = LITERAL("1.0.0"),
    .create = create,
    .destroy = destroy,
    .start = start,
    .stop = stop,
    .apply_settings = apply_settings,
    .command = command,
    .health = health,
};

HEARTH_EXPORT const hearth_plugin *hearth_plugin_entry(void) { return &plugin; }
