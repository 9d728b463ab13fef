#define _GNU_SOURCE
#include "worker.h"
#include "life.h"
#include "loop.h"
#include "sandbox.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_CLOSED_DESCRIPTOR = 5, FLUSH_MS = 1000 };

static void say_hello(struct instance *instance, const char *features)
{
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_HELLO, 0);
    frame_put_u32(&frame, PROTOCOL_VERSION);
    frame_put_u32(&frame, HEARTH_ABI_MAJOR);
    frame_put_u32(&frame, HEARTH_ABI_MINOR);
    frame_put_u32(&frame, (uint32_t)getpid());
    frame_put_text(&frame, text_of(features));
    outbox_push(&instance->outbox, OUTBOX_REPLY, &frame);
}

static int serve(struct instance *instance, const struct hearth_worker_options *options)
{
    const char *reason = NULL;
    enum loop_end end = loop_run(instance, options->control, &reason);
    if (end == LOOP_BROKEN) dprintf(STDERR_FILENO, "hearth-worker: %s\n", reason);

    /* In a process of its own the process's end cleans up. A thread of the host must leave nothing behind that still
     * runs; if the plugin does not let go, its instance stays for as long as the host does. */
    bool has_let_go = true;
    if (end == LOOP_TOLD || !options->owns_process) has_let_go = life_exit(instance);
    if (end == LOOP_TOLD) loop_flush(instance, options->control, FLUSH_MS);
    if (!options->owns_process && has_let_go) {
        instance_close(instance);
        free(instance);
    }
    return end == LOOP_BROKEN ? HEARTH_WORKER_PROTOCOL_BROKEN : HEARTH_WORKER_ENDED;
}

int hearth_worker_run(const struct hearth_worker_options *options)
{
    const char *features = "";
    if (options->owns_process) {
        if (!sandbox_die_with_parent()) return HEARTH_WORKER_ENDED;
        sandbox_close_from(FIRST_CLOSED_DESCRIPTOR);
        features = sandbox_enter();
    }
    struct instance *instance = malloc(sizeof *instance);
    if (instance == NULL || !instance_open(instance)) {
        dprintf(STDERR_FILENO, "hearth-worker: the system gives neither memory nor an eventfd: %s\n", strerror(errno));
        free(instance);
        return HEARTH_WORKER_SYSTEM_REFUSED;
    }
    say_hello(instance, features);
    return serve(instance, options);
}
