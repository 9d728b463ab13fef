#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

bool sandbox_die_with_parent(void)
{
    /* A parent that ended before the first line has closed the control socket: that is noticed later. */
    pid_t parent = getppid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    return getppid() == parent;
}

void sandbox_close_from(int first)
{
    if (syscall(SYS_close_range, first, ~0U, 0) == 0) return;
    long limit = sysconf(_SC_OPEN_MAX); /* before Linux 5.9 */
    for (int descriptor = first; descriptor < (limit > 0 && limit < 65536 ? limit : 65536); descriptor++) {
        close(descriptor);
    }
}

static bool forbid_new_processes(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == NULL) return false;

    const uint32_t refuse = SCMP_ACT_ERRNO(EPERM);
    const int system_calls[] = {SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(execve), SCMP_SYS(execveat),
                                SCMP_SYS(ptrace)};
    bool is_complete = true;
    for (size_t i = 0; i < sizeof system_calls / sizeof *system_calls; i++) {
        is_complete &= seccomp_rule_add(filter, refuse, system_calls[i], 0) == 0;
    }
    /* Threads are welcome. clone3 hides its flags behind a pointer; told that it does not exist, libc takes clone. */
    is_complete &= seccomp_rule_add(filter, refuse, SCMP_SYS(clone), 1,
                                    SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0)) == 0;
    is_complete &= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
    is_complete &= seccomp_rule_add(filter, refuse, SCMP_SYS(prctl), 1,
                                    SCMP_A0(SCMP_CMP_EQ, PR_SET_PDEATHSIG, 0)) == 0;
    is_complete &= seccomp_load(filter) == 0;
    seccomp_release(filter);
    return is_complete;
}

const char *sandbox_enter(void)
{
    bool has_no_new_privs = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    bool has_seccomp = has_no_new_privs && forbid_new_processes();
    if (has_seccomp) return "seccomp no-new-privs";
    return has_no_new_privs ? "no-new-privs" : "";
}
