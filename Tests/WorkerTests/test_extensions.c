/* Each of the host's tables, from the plugin to the wire and back. */
#include "check.h"
#include "driver.h"

#include <string.h>

static struct driven start_loaded(void) { return driver_start("well-behaved", "{}"); }

static void announces_devices(void)
{
    struct driven driven = driver_load("well-behaved", LOAD_RUN);
    driver_send_start(&driven, 1, "{}");
    CHECK(driver_expect(&driven, MESSAGE_DEVICE_PUT));
    hearth_string device = frame_get_text(&driven.reader);
    CHECK(device.size > 20 && memcmp(device.data, "{\"id\":\"lamp-1\"", 14) == 0);
    CHECK(driver_expect(&driven, MESSAGE_DEVICE_AVAILABILITY));
    CHECK(driver_is_text(&driven, "lamp-1") && frame_get_u32(&driven.reader) == HEARTH_DEVICE_ONLINE);
    CHECK(driver_expect(&driven, MESSAGE_LOG));
    CHECK(frame_get_u32(&driven.reader) == HEARTH_LOG_INFO && frame_get_i64(&driven.reader) > 1700000000000);
    CHECK(driver_is_text(&driven, "started") && driver_is_text(&driven, "{\"plugin\":\"well-behaved\"}"));
    CHECK(driver_expect_result(&driven, 1, HEARTH_OK, ""));

    driver_send_command(&driven, 2, "availability", "{\"availability\":1}");
    CHECK(driver_expect(&driven, MESSAGE_DEVICE_AVAILABILITY));
    CHECK(driver_is_text(&driven, "lamp-1") && frame_get_u32(&driven.reader) == HEARTH_DEVICE_OFFLINE);
    CHECK(driver_is_text(&driven, "as told"));
    driver_send_command(&driven, 3, "remove-device", "{}");
    CHECK(driver_expect(&driven, MESSAGE_DEVICE_REMOVE) && driver_is_text(&driven, "lamp-1"));
    driver_exit(&driven);
}

static void publishes_readings_on_a_timer(void)
{
    struct driven driven = driver_start("well-behaved", "{\"interval_ms\":30}");
    for (int tick = 1; tick <= 3;) {
        if (!CHECK(driver_expect(&driven, MESSAGE_READINGS))) break;
        /* On a busy machine two ticks may travel together. */
        for (uint32_t count = frame_get_u32(&driven.reader); count >= 3; count -= 3, tick++) {
            hearth_reading power = message_reading(&driven.reader), on = message_reading(&driven.reader);
            hearth_reading mode = message_reading(&driven.reader);
            CHECK(power.value == tick && power.time_ms > 1700000000000 && power.unit.size == 1);
            CHECK(on.kind == HEARTH_READING_BOOLEAN && on.value == tick % 2);
            CHECK(mode.kind == HEARTH_READING_TEXT && mode.text.size == 4 && mode.value == 0);
        }
        CHECK(!driven.reader.failed && driven.reader.left == 0);
    }
    driver_send_apply(&driven, 2, "{\"interval_ms\":0}");
    CHECK(driver_expect_result(&driven, 2, HEARTH_OK, ""));
    driver_exit(&driven);
}

static void filters_log_lines_by_level(void)
{
    struct driven driven = start_loaded();
    driver_send_command(&driven, 2, "log", "{\"level\":0}");
    CHECK(driver_next(&driven) && driven.header.type == MESSAGE_RESULT);
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_LOG_LEVEL, 0);
    frame_put_u32(&frame, HEARTH_LOG_DEBUG);
    driver_send(&driven, &frame);
    driver_send_command(&driven, 3, "log", "{\"level\":0}");
    CHECK(driver_next(&driven) && driven.header.type == MESSAGE_LOG && frame_get_u32(&driven.reader) == HEARTH_LOG_DEBUG);
    driver_exit(&driven);
}

static void raises_and_clears_alerts(void)
{
    struct driven driven = start_loaded();
    driver_send_command(&driven, 2, "raise", "{\"severity\":2}");
    CHECK(driver_expect(&driven, MESSAGE_ALERT_RAISE));
    CHECK(driver_is_text(&driven, "told") && frame_get_u32(&driven.reader) == HEARTH_ALERT_CRITICAL);
    CHECK(driver_is_text(&driven, "Something is wrong") && driver_is_text(&driven, "Call the command clear."));
    CHECK(driver_command(&driven, "raise", "{\"severity\":3}", HEARTH_INVALID, ""));
    driver_send_command(&driven, 3, "clear", "{}");
    CHECK(driver_expect(&driven, MESSAGE_ALERT_CLEAR) && driver_is_text(&driven, "told"));
    driver_send_command(&driven, 4, "status", "{\"state\":2}");
    CHECK(driver_expect(&driven, MESSAGE_STATUS));
    CHECK(frame_get_u32(&driven.reader) == HEARTH_STATE_DEGRADED && driver_is_text(&driven, "as told"));
    driver_exit(&driven);
}

static void stores_state(void)
{
    struct driven driven = start_loaded();
    driver_send_command(&driven, 2, "remember", "{\"value\":\"milk\"}");
    CHECK(driver_expect(&driven, MESSAGE_STATE_SET));
    CHECK(driver_is_text(&driven, "remembered") && driver_is_text(&driven, "milk"));
    CHECK(driver_expect_result(&driven, 2, HEARTH_OK, ""));
    driver_send_command(&driven, 3, "remember", "{\"value\":\"milk\"}");
    CHECK(driver_next(&driven) && driven.header.type == MESSAGE_RESULT); /* nothing new is not sent */
    driver_send_command(&driven, 4, "flush", "{}");
    CHECK(driver_expect(&driven, MESSAGE_STATE_FLUSH) && driven.header.id != 0);
    driver_send_answer(&driven, driven.header.id, HEARTH_OK, "", "");
    CHECK(driver_expect_result(&driven, 4, HEARTH_OK, ""));
    driver_send_command(&driven, 5, "forget", "{}");
    CHECK(driver_expect(&driven, MESSAGE_STATE_REMOVE) && driver_is_text(&driven, "remembered"));
    driver_exit(&driven);
}

