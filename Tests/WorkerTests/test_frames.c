#include "check.h"
#include "message.h"

#include <string.h>

static void writes_the_documented_bytes(void)
{
    static const uint8_t golden[] = {
        37, 0, 0, 0, 5, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1, /* header */
        0x78, 0x56, 0x34, 0x12,                          /* u32 */
        0xFE, 0xFF, 0xFF, 0xFF,                          /* i32 -2 */
        1, 0, 0, 0, 0, 0, 0, 0x80,                       /* u64 */
        0, 0, 0, 0, 0, 0, 0xF8, 0xBF,                    /* f64 -1.5 */
        3, 0, 0, 0, 0xE2, 0x82, 0xAC,                    /* text "€" */
        2, 0, 0, 0, 'o', 'k',
    };
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_LOG, 0x0102030405060708);
    frame_put_u32(&frame, 0x12345678);
    frame_put_i32(&frame, -2);
    frame_put_u64(&frame, 0x8000000000000001);
    frame_put_f64(&frame, -1.5);
    frame_put_text(&frame, TEXT("€"));
    frame_put_text(&frame, TEXT("ok"));
    CHECK(frame_finish(&frame));
    CHECK(frame.size == sizeof golden && memcmp(frame.bytes, golden, sizeof golden) == 0);
    frame_discard(&frame);

    struct frame_header header;
    CHECK(frame_decode_header(golden, &header) == NULL);
    CHECK(header.size == 37 && header.type == 5 && header.id == 0x0102030405060708);
    struct frame_reader reader = {.bytes = golden + 16, .left = 37};
    CHECK(frame_get_u32(&reader) == 0x12345678 && frame_get_i32(&reader) == -2);
    CHECK(frame_get_u64(&reader) == 0x8000000000000001 && frame_get_f64(&reader) == -1.5);
    CHECK(frame_get_text(&reader).size == 3 && frame_get_text(&reader).size == 2);
    CHECK(!reader.failed && reader.left == 0);
    CHECK(frame_get_u32(&reader) == 0 && reader.failed);
}

static void refuses_what_breaks_the_protocol(void)
{
    struct frame_header header;
    uint8_t bytes[16] = {0, 0, 0x20, 0, 64};
    CHECK(frame_decode_header(bytes, &header) == NULL);
    bytes[0] = 1;
    CHECK(frame_decode_header(bytes, &header) != NULL);
    bytes[0] = 0;
    bytes[6] = 1;
    CHECK(frame_decode_header(bytes, &header) != NULL);

    static const uint8_t long_text[] = {5, 0, 0, 0, 'a'}, bad_text[] = {1, 0, 0, 0, 0xFF};
    struct frame_reader reader = {.bytes = long_text, .left = 5};
    frame_get_text(&reader);
    CHECK(reader.failed);
    reader = (struct frame_reader){.bytes = bad_text, .left = 5};
    frame_get_text(&reader);
    CHECK(reader.failed);
    reader = (struct frame_reader){.bytes = bad_text, .left = 5};
    CHECK(frame_get_bytes(&reader).size == 1 && !reader.failed);
}

static void refuses_frames_that_are_too_large(void)
{
    static char text[FRAME_PAYLOAD_LIMIT];
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_STATE, 0);
    frame_put_text(&frame, (hearth_string){text, sizeof text - 4});
    CHECK(frame_finish(&frame));
    frame_discard(&frame);
    frame_begin(&frame, MESSAGE_STATE, 0);
    frame_put_text(&frame, (hearth_string){text, sizeof text - 3});
    CHECK(!frame_finish(&frame));
    CHECK(frame.bytes == NULL);
}

static const char *decode(uint16_t type, const char *payload, size_t size, struct message *message)
{
    struct frame_header header = {.size = (uint32_t)size, .type = type, .id = 7};
    return message_decode(&header, (const uint8_t *)payload, message);
}

static void decodes_messages_of_the_host(void)
{
    struct message message;
    CHECK(decode(MESSAGE_STATE, "\1\0\0\0k\2\0\0\0vw", 11, &message) == NULL);
    CHECK(message.id == 7 && message.state.key.size == 1 && message.state.value.size == 2);
    CHECK(decode(MESSAGE_STATE, "\1\0\0\0k\2\0\0\0vw and later fields", 28, &message) == NULL);
    CHECK(decode(MESSAGE_STATE, "\1\0\0\0k\2\0\0\0v", 10, &message) != NULL);
    CHECK(decode(MESSAGE_STOP, "", 0, &message) == NULL);
    CHECK(decode(MESSAGE_HELLO, "", 0, &message) != NULL);
    CHECK(decode(77, "", 0, &message) != NULL);
    CHECK(decode(MESSAGE_LOAD, "\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 28, &message) != NULL);
    CHECK(decode(MESSAGE_SUBSCRIPTION_READINGS, "\xFF\xFF\xFF\xFF", 4, &message) != NULL);
}

static void carries_readings_both_ways(void)
{
    hearth_reading reading = {.kind = HEARTH_READING_TEXT, .flags = 1, .device = TEXT("kasa/plug"),
                              .entity = TEXT("mode"), .unit = TEXT("°C"), .text = TEXT("warm"), .value = 2.5,
                              .time_ms = -3};
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_SUBSCRIPTION_READINGS, 7);
    frame_put_u32(&frame, 1);
    message_put_reading(&frame, &reading);
    CHECK(frame_finish(&frame));

    struct message message;
    const char *payload = (const char *)frame.bytes + FRAME_HEADER_SIZE;
    CHECK(decode(MESSAGE_SUBSCRIPTION_READINGS, payload, frame.size - FRAME_HEADER_SIZE, &message) == NULL);
    hearth_reading got = message_reading(&message.readings.reader);
    CHECK(message.readings.count == 1 && got.kind == HEARTH_READING_TEXT && got.flags == 1 && got.value == 2.5);
    CHECK(got.time_ms == -3 && got.device.size == 9 && got.unit.size == 3 && got.struct_size == sizeof got);
    CHECK(decode(MESSAGE_SUBSCRIPTION_READINGS, payload, frame.size - FRAME_HEADER_SIZE - 1, &message) != NULL);
    frame_discard(&frame);
}

void test_frames(void)
{
    writes_the_documented_bytes();
    refuses_what_breaks_the_protocol();
    refuses_frames_that_are_too_large();
    decodes_messages_of_the_host();
    carries_readings_both_ways();
}
