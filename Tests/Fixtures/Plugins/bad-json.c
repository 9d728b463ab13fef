/* Gives results and texts that break the rules; its commands say which: syntax, depth, utf8, large, health-kind, calls.
 * The command "calls" answers how many of 12 bad calls were not refused: 0. */
#include "minimal.h"

static char large[(1 << 20) + 1];

static int not_refused(const hearth_host *host)
{
    const hearth_devices *devices = host->extension(host, TEXT(HEARTH_EXTENSION_DEVICES));
    const hearth_alerts *alerts = host->extension(host, TEXT(HEARTH_EXTENSION_ALERTS));
    const hearth_state *state = host->extension(host, TEXT(HEARTH_EXTENSION_STATE));
    const hearth_readings *readings = host->extension(host, TEXT(HEARTH_EXTENSION_READINGS));
    const hearth_home *home = host->extension(host, TEXT(HEARTH_EXTENSION_HOME));
    const hearth_exec *exec = host->extension(host, TEXT(HEARTH_EXTENSION_EXEC));
    const hearth_status_report *status = host->extension(host, TEXT(HEARTH_EXTENSION_STATUS));
    hearth_reading reading = {.struct_size = sizeof reading, .kind = HEARTH_READING_NUMBER, .device = TEXT("a"),
                              .entity = TEXT("b"), .value = 1.0 / 0.0};
    hearth_command command = {.struct_size = sizeof command, .name = TEXT("x"), .arguments = TEXT("[]")};
    const hearth_status statuses[] = {
        devices->put(host, TEXT("[]")),
        devices->put(host, TEXT("{\"id\":\"not an id\"}")),
        devices->put(host, TEXT("{\"name\":\"no id\"}")),
        devices->remove(host, TEXT("")),
        devices->set_availability(host, TEXT("a"), 7, TEXT("")),
        alerts->raise(host, TEXT("Key"), HEARTH_ALERT_ERROR, TEXT("title"), TEXT("")),
        alerts->raise(host, TEXT("key"), HEARTH_ALERT_ERROR, TEXT("two\nlines"), TEXT("")),
        state->set(host, TEXT("key"), TEXT("\xff")),
        readings->publish(host, &reading, 1),
        status->report(host, 9, TEXT("")),
        home->call(host, TEXT("other"), &command, NULL, NULL),
        exec->run(host, TEXT("program"), TEXT("{"), NULL, NULL, NULL) == 0 ? HEARTH_INVALID : HEARTH_OK,
    };
    int count = 0;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) count += statuses[i] != HEARTH_INVALID;
    return count;
}

static bool is(hearth_string text, const char *other)
{
    return text.size == strlen(other) && memcmp(text.data, other, text.size) == 0;
}

static hearth_status command(void *instance, const hearth_call *call, const hearth_command *command)
{
    if (is(command->name, "syntax")) {
        call->result(call, TEXT("{\"a\": }"));
    } else if (is(command->name, "depth")) {
        char deep[200];
        memset(deep, '[', 100);
        memset(deep + 100, ']', 100);
        call->result(call, (hearth_string){deep, sizeof deep});
    } else if (is(command->name, "utf8")) {
        call->result(call, TEXT("\"\xc3\x28\""));
        call->message(call, TEXT("bad \xff byte"));
    } else if (is(command->name, "large")) {
        memset(large, ' ', sizeof large);
        large[0] = '1';
        call->result(call, (hearth_string){large, sizeof large});
    } else if (is(command->name, "calls")) {
        char digits[16];
        int size = snprintf(digits, sizeof digits, "%d", not_refused(instance));
        call->result(call, (hearth_string){digits, (size_t)size});
    } else if (is(command->name, "complete")) {
        const hearth_host *host = instance;
        host->complete(host, call->operation, HEARTH_OK, TEXT("nonsense"), TEXT(""));
        return HEARTH_PENDING;
    } else {
        call->message(call, TEXT("bad \xff byte"));
    }
    return HEARTH_OK;
}

static hearth_status health(void *instance, const hearth_call *call)
{
    (void)instance;
    call->result(call, TEXT("[1]"));
    return HEARTH_OK;
}

static const hearth_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi_major = HEARTH_ABI_MAJOR,
    .abi_minor = HEARTH_ABI_MINOR,
    .id = LITERAL("bad-json"),
    .version = LITERAL("1.0.0"),
    .create = plain_create,
    .destroy = plain_destroy,
    .start = plain_start,
    .stop = plain_stop,
    .command = command,
    .health = health,
};

HEARTH_EXPORT const hearth_plugin *hearth_plugin_entry(void) { return &plugin; }
