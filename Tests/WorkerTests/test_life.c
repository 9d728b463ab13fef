/* Start, settings, commands, stop: operations and their results. */
#include "check.h"
#include "driver.h"

#include <string.h>

static void starts_and_stops_again_and_again(void)
{
    struct driven driven = driver_start("well-behaved", "{\"greeting\":\"h\\u00e9\",\"interval_ms\":0}");
    CHECK(driver_command(&driven, "greet", "{}", HEARTH_OK, "{\"greeting\":\"hé\",\"interval_ms\":0}"));
    CHECK(driver_command(&driven, "starts", "{}", HEARTH_OK, "1"));
    driver_send_empty(&driven, MESSAGE_STOP, 2);
    CHECK(driver_expect_result(&driven, 2, HEARTH_OK, ""));
    CHECK(driver_command(&driven, "starts", "{}", HEARTH_RETRYABLE, ""));
    driver_send_empty(&driven, MESSAGE_STOP, 3);
    CHECK(driver_expect_result(&driven, 3, HEARTH_OK, ""));
    driver_send_start(&driven, 4, "{}");
    CHECK(driver_expect_result(&driven, 4, HEARTH_OK, ""));
    CHECK(driver_command(&driven, "starts", "{}", HEARTH_OK, "2"));
    driver_send_start(&driven, 5, "{}");
    CHECK(driver_expect_result(&driven, 5, HEARTH_INVALID, ""));
    driver_exit(&driven);
}

static void hands_back_stored_state(void)
{
    struct driven driven = driver_load("well-behaved", LOAD_RUN);
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_STATE, 0);
    frame_put_text(&frame, TEXT("starts"));
    frame_put_text(&frame, TEXT("41"));
    driver_send(&driven, &frame);
    driver_send_start(&driven, 1, "{}");
    CHECK(driver_expect(&driven, MESSAGE_STATE_SET));
    CHECK(driver_is_text(&driven, "starts") && driver_is_text(&driven, "42"));
    CHECK(driver_expect_result(&driven, 1, HEARTH_OK, ""));
    driver_exit(&driven);
}

static void fails_to_start_and_recovers(void)
{
    struct driven driven = driver_load("well-behaved", LOAD_RUN);
    driver_send_start(&driven, 1, "{\"start\":\"retry\"}");
    CHECK(driver_expect_result(&driven, 1, HEARTH_RETRYABLE, ""));
    CHECK(driver_is_text(&driven, "the settings asked for a failure"));
    driver_send_empty(&driven, MESSAGE_STOP, 2);
    CHECK(driver_expect_result(&driven, 2, HEARTH_OK, ""));
    driver_send_start(&driven, 3, "{\"start\":\"pending\"}");
    driver_send_command(&driven, 4, "starts", "{}");
    CHECK(driver_expect_result(&driven, 4, HEARTH_RETRYABLE, "")); /* not started yet */
    CHECK(driver_expect_result(&driven, 3, HEARTH_OK, "{\"slow\":true}"));
    CHECK(driver_command(&driven, "starts", "{}", HEARTH_OK, "1"));
    driver_exit(&driven);
}

static void refuses_settings_that_are_no_object(void)
{
    struct driven driven = driver_load("well-behaved", LOAD_RUN);
    driver_send_start(&driven, 1, "[]");
    CHECK(driver_expect_result(&driven, 1, HEARTH_INVALID, ""));
    driver_exit(&driven);
}

static void applies_settings_or_keeps_the_old(void)
{
    struct driven driven = driver_start("well-behaved", "{\"greeting\":\"one\"}");
    driver_send_apply(&driven, 2, "{\"greeting\":\"two\",\"interval_ms\":5000.0}");
    CHECK(driver_expect_result(&driven, 2, HEARTH_OK, ""));
    CHECK(driver_command(&driven, "greet", "{}", HEARTH_OK, "{\"greeting\":\"two\",\"interval_ms\":5000}"));
    driver_send_apply(&driven, 3, "{\"greeting\":\"three\",\"reject\":true}");
    CHECK(driver_expect_result(&driven, 3, HEARTH_INVALID_SETTINGS, ""));
    CHECK(driver_is_text(&driven, "reject is true: these settings are refused"));
    CHECK(driver_command(&driven, "greet", "{}", HEARTH_OK, "{\"greeting\":\"two\",\"interval_ms\":5000}"));
    driver_exit(&driven);

    driven = driver_start("forks", "{}");
    driver_send_apply(&driven, 2, "{}");
    CHECK(driver_expect_result(&driven, 2, HEARTH_UNSUPPORTED, ""));
    driver_send_empty(&driven, MESSAGE_HEALTH, 3);
    CHECK(driver_expect_result(&driven, 3, HEARTH_OK, ""));
    driver_exit(&driven);
}

static void answers_commands(void)
{
    struct driven driven = driver_start("well-behaved", "{}");
    CHECK(driver_command(&driven, "echo", "{\"a\":[1,\"é\"]}", HEARTH_OK, "{\"a\":[1,\"é\"]}"));
    CHECK(driver_command(&driven, "fail", "{\"status\":-3}", HEARTH_AUTH, ""));
    CHECK(driver_is_text(&driven, "it was told to fail"));
    CHECK(driver_command(&driven, "fail", "{\"status\":-77}", HEARTH_INTERNAL, ""));
    CHECK(driver_command(&driven, "fail", "{\"status\":2}", HEARTH_INTERNAL, ""));
    CHECK(driver_command(&driven, "unknown", "{}", HEARTH_UNSUPPORTED, ""));
    driver_send_empty(&driven, MESSAGE_HEALTH, 7);
    CHECK(driver_expect_result(&driven, 7, HEARTH_OK, "{\"ticks\":0,\"received\":0,\"answered\":0,\"output_bytes\":0,\"starts\":1}"));
    driver_exit(&driven);
}

static void completes_from_another_thread_while_pings_are_answered(void)
{
    struct driven driven = driver_start("well-behaved", "{}");
    driver_send_command(&driven, 10, "slow", "{\"ms\":150}");
    driver_send_command(&driven, 11, "slow", "{\"ms\":0}");
    driver_send_empty(&driven, MESSAGE_PING, 99);
    bool has_pong = false;
    uint64_t order[2] = {0};
    for (int results = 0; results < 2 && driver_next(&driven);) {
        if (driven.header.type == MESSAGE_PONG && driven.header.id == 99) has_pong = true;
        if (driven.header.type == MESSAGE_RESULT) order[results++] = driven.header.id;
        if (order[0] == 11) CHECK(has_pong || order[1] == 0);
    }
    CHECK(has_pong && order[0] == 11 && order[1] == 10);

    driver_send_empty(&driven, MESSAGE_PING, 100);
    CHECK(driver_next(&driven) && driven.header.type == MESSAGE_PONG); /* no second result came in between */
    driver_exit(&driven);
}

static void stop_answers_what_is_left(void)
{
    struct driven driven = driver_start("well-behaved", "{}");
    driver_send_command(&driven, 10, "never", "{}");
    driver_send_empty(&driven, MESSAGE_STOP, 11);
    CHECK(driver_expect_result(&driven, 11, HEARTH_OK, ""));
    CHECK(driver_expect_result(&driven, 10, HEARTH_RETRYABLE, ""));
    driver_exit(&driven);
}

void test_life(void)
{
    starts_and_stops_again_and_again();
    hands_back_stored_state();
    fails_to_start_and_recovers();
    refuses_settings_that_are_no_object();
    applies_settings_or_keeps_the_old();
    answers_commands();
    completes_from_another_thread_while_pings_are_answered();
    stop_answers_what_is_left();
}