static void send_reading(struct driven *driven, uint64_t subscription, double value)
{
    hearth_reading reading = {.kind = HEARTH_READING_NUMBER, .device = TEXT("kasa/plug"), .entity = TEXT("power"),
                              .value = value};
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_SUBSCRIPTION_READINGS, subscription);
    frame_put_u32(&frame, 1);
    message_put_reading(&frame, &reading);
    driver_send(driven, &frame);
}

static void follows_other_plugins(void)
{
    struct driven driven = start_loaded();
    driver_send_command(&driven, 2, "subscribe", "{\"pattern\":\"kasa/*/power\"}");
    CHECK(driver_expect(&driven, MESSAGE_SUBSCRIBE) && driver_is_text(&driven, "kasa/*/power"));
    uint64_t subscription = driven.header.id;
    driver_send_answer(&driven, subscription, HEARTH_OK, "", "");
    send_reading(&driven, subscription, 12.5);
    CHECK(driver_expect(&driven, MESSAGE_LOG) && driver_expect(&driven, MESSAGE_LOG));
    CHECK(frame_get_u32(&driven.reader) == HEARTH_LOG_INFO && frame_get_i64(&driven.reader) > 0);
    CHECK(driver_is_text(&driven, "received kasa/plug/power = 12.5"));
    driver_send_command(&driven, 3, "unsubscribe", "{}");
    CHECK(driver_expect(&driven, MESSAGE_UNSUBSCRIBE) && driven.header.id == subscription);
    send_reading(&driven, subscription, 13);
    driver_send_empty(&driven, MESSAGE_HEALTH, 4);
    CHECK(driver_expect_result(&driven, 4, HEARTH_OK,
                               "{\"ticks\":0,\"received\":1,\"answered\":1,\"output_bytes\":0,\"starts\":1}"));
    CHECK(driver_command(&driven, "subscribe", "{\"pattern\":\"kasa/power\"}", HEARTH_INVALID, ""));

    driver_send_command(&driven, 5, "subscribe", "{\"pattern\":\"*/*/*\"}");
    CHECK(driver_expect(&driven, MESSAGE_SUBSCRIBE));
    driver_send_answer(&driven, driven.header.id, HEARTH_DENIED, "", "no permission");
    CHECK(driver_expect(&driven, MESSAGE_LOG));
    frame_get_u32(&driven.reader);
    frame_get_i64(&driven.reader);
    CHECK(driver_is_text(&driven, "not subscribed"));
    driver_exit(&driven);
}

static void commands_other_plugins(void)
{
    struct driven driven = start_loaded();
    driver_send_command(&driven, 2, "call", "{\"plugin\":\"kasa\",\"device\":\"plug\",\"name\":\"turn-on\"}");
    CHECK(driver_expect(&driven, MESSAGE_CALL));
    uint64_t request = driven.header.id;
    CHECK(frame_get_u32(&driven.reader) == 5000 && driver_is_text(&driven, "kasa") && driver_is_text(&driven, "plug"));
    CHECK(driver_is_text(&driven, "turn-on") && driver_is_text(&driven, "{}"));
    driver_send_answer(&driven, request, HEARTH_DENIED, "", "not allowed");
    CHECK(driver_expect_result(&driven, 2, HEARTH_DENIED, "") && driver_is_text(&driven, "not allowed"));
    driver_send_answer(&driven, request, HEARTH_OK, "", ""); /* unknown by now */
    CHECK(driver_command(&driven, "call", "{\"plugin\":\"KASA\",\"name\":\"x\"}", HEARTH_INVALID, ""));
    driver_exit(&driven);
}

static void runs_programs(void)
{
    struct driven driven = start_loaded();
    driver_send_command(&driven, 2, "run", "{\"program\":\"tool\",\"text\":\"a b\"}");
    CHECK(driver_expect(&driven, MESSAGE_EXEC));
    uint64_t run = driven.header.id;
    CHECK(driver_is_text(&driven, "tool") && driver_is_text(&driven, "{\"text\":\"a b\"}"));
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_EXEC_OUTPUT, run);
    frame_put_u32(&frame, HEARTH_EXEC_STDOUT);
    frame_put_text(&frame, TEXT("not \xFF UTF-8"));
    driver_send(&driven, &frame);
    driver_send_command(&driven, 3, "cancel", "{}");
    CHECK(driver_expect(&driven, MESSAGE_EXEC_CANCEL) && driven.header.id == run);
    driver_send_answer(&driven, run, HEARTH_OK, "{\"exit\":0}", "");
    CHECK(driver_expect_result(&driven, 2, HEARTH_OK, "{\"exit\":0}"));
    driver_send_empty(&driven, MESSAGE_HEALTH, 4);
    CHECK(driver_expect_result(&driven, 4, HEARTH_OK,
                               "{\"ticks\":0,\"received\":0,\"answered\":1,\"output_bytes\":11,\"starts\":1}"));
    driver_exit(&driven);
}

void test_extensions(void)
{
    announces_devices();
    publishes_readings_on_a_timer();
    filters_log_lines_by_level();
    raises_and_clears_alerts();
    stores_state();
    follows_other_plugins();
    commands_other_plugins();
    runs_programs();
}
