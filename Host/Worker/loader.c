#define _GNU_SOURCE
#include "loader.h"
#include "names.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static void fail(struct loaded *loaded, const char *outcome, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void fail(struct loaded *loaded, const char *outcome, const char *format, ...)
{
    loaded->outcome = outcome;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(loaded->message, sizeof loaded->message, format, arguments);
    va_end(arguments);
}

static const char *hint_for(const char *error)
{
    static const struct {
        const char *sign, *hint;
    } hints[] = {
        {"GLIBC", "It was built for a newer system: build it on this one, or on an older one."},
        {"undefined symbol", "It uses a function that no library it names provides: link it with -Wl,-z,defs to see "
                             "which one is missing."},
        {"wrong ELF class", "It was built for another kind of processor: build it for this one."},
        {"cannot open shared object file", "A library that it needs is not installed, or not where it "
                                           "looks (RUNPATH)."},
        {"invalid ELF header", "It is no shared object: is the manifest's entry the .so file?"},
        {"file too short", "The file is incomplete: install the plugin again."},
        {"ermission denied", "The host's user may not read it: check the permissions of the file and its folders."},
    };
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        if (strstr(error, hints[i].sign) != NULL) return hints[i].hint;
    }
    return "Run ldd on it to see what is missing.";
}

static bool is_readable_text(hearth_string text) { return text.data != NULL && text.size <= NAME_LIMIT; }

/* The ABI comes first: only a table of our major version has fields that we know. */
static void check(struct loaded *loaded, const hearth_plugin *plugin, hearth_string id, hearth_string version)
{
    if (plugin == NULL) {
        fail(loaded, "start-failed", "hearth_plugin_entry() returned NULL: it must return the plugin's table.");
        return;
    }
    if (!HEARTH_HAS(plugin, min_host_minor)) {
        fail(loaded, "start-failed", "hearth_plugin.struct_size is %u: set it to sizeof(hearth_plugin).",
             plugin->struct_size);
        return;
    }
    if (plugin->abi_major != HEARTH_ABI_MAJOR) {
        fail(loaded, "abi-unsupported", "It speaks PluginAPI %u, this host speaks %u: %s.", plugin->abi_major,
             HEARTH_ABI_MAJOR, plugin->abi_major > HEARTH_ABI_MAJOR ? "upgrade the host" : "upgrade the plugin");
        return;
    }
    if (!HEARTH_HAS(plugin, stop)) {
        fail(loaded, "start-failed", "hearth_plugin.struct_size is %u: set it to sizeof(hearth_plugin).",
             plugin->struct_size);
        return;
    }
    loaded->plugin = plugin;
    if (plugin->min_host_minor > HEARTH_ABI_MINOR) {
        fail(loaded, "needs-newer-host", "It needs PluginAPI %u.%u, this host has %u.%u: upgrade the host.",
             plugin->abi_major, plugin->min_host_minor, HEARTH_ABI_MAJOR, HEARTH_ABI_MINOR);
        return;
    }
    if (!is_readable_text(plugin->id) || !is_readable_text(plugin->version)) {
        loaded->plugin = NULL;
        fail(loaded, "start-failed", "hearth_plugin.id or version is missing.");
    } else if (!is_plugin_id(plugin->id) || !text_equals(plugin->id, id)) {
        fail(loaded, "start-failed", "It says that its id is \"%.*s\", its manifest says \"%.*s\": make them equal.",
             (int)plugin->id.size, plugin->id.data, (int)id.size, id.data == NULL ? "" : id.data);
    } else if (!text_equals(plugin->version, version)) {
        fail(loaded, "start-failed", "It says that its version is \"%.*s\", its manifest says \"%.*s\": make them "
             "equal.",
             (int)plugin->version.size, plugin->version.data, (int)version.size,
             version.data == NULL ? "" : version.data);
    } else if (plugin->create == NULL || plugin->destroy == NULL || plugin->start == NULL || plugin->stop == NULL) {
        fail(loaded, "start-failed", "One of create, destroy, start and stop is NULL: all four are needed.");
    }
}

static int64_t monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void load(struct loaded *loaded, const char *path, hearth_string id, hearth_string version)
{
    if (access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
        fail(loaded, "file-missing", "There is no file %s: install the plugin again.", path);
        return;
    }
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == NULL) {
        const char *error = dlerror();
        if (error == NULL) error = "no reason given";
        fail(loaded, "dlopen-failed", "%s. %s", error, hint_for(error));
        return;
    }
    /* A conversion between pointers to data and to functions is POSIX, but not ISO C: hence the copy. */
    const hearth_plugin *(*entry)(void);
    void *symbol = dlsym(library, "hearth_plugin_entry");
    if (symbol == NULL) {
        fail(loaded, "entry-missing", "It does not export hearth_plugin_entry(): define it with HEARTH_EXPORT.");
        return;
    }
    memcpy(&entry, &symbol, sizeof entry);
    check(loaded, entry(), id, version);
}

struct loaded loader_load(const char *path, hearth_string id, hearth_string version)
{
    struct loaded loaded = {.outcome = "ok"};
    int64_t start_us = monotonic_us();
    load(&loaded, path, id, version);
    loaded.microseconds = (uint64_t)(monotonic_us() - start_us);
    return loaded;
}
