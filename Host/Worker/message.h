/* The messages of the worker protocol: their numbers, and those of the host decoded. Pure. */
#ifndef WORKER_MESSAGE_H
#define WORKER_MESSAGE_H

#include "frame.h"

#pragma GCC visibility push(hidden)

enum { PROTOCOL_VERSION = 1 };

enum message_to_host {
    MESSAGE_HELLO = 1,
    MESSAGE_LOADED = 2,
    MESSAGE_RESULT = 3,
    MESSAGE_PONG = 4,
    MESSAGE_LOG = 5,
    MESSAGE_READINGS = 6,
    MESSAGE_DROPPED = 7,
    MESSAGE_DEVICE_PUT = 8,
    MESSAGE_DEVICE_REMOVE = 9,
    MESSAGE_DEVICE_AVAILABILITY = 10,
    MESSAGE_ALERT_RAISE = 11,
    MESSAGE_ALERT_CLEAR = 12,
    MESSAGE_STATE_SET = 13,
    MESSAGE_STATE_REMOVE = 14,
    MESSAGE_STATE_FLUSH = 15,
    MESSAGE_STATUS = 16,
    MESSAGE_SUBSCRIBE = 17,
    MESSAGE_UNSUBSCRIBE = 18,
    MESSAGE_CALL = 19,
    MESSAGE_EXEC = 20,
    MESSAGE_EXEC_CANCEL = 21
};

enum message_to_worker {
    MESSAGE_LOAD = 64,
    MESSAGE_STATE = 65,
    MESSAGE_START = 66,
    MESSAGE_STOP = 67,
    MESSAGE_APPLY = 68,
    MESSAGE_COMMAND = 69,
    MESSAGE_HEALTH = 70,
    MESSAGE_PING = 71,
    MESSAGE_LOG_LEVEL = 72,
    MESSAGE_EXIT = 73,
    MESSAGE_ANSWER = 74,
    MESSAGE_SUBSCRIPTION_READINGS = 75,
    MESSAGE_EXEC_OUTPUT = 76
};

enum load_mode { LOAD_RUN = 0, LOAD_PROBE = 1 };

/* One message of the host. All text is borrowed from the frame. */
struct message {
    enum message_to_worker type;
    uint64_t id;
    union {
        struct {
            uint32_t mode;
            uint32_t log_level;
            hearth_string plugin, version, path, package_directory, data_directory;
        } load;
        struct {
            hearth_string key, value;
        } state;
        struct {
            uint32_t scope;
            uint64_t revision;
            hearth_string document, changes;
        } settings; /* START and APPLY */
        struct {
            uint32_t timeout_ms;
            hearth_string device, name, arguments;
        } command;
        uint32_t log_level;
        struct {
            int32_t status;
            hearth_string json, message;
        } answer;
        struct {
            uint32_t count;
            struct frame_reader reader; /* stands before the first: message_reading */
        } readings;
        struct {
            uint32_t stream;
            hearth_string bytes;
        } output;
    };
};

/* Returns NULL, or in what way the frame breaks the protocol. payload is header->size bytes. */
const char *message_decode(const struct frame_header *header, const uint8_t *payload, struct message *message);

/* The next reading of SUBSCRIPTION_READINGS (message_decode has checked that all are there). */
hearth_reading message_reading(struct frame_reader *reader);

/* The counterpart: one reading, as READINGS carries it. */
void message_put_reading(struct frame_writer *writer, const hearth_reading *reading);

#pragma GCC visibility pop

#endif
