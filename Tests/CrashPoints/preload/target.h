// Where a call goes.
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
