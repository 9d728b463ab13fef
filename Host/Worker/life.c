#define _GNU_SOURCE
#include "life.h"
#include "call.h"
#include "loader.h"

#include <stdlib.h>

static char *copy_of(hearth_string text) { return strndup(text.data == NULL ? "" : text.data, text.size); }

/* --- Loading ------------------------------------------------------------------------------------------------------ */

static void say_loaded(struct instance *instance, const struct loaded *loaded)
{
    static const hearth_plugin none;
    const hearth_plugin *plugin = loaded->plugin == NULL ? &none : loaded->plugin;
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_LOADED, 0);
    frame_put_text(&frame, text_of(loaded->outcome));
    frame_put_text(&frame, text_of(loaded->message));
    frame_put_text(&frame, plugin->id);
    frame_put_text(&frame, plugin->version);
    frame_put_u32(&frame, plugin->abi_major);
    frame_put_u32(&frame, plugin->abi_minor);
    frame_put_u32(&frame, plugin->min_host_minor);
    frame_put_u64(&frame, loaded->microseconds);
    outbox_push(&instance->outbox, OUTBOX_REPLY, &frame);
}

void life_load(struct instance *instance, const struct message *message)
{
    instance->plugin_id = copy_of(message->load.plugin);
    instance->data_directory = copy_of(message->load.data_directory);
    instance->package_directory = copy_of(message->load.package_directory);
    instance->host.data_directory = text_of(instance->data_directory);
    instance->host.package_directory = text_of(instance->package_directory);
    atomic_store(&instance->log_level, (int32_t)message->load.log_level);

    char *path = copy_of(message->load.path);
    struct loaded loaded = loader_load(path, message->load.plugin, message->load.version);
    free(path);
    say_loaded(instance, &loaded);

    bool is_usable = strcmp(loaded.outcome, "ok") == 0 && message->load.mode == LOAD_RUN;
    instance->plugin = is_usable ? loaded.plugin : NULL;
    instance->life = is_usable ? LIFE_LOADED : LIFE_OVER;
}

/* --- Settings ----------------------------------------------------------------------------------------------------- */

static void forget(struct document *document)
{
    free(document->text);
    *document = (struct document){0};
}

static const char *read_candidate(struct instance *instance, hearth_string text)
{
    struct document document = {.text = copy_of(text)};
    if (document.text == NULL) return "it is too large for the memory";
    const char *fault = json_parse((hearth_string){document.text, text.size}, &document.root);
    if (fault == NULL && document.root.kind != JSON_OBJECT) fault = "it is no JSON object";
    if (fault != NULL) {
        free(document.text);
        return fault;
    }
    forget(&instance->candidate);
    instance->candidate = document;
    return NULL;
}

static hearth_settings settings_of(const struct message *message)
{
    return (hearth_settings){
        .struct_size = sizeof(hearth_settings),
        .scope = (int32_t)message->settings.scope,
        .revision = message->settings.revision,
        .document = message->settings.document,
        .changes = message->settings.changes,
    };
}

static void conclude_settings(struct instance *instance, bool is_accepted)
{
    if (is_accepted) {
        forget(&instance->settings);
        instance->settings = instance->candidate;
        instance->candidate = (struct document){0};
    } else {
        forget(&instance->candidate);
    }
}

/* --- Start and stop ----------------------------------------------------------------------------------------------- */

static hearth_status create(struct instance *instance, const hearth_call *call)
{
    hearth_status status = instance->plugin->create(&instance->host, call, &instance->plugin_instance);
    if (status != HEARTH_OK) return status == HEARTH_PENDING ? HEARTH_INTERNAL : status;
    instance->life = LIFE_IDLE;
    call_reset(instance);
    return HEARTH_OK;
}

void life_start(struct instance *instance, const struct message *message)
{
    if (instance->life != LIFE_LOADED && instance->life != LIFE_IDLE) {
        call_refuse(instance, message->id, HEARTH_INVALID, "The plugin is started already, or was not stopped.");
        return;
    }
    if (read_candidate(instance, message->settings.document) != NULL) {
        call_refuse(instance, message->id, HEARTH_INVALID, "The settings are no JSON object.");
        return;
    }
    const hearth_call *call = call_begin(instance, message->id, OPERATION_START);
    if (call == NULL) return;

    hearth_status status = instance->life == LIFE_LOADED ? create(instance, call) : HEARTH_OK;
    if (status == HEARTH_OK) {
        instance->life = LIFE_STARTING;
        hearth_settings settings = settings_of(message);
        status = instance->plugin->start(instance->plugin_instance, call, &settings);
    }
    call_end(instance, status);
}

void life_stop(struct instance *instance, const struct message *message)
{
    switch (instance->life) {
    case LIFE_STARTING:
    case LIFE_FAILED:
    case LIFE_RUNNING: break;
    case LIFE_STOPPING:
        call_refuse(instance, message->id, HEARTH_BUSY, "The plugin is being stopped already.");
        return;
    default:
        call_refuse(instance, message->id, HEARTH_OK, "");
        return;
    }
    const hearth_call *call = call_begin(instance, message->id, OPERATION_STOP);
    if (call == NULL) return;
    instance->life = LIFE_STOPPING;
    call_end(instance, instance->plugin->stop(instance->plugin_instance, call));
}

