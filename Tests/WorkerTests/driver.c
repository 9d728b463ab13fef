#define _GNU_SOURCE
#include "driver.h"
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

const char *driver_worker, *driver_fixtures;

enum { PATIENCE_MS = 10000 };

static hearth_string text_from(const char *text) { return (hearth_string){text, strlen(text)}; }

struct driven driver_spawn(const char *id)
{
    int pair[2], output[2];
    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
    if (pipe2(output, O_CLOEXEC) != 0) abort();

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output[1], 1);
    posix_spawn_file_actions_adddup2(&actions, output[1], 2);
    posix_spawn_file_actions_adddup2(&actions, pair[1], 3);
    posix_spawn_file_actions_addopen(&actions, 4, "/dev/null", O_RDONLY, 0);
    char *const arguments[] = {"hearth-worker", "run", (char *)(uintptr_t)id, NULL};
    /* The search for leaks at exit needs ptrace, which the sandbox forbids; test_in_process looks for them. */
    char *const environment[] = {"MALLOC_ARENA_MAX=2", "PATH=/usr/bin:/bin", "ASAN_OPTIONS=detect_leaks=0",
                                 "TSAN_OPTIONS=halt_on_error=1", NULL};

    struct driven driven = {.control = pair[0], .output = output[0]};
    if (posix_spawn(&driven.process, driver_worker, &actions, NULL, arguments, environment) != 0) {
        fprintf(stderr, "%s cannot be started\n", driver_worker);
        exit(1);
    }
    posix_spawn_file_actions_destroy(&actions);
    close(pair[1]);
    close(output[1]);
    return driven;
}

struct driven driver_load(const char *id, enum load_mode mode)
{
    struct driven driven = driver_spawn(id);
    CHECK(driver_expect(&driven, MESSAGE_HELLO));

    char path[512];
    snprintf(path, sizeof path, "%s/%s.so", driver_fixtures, id);
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_LOAD, 0);
    frame_put_u32(&frame, mode);
    frame_put_u32(&frame, HEARTH_LOG_INFO);
    frame_put_text(&frame, text_from(id));
    frame_put_text(&frame, TEXT("1.0.0"));
    frame_put_text(&frame, text_from(path));
    frame_put_text(&frame, text_from(driver_fixtures));
    frame_put_text(&frame, TEXT("/nonexistent"));
    driver_send(&driven, &frame);
    return driven;
}

struct driven driver_start(const char *id, const char *settings)
{
    struct driven driven = driver_load(id, LOAD_RUN);
    CHECK(driver_expect(&driven, MESSAGE_LOADED));
    driver_send_start(&driven, 1, settings);
    CHECK(driver_expect_result(&driven, 1, HEARTH_OK, NULL));
    return driven;
}

/* --- Sending ------------------------------------------------------------------------------------------------------ */

void driver_send(struct driven *driven, struct frame_writer *frame)
{
    if (!frame_finish(frame)) abort();
    for (size_t sent = 0; sent < frame->size;) {
        ssize_t size = send(driven->control, frame->bytes + sent, frame->size - sent, MSG_NOSIGNAL);
        if (size < 0) break;
        sent += (size_t)size;
    }
    frame_discard(frame);
}

void driver_send_empty(struct driven *driven, uint16_t type, uint64_t id)
{
    struct frame_writer frame;
    frame_begin(&frame, type, id);
    driver_send(driven, &frame);
}

void driver_send_start(struct driven *driven, uint64_t id, const char *settings)
{
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_START, id);
    frame_put_u64(&frame, 1);
    frame_put_text(&frame, text_from(settings));
    driver_send(driven, &frame);
}

void driver_send_apply(struct driven *driven, uint64_t id, const char *settings)
{
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_APPLY, id);
    frame_put_u32(&frame, HEARTH_SCOPE_HOT);
    frame_put_u64(&frame, 2);
    frame_put_text(&frame, text_from(settings));
    frame_put_text(&frame, TEXT("{}"));
    driver_send(driven, &frame);
}

void driver_send_command(struct driven *driven, uint64_t id, const char *name, const char *arguments)
{
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_COMMAND, id);
    frame_put_u32(&frame, 5000);
    frame_put_text(&frame, TEXT(""));
    frame_put_text(&frame, text_from(name));
    frame_put_text(&frame, text_from(arguments));
    driver_send(driven, &frame);
}

