/* Two processes, one socketpair, nothing else: what a round trip costs on this machine.
 * Usage: ping-pong COUNT BYTES_OUT BYTES_BACK. Prints one line of JSON, in microseconds. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int transfer(int descriptor, char *bytes, size_t size, int is_sending)
{
    for (size_t done = 0; done < size;) {
        ssize_t count = is_sending ? write(descriptor, bytes + done, size - done)
                                   : read(descriptor, bytes + done, size - done);
        if (count <= 0) return -1;
        done += (size_t)count;
    }
    return 0;
}

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
    if (argc != 4) return 64;
    size_t count = strtoul(argv[1], NULL, 10), out = strtoul(argv[2], NULL, 10), back = strtoul(argv[3], NULL, 10);
    char *bytes = calloc(1, out > back ? out : back);
    double *times = calloc(count, sizeof *times);
    int pair[2];
    if (bytes == NULL || times == NULL || count == 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return 71;

    pid_t child = fork();
    if (child < 0) return 71;
    if (child == 0) {
        close(pair[0]);
        while (transfer(pair[1], bytes, out, 0) == 0 && transfer(pair[1], bytes, back, 1) == 0) continue;
        _exit(0);
    }
    close(pair[1]);
    for (size_t i = 0; i < count; i++) {
        double begun = now();
        if (transfer(pair[0], bytes, out, 1) != 0 || transfer(pair[0], bytes, back, 0) != 0) return 71;
        times[i] = now() - begun;
    }
    close(pair[0]);
    waitpid(child, NULL, 0);
    qsort(times, count, sizeof *times, compare);
    printf("{\"p50\": %.3f, \"p99\": %.3f, \"runs\": %zu}\n", times[count / 2], times[count * 99 / 100], count);
    return 0;
}
