#include "check.h"
#include "message.h"
#include "outbox.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* Takes all that waits, as a socket would, and returns the types of the frames as a line of numbers. */
static const char *drain(struct outbox *outbox, uint32_t *readings)
{
    static char types[256];
    char *end = types;
    struct iovec piece;
    *end = '\0';
    *readings = 0;
    while (outbox_gather(outbox, &piece, 1) == 1) {
        struct frame_header header;
        const uint8_t *bytes = piece.iov_base;
        bool is_whole = frame_decode_header(bytes, &header) == NULL && piece.iov_len == FRAME_HEADER_SIZE + header.size;
        if (!is_whole) CHECK(!"each frame is whole");
        if (header.type == MESSAGE_READINGS) *readings += (uint32_t)bytes[16] | (uint32_t)bytes[17] << 8;
        if (end < types + 200) end += sprintf(end, "%s%u", end == types ? "" : " ", header.type);
        outbox_sent(outbox, piece.iov_len);
    }
    return types;
}

static hearth_status push(struct outbox *outbox, enum outbox_class class, uint16_t type, size_t size)
{
    static char filler[FRAME_PAYLOAD_LIMIT];
    struct frame_writer frame;
    frame_begin(&frame, type, 0);
    frame_put_text(&frame, (hearth_string){filler, size});
    return outbox_push(outbox, class, &frame);
}

static hearth_status publish(struct outbox *outbox, size_t count, int64_t now_ms)
{
    hearth_reading reading = {.struct_size = sizeof reading, .device = TEXT("d"), .entity = TEXT("e"), .value = 1};
    return outbox_publish(outbox, &reading, count, 0, 7, now_ms); /* a stride of 0: the same one, count times */
}

static struct waker nobody = {.descriptor = -1};

static void batches_readings(void)
{
    struct outbox outbox;
    uint32_t readings;
    outbox_open(&outbox, &nobody);
    CHECK(outbox_settle(&outbox, 100, false) == -1);
    publish(&outbox, 1, 100);
    CHECK(outbox_is_empty(&outbox) && outbox_settle(&outbox, 105, false) == 15);
    publish(&outbox, 2, 119);
    CHECK(outbox_settle(&outbox, 119, false) == 1);
    CHECK(outbox_settle(&outbox, 120, false) == -1);
    CHECK(strcmp(drain(&outbox, &readings), "6") == 0 && readings == 3);

    publish(&outbox, 4097, 200);
    CHECK(strcmp(drain(&outbox, &readings), "6") == 0 && readings == 4096);
    outbox_settle(&outbox, 200, true);
    CHECK(strcmp(drain(&outbox, &readings), "6") == 0 && readings == 1 && outbox_is_empty(&outbox));
    outbox_close(&outbox);
}

static void keeps_the_order(void)
{
    struct outbox outbox;
    uint32_t readings;
    outbox_open(&outbox, &nobody);
    push(&outbox, OUTBOX_ORDER, MESSAGE_DEVICE_PUT, 1);
    publish(&outbox, 1, 0);
    push(&outbox, OUTBOX_LOG, MESSAGE_LOG, 1);
    publish(&outbox, 1, 0);
    push(&outbox, OUTBOX_REPLY, MESSAGE_RESULT, 1);
    push(&outbox, OUTBOX_ORDER, MESSAGE_DEVICE_REMOVE, 1);
    CHECK(strcmp(drain(&outbox, &readings), "8 5 6 3 9") == 0 && readings == 2);
    outbox_close(&outbox);
}