/* After stop nothing of the plugin is under way, whether or not it said so itself. */
static void conclude_stop(struct instance *instance, uint64_t stop)
{
    struct operation other;
    pthread_mutex_lock(&instance->lock);
    while (operations_take_other(&instance->operations, stop, &other)) {
        if (!other.is_answered) {
            call_refuse(instance, other.id, HEARTH_RETRYABLE, "The plugin was stopped before it had finished.");
        }
    }
    timers_clear(&instance->timers);
    for (size_t i = 0; i < instance->requests.count; i++) {
        const struct request *request = &instance->requests.all[i];
        if (request->kind == REQUEST_ANSWER) continue;
        bool is_run = request->kind == REQUEST_RUN;
        struct frame_writer frame;
        frame_begin(&frame, is_run ? MESSAGE_EXEC_CANCEL : MESSAGE_UNSUBSCRIBE, request->id);
        outbox_push(&instance->outbox, OUTBOX_REPLY, &frame);
    }
    requests_clear(&instance->requests);
    pthread_mutex_unlock(&instance->lock);
    forget(&instance->candidate);
    instance->life = LIFE_IDLE;
}

bool life_exit(struct instance *instance)
{
    bool has_let_go = true;
    enum life life = instance->life;
    if (life == LIFE_STARTING || life == LIFE_FAILED || life == LIFE_RUNNING) {
        /* The host should have sent STOP. The operation 0 is one that it cannot know. */
        const hearth_call *call = call_begin(instance, 0, OPERATION_STOP);
        hearth_status status = call == NULL ? HEARTH_BUSY : instance->plugin->stop(instance->plugin_instance, call);
        if (call != NULL) call_end(instance, status);
        has_let_go = call != NULL && status != HEARTH_PENDING;
    } else if (life == LIFE_STOPPING) {
        has_let_go = false;
    }
    if (has_let_go && life >= LIFE_IDLE && life < LIFE_OVER) instance->plugin->destroy(instance->plugin_instance);
    instance->life = LIFE_OVER;
    return has_let_go;
}

/* --- While it runs ------------------------------------------------------------------------------------------------ */

static bool is_running(struct instance *instance, uint64_t operation)
{
    if (instance->life == LIFE_RUNNING) return true;
    call_refuse(instance, operation, HEARTH_RETRYABLE, "The plugin is not running.");
    return false;
}

void life_apply(struct instance *instance, const struct message *message)
{
    const hearth_plugin *plugin = instance->plugin;
    if (!is_running(instance, message->id)) return;
    if (!HEARTH_HAS(plugin, apply_settings) || plugin->apply_settings == NULL) {
        call_refuse(instance, message->id, HEARTH_UNSUPPORTED, "The plugin takes new settings only when it starts.");
    } else if (instance->candidate.text != NULL) {
        call_refuse(instance, message->id, HEARTH_BUSY, "An earlier change of the settings is still being applied.");
    } else if (read_candidate(instance, message->settings.document) != NULL) {
        call_refuse(instance, message->id, HEARTH_INVALID, "The settings are no JSON object.");
    } else {
        const hearth_call *call = call_begin(instance, message->id, OPERATION_APPLY);
        if (call == NULL) {
            forget(&instance->candidate);
            return;
        }
        hearth_settings settings = settings_of(message);
        call_end(instance, plugin->apply_settings(instance->plugin_instance, call, &settings));
    }
}

void life_command(struct instance *instance, const struct message *message)
{
    const hearth_plugin *plugin = instance->plugin;
    if (!is_running(instance, message->id)) return;
    if (!HEARTH_HAS(plugin, command) || plugin->command == NULL) {
        call_refuse(instance, message->id, HEARTH_UNSUPPORTED, "The plugin has no commands.");
        return;
    }
    const hearth_call *call = call_begin(instance, message->id, OPERATION_COMMAND);
    if (call == NULL) return;
    hearth_command command = {
        .struct_size = sizeof command,
        .timeout_ms = message->command.timeout_ms,
        .device = message->command.device,
        .name = message->command.name,
        .arguments = message->command.arguments,
    };
    call_end(instance, plugin->command(instance->plugin_instance, call, &command));
}

void life_health(struct instance *instance, const struct message *message)
{
    const hearth_plugin *plugin = instance->plugin;
    if (!is_running(instance, message->id)) return;
    if (!HEARTH_HAS(plugin, health) || plugin->health == NULL) {
        call_refuse(instance, message->id, HEARTH_OK, "");
        return;
    }
    const hearth_call *call = call_begin(instance, message->id, OPERATION_HEALTH);
    if (call != NULL) call_end(instance, plugin->health(instance->plugin_instance, call));
}

/* --- Conclusions -------------------------------------------------------------------------------------------------- */

static void conclude(struct instance *instance, const struct operation *operation)
{
    bool is_ok = operation->status == HEARTH_OK;
    switch (operation->kind) {
    case OPERATION_START:
        if (instance->life == LIFE_LOADED || instance->life == LIFE_STARTING) conclude_settings(instance, is_ok);
        if (instance->life == LIFE_STARTING) instance->life = is_ok ? LIFE_RUNNING : LIFE_FAILED;
        break;
    case OPERATION_STOP:
        if (instance->life == LIFE_STOPPING) conclude_stop(instance, operation->id);
        break;
    case OPERATION_APPLY:
        if (instance->life == LIFE_RUNNING) conclude_settings(instance, is_ok);
        break;
    case OPERATION_COMMAND:
    case OPERATION_HEALTH: break;
    }
}

void life_settle(struct instance *instance)
{
    for (;;) {
        struct operation finished;
        pthread_mutex_lock(&instance->lock);
        bool is_found = operations_take_finished(&instance->operations, &finished);
        pthread_mutex_unlock(&instance->lock);
        if (!is_found) return;
        conclude(instance, &finished);
    }
}