void driver_send_answer(struct driven *driven, uint64_t id, hearth_status status, const char *json, const char *message)
{
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_ANSWER, id);
    frame_put_i32(&frame, status);
    frame_put_text(&frame, text_from(json));
    frame_put_text(&frame, text_from(message));
    driver_send(driven, &frame);
}

/* --- Receiving ---------------------------------------------------------------------------------------------------- */

static bool receive(int descriptor, uint8_t *bytes, size_t size)
{
    for (size_t got = 0; got < size;) {
        struct pollfd polled = {.fd = descriptor, .events = POLLIN};
        if (poll(&polled, 1, PATIENCE_MS) <= 0) return false;
        ssize_t part = recv(descriptor, bytes + got, size - got, 0);
        if (part <= 0) return false;
        got += (size_t)part;
    }
    return true;
}

bool driver_next(struct driven *driven)
{
    uint8_t header[FRAME_HEADER_SIZE];
    if (!receive(driven->control, header, sizeof header)) return false;
    if (frame_decode_header(header, &driven->header) != NULL) return CHECK(!"the worker keeps to the protocol");
    free(driven->frame);
    driven->frame = malloc(driven->header.size + 1);
    if (!receive(driven->control, driven->frame, driven->header.size)) return false;
    driven->reader = (struct frame_reader){.bytes = driven->frame, .left = driven->header.size};
    return true;
}

bool driver_expect(struct driven *driven, uint16_t type)
{
    while (driver_next(driven)) {
        if (driven->header.type == type) return true;
    }
    return false;
}

bool driver_expect_result(struct driven *driven, uint64_t id, hearth_status status, const char *json)
{
    do {
        if (!driver_expect(driven, MESSAGE_RESULT)) return false;
    } while (driven->header.id != id);
    hearth_status got = frame_get_i32(&driven->reader);
    hearth_string got_json = frame_get_text(&driven->reader);
    bool is_expected = got == status
        && (json == NULL || (strlen(json) == got_json.size && memcmp(json, got_json.data, got_json.size) == 0));
    if (!is_expected) {
        hearth_string message = frame_get_text(&driven->reader);
        fprintf(stderr, "operation %llu: status %d, JSON %.*s, message %.*s\n", (unsigned long long)id, got,
                (int)got_json.size, got_json.data, (int)message.size, message.data);
    }
    return is_expected;
}

bool driver_command(struct driven *driven, const char *name, const char *arguments, hearth_status status,
                    const char *json)
{
    static uint64_t operation = 1000;
    driver_send_command(driven, ++operation, name, arguments);
    return driver_expect_result(driven, operation, status, json);
}

bool driver_is_text(struct driven *driven, const char *text)
{
    hearth_string got = frame_get_text(&driven->reader);
    if (got.size == strlen(text) && memcmp(got.data, text, got.size) == 0) return true;
    fprintf(stderr, "expected \"%s\", got \"%.*s\"\n", text, (int)got.size, got.data);
    return false;
}

/* --- Ending ------------------------------------------------------------------------------------------------------- */

int driver_end(struct driven *driven)
{
    int status = -1;
    for (int waited_ms = 0; waitpid(driven->process, &status, WNOHANG) == 0; waited_ms++) {
        if (waited_ms == PATIENCE_MS) {
            kill(driven->process, SIGKILL);
            waitpid(driven->process, &status, 0);
            status = -1;
            break;
        }
        poll(NULL, 0, 1);
    }
    close(driven->control);
    close(driven->output);
    free(driven->frame);
    driven->frame = NULL;
    return status;
}

void driver_exit(struct driven *driven)
{
    driver_send_empty(driven, MESSAGE_EXIT, 0);
    CHECK(driver_end(driven) == 0);
}

const char *driver_output(struct driven *driven, char *out, size_t size)
{
    struct pollfd polled = {.fd = driven->output, .events = POLLIN};
    ssize_t got = poll(&polled, 1, PATIENCE_MS) > 0 ? read(driven->output, out, size - 1) : 0;
    out[got > 0 ? got : 0] = '\0';
    return out;
}

void driver_drain(struct driven *driven, size_t size)
{
    char ignored[4096];
    for (size_t drained = 0; drained < size;) {
        struct pollfd polled = {.fd = driven->output, .events = POLLIN};
        if (poll(&polled, 1, PATIENCE_MS) <= 0) return;
        ssize_t got = read(driven->output, ignored, sizeof ignored);
        if (got <= 0) return;
        drained += (size_t)got;
    }
}
