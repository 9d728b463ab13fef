#define _GNU_SOURCE
#include "socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { INBOX_LEAST = 4096, INBOX_KEPT = 64 << 10, PIECES = 32 };

static bool resize(struct inbox *inbox, size_t capacity)
{
    uint8_t *bytes = realloc(inbox->bytes, capacity);
    if (bytes == NULL) return false;
    inbox->bytes = bytes;
    inbox->capacity = capacity;
    return true;
}

/* Moves what is left to the front, and grows to the frame that has begun; a large one is not kept for long. */
static bool make_room(struct inbox *inbox)
{
    size_t left = inbox->end - inbox->start;
    if (inbox->start != 0) memmove(inbox->bytes, inbox->bytes + inbox->start, left);
    inbox->start = 0;
    inbox->end = left;

    size_t needed = INBOX_LEAST;
    struct frame_header header;
    if (left >= FRAME_HEADER_SIZE && frame_decode_header(inbox->bytes, &header) == NULL) {
        needed = FRAME_HEADER_SIZE + header.size;
    }
    if (inbox->capacity < needed) return resize(inbox, needed);
    if (inbox->capacity > INBOX_KEPT && needed <= INBOX_KEPT && left <= INBOX_LEAST) resize(inbox, INBOX_KEPT);
    return true;
}

enum transfer inbox_receive(struct inbox *inbox, int control)
{
    if (!make_room(inbox)) return TRANSFER_BROKEN;
    ssize_t got = recv(control, inbox->bytes + inbox->end, inbox->capacity - inbox->end, MSG_DONTWAIT);
    if (got > 0) {
        inbox->end += (size_t)got;
        return TRANSFER_DONE;
    }
    if (got == 0 || errno == ECONNRESET) return TRANSFER_GONE;
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? TRANSFER_WAIT : TRANSFER_BROKEN;
}

bool inbox_next(struct inbox *inbox, struct frame_header *header, const uint8_t **payload, const char **fault)
{
    size_t left = inbox->end - inbox->start;
    *fault = NULL;
    if (left < FRAME_HEADER_SIZE) return false;
    *fault = frame_decode_header(inbox->bytes + inbox->start, header);
    if (*fault != NULL || left < FRAME_HEADER_SIZE + header->size) return false;
    *payload = inbox->bytes + inbox->start + FRAME_HEADER_SIZE;
    inbox->start += FRAME_HEADER_SIZE + header->size;
    return true;
}

void inbox_close(struct inbox *inbox) { free(inbox->bytes); }

enum transfer socket_send(int control, struct outbox *outbox)
{
    for (;;) {
        struct iovec pieces[PIECES];
        struct msghdr message = {.msg_iov = pieces};
        message.msg_iovlen = (size_t)outbox_gather(outbox, pieces, PIECES);
        if (message.msg_iovlen == 0) return TRANSFER_DONE;
        ssize_t sent = sendmsg(control, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent >= 0) {
            outbox_sent(outbox, (size_t)sent);
        } else if (errno == EPIPE || errno == ECONNRESET) {
            return TRANSFER_GONE;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) {
            return TRANSFER_WAIT;
        } else if (errno != EINTR) {
            return TRANSFER_BROKEN;
        }
    }
}
