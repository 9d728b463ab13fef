/*
 * Hearth PluginAPI, version 1.0: everything that a plugin and its host say to each other.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A plugin is one shared object that exports one symbol, hearth_plugin_entry(), and a manifest, plugin.yaml,
 * beside it. The host loads it into a small process of its own (a worker), so that a plugin which crashes hurts
 * nobody else. This header is all that an author needs; C, Rust and Swift plugins are written against it.
 *
 * LIFE
 *
 *     create -> start -> ( apply_settings | command | health | callbacks )* -> stop -> destroy
 *
 *   start and stop may repeat. stop succeeds from any state, after a start that failed too. After destroy
 *   nothing is called any more; the process ends soon after and the code is never unmapped before that.
 *
 * THREADS: the tag in front of each function
 *
 *   [instance]  Called by the host, one at a time, never re-entered, always on the same thread. Must return
 *               within 1 s: heartbeats are answered between these calls, and a worker that is silent for 15 s is
 *               killed. What takes longer returns HEARTH_PENDING and is finished later with host->complete().
 *   [any]       May be called from any thread, also from inside an [instance] call, from create until destroy
 *               returns. Never blocks on the host: it queues and returns.
 *   [entry]     Pure: no side effects, callable at any time, on any thread, before create.
 *
 * MEMORY
 *
 *   Whatever one side hands to the other is borrowed and lives until the call returns, unless said otherwise.
 *   Keep what you need by copying it. Nobody ever frees the other side's memory. Results leave through a
 *   function of the receiver (hearth_call.result), never through returned pointers.
 *   Text is UTF-8, given as pointer and length, without a terminating NUL. Invalid UTF-8 is refused with
 *   HEARTH_INVALID.
 *
 * GROWTH
 *
 *   Every struct starts with struct_size, set by whoever fills it in to the size that it knows. Fields are only
 *   ever appended. Read a field only if struct_size covers it (HEARTH_HAS); a missing one means "as before".
 *   Minor versions add, they never narrow what was allowed. New abilities come as extensions with an id and a
 *   revision, such as "hearth.readings/1"; a revision never changes once it is released.
 *   hearth_string is the one exception: it is passed by value and frozen for ever.
 *
 * LIMITS (a call beyond one is refused with HEARTH_INVALID, and nothing of it is kept)
 *
 *   One JSON document 1 MiB; ids, names and units 64 bytes; a text for people 8 KiB (a longer log message is cut, and
 *   marked; log fields beyond 4 KiB are not kept); a state key 128 bytes, a state value 64 KiB, all state of one plugin
 *   1 MiB; 4,096 readings in one batch.
 */
#ifndef HEARTH_PLUGIN_API_H
#define HEARTH_PLUGIN_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Pointers are never NULL unless marked HEARTH_NULLABLE; clang and Swift check it. */
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-extension"
#pragma clang assume_nonnull begin
#define HEARTH_NULLABLE _Nullable
#define HEARTH_NONNULL _Nonnull
#else
#define HEARTH_NULLABLE
#define HEARTH_NONNULL
#endif

/* Put in front of the definition of hearth_plugin_entry when building with -fvisibility=hidden. */
#define HEARTH_EXPORT __attribute__((visibility("default")))

/* True if the struct behind POINTER is large enough to contain FIELD. */
#define HEARTH_HAS(pointer, field)                                                                                     \
    ((size_t)(pointer)->struct_size >=                                                                                 \
     (size_t)((const char *)&(pointer)->field - (const char *)(pointer)) + sizeof((pointer)->field))

/* The version of this header. Put both into hearth_plugin as abi_major and abi_minor. */
#define HEARTH_ABI_MAJOR 1u
#define HEARTH_ABI_MINOR 0u

/* ---------------------------------------------------------------------------------------------------------------
 * Text and outcomes
 * ------------------------------------------------------------------------------------------------------------- */

/* UTF-8 text, not terminated. {NULL, 0} is the empty text. */
typedef struct hearth_string {
    const char *HEARTH_NULLABLE data;
    size_t size; /* bytes */
} hearth_string;

