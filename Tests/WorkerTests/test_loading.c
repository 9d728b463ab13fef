/* How a plugin is loaded, and what the host is told about it. */
#define _GNU_SOURCE
#include "check.h"
#include "driver.h"

#include <string.h>

static void says_hello(void)
{
    struct driven driven = driver_spawn("well-behaved");
    CHECK(driver_next(&driven) && driven.header.type == MESSAGE_HELLO && driven.header.id == 0);
    CHECK(frame_get_u32(&driven.reader) == 1);
    CHECK(frame_get_u32(&driven.reader) == HEARTH_ABI_MAJOR && frame_get_u32(&driven.reader) == HEARTH_ABI_MINOR);
    CHECK(frame_get_u32(&driven.reader) == (uint32_t)driven.process);
    CHECK(driver_is_text(&driven, "seccomp no-new-privs") && !driven.reader.failed);
    driver_exit(&driven);
}

static void reports_a_good_plugin(enum load_mode mode)
{
    struct driven driven = driver_load("well-behaved", mode);
    CHECK(driver_expect(&driven, MESSAGE_LOADED));
    CHECK(driver_is_text(&driven, "ok") && driver_is_text(&driven, ""));
    CHECK(driver_is_text(&driven, "well-behaved") && driver_is_text(&driven, "1.0.0"));
    CHECK(frame_get_u32(&driven.reader) == 1 && frame_get_u32(&driven.reader) == 0 && frame_get_u32(&driven.reader) == 0);
    CHECK(frame_get_u64(&driven.reader) > 0 && !driven.reader.failed);
    if (mode == LOAD_RUN) {
        driver_exit(&driven);
    } else {
        CHECK(!driver_next(&driven)); /* a probe ends by itself */
        CHECK(driver_end(&driven) == 0);
    }
}

static void names_the_outcome(const char *id, const char *outcome, const char *hint)
{
    struct driven driven = driver_load(id, LOAD_RUN);
    CHECK(driver_expect(&driven, MESSAGE_LOADED));
    CHECK(driver_is_text(&driven, outcome));
    hearth_string message = frame_get_text(&driven.reader);
    if (!CHECK(memmem(message.data, message.size, hint, strlen(hint)) != NULL)) {
        check(false, hint, message.data, 0);
    }
    CHECK(driver_end(&driven) == 0);
}

void test_loading(void)
{
    says_hello();
    reports_a_good_plugin(LOAD_RUN);
    reports_a_good_plugin(LOAD_PROBE);
    names_the_outcome("not-there", "file-missing", "install the plugin again");
    names_the_outcome("no-library", "dlopen-failed", "is the manifest's entry the .so file?");
    names_the_outcome("no-entry", "entry-missing", "HEARTH_EXPORT");
    names_the_outcome("other-abi", "abi-unsupported", "PluginAPI 99");
    names_the_outcome("newer-host", "needs-newer-host", "1.99");
    names_the_outcome("null-entry", "start-failed", "NULL");
    names_the_outcome("wrong-id", "start-failed", "someone-else");
}
