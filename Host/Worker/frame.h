/* Frames and their fields (docs/worker-protocol.md, "Frames"): pure encoding and decoding, no input or output. */
#ifndef WORKER_FRAME_H
#define WORKER_FRAME_H

#include <plugin_api.h>

#pragma GCC visibility push(hidden)

enum { FRAME_HEADER_SIZE = 16, FRAME_PAYLOAD_LIMIT = 2097152 };

struct frame_header {
    uint32_t size; /* of the payload */
    uint16_t type;
    uint64_t id;
};

/* Reads the header in the first FRAME_HEADER_SIZE bytes. Returns NULL, or in what way it breaks the protocol. */
const char *frame_decode_header(const uint8_t *bytes, struct frame_header *header);

/* Builds one frame. After a lack of memory all puts do nothing, and frame_finish says so. */
struct frame_writer {
    uint8_t *bytes; /* from malloc */
    size_t size;
    size_t capacity;
    bool failed;
};

void frame_begin(struct frame_writer *writer, uint16_t type, uint64_t id);
void frame_put_u32(struct frame_writer *writer, uint32_t value);
void frame_put_i32(struct frame_writer *writer, int32_t value);
void frame_put_u64(struct frame_writer *writer, uint64_t value);
void frame_put_i64(struct frame_writer *writer, int64_t value);
void frame_put_f64(struct frame_writer *writer, double value);
void frame_put_text(struct frame_writer *writer, hearth_string text);

/* Replaces the id that the frame began with. */
void frame_set_id(struct frame_writer *writer, uint64_t id);

/* Replaces a u32 that was put at offset (from the start of the frame). */
void frame_patch_u32(struct frame_writer *writer, size_t offset, uint32_t value);

/* Writes the payload's size into the header. False if memory ran out or the frame is too large; then nothing is left. */
bool frame_finish(struct frame_writer *writer);

void frame_discard(struct frame_writer *writer);

/* Takes a payload apart. After the first field that is not there, failed is set and all gets give 0. */
struct frame_reader {
    const uint8_t *bytes;
    size_t left;
    bool failed;
};

uint32_t frame_get_u32(struct frame_reader *reader);
int32_t frame_get_i32(struct frame_reader *reader);
uint64_t frame_get_u64(struct frame_reader *reader);
int64_t frame_get_i64(struct frame_reader *reader);
double frame_get_f64(struct frame_reader *reader);
hearth_string frame_get_bytes(struct frame_reader *reader);
/* Fails on text that is not UTF-8 too. Borrowed from the payload. */
hearth_string frame_get_text(struct frame_reader *reader);

#pragma GCC visibility pop

#endif