/* The outcome of a call. Negative is a failure, and its class tells the host what to do about it. An unknown
 * negative value counts as HEARTH_INTERNAL. */
typedef int32_t hearth_status;
enum {
    HEARTH_OK = 0,
    HEARTH_PENDING = 1,      /* not finished: host->complete() will be called with the operation's number */
    HEARTH_RETRYABLE = -1,   /* may succeed later by itself: a timeout, a device that is off */
    HEARTH_PERMANENT = -2,   /* will fail again: no such device, a model that cannot do it */
    HEARTH_AUTH = -3,        /* credentials are missing or wrong; the plugin waits for the user, without retries */
    HEARTH_INVALID_SETTINGS = -4, /* the settings cannot work; the message says which and why */
    HEARTH_UNSUPPORTED = -5, /* no such command, no such ability */
    HEARTH_INTERNAL = -6,    /* a bug in the plugin or the host */
    HEARTH_INVALID = -7,     /* an argument breaks this header's rules */
    HEARTH_DENIED = -8,      /* the manifest does not ask for this permission, or the user has not given it */
    HEARTH_BUSY = -9         /* a bounded queue is full; what was handed over is dropped and counted */
};

/* ---------------------------------------------------------------------------------------------------------------
 * Calls: how the host asks and the plugin answers
 * ------------------------------------------------------------------------------------------------------------- */

/* One [instance] call under way. Made by the host, borrowed by the plugin for the duration of the call. */
typedef struct hearth_call {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t operation; /* names this call in host->complete(); unique within the process, never 0 */
    void *HEARTH_NULLABLE context; /* for the two functions below */

    /* [instance, inside the call only] Gives the result, one JSON value. Optional; the last one given counts. */
    void (*result)(const struct hearth_call *call, hearth_string json);

    /* [instance, inside the call only] One sentence for the user that goes with the returned status: what
     * happened, and what to do next. */
    void (*message)(const struct hearth_call *call, hearth_string text);
} hearth_call;

/* How far a settings change reaches: the widest x-restart among the changed keys. With HEARTH_SCOPE_PLUGIN the
 * host replaces the worker instead of calling apply_settings. */
enum { HEARTH_SCOPE_HOT = 0, HEARTH_SCOPE_STREAM = 1, HEARTH_SCOPE_CLIENT = 2, HEARTH_SCOPE_PLUGIN = 3 };

/* The plugin's settings: the whole document, with defaults filled in and valid against the manifest's schema. */
typedef struct hearth_settings {
    uint32_t struct_size;
    int32_t scope;          /* HEARTH_SCOPE_*; HEARTH_SCOPE_PLUGIN in start */
    uint64_t revision;      /* grows with every save */
    hearth_string document; /* a JSON object */
    hearth_string changes;  /* apply_settings: {"<JSON pointer>": {"old": …, "new": …}, …}; start: empty */
} hearth_settings;

/* A command from the user, or from another plugin that may command devices. */
typedef struct hearth_command {
    uint32_t struct_size;
    uint32_t timeout_ms;     /* the caller gives up after this time; a later completion is dropped */
    hearth_string device;    /* a device id that the plugin announced, or empty: the plugin itself */
    hearth_string name;      /* a command that the manifest or the device declares: "turn-on" */
    hearth_string arguments; /* a JSON object */
} hearth_command;

/* ---------------------------------------------------------------------------------------------------------------
 * The plugin's side
 * ------------------------------------------------------------------------------------------------------------- */

struct hearth_host;

