/* The parts of a plugin that the fixtures have in common: each of them differs in one thing only. */
#ifndef FIXTURES_MINIMAL_H
#define FIXTURES_MINIMAL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <plugin_api.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LITERAL(literal) {literal, sizeof(literal) - 1}
#define TEXT(literal) ((hearth_string)LITERAL(literal))
#define FIXTURE __attribute__((unused)) static

/* The instance is the host. */
FIXTURE hearth_status plain_create(const hearth_host *host, const hearth_call *call, void **instance)
{
    (void)call;
    *instance = (void *)(uintptr_t)host;
    return HEARTH_OK;
}

FIXTURE void plain_destroy(void *instance) { (void)instance; }

FIXTURE hearth_status plain_start(void *instance, const hearth_call *call, const hearth_settings *settings)
{
    (void)instance;
    (void)call;
    (void)settings;
    return HEARTH_OK;
}

FIXTURE hearth_status plain_stop(void *instance, const hearth_call *call)
{
    (void)instance;
    (void)call;
    return HEARTH_OK;
}

FIXTURE void log_line(const hearth_host *host, const char *line)
{
    const hearth_log *log = host->extension(host, TEXT(HEARTH_EXTENSION_LOG));
    log->write(host, HEARTH_LOG_INFO, (hearth_string){line, strlen(line)}, TEXT(""));
}

FIXTURE void run_on_thread(void *(*body)(void *), void *context)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, body, context) == 0) pthread_detach(thread);
}

#define PLUGIN(name, start_function, stop_function, command_function)                                                  \
    static const hearth_plugin plugin = {                                                                              \
        .struct_size = sizeof plugin,                                                                                  \
        .abi_major = HEARTH_ABI_MAJOR,                                                                                 \
        .abi_minor = HEARTH_ABI_MINOR,                                                                                 \
        .id = LITERAL(name),                                                                                           \
        .version = LITERAL("1.0.0"),                                                                                   \
        .create = plain_create,                                                                                        \
        .destroy = plain_destroy,                                                                                      \
        .start = start_function,                                                                                       \
        .stop = stop_function,                                                                                         \
        .command = command_function,                                                                                   \
    };                                                                                                                 \
    HEARTH_EXPORT const hearth_plugin *hearth_plugin_entry(void) { return &plugin; }

#endif
