// What Swift's Glibc module leaves out of Linux: headers that it does not import, functions with variable arguments, and
// unions behind macros.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <linux/stat.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

/// How a process ended, as waitid tells it.
struct linux_exit {
    int32_t is_signal; ///< 1: ended by a signal
    int32_t status;    ///< the exit status, or the signal's number
};

/// Collects the process behind pidfd without waiting. Returns 1 if it has ended, 0 if it runs, -1 with errno.
static inline int linux_reap(int pidfd, struct linux_exit *out) {
    siginfo_t info = {0};
    if (waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG) != 0) return -1;
    if (info.si_pid == 0) return 0;
    out->is_signal = info.si_code == CLD_EXITED ? 0 : 1;
    out->status = info.si_status;
    return 1;
}

/// Duplicates fd onto a number of at least minimum, closed on exec. Returns -1 with errno.
static inline int linux_duplicate(int fd, int minimum) { return fcntl(fd, F_DUPFD_CLOEXEC, minimum); }

/// Makes fd non-blocking. Returns -1 with errno.
static inline int linux_set_nonblocking(int fd) {
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/// Names the calling thread, at most 15 bytes, for ps and debuggers.
static inline void linux_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

/// A pipe whose ends are closed on exec. Returns -1 with errno.
static inline int linux_pipe(int ends[2]) {
    if (pipe(ends) != 0) return -1;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return 0;
}

/// Renames, and never replaces what is there: EEXIST then. Returns -1 with errno.
static inline int linux_rename_new(const char *from, const char *to) {
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 1u /* RENAME_NOREPLACE */);
}

/// When the file at path was made, in nanoseconds since 1970; 0 where the file system does not say. Links are followed.
static inline int64_t linux_birth(const char *path) {
    struct statx status;
    if (syscall(SYS_statx, AT_FDCWD, path, 0, STATX_BTIME, &status) != 0) return 0;
    if (!(status.stx_mask & STATX_BTIME)) return 0;
    return (int64_t)status.stx_btime.tv_sec * 1000000000 + status.stx_btime.tv_nsec;
}