/* What hearth_plugin_entry() returns: static, never changed, never freed. */
typedef struct hearth_plugin {
    uint32_t struct_size;
    uint32_t abi_major;      /* HEARTH_ABI_MAJOR */
    uint32_t abi_minor;      /* HEARTH_ABI_MINOR: the header that the plugin was built with */
    uint32_t min_host_minor; /* the oldest minor version that the plugin can work with; usually 0 */
    hearth_string id;        /* [a-z][a-z0-9-]{1,30}; equals the manifest's */
    hearth_string version;   /* MAJOR.MINOR.PATCH; equals the manifest's */

    /* [instance] Makes the instance. Quick: no network, no threads yet. *instance is handed to every function
     * below and may stay NULL. host lives until destroy returns. Never HEARTH_PENDING. */
    hearth_status (*create)(const struct hearth_host *host, const hearth_call *call,
                            void *HEARTH_NULLABLE *HEARTH_NONNULL instance);

    /* [instance] Frees the instance. Follows a stop. No thread of the plugin may use host afterwards. */
    void (*destroy)(void *HEARTH_NULLABLE instance);

    /* [instance] Begins to work. HEARTH_AUTH and HEARTH_INVALID_SETTINGS wait for the user; HEARTH_PERMANENT
     * stops the plugin for good; other failures are retried with growing pauses. May be HEARTH_PENDING for up to
     * 10 s: a plugin is started once it can take commands; what it connects to may still be away. */
    hearth_status (*start)(void *HEARTH_NULLABLE instance, const hearth_call *call, const hearth_settings *settings);

    /* [instance] Ends all work: threads joined, timers and subscriptions gone. May be HEARTH_PENDING for up to
     * 5 s; then the process is ended. */
    hearth_status (*stop)(void *HEARTH_NULLABLE instance, const hearth_call *call);

    /* [instance] Takes new settings while running. Anything but HEARTH_OK (at once or by completion) means that
     * the plugin goes on with the old ones; the message tells the user why. NULL: every change restarts it. */
    hearth_status (*HEARTH_NULLABLE apply_settings)(void *HEARTH_NULLABLE instance, const hearth_call *call,
                                                    const hearth_settings *settings);

    /* [instance] Carries out a command. NULL: the plugin has none. */
    hearth_status (*HEARTH_NULLABLE command)(void *HEARTH_NULLABLE instance, const hearth_call *call,
                                             const hearth_command *command);

    /* [instance] Says how the plugin is; the result is a JSON object of figures worth knowing. Asked seldom, when
     * somebody looks. NULL: nothing to say. */
    hearth_status (*HEARTH_NULLABLE health)(void *HEARTH_NULLABLE instance, const hearth_call *call);

    /* [entry] A static table of the plugin for an extension id, or NULL. Revision 1.0 of the host asks for none;
     * here is where later ones ask. */
    const void *HEARTH_NULLABLE (*HEARTH_NULLABLE extension)(hearth_string id);
} hearth_plugin;

/* [entry] The one exported symbol. Must not be declared weak, must not start anything. */
HEARTH_EXPORT const hearth_plugin *HEARTH_NULLABLE hearth_plugin_entry(void);

/* ---------------------------------------------------------------------------------------------------------------
 * The host's side
 * ------------------------------------------------------------------------------------------------------------- */

typedef struct hearth_host {
    uint32_t struct_size;
    uint32_t abi_major;
    uint32_t abi_minor;     /* what this host offers; at least the plugin's min_host_minor */
    uint32_t reserved;
    void *HEARTH_NULLABLE context; /* the host's own */
    hearth_string data_directory;    /* absolute; the plugin may read and write files here; survives upgrades */
    hearth_string package_directory; /* absolute; the manifest, the .so and its resources, read-only */

    /* [any] Finishes an operation that returned HEARTH_PENDING. Exactly once; later ones are dropped, and so is
     * one for an operation whose caller gave up. json may be empty. */
    void (*complete)(const struct hearth_host *host, uint64_t operation, hearth_status status, hearth_string json,
                     hearth_string message);

    /* [any] The host's table for an extension id, or NULL if this host has none: check it. Lives as long as host. */
    const void *HEARTH_NULLABLE (*HEARTH_NONNULL extension)(const struct hearth_host *host, hearth_string id);
} hearth_host;

