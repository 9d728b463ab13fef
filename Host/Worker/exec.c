#define _GNU_SOURCE
#include "sandbox.h"
#include "worker.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIFELINE = 3, NOT_STARTED = 127, SIGNALLED = 128 };

/* --- The program's side ------------------------------------------------------------------------------------------- */

static void limit(int resource, unsigned long long soft, unsigned long long hard)
{
    struct rlimit limits = {.rlim_cur = (rlim_t)soft, .rlim_max = (rlim_t)hard};
    if (setrlimit(resource, &limits) == 0) return;
    dprintf(STDERR_FILENO, "hearth-worker: a limit cannot be set: %s\n", strerror(errno));
}

static void become(unsigned long long memory_bytes, unsigned long long cpu_seconds, char *const *arguments)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    limit(RLIMIT_CORE, 0, 0);
    if (memory_bytes != 0) limit(RLIMIT_AS, memory_bytes, memory_bytes);
    if (cpu_seconds != 0) limit(RLIMIT_CPU, cpu_seconds, cpu_seconds + 1); /* SIGXCPU, then SIGKILL */

    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    sandbox_close_from(LIFELINE);
    execv(arguments[0], arguments);
    dprintf(STDERR_FILENO, "hearth-worker: %s cannot be started: %s\n", arguments[0], strerror(errno));
    _exit(NOT_STARTED);
}

/* --- The launcher's side ------------------------------------------------------------------------------------------ */

static pid_t parent_of(pid_t process)
{
    char path[64], line[512];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    FILE *file = fopen(path, "re");
    if (file == NULL) return -1;
    size_t size = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[size] = '\0';
    char *name_end = strrchr(line, ')'); /* the name may contain anything */
    int parent;
    return name_end != NULL && sscanf(name_end, ") %*c %d", &parent) == 1 ? parent : -1;
}

static void kill_children(void)
{
    DIR *processes = opendir("/proc");
    if (processes == NULL) return;
    for (struct dirent *entry; (entry = readdir(processes)) != NULL;) {
        pid_t process = (pid_t)strtol(entry->d_name, NULL, 10);
        if (process > 0 && parent_of(process) == getpid()) kill(process, SIGKILL);
    }
    closedir(processes);
}

/* Children of a process that dies become the launcher's own (it is their subreaper): killing its children until it
 * has none ends every descendant, however far it has gone from the program's process group. */
static void end_all(pid_t group)
{
    kill(-group, SIGKILL);
    for (;;) {
        kill_children();
        pid_t ended = waitpid(-1, NULL, WNOHANG);
        while (ended > 0) ended = waitpid(-1, NULL, WNOHANG);
        if (ended < 0 && errno == ECHILD) return;
        poll(NULL, 0, 1);
    }
}

/* Waits until the program ends or the lifeline closes, and collects orphans meanwhile. Returns the exit status. */
static int watch(pid_t program, int signals)
{
    for (;;) {
        int status;
        pid_t ended;
        while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
            if (ended == program) return WIFSIGNALED(status) ? SIGNALLED + WTERMSIG(status) : WEXITSTATUS(status);
        }
        struct pollfd polled[] = {{.fd = LIFELINE}, {.fd = signals, .events = POLLIN}};
        if (poll(polled, 2, -1) < 0 && errno != EINTR) return SIGNALLED + SIGKILL;
        if (polled[0].revents != 0) return SIGNALLED + SIGKILL;
        if (polled[1].revents != 0) {
            struct signalfd_siginfo signal;
            ssize_t got = read(signals, &signal, sizeof signal);
            if (got == (ssize_t)sizeof signal && signal.ssi_signo != SIGCHLD) return SIGNALLED + SIGKILL;
        }
    }
}

int hearth_worker_exec(unsigned long long memory_bytes, unsigned long long cpu_seconds, char *const *arguments)
{
    sigset_t awaited;
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGCHLD);
    sigaddset(&awaited, SIGTERM);
    sigaddset(&awaited, SIGINT);
    sigaddset(&awaited, SIGHUP);
    sigprocmask(SIG_BLOCK, &awaited, NULL);
    int signals = signalfd(-1, &awaited, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) {
        dprintf(STDERR_FILENO, "hearth-worker: descendants could not be ended, so nothing is started: %s\n",
                strerror(errno));
        return NOT_STARTED;
    }

    pid_t program = fork();
    if (program < 0) {
        dprintf(STDERR_FILENO, "hearth-worker: %s cannot be started: %s\n", arguments[0], strerror(errno));
        return NOT_STARTED;
    }
    if (program == 0) become(memory_bytes, cpu_seconds, arguments);
    setpgid(program, program); /* here too: whichever of the two is first */

    int status = watch(program, signals);
    end_all(program);
    return status;
}
