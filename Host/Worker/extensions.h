/* The host's tables of functions, one file each: host_log.c and so on. */
#ifndef WORKER_EXTENSIONS_H
#define WORKER_EXTENSIONS_H

#include <plugin_api.h>

#pragma GCC visibility push(hidden)

extern const hearth_log extension_log;
extern const hearth_readings extension_readings;
extern const hearth_devices extension_devices;
extern const hearth_alerts extension_alerts;
extern const hearth_state extension_state;
extern const hearth_settings_reader extension_settings;
extern const hearth_clock extension_clock;
extern const hearth_status_report extension_status;
extern const hearth_home extension_home;
extern const hearth_exec extension_exec;

#pragma GCC visibility pop

#endif
