/* A plugin whose id, version and behaviour are given when it is compiled: as versions of one plugin, its good and bad
 * builds.
 *     -DID="\"lamp\"" -DVERSION="\"1.2.0\"" -DBUILD="\"1\"" and at most one of
 *     -DCRASHES_WHEN_LOADED, -DCRASHES_SOON, -DFAILS_TO_START */
#include "../Plugins/minimal.h"

#ifdef CRASHES_WHEN_LOADED
__attribute__((constructor)) static void crash_when_loaded(void) { raise(SIGSEGV); }
#endif

FIXTURE void *crash(void *context)
{
    (void)context;
    usleep(20000);
    raise(SIGSEGV);
    return NULL;
}

static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)instance;
    (void)call;
    (void)settings;
#ifdef CRASHES_SOON
    run_on_thread(crash, NULL);
#endif
#ifdef FAILS_TO_START
    call->message(call, TEXT("this build cannot be started"));
    return HEARTH_PERMANENT;
#endif
    return HEARTH_OK;
}

static hearth_status apply_settings(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)instance;
    (void)call;
    (void)settings;
    return HEARTH_OK;
}

/* build: which build this is. */
static hearth_status command(void *instance, const hearth_call *call, const hearth_command *command)
{
    (void)instance;
    if (command->name.size != 5 || memcmp(command->name.data, "build", 5) != 0) return HEARTH_UNSUPPORTED;
    call->result(call, TEXT("\"" VERSION " " BUILD "\""));
    return HEARTH_OK;
}

static const hearth_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi_major = HEARTH_ABI_MAJOR,
    .abi_minor = HEARTH_ABI_MINOR,
    .id = LITERAL(ID),
    .version = LITERAL(VERSION),
    .create = plain_create,
    .destroy = plain_destroy,
    .start = start,
    .stop = plain_stop,
    .apply_settings = apply_settings,
    .command = command,
};

HEARTH_EXPORT const hearth_plugin *hearth_plugin_entry(void) { return &plugin; }