/* The answer to something that the plugin asked the host for.
 * [instance] Called exactly once per accepted request, unless the plugin is stopped before. json is the result (a
 * JSON value or empty), message a sentence if status is a failure. */
typedef void (*hearth_answer)(void *HEARTH_NULLABLE context, hearth_status status, hearth_string json,
                              hearth_string message);

/* --- hearth.log/1: lines in `hostctl logs` ----------------------------------------------------------------- */
#define HEARTH_EXTENSION_LOG "hearth.log/1"
enum {
    HEARTH_LOG_DEBUG = 0,
    HEARTH_LOG_INFO = 1,
    HEARTH_LOG_WARNING = 2,
    HEARTH_LOG_ERROR = 3,
    HEARTH_LOG_CRITICAL = 4
};
typedef struct hearth_log {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any] The least level that is kept at present; below it a message need not be built. */
    int32_t (*level)(const hearth_host *host);
    /* [any] fields: a JSON object of details, or empty. */
    void (*write)(const hearth_host *host, int32_t level, hearth_string message, hearth_string fields);
} hearth_log;

/* --- hearth.readings/1: what the devices measure ----------------------------------------------------------- */
#define HEARTH_EXTENSION_READINGS "hearth.readings/1"
enum {
    HEARTH_READING_NUMBER = 0,  /* value */
    HEARTH_READING_BOOLEAN = 1, /* value is 0 or 1 */
    HEARTH_READING_TEXT = 2,    /* text, at most 255 bytes */
    HEARTH_READING_UNKNOWN = 3  /* the state is not known (a timeout, a lost answer): no value */
};
enum { HEARTH_READING_ANOMALOUS = 1u /* flags: stored, but outside what is plausible */ };
typedef struct hearth_reading {
    uint32_t struct_size;
    int32_t kind;
    uint32_t flags;
    uint32_t reserved;
    hearth_string device; /* the id of an announced device */
    hearth_string entity; /* [a-z][a-z0-9_-]{0,63}: "temperature" */
    hearth_string unit;   /* UCUM or common: "°C", "W", "%"; empty if there is none */
    hearth_string text;
    double value;         /* finite */
    int64_t time_ms;      /* UTC, milliseconds since 1970-01-01; 0: now. A day ahead of the clock and more is dropped */
} hearth_reading;
typedef struct hearth_readings {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any] readings is an array of count elements, each readings->struct_size bytes long. The same device, entity
     * and time twice is stored once. HEARTH_BUSY: the buffer (8,192 readings) is full and the batch is dropped and
     * counted. HEARTH_INVALID: one of them breaks the rules above, and none is taken. */
    hearth_status (*publish)(const hearth_host *host, const hearth_reading *readings, size_t count);
} hearth_readings;

/* --- hearth.devices/1: what there is in the home ------------------------------------------------------------- */
#define HEARTH_EXTENSION_DEVICES "hearth.devices/1"
enum { HEARTH_DEVICE_ONLINE = 0, HEARTH_DEVICE_OFFLINE = 1, HEARTH_DEVICE_UNKNOWN = 2 };
typedef struct hearth_devices {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any] Adds or replaces a device, given as a JSON object:
     *   {"id": "8006…", "name": "Heater", "kind": "plug", "model": "HS110(EU)", "parent": "<device id>"?,
     *    "address": "192.168.1.20"?, "firmware": "1.5.6"?,
     *    "entities": [{"id": "power", "name": "Power"?, "unit": "W"?, "kind": "number|boolean|text"}],
     *    "commands": [{"name": "turn-on", "title": "…"?, "arguments": {<JSON Schema>}?}]}
     * id [A-Za-z0-9._:-]{1,64}, kept for ever: history hangs on it. Unknown members are kept and shown. */
    hearth_status (*put)(const hearth_host *host, hearth_string device);
    /* [any] The device is gone for good; its history stays. */
    hearth_status (*remove)(const hearth_host *host, hearth_string id);
    /* [any] Whether the device answers: HEARTH_DEVICE_*, with a sentence if it does not. */
    hearth_status (*set_availability)(const hearth_host *host, hearth_string id, int32_t availability,
                                      hearth_string reason);
} hearth_devices;

