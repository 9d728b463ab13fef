/*
 * hearth-worker: the process around one plugin, and around one program that a plugin may run. Started by hostd only.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <worker.h>

enum { CONTROL_DESCRIPTOR = 3, MAXIMUM_DESCRIPTORS = 4096, USAGE_STATUS = 64 };

/* The package manager links every program with Swift's runtime, in front of all flags that a package can give. This
 * is read from the objects in front of that: libraries that nobody uses are left out. So the worker carries no runtime
 * that could clash with the plugin's, and has half the private memory. */
__attribute__((used, section(".swift1_autolink_entries"))) static const char link_only_what_is_used[] =
    "-Wl,--as-needed";

static int usage(void)
{
    fputs("usage: hearth-worker run ID\n"
          "       hearth-worker exec MEMORY_BYTES CPU_SECONDS -- PATH [ARGUMENT ...]\n"
          "hostd starts this program; there is no use for it by hand. See docs/worker-protocol.md.\n",
          stderr);
    return USAGE_STATUS;
}

/* A plugin with a thousand devices has a thousand connections. More is refused, so that a leak shows. */
static void allow_descriptors(rlim_t count)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max < count ? limit.rlim_max : count;
    limit.rlim_max = limit.rlim_cur;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static int run(void)
{
    allow_descriptors(MAXIMUM_DESCRIPTORS);
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ); /* stdout is a pipe, and each line is to reach the log at once */
    signal(SIGPIPE, SIG_IGN);              /* a plugin that writes to a closed connection gets EPIPE */
    struct hearth_worker_options options = {.control = CONTROL_DESCRIPTOR, .owns_process = true};
    return hearth_worker_run(&options);
}

static int parse_number(const char *text, unsigned long long *number)
{
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0' && text[0] >= '0' && text[0] <= '9';
}

static int execute(int count, char **arguments)
{
    unsigned long long memory_bytes, cpu_seconds;
    if (count < 4 || strcmp(arguments[2], "--") != 0) return usage();
    if (!parse_number(arguments[0], &memory_bytes) || !parse_number(arguments[1], &cpu_seconds)) return usage();
    return hearth_worker_exec(memory_bytes, cpu_seconds, arguments + 3);
}

int main(int count, char **arguments)
{
    int status = USAGE_STATUS;
    if (count == 3 && strcmp(arguments[1], "run") == 0) {
        status = run();
    } else if (count >= 2 && strcmp(arguments[1], "exec") == 0) {
        status = execute(count - 2, arguments + 2);
    } else {
        usage();
    }
    _exit(status); /* threads of the plugin may still run: no exit handlers, no destructors */
}
