/* Plugins that break their promises, and hosts that break the protocol. */
#define _GNU_SOURCE
#include "check.h"
#include "driver.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static bool has_signal(int status, int signal)
{
    /* A sanitizer turns some signals into a report and an exit status of its own. */
    return (WIFSIGNALED(status) && WTERMSIG(status) == signal) || (WIFEXITED(status) && WEXITSTATUS(status) != 0);
}

static void deaths_are_what_they_are(void)
{
    struct driven driven = driver_load("crashes-in-probe", LOAD_PROBE);
    CHECK(has_signal(driver_end(&driven), SIGSEGV));

    static const struct {
        const char *id;
        int status;
    } exits[] = {{"exits", 3}, {"exit-78", 78}};
    for (int i = 0; i < 2; i++) {
        driven = driver_load(exits[i].id, LOAD_RUN);
        driver_send_start(&driven, 1, "{}");
        int status = driver_end(&driven);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == exits[i].status);
    }
    driven = driver_load("traps", LOAD_RUN);
    driver_send_start(&driven, 1, "{}");
    CHECK(has_signal(driver_end(&driven), SIGILL));

    driven = driver_start("crash-loops", "{}");
    CHECK(has_signal(driver_end(&driven), SIGSEGV));
    driven = driver_start("exits-zero-later", "{}");
    CHECK(driver_end(&driven) == 0);
    driven = driver_start("well-behaved", "{}");
    driver_send_command(&driven, 2, "crash", "{}");
    CHECK(has_signal(driver_end(&driven), SIGABRT));
}

static void statuses_of_start_are_passed_on(void)
{
    static const struct {
        const char *id;
        hearth_status status;
    } starts[] = {{"auth", HEARTH_AUTH}, {"invalid-settings", HEARTH_INVALID_SETTINGS}, {"permanent", HEARTH_PERMANENT}};
    for (int i = 0; i < 3; i++) {
        struct driven driven = driver_load(starts[i].id, LOAD_RUN);
        driver_send_start(&driven, 1, "{}");
        CHECK(driver_expect_result(&driven, 1, starts[i].status, ""));
        CHECK(frame_get_text(&driven.reader).size > 10);
        driver_send_empty(&driven, MESSAGE_STOP, 2);
        CHECK(driver_expect_result(&driven, 2, HEARTH_OK, ""));
        driver_exit(&driven);
    }
}

static bool is_silent(struct driven *driven)
{
    struct pollfd polled = {.fd = driven->control, .events = POLLIN};
    return poll(&polled, 1, 200) == 0;
}

static void hangs_are_silent_and_end_by_signals(void)
{
    struct driven driven = driver_load("hangs-in-start", LOAD_RUN);
    CHECK(driver_expect(&driven, MESSAGE_LOADED));
    driver_send_start(&driven, 1, "{}");
    driver_send_empty(&driven, MESSAGE_PING, 2);
    CHECK(is_silent(&driven));
    kill(driven.process, SIGTERM);
    int status = driver_end(&driven);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);

    driven = driver_load("hangs-in-probe", LOAD_PROBE);
    CHECK(is_silent(&driven));
    kill(driven.process, SIGKILL);
    CHECK(WIFSIGNALED(driver_end(&driven)));

    driven = driver_load("never-completes-start", LOAD_RUN);
    driver_send_start(&driven, 1, "{}");
    driver_send_empty(&driven, MESSAGE_PING, 2);
    CHECK(driver_expect(&driven, MESSAGE_PONG) && is_silent(&driven));
    driver_send_empty(&driven, MESSAGE_STOP, 3);
    CHECK(driver_expect_result(&driven, 3, HEARTH_OK, ""));
    driver_exit(&driven);

    driven = driver_start("ignores-sigterm", "{}");
    driver_send_empty(&driven, MESSAGE_STOP, 3);
    kill(driven.process, SIGTERM);
    CHECK(is_silent(&driven) && waitpid(driven.process, &status, WNOHANG) == 0);
    kill(driven.process, SIGKILL);
    CHECK(WIFSIGNALED(driver_end(&driven)));
}

/* The plugin floods all its ways out while nobody reads: commands are still answered, in order, and drops told. */
static void floods_are_bounded_and_counted(void)
{
    enum { LINES = 20000, LINE_SIZE = 11 };
    struct driven driven = driver_start("floods", "{}");
    driver_drain(&driven, LINES * LINE_SIZE); /* by then there were more readings and log lines than may wait */
    driver_send_command(&driven, 2, "echo", "{\"n\":1}");

    uint64_t dropped = 0;
    double last = 0;
    bool is_ascending = true, is_answered = false;
    for (int frames = 0; frames < 200000 && (dropped == 0 || !is_answered) && driver_next(&driven); frames++) {
        if (driven.header.type == MESSAGE_DROPPED) dropped = frame_get_u64(&driven.reader) + frame_get_u64(&driven.reader);
        if (driven.header.type == MESSAGE_RESULT) is_answered = driven.header.id == 2;
        if (driven.header.type != MESSAGE_READINGS) continue;
        for (uint32_t count = frame_get_u32(&driven.reader); count > 0; count--) {
            double value = message_reading(&driven.reader).value;
            is_ascending &= value > last;
            last = value;
        }
    }
    CHECK(is_answered);
    CHECK(dropped > 0);
    CHECK(is_ascending && last > 0);
    kill(driven.process, SIGKILL);
    driver_end(&driven);
}

