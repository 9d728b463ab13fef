/* One plugin instance and all that belongs to it. There is no other state: several may live in one process. */
#ifndef WORKER_INSTANCE_H
#define WORKER_INSTANCE_H

#include "json.h"
#include "names.h"
#include "operations.h"
#include "outbox.h"
#include "requests.h"
#include "state.h"
#include "timers.h"

#include <stdatomic.h>

#pragma GCC visibility push(hidden)

/*                                 start          stop
 *   WAITING -> LOADED -> IDLE ------------> STARTING -> RUNNING -> STOPPING -> IDLE ... -> OVER
 *                                              \-> FAILED ------------^
 */
enum life {
    LIFE_WAITING,  /* for LOAD */
    LIFE_LOADED,   /* the code is there, no instance yet */
    LIFE_IDLE,     /* created, or stopped again */
    LIFE_STARTING, /* start was called; it is not finished */
    LIFE_FAILED,   /* start failed; stop is due */
    LIFE_RUNNING,
    LIFE_STOPPING, /* stop was called; it is not finished */
    LIFE_OVER      /* destroyed, or never to be: the loop ends */
};

/* A settings document with its own memory. */
struct document {
    char *text;
    struct json_value root;
};

/* The [instance] call under way. It lives here and not on the stack, so that a plugin which keeps the pointer too
 * long does no harm. */
struct call_slot {
    hearth_call call;
    bool is_open;
    char *result, *message; /* from malloc, or NULL */
    size_t result_size, message_size;
    const char *fault; /* why the last result given cannot be used */
};

struct instance {
    hearth_host host; /* its context points back here */
    char *plugin_id, *data_directory, *package_directory;
    struct waker waker;
    struct outbox outbox;
    _Atomic int32_t log_level;

    pthread_mutex_t lock; /* of the three below; taken before the outbox's own, never held while the plugin is called */
    struct operations operations;
    struct requests requests;
    struct timers timers;

    pthread_mutex_t state_lock; /* likewise */
    struct state state;

    /* For the main thread alone. */
    enum life life;
    const hearth_plugin *plugin;
    void *plugin_instance;
    struct call_slot slot;
    struct document settings;  /* in force */
    struct document candidate; /* handed to start or apply_settings, not accepted yet */
};

static inline struct instance *instance_of(const hearth_host *host) { return host->context; }

/* Prepares everything on what will be the main thread. False if the system refuses. */
bool instance_open(struct instance *instance);
void instance_close(struct instance *instance);

/* The host's table for an extension id, or NULL. */
const void *instance_extension(const hearth_host *host, hearth_string id);

/* Whether the plugin may be called back now. */
bool instance_takes_callbacks(const struct instance *instance);

int64_t clock_utc_ms(void);
int64_t clock_monotonic_ms(void);

#pragma GCC visibility pop

#endif
