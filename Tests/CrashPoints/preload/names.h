// Calls that change names and permissions.
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
