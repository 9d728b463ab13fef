#include "outbox.h"
#include "message.h"

#include <stdlib.h>

void outbox_open(struct outbox *outbox, struct waker *waker)
{
    *outbox = (struct outbox){.waker = waker, .told_ms = INT64_MIN / 2};
    pthread_mutex_init(&outbox->lock, NULL);
}

void outbox_close(struct outbox *outbox)
{
    while (outbox->first != NULL) {
        struct outbox_frame *frame = outbox->first;
        outbox->first = frame->next;
        free(frame->bytes);
        free(frame);
    }
    if (outbox->batch_count > 0) frame_discard(&outbox->batch);
    pthread_mutex_destroy(&outbox->lock);
}

/* --- With the lock held ------------------------------------------------------------------------------------------- */

static void count(struct outbox *outbox, const struct outbox_frame *frame, bool is_queued)
{
    size_t sign = is_queued ? 1 : (size_t)-1;
    switch (frame->class) {
    case OUTBOX_REPLY:
    case OUTBOX_ORDER:
        outbox->other_bytes += sign * frame->size;
        break;
    case OUTBOX_LOG:
        outbox->log_lines += sign;
        outbox->log_bytes += sign * frame->size;
        break;
    case OUTBOX_BATCH:
        outbox->readings -= is_queued ? 0 : frame->readings; /* counted when they were published */
        break;
    }
}

static bool append(struct outbox *outbox, enum outbox_class class, uint32_t readings, struct frame_writer *writer)
{
    struct outbox_frame *frame = malloc(sizeof *frame);
    if (frame == NULL || !frame_finish(writer)) {
        free(frame);
        frame_discard(writer);
        return false;
    }
    *frame = (struct outbox_frame){
        .class = class, .readings = readings, .size = writer->size, .bytes = writer->bytes};
    if (outbox->first == NULL) {
        outbox->first = frame;
    } else {
        outbox->last->next = frame;
    }
    outbox->last = frame;
    count(outbox, frame, true);
    return true;
}

static void drop_readings(struct outbox *outbox, size_t readings)
{
    outbox->dropped_readings += readings;
    outbox->has_untold_drops = true;
}

static void close_batch(struct outbox *outbox)
{
    if (outbox->batch_count == 0) return;
    uint32_t readings = outbox->batch_count;
    outbox->batch_count = 0;
    frame_patch_u32(&outbox->batch, FRAME_HEADER_SIZE, readings);
    if (!append(outbox, OUTBOX_BATCH, readings, &outbox->batch)) {
        outbox->readings -= readings;
        drop_readings(outbox, readings);
    }
}

static bool has_room(const struct outbox *outbox, enum outbox_class class, size_t size)
{
    switch (class) {
    case OUTBOX_ORDER: return outbox->other_bytes + size <= OUTBOX_BYTES_LIMIT;
    case OUTBOX_LOG:
        return outbox->log_lines < OUTBOX_LOG_LINES_LIMIT && outbox->log_bytes + size <= OUTBOX_BYTES_LIMIT;
    default: return true;
    }
}

static void tell_drops(struct outbox *outbox, int64_t now_ms)
{
    struct frame_writer frame;
    frame_begin(&frame, MESSAGE_DROPPED, 0);
    frame_put_u64(&frame, outbox->dropped_readings);
    frame_put_u64(&frame, outbox->dropped_log_lines);
    if (append(outbox, OUTBOX_REPLY, 0, &frame)) outbox->has_untold_drops = false;
    outbox->told_ms = now_ms;
}

/* --- From any thread ---------------------------------------------------------------------------------------------- */

hearth_status outbox_push(struct outbox *outbox, enum outbox_class class, struct frame_writer *frame)
{
    pthread_mutex_lock(&outbox->lock);
    /* Readings come before what was said after them; a line of the log has its own time and may overtake. */
    if (class != OUTBOX_LOG) close_batch(outbox);
    bool is_queued = false;
    if (has_room(outbox, class, frame->size)) {
        is_queued = append(outbox, class, 0, frame);
    } else {
        frame_discard(frame);
    }
    if (!is_queued && class == OUTBOX_LOG) {
        outbox->dropped_log_lines++;
        outbox->has_untold_drops = true;
    }
    pthread_mutex_unlock(&outbox->lock);
    waker_wake(outbox->waker);
    return is_queued ? HEARTH_OK : HEARTH_BUSY;
}