/* --- hearth.alerts/1: what a person should know --------------------------------------------------------------- */
#define HEARTH_EXTENSION_ALERTS "hearth.alerts/1"
enum { HEARTH_ALERT_WARNING = 0, HEARTH_ALERT_ERROR = 1, HEARTH_ALERT_CRITICAL = 2 };
typedef struct hearth_alerts {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any] Raises the alert key ([a-z0-9][a-z0-9._:/-]{0,127}, unique within the plugin). Raised again while it
     * stands, it is counted, not doubled. title: one line; detail: what to do. */
    hearth_status (*raise)(const hearth_host *host, hearth_string key, int32_t severity, hearth_string title,
                           hearth_string detail);
    /* [any] The cause is gone. Clearing what does not stand is fine. */
    hearth_status (*clear)(const hearth_host *host, hearth_string key);
} hearth_alerts;

/* --- hearth.state/1: a few values that survive restarts -------------------------------------------------------- */
#define HEARTH_EXTENSION_STATE "hearth.state/1"
typedef struct hearth_state {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any] Hands the value to receive during the call. HEARTH_PERMANENT: there is no such key. */
    hearth_status (*get)(const hearth_host *host, hearth_string key,
                         void (*receive)(void *HEARTH_NULLABLE context, hearth_string value),
                         void *HEARTH_NULLABLE context);
    /* [any] Seen by get at once; on disk within 30 s, or after flush. value is any UTF-8 text. */
    hearth_status (*set)(const hearth_host *host, hearth_string key, hearth_string value);
    /* [any] Forgets the key; fine if there is none. */
    hearth_status (*remove)(const hearth_host *host, hearth_string key);
    /* [any] answer (may be NULL) is called once everything set before is safe on disk. */
    hearth_status (*flush)(const hearth_host *host, hearth_answer HEARTH_NULLABLE answer,
                           void *HEARTH_NULLABLE context);
} hearth_state;

/* --- hearth.settings/1: reads the settings in force, for plugins without a JSON library ----------------------- */
#define HEARTH_EXTENSION_SETTINGS "hearth.settings/1"
typedef struct hearth_settings_reader {
    uint32_t struct_size;
    uint32_t reserved;
    /* [instance] pointer is a JSON pointer (RFC 6901) such as "/devices/0/host". During start and apply_settings
     * the new document is read. HEARTH_PERMANENT: nothing is there. HEARTH_INVALID: it has another type, or the
     * call comes from another thread. */
    hearth_status (*get_text)(const hearth_host *host, hearth_string pointer,
                              void (*receive)(void *HEARTH_NULLABLE context, hearth_string value),
                              void *HEARTH_NULLABLE context);
    /* [instance] As get_text. */
    hearth_status (*get_integer)(const hearth_host *host, hearth_string pointer, int64_t *value);
    /* [instance] As get_text. */
    hearth_status (*get_number)(const hearth_host *host, hearth_string pointer, double *value);
    /* [instance] As get_text. */
    hearth_status (*get_boolean)(const hearth_host *host, hearth_string pointer, int32_t *value);
    /* [instance] The number of elements of an array, or of members of an object. */
    hearth_status (*get_count)(const hearth_host *host, hearth_string pointer, size_t *count);
} hearth_settings_reader;

/* --- hearth.clock/1: time and timers ---------------------------------------------------------------------------- */
#define HEARTH_EXTENSION_CLOCK "hearth.clock/1"
typedef struct hearth_clock {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any] UTC, milliseconds since 1970-01-01. May jump. */
    int64_t (*now_ms)(const hearth_host *host);
    /* [any] Milliseconds from an arbitrary start; never jumps, counts suspended time. */
    int64_t (*monotonic_ms)(const hearth_host *host);
    /* [any] Calls fire [instance] after delay_ms, and then every interval_ms if that is not 0 (at least 10). Late
     * ticks are not made up for. Returns the timer's number, or 0 if 1,024 are running already. */
    uint64_t (*start_timer)(const hearth_host *host, uint32_t delay_ms, uint32_t interval_ms,
                            void (*fire)(void *HEARTH_NULLABLE context), void *HEARTH_NULLABLE context);
    /* [any] fire is not called any more once this returned to [instance]. Unknown numbers are fine. */
    void (*stop_timer)(const hearth_host *host, uint64_t timer);
} hearth_clock;

