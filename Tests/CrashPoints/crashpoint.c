// A library to preload (LD_PRELOAD). It numbers the calls of a program that change files below a directory or make them
// durable, and at a given number ends the program, or lets the call fail; and it can write a log of the calls from which
// every state that a power cut can leave behind is built afterwards (powercut.py).
//
//   CRASHPOINT_ROOT     the directory, absolute and without symbolic links
//   CRASHPOINT_CONTROL  a file that holds a struct control: what shall happen, and how many calls there were. Whoever has
//                       mapped it, too, can arm a program that runs already.
//   CRASHPOINT_LOG      optional: the file to which the log is appended
//   CRASHPOINT_PROGRAM  optional: only a program of this name is meant, not the ones that it starts
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum mode { MODE_COUNT, MODE_KILL, MODE_HALF, MODE_SHORT, MODE_ERROR };

// driver.py packs the same (`CONTROL`).
struct control {
    uint64_t count;  // Calls so far.
    uint64_t at;     // The number of the call at which it happens; 0: never.
    uint32_t mode;
    int32_t error;     // An errno, for MODE_ERROR.
    uint32_t lasting;  // MODE_ERROR: all calls from that one on fail.
    uint32_t happened;  // Set once it did.
};

// What a call does. Not every error can come from every call.
enum kind {
    OPENS = 1,     // Opens a file for writing that is there.
    CREATES = 2,   // Makes a name or a file.
    WRITES = 4,    // Gives a file content.
    SYNCS = 8,     // Makes durable.
    RENAMES = 16,
    REMOVES = 32,
    MARKS = 64,    // Permissions.
    RESIZES = 128,  // Gives a file another size.
};

static struct control *control;
static char root[PATH_MAX];
static size_t root_length;
static int log_descriptor = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

#define REAL(name) (__extension__(__typeof__(&name)) real(#name))

static void *real(const char *name) {
    void *function = dlsym(RTLD_NEXT, name);
    if (function == NULL) abort();
    return function;
}

