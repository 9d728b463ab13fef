/* Feeds arbitrary bytes, as from the host, to the decoder of frames and of every payload. */
#include "message.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static volatile uint8_t sink;

/* Every byte that the decoder hands out must lie within the frame: the sanitizer checks it. */
static void touch(hearth_string text)
{
    for (size_t i = 0; i < text.size; i++) sink ^= (uint8_t)text.data[i];
}

static void touch_message(struct message *message)
{
    switch (message->type) {
    case MESSAGE_LOAD:
        touch(message->load.plugin);
        touch(message->load.version);
        touch(message->load.path);
        touch(message->load.package_directory);
        touch(message->load.data_directory);
        break;
    case MESSAGE_STATE:
        touch(message->state.key);
        touch(message->state.value);
        break;
    case MESSAGE_START:
    case MESSAGE_APPLY:
        touch(message->settings.document);
        touch(message->settings.changes);
        break;
    case MESSAGE_COMMAND:
        touch(message->command.device);
        touch(message->command.name);
        touch(message->command.arguments);
        break;
    case MESSAGE_ANSWER:
        touch(message->answer.json);
        touch(message->answer.message);
        break;
    case MESSAGE_SUBSCRIPTION_READINGS:
        for (uint32_t i = 0; i < message->readings.count; i++) {
            hearth_reading reading = message_reading(&message->readings.reader);
            touch(reading.device);
            touch(reading.entity);
            touch(reading.unit);
            touch(reading.text);
        }
        if (message->readings.reader.failed) abort(); /* message_decode said that all are there */
        break;
    case MESSAGE_EXEC_OUTPUT: touch(message->output.bytes); break;
    default: break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    while (size >= FRAME_HEADER_SIZE) {
        struct frame_header header;
        if (frame_decode_header(bytes, &header) != NULL || header.size > size - FRAME_HEADER_SIZE) return 0;
        uint8_t *payload = malloc(header.size + 1); /* of its own, so that reading beyond it is noticed */
        memcpy(payload, bytes + FRAME_HEADER_SIZE, header.size);
        uint8_t *exact = realloc(payload, header.size == 0 ? 1 : header.size);
        struct message message;
        if (message_decode(&header, exact, &message) == NULL) touch_message(&message);
        free(exact);
        bytes += FRAME_HEADER_SIZE + header.size;
        size -= FRAME_HEADER_SIZE + header.size;
    }
    return 0;
}
