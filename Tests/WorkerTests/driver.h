/* Plays the host: starts real workers with fixture plugins and speaks the protocol to them. */
#ifndef DRIVER_H
#define DRIVER_H

#include "message.h"

#include <sys/types.h>

extern const char *driver_worker;   /* the program under test */
extern const char *driver_fixtures; /* where the plugins lie, as <id>.so */

struct driven {
    pid_t process;
    int control;
    int output; /* what the worker and its plugin print */
    uint8_t *frame; /* the one received last */
    struct frame_header header;
    struct frame_reader reader; /* its payload, to be taken apart */
};

/* Starts a worker; there is no LOAD yet. */
struct driven driver_spawn(const char *id);

/* Starts a worker, takes its HELLO, and sends LOAD for the fixture of that name. */
struct driven driver_load(const char *id, enum load_mode mode);

/* The same, up to START answered with HEARTH_OK. */
struct driven driver_start(const char *id, const char *settings);

/* Messages of the host. */
void driver_send(struct driven *driven, struct frame_writer *frame);
void driver_send_empty(struct driven *driven, uint16_t type, uint64_t id);
void driver_send_start(struct driven *driven, uint64_t id, const char *settings);
void driver_send_apply(struct driven *driven, uint64_t id, const char *settings);
void driver_send_command(struct driven *driven, uint64_t id, const char *name, const char *arguments);
void driver_send_answer(struct driven *driven, uint64_t id, hearth_status status, const char *json, const char *message);

/* Receives the next frame. False at the end of file, or if none comes for 10 s. */
bool driver_next(struct driven *driven);

/* Receives frames until one of this type comes; the others are lost. */
bool driver_expect(struct driven *driven, uint16_t type);

/* Expects RESULT of this operation, with this status and JSON (NULL: any). The message is next in the reader. */
bool driver_expect_result(struct driven *driven, uint64_t id, hearth_status status, const char *json);

/* Sends a command and expects its result. */
bool driver_command(struct driven *driven, const char *name, const char *arguments, hearth_status status,
                    const char *json);

bool driver_is_text(struct driven *driven, const char *text);

/* Waits until the worker ends, for at most 10 s. Returns as waitpid does; -1 if it does not end (it is then killed). */
int driver_end(struct driven *driven);

/* Sends EXIT and checks that the worker ends with status 0. */
void driver_exit(struct driven *driven);

/* What the worker has printed until now, up to the size of out; waits for the first of it. */
const char *driver_output(struct driven *driven, char *out, size_t size);

/* Reads and throws away so many bytes of what the worker prints. */
void driver_drain(struct driven *driven, size_t size);

#endif