static long system_call(long number, long a, long b, long c, long d, long e, long f) {
    static __typeof__(&syscall) function;
    if (function == NULL) function = REAL(syscall);
    return function(number, a, b, c, d, e, f);
}
#define SYSTEM_CALL_6(number, a, b, c, d, e, f, ...) \
    system_call(number, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define SYSTEM_CALL(...) SYSTEM_CALL_6(__VA_ARGS__, 0, 0, 0, 0, 0, 0)

static void begin(void) {
    const char *directory = getenv("CRASHPOINT_ROOT"), *path = getenv("CRASHPOINT_CONTROL"),
               *program = getenv("CRASHPOINT_PROGRAM"), *log = getenv("CRASHPOINT_LOG");
    if (directory == NULL || path == NULL || strlen(directory) >= sizeof root) return;
    if (program != NULL && strcmp(program, program_invocation_short_name) != 0) return;
    int descriptor = (int)SYSTEM_CALL(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
    if (descriptor < 0) return;
    void *mapped = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    SYSTEM_CALL(SYS_close, descriptor);
    if (mapped == MAP_FAILED) return;
    if (log != NULL) {
        log_descriptor = (int)SYSTEM_CALL(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        // Out of the way of programs that close or count low descriptors.
        int high = fcntl(log_descriptor, F_DUPFD_CLOEXEC, 500);
        if (high >= 0) {
            SYSTEM_CALL(SYS_close, log_descriptor);
            log_descriptor = high;
        }
    }
    strcpy(root, directory);
    root_length = strlen(root);
    control = mapped;
}

static bool is_active(void) {
    pthread_once(&once, begin);
    return control != NULL;
}

// MARK: Where a call goes

struct target {
    char path[2 * PATH_MAX];  // Absolute.
    bool is_below;            // Below the root: it counts.
};

static void set_below(struct target *target) {
    target->is_below = strncmp(target->path, root, root_length) == 0 &&
                       (target->path[root_length] == '/' || target->path[root_length] == 0);
}

static bool path_of_descriptor(int descriptor, char *path, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, size - 1);
    if (length < 0) return false;
    path[length] = 0;
    return true;
}

static struct target descriptor_target(int descriptor) {
    struct target target = {.is_below = false};
    int saved = errno;
    if (path_of_descriptor(descriptor, target.path, PATH_MAX)) set_below(&target);
    errno = saved;
    return target;
}

static struct target path_target(int directory, const char *path) {
    struct target target = {.is_below = false};
    if (path == NULL || strlen(path) >= PATH_MAX) return target;
    int saved = errno;
    char base[PATH_MAX] = "";
    if (path[0] != '/' && directory == AT_FDCWD && getcwd(base, sizeof base) == NULL) base[0] = 0;
    if (path[0] != '/' && directory != AT_FDCWD) path_of_descriptor(directory, base, sizeof base);
    snprintf(target.path, sizeof target.path, "%s%s%s", base, path[0] == '/' ? "" : "/", path);
    for (size_t length = strlen(target.path); length > 1 && target.path[length - 1] == '/';) target.path[--length] = 0;
    set_below(&target);
    errno = saved;
    return target;
}

static const char *relative(const struct target *target) {
    if (!target->is_below) return target->path;
    const char *path = target->path + root_length;
    return *path == '/' ? path + 1 : ".";
}

static const char *name_of(const struct target *target) {
    const char *slash = strrchr(target->path, '/');
    return slash == NULL ? target->path : slash + 1;
}

static uint64_t inode_of_path(const char *path) {
    struct stat status;
    return SYSTEM_CALL(SYS_newfstatat, AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status.st_ino : 0;
}

static uint64_t inode_of_parent(const struct target *target) {
    char path[2 * PATH_MAX];
    strcpy(path, target->path);
    char *slash = strrchr(path, '/');
    if (slash != NULL) *slash = 0;
    return inode_of_path(path);
}

static uint64_t inode_of_descriptor(int descriptor) {
    struct stat status;
    return SYSTEM_CALL(SYS_fstat, descriptor, &status) == 0 ? status.st_ino : 0;
}

// MARK: The log
//
// A record: two uint32_t (the length of the head and of the data), the head (fields, a zero byte after each), the data.
// The fields: number of the call, what it did, the path for people, and what powercut.py needs to do it again.

static void write_log(const void *data, size_t size, const char *format, ...) {
    if (log_descriptor < 0) return;
    char head[4 * PATH_MAX];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(head, sizeof head, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof head) abort();
    // 0x1f stands for the end of a field where a format cannot hold a zero byte.
    for (int i = 0; i < length; i++) {
        if (head[i] == 0x1f) head[i] = 0;
    }
    uint32_t lengths[2] = {(uint32_t)length, (uint32_t)size};
    struct iovec parts[3] = {{lengths, sizeof lengths}, {head, (size_t)length}, {(void *)data, size}};
    if (SYSTEM_CALL(SYS_writev, log_descriptor, parts, 3) != (long)(sizeof lengths + (size_t)length + size)) abort();
}
#define END "\x1f"
#define NUMBER "%llu" END
#define LOG(number, what, target, data, size, format, ...) \
    write_log(data, size, NUMBER what END "%s" END format, (unsigned long long)(number), relative(target), __VA_ARGS__)
#define INODE(inode) ((unsigned long long)(inode))

// MARK: What happens at a call

static uint32_t kinds_that_count(void) {
    if (control->mode != MODE_ERROR) {
        return control->mode == MODE_HALF || control->mode == MODE_SHORT ? WRITES : ~0u;
    }
    switch (control->error) {
    case ENOSPC: return CREATES | WRITES | RESIZES | SYNCS | RENAMES;
    case EINTR: return OPENS | CREATES | WRITES | RESIZES | SYNCS;
    default: return ~0u;
    }
}

enum verdict { GO_ON, FAIL, HALVE_AND_END, HALVE };

struct call {
    uint64_t number;
    enum verdict verdict;
};

_Noreturn static void end_now(void) {
    SYSTEM_CALL(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
}

// Called with the lock held, once per call.
static struct call count(enum kind kind) {
    if ((kinds_that_count() & kind) == 0) return (struct call){0, GO_ON};
    uint64_t number = __atomic_add_fetch(&control->count, 1, __ATOMIC_SEQ_CST);
    struct call call = {number, GO_ON};
    if (control->at == 0 || number < control->at) return call;
    if (number > control->at && !(control->mode == MODE_ERROR && control->lasting)) return call;
    control->happened = 1;
    switch ((enum mode)control->mode) {
    case MODE_COUNT: break;
    case MODE_KILL: end_now();
    case MODE_HALF: call.verdict = HALVE_AND_END; break;
    case MODE_SHORT: call.verdict = HALVE; break;
    case MODE_ERROR:
        call.verdict = FAIL;
        errno = control->error;
        break;
    }
    return call;
}

#define ENTER(kind)                   \
    pthread_mutex_lock(&lock);        \
    struct call call = count((kind)); \
    if (call.verdict == FAIL) {       \
        pthread_mutex_unlock(&lock);  \
        return -1;                    \
    }

static long leave(long result) {
    int saved = errno;
    pthread_mutex_unlock(&lock);
    errno = saved;
    return result;
}

// MARK: Opening

static int open_any(int directory, const char *path, int flags, mode_t mode) {
    bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
    struct target target = {.is_below = false};
    if (is_active() && writes) target = path_target(directory, path);
    if (!target.is_below) return (int)SYSTEM_CALL(SYS_openat, directory, path, flags, mode);
    bool is_new = (flags & O_CREAT) != 0 && inode_of_path(target.path) == 0;
    ENTER(is_new ? CREATES : (flags & O_TRUNC) != 0 ? RESIZES : OPENS);
    int descriptor = (int)SYSTEM_CALL(SYS_openat, directory, path, flags, mode);
    int saved = errno;
    if (descriptor >= 0) {
        struct stat status;
        SYSTEM_CALL(SYS_fstat, descriptor, &status);
        if ((flags & O_TMPFILE) == O_TMPFILE) {
            LOG(call.number, "make", &target, NULL, 0, "%llu" END "%o" END, INODE(status.st_ino), status.st_mode);
        } else if (is_new) {
            LOG(call.number, "create", &target, NULL, 0, "%llu" END "%s" END "%llu" END "%o" END,
                INODE(inode_of_parent(&target)), name_of(&target), INODE(status.st_ino), status.st_mode);
        } else if ((flags & O_TRUNC) != 0) {
            LOG(call.number, "truncate", &target, NULL, 0, "%llu" END "0" END, INODE(status.st_ino));
        } else {
            LOG(call.number, "open", &target, NULL, 0, "%s", "");
        }
    }
    errno = saved;
    return (int)leave(descriptor);
}

static mode_t mode_of(int flags, va_list arguments) {
    return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? (mode_t)va_arg(arguments, int) : 0;
}
#define WITH_MODE                          \
    va_list arguments;                     \
    va_start(arguments, flags);            \
    mode_t mode = mode_of(flags, arguments); \
    va_end(arguments)

int open(const char *path, int flags, ...) { WITH_MODE; return open_any(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { WITH_MODE; return open_any(AT_FDCWD, path, flags, mode); }
int openat(int directory, const char *path, int flags, ...) { WITH_MODE; return open_any(directory, path, flags, mode); }
int openat64(int directory, const char *path, int flags, ...) { WITH_MODE; return open_any(directory, path, flags, mode); }
int __open_2(const char *path, int flags) { return open_any(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_any(AT_FDCWD, path, flags, 0); }
int __openat_2(int directory, const char *path, int flags) { return open_any(directory, path, flags, 0); }
int __openat64_2(int directory, const char *path, int flags) { return open_any(directory, path, flags, 0); }
int creat(const char *path, mode_t mode) { return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

// MARK: Writing

// What the program has said to be done by now must be durable.
static void note_saying(void) {
    pthread_mutex_lock(&lock);
    write_log(NULL, 0, NUMBER "say" END END, (unsigned long long)__atomic_load_n(&control->count, __ATOMIC_SEQ_CST));
    pthread_mutex_unlock(&lock);
}

// `offset` -1: where the descriptor stands.
static ssize_t write_parts(int descriptor, const struct iovec *parts, int count_of_parts, off_t offset) {
    if (offset < 0) return SYSTEM_CALL(SYS_writev, descriptor, parts, count_of_parts);
    return SYSTEM_CALL(SYS_pwritev, descriptor, parts, count_of_parts, offset, 0);
}

static ssize_t write_any(int descriptor, const struct iovec *parts, int count_of_parts, off_t offset) {
    struct target target = {.is_below = false};
    struct stat status;
    if (is_active() && SYSTEM_CALL(SYS_fstat, descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
        target = descriptor_target(descriptor);
    }
    if (!target.is_below) {
        if (descriptor == STDOUT_FILENO && is_active()) note_saying();
        return write_parts(descriptor, parts, count_of_parts, offset);
    }
    ENTER(WRITES);
    size_t size = 0;
    for (int i = 0; i < count_of_parts; i++) size += parts[i].iov_len;
    char *data = malloc(size > 0 ? size : 1);
    if (data == NULL) abort();
    size_t at = 0;
    for (int i = 0; i < count_of_parts; at += parts[i].iov_len, i++) memcpy(data + at, parts[i].iov_base, parts[i].iov_len);
    if (call.verdict != GO_ON && size > 1) size /= 2;
    struct iovec whole = {data, size};
    if (offset < 0) {
        int flags = fcntl(descriptor, F_GETFL);
        at = (flags & O_APPEND) != 0 ? (size_t)status.st_size : (size_t)lseek(descriptor, 0, SEEK_CUR);
    } else {
        at = (size_t)offset;
    }
    ssize_t written = write_parts(descriptor, &whole, 1, offset);
    int saved = errno;
    if (written > 0) {
        LOG(call.number, "write", &target, data, (size_t)written, "%llu" END "%llu" END, INODE(status.st_ino), INODE(at));
    }
    if (call.verdict == HALVE_AND_END) end_now();
    free(data);
    errno = saved;
    return leave(written);
}

static ssize_t write_one(int descriptor, const void *data, size_t size, off_t offset) {
    struct iovec part = {(void *)data, size};
    return write_any(descriptor, &part, 1, offset);
}

ssize_t write(int descriptor, const void *data, size_t size) { return write_one(descriptor, data, size, -1); }
ssize_t pwrite(int descriptor, const void *data, size_t size, off_t at) { return write_one(descriptor, data, size, at); }
ssize_t pwrite64(int descriptor, const void *data, size_t size, off64_t at) { return write_one(descriptor, data, size, at); }
ssize_t writev(int descriptor, const struct iovec *parts, int n) { return write_any(descriptor, parts, n, -1); }
ssize_t pwritev(int descriptor, const struct iovec *parts, int n, off_t at) { return write_any(descriptor, parts, n, at); }
ssize_t pwritev64(int descriptor, const struct iovec *parts, int n, off64_t at) { return write_any(descriptor, parts, n, at); }

// Copies of the kernel's become plain writes: what a caller must cope with anyway is a copy that falls short.
static ssize_t copy_any(int from, off_t *from_offset, int to, off_t *to_offset, size_t size) {
    char buffer[1 << 16];
    size_t wanted = size < sizeof buffer ? size : sizeof buffer;
    ssize_t got = from_offset == NULL ? SYSTEM_CALL(SYS_read, from, buffer, wanted)
                                      : SYSTEM_CALL(SYS_pread64, from, buffer, wanted, *from_offset);
    if (got <= 0) return got;
    ssize_t written = write_one(to, buffer, (size_t)got, to_offset == NULL ? -1 : *to_offset);
    ssize_t moved = written < 0 ? 0 : written;
    if (from_offset == NULL) {
        lseek(from, moved - got, SEEK_CUR);
    } else {
        *from_offset += moved;
    }
    if (to_offset != NULL) *to_offset += moved;
    return written;
}

ssize_t copy_file_range(int from, off64_t *from_offset, int to, off64_t *to_offset, size_t size, unsigned flags) {
    if (is_active() && descriptor_target(to).is_below) return copy_any(from, from_offset, to, to_offset, size);
    return SYSTEM_CALL(SYS_copy_file_range, from, from_offset, to, to_offset, size, flags);
}
ssize_t sendfile(int to, int from, off_t *offset, size_t size) {
    if (is_active() && descriptor_target(to).is_below) return copy_any(from, offset, to, NULL, size);
    return SYSTEM_CALL(SYS_sendfile, to, from, offset, size);
}
ssize_t sendfile64(int to, int from, off64_t *offset, size_t size) { return sendfile(to, from, offset, size); }

static int resize(int descriptor, off_t size) {
    struct target target = {.is_below = false};
    if (is_active()) target = descriptor_target(descriptor);
    if (!target.is_below) return (int)SYSTEM_CALL(SYS_ftruncate, descriptor, size);
    ENTER(RESIZES);
    int result = (int)SYSTEM_CALL(SYS_ftruncate, descriptor, size);
    if (result == 0) {
        LOG(call.number, "truncate", &target, NULL, 0, "%llu" END "%llu" END, INODE(inode_of_descriptor(descriptor)),
            INODE(size));
    }
    return (int)leave(result);
}
int ftruncate(int descriptor, off_t size) { return resize(descriptor, size); }
int ftruncate64(int descriptor, off64_t size) { return resize(descriptor, size); }

static int allocate(int descriptor, int mode, off_t offset, off_t size) {
    struct target target = {.is_below = false};
    if (is_active()) target = descriptor_target(descriptor);
    if (!target.is_below) return (int)SYSTEM_CALL(SYS_fallocate, descriptor, mode, offset, size);
    ENTER(RESIZES);
    struct stat before, after;
    SYSTEM_CALL(SYS_fstat, descriptor, &before);
    int result = (int)SYSTEM_CALL(SYS_fallocate, descriptor, mode, offset, size);
    int saved = errno;
    SYSTEM_CALL(SYS_fstat, descriptor, &after);
    if (after.st_size != before.st_size) {
        LOG(call.number, "truncate", &target, NULL, 0, "%llu" END "%llu" END, INODE(after.st_ino), INODE(after.st_size));
    }
    errno = saved;
    return (int)leave(result);
}
int fallocate(int descriptor, int mode, off_t offset, off_t size) { return allocate(descriptor, mode, offset, size); }
int fallocate64(int descriptor, int mode, off64_t offset, off64_t size) { return allocate(descriptor, mode, offset, size); }
int posix_fallocate(int descriptor, off_t offset, off_t size) {
    return allocate(descriptor, 0, offset, size) == 0 ? 0 : errno;
}
int posix_fallocate64(int descriptor, off64_t offset, off64_t size) { return posix_fallocate(descriptor, offset, size); }

// MARK: Making durable

static int sync_any(long number, int descriptor) {
    struct target target = {.is_below = false};
    if (is_active()) target = descriptor_target(descriptor);
    if (!target.is_below) return (int)SYSTEM_CALL(number, descriptor);
    ENTER(SYNCS);
    int result = (int)SYSTEM_CALL(number, descriptor);
    if (result == 0) {
        if (number == SYS_syncfs) {
            LOG(call.number, "sync-all", &target, NULL, 0, "%s", "");
        } else {
            LOG(call.number, "sync", &target, NULL, 0, "%llu" END, INODE(inode_of_descriptor(descriptor)));
        }
    }
    return (int)leave(result);
}
int fsync(int descriptor) { return sync_any(SYS_fsync, descriptor); }
int fdatasync(int descriptor) { return sync_any(SYS_fdatasync, descriptor); }
int syncfs(int descriptor) { return sync_any(SYS_syncfs, descriptor); }

// MARK: Names

static int rename_any(int from_directory, const char *from, int to_directory, const char *to, unsigned flags) {
    struct target source = {.is_below = false}, destination = {.is_below = false};
    if (is_active()) {
        source = path_target(from_directory, from);
        destination = path_target(to_directory, to);
    }
    if (!source.is_below && !destination.is_below) {
        return (int)SYSTEM_CALL(SYS_renameat2, from_directory, from, to_directory, to, flags);
    }
    ENTER(RENAMES);
    uint64_t from_parent = inode_of_parent(&source), to_parent = inode_of_parent(&destination);
    int result = (int)SYSTEM_CALL(SYS_renameat2, from_directory, from, to_directory, to, flags);
    int saved = errno;
    if (result == 0) {
        LOG(call.number, "rename", &source, NULL, 0, "%s" END "%llu" END "%s" END "%llu" END "%s" END "%u" END,
            relative(&destination), INODE(from_parent), name_of(&source),
            INODE(to_parent), name_of(&destination), flags);
    }
    errno = saved;
    return (int)leave(result);
}
int rename(const char *from, const char *to) { return rename_any(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int from_directory, const char *from, int to_directory, const char *to) {
    return rename_any(from_directory, from, to_directory, to, 0);
}
int renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned flags) {
    return rename_any(from_directory, from, to_directory, to, flags);
}

static int remove_any(int directory, const char *path, int flags) {
    struct target target = {.is_below = false};
    if (is_active()) target = path_target(directory, path);
    if (!target.is_below) return (int)SYSTEM_CALL(SYS_unlinkat, directory, path, flags);
    // Nothing is changed by removing what is not there.
    if (inode_of_path(target.path) == 0) return (int)SYSTEM_CALL(SYS_unlinkat, directory, path, flags);
    ENTER(REMOVES);
    uint64_t parent = inode_of_parent(&target);
    int result = (int)SYSTEM_CALL(SYS_unlinkat, directory, path, flags);
    int saved = errno;
    if (result == 0) LOG(call.number, "remove", &target, NULL, 0, "%llu" END "%s" END, INODE(parent), name_of(&target));
    errno = saved;
    return (int)leave(result);
}
int unlink(const char *path) { return remove_any(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return remove_any(AT_FDCWD, path, AT_REMOVEDIR); }
int unlinkat(int directory, const char *path, int flags) { return remove_any(directory, path, flags); }
int remove(const char *path) {
    int result = remove_any(AT_FDCWD, path, 0);
    return result != 0 && errno == EISDIR ? remove_any(AT_FDCWD, path, AT_REMOVEDIR) : result;
}

static int make_directory(int directory, const char *path, mode_t mode) {
    struct target target = {.is_below = false};
    if (is_active()) target = path_target(directory, path);
    if (!target.is_below) return (int)SYSTEM_CALL(SYS_mkdirat, directory, path, mode);
    // Nothing is changed where it is there.
    if (inode_of_path(target.path) != 0) return (int)SYSTEM_CALL(SYS_mkdirat, directory, path, mode);
    ENTER(CREATES);
    int result = (int)SYSTEM_CALL(SYS_mkdirat, directory, path, mode);
    int saved = errno;
    if (result == 0) {
        struct stat status;
        SYSTEM_CALL(SYS_newfstatat, AT_FDCWD, target.path, &status, AT_SYMLINK_NOFOLLOW);
        LOG(call.number, "create", &target, NULL, 0, "%llu" END "%s" END "%llu" END "%o" END,
            INODE(inode_of_parent(&target)), name_of(&target), INODE(status.st_ino), status.st_mode);
    }
    errno = saved;
    return (int)leave(result);
}
int mkdir(const char *path, mode_t mode) { return make_directory(AT_FDCWD, path, mode); }
int mkdirat(int directory, const char *path, mode_t mode) { return make_directory(directory, path, mode); }

static int link_any(int from_directory, const char *from, int to_directory, const char *to, int flags) {
    struct target target = {.is_below = false};
    if (is_active()) target = path_target(to_directory, to);
    if (!target.is_below) return (int)SYSTEM_CALL(SYS_linkat, from_directory, from, to_directory, to, flags);
    ENTER(CREATES);
    int result = (int)SYSTEM_CALL(SYS_linkat, from_directory, from, to_directory, to, flags);
    int saved = errno;
    if (result == 0) {
        LOG(call.number, "link", &target, NULL, 0, "%llu" END "%s" END "%llu" END, INODE(inode_of_parent(&target)),
            name_of(&target), INODE(inode_of_path(target.path)));
    }
    errno = saved;
    return (int)leave(result);
}
int link(const char *from, const char *to) { return link_any(AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int from_directory, const char *from, int to_directory, const char *to, int flags) {
    return link_any(from_directory, from, to_directory, to, flags);
}

int symlinkat(const char *text, int directory, const char *path) {
    struct target target = {.is_below = false};
    if (is_active()) target = path_target(directory, path);
    if (!target.is_below) return (int)SYSTEM_CALL(SYS_symlinkat, text, directory, path);
    ENTER(CREATES);
    int result = (int)SYSTEM_CALL(SYS_symlinkat, text, directory, path);
    int saved = errno;
    if (result == 0) {
        LOG(call.number, "create", &target, text, strlen(text), "%llu" END "%s" END "%llu" END "%o" END,
            INODE(inode_of_parent(&target)), name_of(&target), INODE(inode_of_path(target.path)), S_IFLNK | 0777);
    }
    errno = saved;
    return (int)leave(result);
}
int symlink(const char *text, const char *path) { return symlinkat(text, AT_FDCWD, path); }

// MARK: Permissions

int fchmod(int descriptor, mode_t mode) {
    struct target target = {.is_below = false};
    if (is_active()) target = descriptor_target(descriptor);
    if (!target.is_below) return (int)SYSTEM_CALL(SYS_fchmod, descriptor, mode);
    ENTER(MARKS);
    int result = (int)SYSTEM_CALL(SYS_fchmod, descriptor, mode);
    if (result == 0) {
        LOG(call.number, "chmod", &target, NULL, 0, "%llu" END "%o" END, INODE(inode_of_descriptor(descriptor)), mode);
    }
    return (int)leave(result);
}
int fchmodat(int directory, const char *path, mode_t mode, int flags) {
    struct target target = {.is_below = false};
    if (is_active()) target = path_target(directory, path);
    __typeof__(&fchmodat) change = REAL(fchmodat);
    if (!target.is_below) return change(directory, path, mode, flags);
    ENTER(MARKS);
    int result = change(directory, path, mode, flags);
    int saved = errno;
    if (result == 0) {
        LOG(call.number, "chmod", &target, NULL, 0, "%llu" END "%o" END, INODE(inode_of_path(target.path)), mode);
    }
    errno = saved;
    return (int)leave(result);
}
int chmod(const char *path, mode_t mode) { return fchmodat(AT_FDCWD, path, mode, 0); }

// MARK: Calls by number

long syscall(long number, ...) {
    va_list arguments;
    va_start(arguments, number);
    long a = va_arg(arguments, long), b = va_arg(arguments, long), c = va_arg(arguments, long),
         d = va_arg(arguments, long), e = va_arg(arguments, long), f = va_arg(arguments, long);
    va_end(arguments);
    if (number == SYS_renameat2) return rename_any((int)a, (const char *)b, (int)c, (const char *)d, (unsigned)e);
    if (number == SYS_unlinkat) return remove_any((int)a, (const char *)b, (int)c);
    return system_call(number, a, b, c, d, e, f);
}