static void bounds_and_counts(void)
{
    struct outbox outbox;
    uint32_t readings;
    outbox_open(&outbox, &nobody);
    CHECK(publish(&outbox, 4096, 0) == HEARTH_OK && publish(&outbox, 4096, 0) == HEARTH_OK);
    CHECK(publish(&outbox, 1, 0) == HEARTH_BUSY && outbox.dropped_readings == 1);
    for (int i = 0; i < OUTBOX_LOG_LINES_LIMIT; i++) push(&outbox, OUTBOX_LOG, MESSAGE_LOG, 1);
    CHECK(outbox.dropped_log_lines == 0);
    push(&outbox, OUTBOX_LOG, MESSAGE_LOG, 1);
    CHECK(outbox.dropped_log_lines == 1);
    outbox_settle(&outbox, 5000, false);
    CHECK(outbox_settle(&outbox, 5000, false) == -1);
    publish(&outbox, 2, 5000);
    CHECK(outbox_settle(&outbox, 5400, false) == 600); /* at most once a second */
    drain(&outbox, &readings);
    CHECK(readings == 8192 && outbox.readings == 0 && outbox.log_lines == 0 && outbox.log_bytes == 0);
    CHECK(outbox_settle(&outbox, 6000, false) == -1);

    struct iovec piece;
    CHECK(outbox_gather(&outbox, &piece, 1) == 1);
    struct frame_reader reader = {.bytes = (const uint8_t *)piece.iov_base + 16, .left = piece.iov_len - 16};
    CHECK(frame_get_u64(&reader) == 3 && frame_get_u64(&reader) == 1);
    CHECK(publish(&outbox, 1, 6000) == HEARTH_OK);
    outbox_close(&outbox);
}

static void bounds_bytes(void)
{
    struct outbox outbox;
    uint32_t readings;
    outbox_open(&outbox, &nobody);
    CHECK(push(&outbox, OUTBOX_ORDER, MESSAGE_DEVICE_PUT, 2 << 20) == HEARTH_BUSY); /* no frame is so large */
    for (int i = 0; i < 4; i++) CHECK(push(&outbox, OUTBOX_ORDER, MESSAGE_DEVICE_PUT, (1 << 20) - 20) == HEARTH_OK);
    CHECK(push(&outbox, OUTBOX_ORDER, MESSAGE_DEVICE_PUT, 1) == HEARTH_BUSY && !outbox_is_full(&outbox));
    CHECK(push(&outbox, OUTBOX_REPLY, MESSAGE_PONG, 1) == HEARTH_OK && outbox_is_full(&outbox));
    for (int i = 0; i < 5; i++) push(&outbox, OUTBOX_LOG, MESSAGE_LOG, 1 << 20);
    CHECK(outbox.dropped_log_lines == 2);
    drain(&outbox, &readings);
    CHECK(outbox.other_bytes == 0 && push(&outbox, OUTBOX_ORDER, MESSAGE_DEVICE_PUT, 1) == HEARTH_OK);
    outbox_close(&outbox);
}

static void resumes_within_a_frame(void)
{
    struct outbox outbox;
    struct iovec pieces[4];
    outbox_open(&outbox, &nobody);
    push(&outbox, OUTBOX_REPLY, MESSAGE_PONG, 10);
    push(&outbox, OUTBOX_REPLY, MESSAGE_PONG, 0);
    CHECK(outbox_gather(&outbox, pieces, 4) == 2 && pieces[0].iov_len == 30 && pieces[1].iov_len == 20);
    outbox_sent(&outbox, 7);
    CHECK(outbox_gather(&outbox, pieces, 4) == 2 && pieces[0].iov_len == 23);
    outbox_sent(&outbox, 25);
    CHECK(outbox_gather(&outbox, pieces, 4) == 1 && pieces[0].iov_len == 18);
    outbox_sent(&outbox, 18);
    CHECK(outbox_is_empty(&outbox));
    outbox_close(&outbox);
}

static void *publish_many(void *context)
{
    for (int i = 0; i < 2000; i++) {
        publish(context, 1, i);
        push(context, OUTBOX_LOG, MESSAGE_LOG, 10);
    }
    return NULL;
}

static void takes_from_many_threads(void)
{
    struct outbox outbox;
    pthread_t threads[4];
    uint32_t got = 0, readings;
    outbox_open(&outbox, &nobody);
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, publish_many, &outbox);
    for (int i = 0; i < 100; i++) {
        outbox_settle(&outbox, i, true);
        drain(&outbox, &readings);
        got += readings;
    }
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    outbox_settle(&outbox, 1 << 20, true);
    drain(&outbox, &readings);
    CHECK(got + readings + outbox.dropped_readings == 8000);
    outbox_close(&outbox);
}

void test_outbox(void)
{
    batches_readings();
    keeps_the_order();
    bounds_and_counts();
    bounds_bytes();
    resumes_within_a_frame();
    takes_from_many_threads();
}