static void add_to_batch(struct outbox *outbox, const hearth_reading *reading, int64_t utc_ms, int64_t now_ms)
{
    if (outbox->batch_count == 0) {
        frame_begin(&outbox->batch, MESSAGE_READINGS, 0);
        frame_put_u32(&outbox->batch, 0);
        outbox->batch_due_ms = now_ms + OUTBOX_BATCH_MS;
    }
    hearth_reading copy = *reading;
    if (copy.time_ms == 0) copy.time_ms = utc_ms;
    copy.flags &= HEARTH_READING_ANOMALOUS;
    if (copy.kind != HEARTH_READING_TEXT) copy.text = (hearth_string){NULL, 0};
    if (copy.kind == HEARTH_READING_TEXT || copy.kind == HEARTH_READING_UNKNOWN) copy.value = 0;
    message_put_reading(&outbox->batch, &copy);
    outbox->batch_count++;
    outbox->readings++;
    if (outbox->batch_count == OUTBOX_BATCH_READINGS || outbox->batch.size >= OUTBOX_BATCH_BYTES) close_batch(outbox);
}

hearth_status outbox_publish(struct outbox *outbox, const hearth_reading *readings, size_t count, size_t stride,
                             int64_t utc_ms, int64_t now_ms)
{
    pthread_mutex_lock(&outbox->lock);
    bool has_room_for_all = count <= OUTBOX_READINGS_LIMIT - outbox->readings;
    if (has_room_for_all) {
        for (size_t i = 0; i < count; i++) {
            const hearth_reading *reading = (const void *)((const char *)readings + i * stride);
            add_to_batch(outbox, reading, utc_ms, now_ms);
        }
    } else {
        drop_readings(outbox, count);
    }
    pthread_mutex_unlock(&outbox->lock);
    waker_wake(outbox->waker);
    return has_room_for_all ? HEARTH_OK : HEARTH_BUSY;
}

/* --- From the main thread ----------------------------------------------------------------------------------------- */

static int64_t sooner(int64_t one, int64_t other) { return one < 0 || other < one ? other : one; }

int64_t outbox_settle(struct outbox *outbox, int64_t now_ms, bool flush)
{
    int64_t wait = -1;
    pthread_mutex_lock(&outbox->lock);
    if (outbox->batch_count > 0) {
        if (flush || now_ms >= outbox->batch_due_ms) {
            close_batch(outbox);
        } else {
            wait = outbox->batch_due_ms - now_ms;
        }
    }
    if (outbox->has_untold_drops) {
        int64_t due_ms = outbox->told_ms + OUTBOX_DROPPED_MS;
        if (flush || now_ms >= due_ms) {
            tell_drops(outbox, now_ms);
        } else {
            wait = sooner(wait, due_ms - now_ms);
        }
    }
    pthread_mutex_unlock(&outbox->lock);
    return wait;
}

int outbox_gather(struct outbox *outbox, struct iovec *pieces, int count)
{
    int found = 0;
    pthread_mutex_lock(&outbox->lock);
    size_t skip = outbox->sent;
    for (struct outbox_frame *frame = outbox->first; frame != NULL && found < count; frame = frame->next) {
        pieces[found++] = (struct iovec){frame->bytes + skip, frame->size - skip};
        skip = 0;
    }
    pthread_mutex_unlock(&outbox->lock);
    return found;
}

void outbox_sent(struct outbox *outbox, size_t bytes)
{
    pthread_mutex_lock(&outbox->lock);
    outbox->sent += bytes;
    while (outbox->first != NULL && outbox->sent >= outbox->first->size) {
        struct outbox_frame *frame = outbox->first;
        outbox->sent -= frame->size;
        outbox->first = frame->next;
        count(outbox, frame, false);
        free(frame->bytes);
        free(frame);
    }
    pthread_mutex_unlock(&outbox->lock);
}

bool outbox_is_empty(struct outbox *outbox)
{
    pthread_mutex_lock(&outbox->lock);
    bool is_empty = outbox->first == NULL;
    pthread_mutex_unlock(&outbox->lock);
    return is_empty;
}

bool outbox_is_full(struct outbox *outbox)
{
    pthread_mutex_lock(&outbox->lock);
    bool is_full = outbox->other_bytes > OUTBOX_BYTES_LIMIT;
    pthread_mutex_unlock(&outbox->lock);
    return is_full;
}
