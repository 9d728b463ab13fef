/* `hearth-worker exec`: programs, their limits, and the end of all their descendants. */
#define _GNU_SOURCE
#include "check.h"
#include "driver.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct launched {
    pid_t process;
    int lifeline, output;
};

static struct launched launch(const char *memory, const char *cpu, const char *program, const char *script)
{
    int lifeline[2], output[2];
    if (pipe2(lifeline, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0) abort();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output[1], 1);
    posix_spawn_file_actions_adddup2(&actions, output[1], 2);
    posix_spawn_file_actions_adddup2(&actions, lifeline[0], 3);
    const char *arguments[] = {"hearth-worker", "exec", memory, cpu, "--", program, "-c", script, NULL};
    char *const environment[] = {"PATH=/usr/bin:/bin", NULL};
    struct launched launched = {.lifeline = lifeline[1], .output = output[0]};
    posix_spawn(&launched.process, driver_worker, &actions, NULL, (char *const *)(uintptr_t)arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    close(lifeline[0]);
    close(output[1]);
    return launched;
}

/* Reads until the end of file or until text has been read. */
static const char *read_until(struct launched *launched, const char *text)
{
    static char output[4096];
    size_t size = 0;
    output[0] = '\0';
    while (size < sizeof output - 1 && (text == NULL || strstr(output, text) == NULL)) {
        struct pollfd polled = {.fd = launched->output, .events = POLLIN};
        if (poll(&polled, 1, 10000) <= 0) break;
        ssize_t got = read(launched->output, output + size, sizeof output - 1 - size);
        if (got <= 0) break;
        size += (size_t)got;
        output[size] = '\0';
    }
    return output;
}

static int finish(struct launched *launched)
{
    int status = -1;
    waitpid(launched->process, &status, 0);
    if (launched->lifeline >= 0) close(launched->lifeline);
    close(launched->output);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void passes_on_output_and_status(void)
{
    struct launched launched = launch("0", "0", "/bin/sh", "echo out; echo err >&2; read x || echo no input; exit 5");
    const char *output = read_until(&launched, NULL);
    CHECK(strstr(output, "out\n") && strstr(output, "err\n") && strstr(output, "no input\n"));
    CHECK(finish(&launched) == 5);

    launched = launch("0", "0", "/bin/sh", "kill -USR1 $$");
    CHECK(finish(&launched) == 128 + SIGUSR1);

    launched = launch("0", "0", "/nonexistent", "");
    CHECK(strstr(read_until(&launched, NULL), "/nonexistent cannot be started: No such file or directory"));
    CHECK(finish(&launched) == 127);
}

static void sets_limits(void)
{
    struct launched launched = launch("0", "1", "/bin/sh", "while :; do :; done");
    CHECK(finish(&launched) == 128 + SIGXCPU);

#ifndef __SANITIZE_THREAD__ /* it needs more memory than the limit */
    launched = launch("268435456", "7", "/bin/sh",
                      "ulimit -v; ulimit -t; ulimit -c; grep NoNewPrivs /proc/self/status; ls /proc/self/fd");
    const char *output = read_until(&launched, NULL);
    CHECK(strstr(output, "262144\n7\n0\nNoNewPrivs:\t1\n0\n1\n2\n3\n") != NULL); /* 3 is the folder that ls reads */
    CHECK(strstr(output, "3\n4\n") == NULL);
    CHECK(finish(&launched) == 0);
#endif
}

static bool is_gone(pid_t process)
{
    for (int waited_ms = 0; waited_ms < 10000; waited_ms++) {
        if (kill(process, 0) != 0 && errno == ESRCH) return true;
        poll(NULL, 0, 1);
    }
    return false;
}

/* A child, a grandchild whose parent is gone, and one in a session of its own: they print their numbers and stay. */
static const char family[] = "sleep 600 & echo $!; (sleep 600 & echo $!); "
                             "member=$(setsid sh -c 'trap \"\" TERM HUP; sleep 600 >/dev/null 2>&1 & echo $$; "
                             "exec >/dev/null 2>&1; wait' &); echo $member; echo ready";

static void read_family(struct launched *launched, long members[3])
{
    const char *output = read_until(launched, "ready");
    CHECK(sscanf(output, "%ld %ld %ld", &members[0], &members[1], &members[2]) == 3);
}

static void ends_descendants_when_the_program_ends(void)
{
    char script[512];
    snprintf(script, sizeof script, "%s; exit 4", family);
    struct launched launched = launch("0", "0", "/bin/sh", script);
    long members[3] = {0};
    read_family(&launched, members);
    CHECK(finish(&launched) == 4);
    for (int i = 0; i < 3; i++) CHECK(members[i] > 1 && is_gone((pid_t)members[i]));
}

static void ends_descendants_when_the_lifeline_closes(void)
{
    char script[512];
    snprintf(script, sizeof script, "%s; sleep 600", family);
    struct launched launched = launch("0", "0", "/bin/sh", script);
    long members[3] = {0};
    read_family(&launched, members);
    close(launched.lifeline);
    launched.lifeline = -1;
    CHECK(finish(&launched) == 128 + SIGKILL);
    for (int i = 0; i < 3; i++) CHECK(members[i] > 1 && is_gone((pid_t)members[i]));
}

static void ends_descendants_when_it_is_terminated(void)
{
    struct launched launched = launch("0", "0", "/bin/sh", "echo $$; sleep 600 & echo $!; echo ready; wait");
    long members[2] = {0};
    CHECK(sscanf(read_until(&launched, "ready"), "%ld %ld", &members[0], &members[1]) == 2);
    kill(launched.process, SIGTERM);
    CHECK(finish(&launched) == 128 + SIGKILL);
    CHECK(is_gone((pid_t)members[0]) && is_gone((pid_t)members[1]));
}

void test_launcher(void)
{
    passes_on_output_and_status();
    sets_limits();
    ends_descendants_when_the_program_ends();
    ends_descendants_when_the_lifeline_closes();
    ends_descendants_when_it_is_terminated();
}
