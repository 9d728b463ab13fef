#include "frame.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

/* Byte by byte, so that neither alignment nor the machine's byte order matters. */
static void store(uint8_t *bytes, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++) bytes[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t load(const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

const char *frame_decode_header(const uint8_t *bytes, struct frame_header *header)
{
    header->size = (uint32_t)load(bytes, 4);
    header->type = (uint16_t)load(bytes + 4, 2);
    header->id = load(bytes + 8, 8);
    if (header->size > FRAME_PAYLOAD_LIMIT) return "a frame is larger than 2 MiB";
    if (load(bytes + 6, 2) != 0) return "a frame has flags that are not 0";
    return NULL;
}

/* --- Writing ------------------------------------------------------------------------------------------------------ */

static uint8_t *reserve(struct frame_writer *writer, size_t size)
{
    if (writer->failed) return NULL;
    if (size > writer->capacity - writer->size) {
        size_t capacity = writer->capacity * 2 > writer->size + size ? writer->capacity * 2 : writer->size + size;
        uint8_t *bytes = realloc(writer->bytes, capacity);
        if (bytes == NULL) {
            writer->failed = true;
            return NULL;
        }
        writer->bytes = bytes;
        writer->capacity = capacity;
    }
    uint8_t *place = writer->bytes + writer->size;
    writer->size += size;
    return place;
}

static void put(struct frame_writer *writer, uint64_t value, size_t size)
{
    uint8_t *place = reserve(writer, size);
    if (place != NULL) store(place, value, size);
}

void frame_begin(struct frame_writer *writer, uint16_t type, uint64_t id)
{
    *writer = (struct frame_writer){0};
    reserve(writer, 64); /* most frames fit: one allocation */
    writer->size = 0;
    put(writer, 0, 4);
    put(writer, type, 2);
    put(writer, 0, 2);
    put(writer, id, 8);
}

void frame_put_u32(struct frame_writer *writer, uint32_t value) { put(writer, value, 4); }
void frame_put_i32(struct frame_writer *writer, int32_t value) { put(writer, (uint32_t)value, 4); }
void frame_put_u64(struct frame_writer *writer, uint64_t value) { put(writer, value, 8); }
void frame_put_i64(struct frame_writer *writer, int64_t value) { put(writer, (uint64_t)value, 8); }

void frame_put_f64(struct frame_writer *writer, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put(writer, bits, 8);
}

void frame_put_text(struct frame_writer *writer, hearth_string text)
{
    if (text.size > FRAME_PAYLOAD_LIMIT) {
        writer->failed = true;
        return;
    }
    put(writer, text.size, 4);
    if (text.size == 0) return;
    uint8_t *place = reserve(writer, text.size);
    if (place != NULL) memcpy(place, text.data, text.size);
}

void frame_set_id(struct frame_writer *writer, uint64_t id)
{
    if (!writer->failed) store(writer->bytes + 8, id, 8);
}

void frame_patch_u32(struct frame_writer *writer, size_t offset, uint32_t value)
{
    if (!writer->failed) store(writer->bytes + offset, value, 4);
}

bool frame_finish(struct frame_writer *writer)
{
    if (writer->failed || writer->size - FRAME_HEADER_SIZE > FRAME_PAYLOAD_LIMIT) {
        frame_discard(writer);
        return false;
    }
    store(writer->bytes, writer->size - FRAME_HEADER_SIZE, 4);
    return true;
}

void frame_discard(struct frame_writer *writer)
{
    free(writer->bytes);
    *writer = (struct frame_writer){.failed = true};
}

/* --- Reading ------------------------------------------------------------------------------------------------------ */

static const uint8_t *take(struct frame_reader *reader, size_t size)
{
    if (reader->failed || size > reader->left) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *place = reader->bytes;
    reader->bytes += size;
    reader->left -= size;
    return place;
}

static uint64_t get(struct frame_reader *reader, size_t size)
{
    const uint8_t *place = take(reader, size);
    return place == NULL ? 0 : load(place, size);
}

uint32_t frame_get_u32(struct frame_reader *reader) { return (uint32_t)get(reader, 4); }
int32_t frame_get_i32(struct frame_reader *reader) { return (int32_t)(uint32_t)get(reader, 4); }
uint64_t frame_get_u64(struct frame_reader *reader) { return get(reader, 8); }
int64_t frame_get_i64(struct frame_reader *reader) { return (int64_t)get(reader, 8); }

double frame_get_f64(struct frame_reader *reader)
{
    uint64_t bits = get(reader, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

hearth_string frame_get_bytes(struct frame_reader *reader)
{
    size_t size = frame_get_u32(reader);
    const uint8_t *place = take(reader, size);
    if (place == NULL) return (hearth_string){NULL, 0};
    return (hearth_string){(const char *)place, size};
}

hearth_string frame_get_text(struct frame_reader *reader)
{
    hearth_string text = frame_get_bytes(reader);
    if (text.size != 0 && !utf8_is_valid(text.data, text.size)) {
        reader->failed = true;
        return (hearth_string){NULL, 0};
    }
    return text;
}
