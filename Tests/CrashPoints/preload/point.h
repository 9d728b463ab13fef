// What shall happen at which call, and that it does.
enum mode { MODE_COUNT, MODE_KILL, MODE_HALF, MODE_SHORT, MODE_ERROR };

// control.py packs the same (`CONTROL`).
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
