#include "message.h"

hearth_reading message_reading(struct frame_reader *reader)
{
    hearth_reading reading = {.struct_size = sizeof reading};
    reading.kind = (int32_t)frame_get_u32(reader);
    reading.flags = frame_get_u32(reader);
    reading.value = frame_get_f64(reader);
    reading.time_ms = frame_get_i64(reader);
    reading.device = frame_get_text(reader);
    reading.entity = frame_get_text(reader);
    reading.unit = frame_get_text(reader);
    reading.text = frame_get_text(reader);
    return reading;
}

void message_put_reading(struct frame_writer *writer, const hearth_reading *reading)
{
    frame_put_u32(writer, (uint32_t)reading->kind);
    frame_put_u32(writer, reading->flags);
    frame_put_f64(writer, reading->value);
    frame_put_i64(writer, reading->time_ms);
    frame_put_text(writer, reading->device);
    frame_put_text(writer, reading->entity);
    frame_put_text(writer, reading->unit);
    frame_put_text(writer, reading->text);
}

static void decode_load(struct frame_reader *reader, struct message *message)
{
    message->load.mode = frame_get_u32(reader);
    message->load.log_level = frame_get_u32(reader);
    message->load.plugin = frame_get_text(reader);
    message->load.version = frame_get_text(reader);
    message->load.path = frame_get_text(reader);
    message->load.package_directory = frame_get_text(reader);
    message->load.data_directory = frame_get_text(reader);
    if (message->load.mode > LOAD_PROBE) reader->failed = true;
}

static void decode_readings(struct frame_reader *reader, struct message *message)
{
    message->readings.count = frame_get_u32(reader);
    message->readings.reader = *reader;
    for (uint32_t i = 0; i < message->readings.count && !reader->failed; i++) message_reading(reader);
}

const char *message_decode(const struct frame_header *header, const uint8_t *payload, struct message *message)
{
    struct frame_reader reader = {.bytes = payload, .left = header->size};
    message->type = (enum message_to_worker)header->type;
    message->id = header->id;

    switch (message->type) {
    case MESSAGE_LOAD:
        decode_load(&reader, message);
        break;
    case MESSAGE_STATE:
        message->state.key = frame_get_text(&reader);
        message->state.value = frame_get_text(&reader);
        break;
    case MESSAGE_START:
        message->settings.scope = HEARTH_SCOPE_PLUGIN;
        message->settings.revision = frame_get_u64(&reader);
        message->settings.document = frame_get_text(&reader);
        message->settings.changes = (hearth_string){NULL, 0};
        break;
    case MESSAGE_APPLY:
        message->settings.scope = frame_get_u32(&reader);
        message->settings.revision = frame_get_u64(&reader);
        message->settings.document = frame_get_text(&reader);
        message->settings.changes = frame_get_text(&reader);
        break;
    case MESSAGE_COMMAND:
        message->command.timeout_ms = frame_get_u32(&reader);
        message->command.device = frame_get_text(&reader);
        message->command.name = frame_get_text(&reader);
        message->command.arguments = frame_get_text(&reader);
        break;
    case MESSAGE_LOG_LEVEL:
        message->log_level = frame_get_u32(&reader);
        break;
    case MESSAGE_ANSWER:
        message->answer.status = frame_get_i32(&reader);
        message->answer.json = frame_get_text(&reader);
        message->answer.message = frame_get_text(&reader);
        break;
    case MESSAGE_SUBSCRIPTION_READINGS:
        decode_readings(&reader, message);
        break;
    case MESSAGE_EXEC_OUTPUT:
        message->output.stream = frame_get_u32(&reader);
        message->output.bytes = frame_get_bytes(&reader);
        break;
    case MESSAGE_STOP:
    case MESSAGE_HEALTH:
    case MESSAGE_PING:
    case MESSAGE_EXIT:
        break;
    default:
        return "a frame is of an unknown type";
    }
    return reader.failed ? "a frame is too short for its fields, or its text is not UTF-8" : NULL;
}
