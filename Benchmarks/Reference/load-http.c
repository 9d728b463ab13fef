/* Asks an HTTP server on a Unix socket the same thing over many connections, each with one request under way at a time.
 * Usage: load-http SOCKET PATH CONNECTIONS REQUESTS. Prints one line of JSON, in microseconds: from sending a request to
 * the last byte of its answer. The first one of each connection waits until the server has taken the connection up: these
 * are apart, as "first", the longest of them. Answers must have a Content-Length. */
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

struct connection {
    int has_answered;
    double begun;
    char head[4096];
    size_t head_size;
    /* Of the body; meaningless before the head is complete. */
    size_t left;
    int is_in_body;
};

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

static int fail(const char *reason)
{
    fprintf(stderr, "load-http: %s\n", reason);
    return 70;
}

/* Takes what has arrived. 1: the answer is complete; 0: not yet; -1: it is no usable answer. */
static int take(struct connection *one, const char *bytes, size_t size)
{
    if (!one->is_in_body) {
        size_t room = sizeof one->head - 1 - one->head_size, part = size < room ? size : room;
        memcpy(one->head + one->head_size, bytes, part);
        one->head[one->head_size + part] = 0;
        char *end = strstr(one->head, "\r\n\r\n");
        if (end == NULL) {
            one->head_size += part;
            return part < size ? -1 : 0;
        }
        size_t used = (size_t)(end - one->head) + 4 - one->head_size;
        *end = 0;
        char *length = strcasestr(one->head, "\r\ncontent-length:");
        if (strncmp(one->head, "HTTP/1.1 200", 12) != 0 || length == NULL) return -1;
        one->left = strtoul(length + 17, NULL, 10);
        one->is_in_body = 1;
        size -= used;
    }
    if (size > one->left) return -1;
    one->left -= size;
    return one->left == 0;
}

int main(int argc, char **argv)
{
    if (argc != 5) return 64;
    size_t width = strtoul(argv[3], NULL, 10), count = strtoul(argv[4], NULL, 10), sent = 0, done = 0;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(argv[1]) >= sizeof address.sun_path || width == 0 || count < width) return 64;
    strcpy(address.sun_path, argv[1]);
    char request[512];
    int size = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: hearth\r\n\r\n", argv[2]);
    struct connection *all = calloc(width, sizeof *all);
    struct pollfd *polled = calloc(width, sizeof *polled);
    double *times = calloc(count, sizeof *times), first = 0;
    static char bytes[1 << 18];
    if (size >= (int)sizeof request || all == NULL || polled == NULL || times == NULL) return 71;

    for (size_t i = 0; i < width; i++) {
        polled[i] = (struct pollfd){.fd = socket(AF_UNIX, SOCK_STREAM, 0), .events = POLLIN};
        if (connect(polled[i].fd, (struct sockaddr *)&address, sizeof address) != 0) return fail("cannot connect");
    }
    double begun = now();
    for (size_t i = 0; i < width; i++) {
        all[i].begun = now();
        if (write(polled[i].fd, request, (size_t)size) != size) return fail("cannot send");
    }
    while (done < count) {
        if (poll(polled, width, 30000) <= 0) return fail("no answer in 30 s");
        for (size_t i = 0; i < width; i++) {
            if (polled[i].revents == 0) continue;
            ssize_t got = read(polled[i].fd, bytes, sizeof bytes);
            int state = got <= 0 ? -1 : take(&all[i], bytes, (size_t)got);
            if (state < 0) return fail("the answer is not 200 with a Content-Length");
            if (state == 0) continue;
            double elapsed = now() - all[i].begun;
            if (all[i].has_answered) times[done++] = elapsed;
            else if (elapsed > first) first = elapsed;
            all[i] = (struct connection){.has_answered = 1, .begun = now()};
            if (sent == count) continue;
            sent++;
            if (write(polled[i].fd, request, (size_t)size) != size) return fail("cannot send");
        }
    }
    double seconds = (now() - begun) / 1e6;
    qsort(times, count, sizeof *times, compare);
    printf("{\"p50\": %.3f, \"p99\": %.3f, \"first\": %.3f, \"runs\": %zu, \"rate\": %.1f}\n", times[count / 2],
           times[count * 99 / 100], first, count, (double)(count + width) / seconds);
    return 0;
}
