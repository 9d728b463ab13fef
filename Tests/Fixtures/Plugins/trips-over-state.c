/* Starts well in its first process, and never again in one that finds what that has stored.
 * It stops well. */
#include "minimal.h"

static bool has_run;

static void found(void *context, hearth_string value)
{
    (void)context;
    has_run = value.size > 0;
}

static hearth_status create(const hearth_host *host, const hearth_call *call, void **instance)
{
    const hearth_state *state = host->extension(host, TEXT(HEARTH_EXTENSION_STATE));
    state->get(host, TEXT("ran"), found, NULL);
    return plain_create(host, call, instance);
}

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)settings;
    const hearth_host *host = instance;
    const hearth_state *state = host->extension(host, TEXT(HEARTH_EXTENSION_STATE));
    if (has_run) {
        call->message(call, TEXT("There is something already."));
        return HEARTH_INTERNAL;
    }
    state->set(host, TEXT("ran"), TEXT("yes"));
    return HEARTH_OK;
}

static const hearth_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi_major = HEARTH_ABI_MAJOR,
    .abi_minor = HEARTH_ABI_MINOR,
    .id = LITERAL("trips-over-state"),
    .version = LITERAL("1.0.0"),
    .create = create,
    .destroy = plain_destroy,
    .start = start,
    .stop = plain_stop,
};

HEARTH_EXPORT const hearth_plugin *hearth_plugin_entry(void) { return &plugin; }
