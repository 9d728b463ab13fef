// The log of what was done.
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