/* --- hearth.status/1: how the plugin is, in `hostctl list` ------------------------------------------------------- */
#define HEARTH_EXTENSION_STATUS "hearth.status/1"
enum { HEARTH_STATE_STARTING = 0, HEARTH_STATE_RUNNING = 1, HEARTH_STATE_DEGRADED = 2, HEARTH_STATE_AUTH = 3 };
typedef struct hearth_status_report {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any] text: one sentence for the user, or empty. HEARTH_STATE_AUTH keeps the host from restarting the plugin
     * until its credentials change. After start the host takes HEARTH_STATE_RUNNING for granted. */
    hearth_status (*report)(const hearth_host *host, int32_t state, hearth_string text);
} hearth_status_report;

/* --- hearth.home/1: other plugins' readings and devices ---------------------------------------------------------- *
 * Needs the permission read-series or command-devices in the manifest; HEARTH_DENIED comes with the answer. */
#define HEARTH_EXTENSION_HOME "hearth.home/1"
typedef struct hearth_home {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any] pattern: "plugin/device/entity", each part a name or "*". receive [instance] gets the latest value of
     * each matching series first, then every new one; readings as in hearth.readings/1 with device written
     * "plugin/device". answer tells whether the subscription stands. Returns its number, 0 if pattern is invalid. */
    uint64_t (*subscribe)(const hearth_host *host, hearth_string pattern,
                          void (*receive)(void *HEARTH_NULLABLE context, const hearth_reading *readings,
                                          size_t count),
                          hearth_answer HEARTH_NULLABLE answer, void *HEARTH_NULLABLE context);
    /* [any] receive is not called any more once this returned to [instance]. */
    void (*unsubscribe)(const hearth_host *host, uint64_t subscription);
    /* [any] Sends a command to a device of another plugin; plugin and device as in `hostctl call`. */
    hearth_status (*call)(const hearth_host *host, hearth_string plugin, const hearth_command *command,
                          hearth_answer answer, void *HEARTH_NULLABLE context);
} hearth_home;

/* --- hearth.exec/1: programs that the manifest declares, run by the host ------------------------------------------ */
#define HEARTH_EXTENSION_EXEC "hearth.exec/1"
enum { HEARTH_EXEC_STDOUT = 1, HEARTH_EXEC_STDERR = 2 };
typedef struct hearth_exec {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any] Runs the manifest's program of that name. arguments is a JSON object that fills the placeholders of its
     * argument template; a value that does not match the placeholder's pattern is HEARTH_INVALID. There is no
     * shell. output [instance] gets the bytes as they come (any bytes, not only UTF-8). answer [instance] comes
     * last: {"exit": 0} or {"signal": 9, "reason": "timeout|memory|output|stopped"}. Returns the run's
     * number, 0 if program or arguments break these rules. */
    uint64_t (*run)(const hearth_host *host, hearth_string program, hearth_string arguments,
                    void (*output)(void *HEARTH_NULLABLE context, int32_t stream, const uint8_t *bytes, size_t size),
                    hearth_answer answer, void *HEARTH_NULLABLE context);
    /* [any] Ends the run; its answer still comes. */
    void (*cancel)(const hearth_host *host, uint64_t run);
} hearth_exec;

#if defined(__clang__)
#pragma clang assume_nonnull end
#pragma clang diagnostic pop
#endif

#ifdef __cplusplus
}
#endif

#endif /* HEARTH_PLUGIN_API_H */
