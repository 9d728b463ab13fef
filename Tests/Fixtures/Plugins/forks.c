/* Tries to start processes in every way: fork, a fork of a fork, vfork, clone, exec, posix_spawn; threads are fine.
 * The result of start's only command, "report", says what worked: {"fork": false, …, "thread": true}. */
#include "minimal.h"

#include <sched.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static bool forks(bool twice)
{
    pid_t child = fork();
    if (child == 0) {
        if (twice && fork() == 0) sleep(60);
        if (!twice) sleep(60);
        _exit(0);
    }
    return child > 0;
}

static bool spawns(void)
{
    char *const arguments[] = {"/bin/sleep", "60", NULL};
    pid_t child;
    return posix_spawn(&child, arguments[0], NULL, NULL, arguments, arguments + 2) == 0;
}

static bool clones(void)
{
    long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    return child > 0;
}

/* It works only if the process is replaced by one that fails: the exit status then gives it away. */
static bool executes(void)
{
    char *const arguments[] = {"/bin/false", NULL};
    execv(arguments[0], arguments);
    return false;
}

static void *nothing(void *context) { return context; }

static bool has_threads(void)
{
    pthread_t thread;
    return pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0;
}

static const char *word(bool value) { return value ? "true" : "false"; }

static hearth_status command(void *instance, const hearth_call *call, const hearth_command *command)
{
    (void)instance;
    (void)command;
    char json[256];
    int size = snprintf(json, sizeof json,
        "{\"fork\":%s,\"double_fork\":%s,\"clone\":%s,\"spawn\":%s,\"exec\":%s,\"outlive\":%s,\"thread\":%s}",
        word(forks(false)), word(forks(true)), word(clones()), word(spawns()), word(executes()),
        word(prctl(PR_SET_PDEATHSIG, 0) == 0), word(has_threads()));
    call->result(call, (hearth_string){json, (size_t)size});
    return HEARTH_OK;
}

PLUGIN("forks", plain_start, plain_stop, command)