static void nothing_can_be_started(void)
{
    struct driven driven = driver_start("forks", "{}");
    CHECK(driver_command(&driven, "report", "{}", HEARTH_OK,
                         "{\"fork\":false,\"double_fork\":false,\"clone\":false,\"spawn\":false,\"exec\":false,"
                         "\"outlive\":false,\"thread\":true}"));
    driver_exit(&driven);
}

static void bad_json_goes_no_further(void)
{
    struct driven driven = driver_start("bad-json", "{}");
    const char *commands[] = {"syntax", "depth", "utf8", "large", "complete"};
    for (int i = 0; i < 5; i++) {
        CHECK(driver_command(&driven, commands[i], "{}", HEARTH_INTERNAL, ""));
        hearth_string message = frame_get_text(&driven.reader);
        CHECK(memmem(message.data, message.size, "cannot be used", 14) != NULL);
    }
    CHECK(driver_command(&driven, "message", "{}", HEARTH_OK, "") && driver_is_text(&driven, "bad \xEF\xBF\xBD byte"));
    driver_send_empty(&driven, MESSAGE_HEALTH, 2);
    CHECK(driver_expect_result(&driven, 2, HEARTH_INTERNAL, ""));
    CHECK(driver_command(&driven, "calls", "{}", HEARTH_OK, "0"));
    driver_exit(&driven);
}

static void broken_protocol_is_named(const char *bytes, size_t size, const char *reason)
{
    struct driven driven = driver_load("well-behaved", LOAD_RUN);
    char output[256];
    CHECK(driver_expect(&driven, MESSAGE_LOADED));
    send(driven.control, bytes, size, MSG_NOSIGNAL);
    CHECK(!driver_expect(&driven, MESSAGE_RESULT)); /* it closes the connection */
    CHECK(strstr(driver_output(&driven, output, sizeof output), reason) != NULL);
    int status = driver_end(&driven);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 70);
}

static void breaks_of_the_protocol_end_it(void)
{
    broken_protocol_is_named("\0\0\0\1\x42\0\0\0\0\0\0\0\0\0\0\0", 16, "larger than 2 MiB");
    broken_protocol_is_named("\0\0\0\0\x42\0\1\0\0\0\0\0\0\0\0\0", 16, "flags");
    broken_protocol_is_named("\0\0\0\0\x07\0\0\0\0\0\0\0\0\0\0\0", 16, "unknown type");
    broken_protocol_is_named("\0\0\0\0\x42\0\0\0\0\0\0\0\0\0\0\0", 16, "too short");
}

static void ends_with_the_host(void)
{
    struct driven driven = driver_start("well-behaved", "{\"interval_ms\":10}");
    shutdown(driven.control, SHUT_RDWR);
    CHECK(driver_end(&driven) == 0);
    driven = driver_spawn("well-behaved");
    shutdown(driven.control, SHUT_WR);
    CHECK(driver_end(&driven) == 0);
}

/* A host that is killed cannot tell its workers, and this one does not listen any more. */
static void a_hung_worker_dies_with_the_host(void)
{
    int report[2];
    if (!CHECK(pipe(report) == 0)) return;
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* so that the worker, left alone, becomes a child of this process */
    pid_t host = fork();
    if (host == 0) {
        struct driven driven = driver_load("hangs-in-start", LOAD_RUN);
        driver_expect(&driven, MESSAGE_LOADED);
        driver_send_start(&driven, 1, "{}");
        driver_send_empty(&driven, MESSAGE_PING, 2);
        bool hangs = is_silent(&driven) && write(report[1], &driven.process, sizeof driven.process) > 0;
        while (hangs) pause();
        _exit(0);
    }
    pid_t worker = 0;
    CHECK(read(report[0], &worker, sizeof worker) == sizeof worker);
    kill(host, SIGKILL);
    CHECK(waitpid(host, NULL, 0) == host);
    int status = 0;
    CHECK(waitpid(worker, &status, 0) == worker && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    close(report[0]);
    close(report[1]);
}

static void lines_reach_the_log_at_once(void)
{
    struct driven driven = driver_start("well-behaved", "{}");
    char output[256];
    CHECK(driver_command(&driven, "print", "{}", HEARTH_OK, ""));
    driver_output(&driven, output, sizeof output);
    CHECK(strstr(output, "a line on stdout\n") != NULL && strstr(output, "a line on stderr\n") != NULL);
    driver_exit(&driven);
}

void test_misbehaviour(void)
{
    deaths_are_what_they_are();
    statuses_of_start_are_passed_on();
    hangs_are_silent_and_end_by_signals();
    floods_are_bounded_and_counted();
    nothing_can_be_started();
    bad_json_goes_no_further();
    breaks_of_the_protocol_end_it();
    ends_with_the_host();
    a_hung_worker_dies_with_the_host();
    lines_reach_the_log_at_once();
}
