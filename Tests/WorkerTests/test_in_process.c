/* The worker as a library, on threads of another program: several at once, and it returns. */
#define _GNU_SOURCE
#include "check.h"
#include "driver.h"
#include "worker.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WORKERS = 4 };

static void *serve(void *context)
{
    struct hearth_worker_options options = {.control = *(int *)context, .owns_process = false};
    return (void *)(intptr_t)hearth_worker_run(&options);
}

static void load(struct driven *driven, const char *id)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s.so", driver_fixtures, id);
    CHECK(driver_expect(driven, MESSAGE_HELLO));
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_LOAD, 0);
    frame_put_u32(&frame, LOAD_RUN);
    frame_put_u32(&frame, HEARTH_LOG_INFO);
    frame_put_text(&frame, (hearth_string){id, strlen(id)});
    frame_put_text(&frame, TEXT("1.0.0"));
    frame_put_text(&frame, (hearth_string){path, strlen(path)});
    frame_put_text(&frame, TEXT("/"));
    frame_put_text(&frame, TEXT("/"));
    driver_send(driven, &frame);
    CHECK(driver_expect(driven, MESSAGE_LOADED));
}

static void serves_several_at_once(void)
{
    struct driven driven[WORKERS] = {0};
    pthread_t threads[WORKERS];
    int ends[WORKERS];
    for (int i = 0; i < WORKERS; i++) {
        int pair[2];
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
        driven[i].control = pair[0];
        ends[i] = pair[1];
        pthread_create(&threads[i], NULL, serve, &ends[i]);
    }
    for (int i = 0; i < WORKERS; i++) {
        load(&driven[i], i == 3 ? "floods" : "well-behaved");
        driver_send_start(&driven[i], 1, "{\"interval_ms\":10}");
        CHECK(driver_expect_result(&driven[i], 1, HEARTH_OK, ""));
    }
    for (int i = 0; i < WORKERS; i++) {
        char arguments[32];
        snprintf(arguments, sizeof arguments, "{\"n\":%d}", i);
        CHECK(driver_command(&driven[i], "echo", arguments, HEARTH_OK, arguments));
    }
    for (int i = 0; i < WORKERS; i++) {
        /* Told to end properly, told to end at once, and a host that is gone. */
        if (i == 0) driver_send_empty(&driven[i], MESSAGE_STOP, 2);
        if (i <= 1) driver_send_empty(&driven[i], MESSAGE_EXIT, 0);
        if (i >= 2) shutdown(driven[i].control, SHUT_RDWR);
        void *status;
        pthread_join(threads[i], &status);
        CHECK(status == NULL);
        close(driven[i].control);
        close(ends[i]);
        free(driven[i].frame);
    }
}

void test_in_process(void)
{
    /* In one process with us, the plugin that floods floods our stdout. */
    int kept = dup(STDOUT_FILENO), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, STDOUT_FILENO);
    serves_several_at_once();
    fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    close(nowhere);
}
