/* Runs a program many times, one after another, its output thrown away: the wall time from posix_spawn to its end.
 * Usage: time-runs COUNT PROGRAM ARGUMENT… Prints one line of JSON, in microseconds. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
    if (argc < 3) return 64;
    size_t count = strtoul(argv[1], NULL, 10);
    double *times = calloc(count + 1, sizeof *times);
    if (times == NULL || count == 0) return 71;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    for (size_t i = 0; i < count; i++) {
        pid_t child;
        int status;
        double begun = now();
        if (posix_spawn(&child, argv[2], &actions, NULL, argv + 2, environ) != 0) return 71;
        if (waitpid(child, &status, 0) != child || status != 0) return 70;
        times[i] = now() - begun;
    }
    qsort(times, count, sizeof *times, compare);
    printf("{\"p50\": %.3f, \"p99\": %.3f, \"runs\": %zu}\n", times[count / 2], times[count * 99 / 100], count);
    return 0;
}
