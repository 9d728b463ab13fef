/* Takes its settings as they come: a level above 1,000 or none at all ends it, and changes are refused without a word.
 * It starts and stops well with a small level. */
#include "minimal.h"

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)call;
    (void)settings;
    const hearth_host *host = instance;
    const hearth_settings_reader *reader = host->extension(host, TEXT(HEARTH_EXTENSION_SETTINGS));
    int64_t level = 0;
    if (reader->get_integer(host, TEXT("/level"), &level) != HEARTH_OK || level > 1000) abort();
    return HEARTH_OK;
}

static hearth_status apply_settings(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)instance;
    (void)call;
    (void)settings;
    return HEARTH_INVALID_SETTINGS;
}

static const hearth_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi_major = HEARTH_ABI_MAJOR,
    .abi_minor = HEARTH_ABI_MINOR,
    .id = LITERAL("trusts-settings"),
    .version = LITERAL("1.0.0"),
    .create = plain_create,
    .destroy = plain_destroy,
    .start = start,
    .stop = plain_stop,
    .apply_settings = apply_settings,
};

HEARTH_EXPORT const hearth_plugin *hearth_plugin_entry(void) { return &plugin; }
