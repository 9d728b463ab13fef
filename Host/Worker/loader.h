/* Loads a plugin's shared object and checks its table; every failure has a name (docs/worker-protocol.md). */
#ifndef WORKER_LOADER_H
#define WORKER_LOADER_H

#include <plugin_api.h>

#pragma GCC visibility push(hidden)

struct loaded {
    const char *outcome; /* "ok", "dlopen-failed", … */
    char message[1024];  /* what happened and what to do; empty if ok */
    const hearth_plugin *plugin; /* NULL if there is no table whose fields can be read */
    uint64_t microseconds;
};

/* path, id and version are what the manifest says. The code is never unmapped. */
struct loaded loader_load(const char *path, hearth_string id, hearth_string version);

#pragma GCC visibility pop

#endif
