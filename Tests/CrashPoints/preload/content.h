// Calls that open files, write to them and make them durable.
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
