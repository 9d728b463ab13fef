/*
 * The layout of every struct of plugin_api.h, written down: a change that would break plugins which are built already
 * does not compile. Fields may be added at the end of a struct (and here); nothing else may change in version 1.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plugin_api.h"

#if UINTPTR_MAX == UINT64_MAX /* all that Hearth runs on; the rules for padding are the same elsewhere */

#define SIZE(type, size) _Static_assert(sizeof(type) == (size), "the size of " #type " has changed")
#define FIELD(type, field, offset, size)                                                                               \
    _Static_assert(offsetof(type, field) == (offset) && sizeof(((type *)0)->field) == (size),                          \
                   #type "." #field " has moved or changed its size")

SIZE(hearth_string, 16);
FIELD(hearth_string, data, 0, 8);
FIELD(hearth_string, size, 8, 8);

SIZE(hearth_call, 40);
FIELD(hearth_call, struct_size, 0, 4);
FIELD(hearth_call, reserved, 4, 4);
FIELD(hearth_call, operation, 8, 8);
FIELD(hearth_call, context, 16, 8);
FIELD(hearth_call, result, 24, 8);
FIELD(hearth_call, message, 32, 8);

SIZE(hearth_settings, 48);
FIELD(hearth_settings, struct_size, 0, 4);
FIELD(hearth_settings, scope, 4, 4);
FIELD(hearth_settings, revision, 8, 8);
FIELD(hearth_settings, document, 16, 16);
FIELD(hearth_settings, changes, 32, 16);

SIZE(hearth_command, 56);
FIELD(hearth_command, struct_size, 0, 4);
FIELD(hearth_command, timeout_ms, 4, 4);
FIELD(hearth_command, device, 8, 16);
FIELD(hearth_command, name, 24, 16);
FIELD(hearth_command, arguments, 40, 16);

SIZE(hearth_plugin, 112);
FIELD(hearth_plugin, struct_size, 0, 4);
FIELD(hearth_plugin, abi_major, 4, 4);
FIELD(hearth_plugin, abi_minor, 8, 4);
FIELD(hearth_plugin, min_host_minor, 12, 4);
FIELD(hearth_plugin, id, 16, 16);
FIELD(hearth_plugin, version, 32, 16);
FIELD(hearth_plugin, create, 48, 8);
FIELD(hearth_plugin, destroy, 56, 8);
FIELD(hearth_plugin, start, 64, 8);
FIELD(hearth_plugin, stop, 72, 8);
FIELD(hearth_plugin, apply_settings, 80, 8);
FIELD(hearth_plugin, command, 88, 8);
FIELD(hearth_plugin, health, 96, 8);
FIELD(hearth_plugin, extension, 104, 8);

SIZE(hearth_host, 72);
FIELD(hearth_host, struct_size, 0, 4);
FIELD(hearth_host, abi_major, 4, 4);
FIELD(hearth_host, abi_minor, 8, 4);
FIELD(hearth_host, reserved, 12, 4);
FIELD(hearth_host, context, 16, 8);
FIELD(hearth_host, data_directory, 24, 16);
FIELD(hearth_host, package_directory, 40, 16);
FIELD(hearth_host, complete, 56, 8);
FIELD(hearth_host, extension, 64, 8);

SIZE(hearth_log, 24);
FIELD(hearth_log, struct_size, 0, 4);
FIELD(hearth_log, reserved, 4, 4);
FIELD(hearth_log, level, 8, 8);
FIELD(hearth_log, write, 16, 8);

SIZE(hearth_reading, 96);
FIELD(hearth_reading, struct_size, 0, 4);
FIELD(hearth_reading, kind, 4, 4);
FIELD(hearth_reading, flags, 8, 4);
FIELD(hearth_reading, reserved, 12, 4);
FIELD(hearth_reading, device, 16, 16);
FIELD(hearth_reading, entity, 32, 16);
FIELD(hearth_reading, unit, 48, 16);
FIELD(hearth_reading, text, 64, 16);
FIELD(hearth_reading, value, 80, 8);
FIELD(hearth_reading, time_ms, 88, 8);

SIZE(hearth_readings, 16);
FIELD(hearth_readings, struct_size, 0, 4);
FIELD(hearth_readings, reserved, 4, 4);
FIELD(hearth_readings, publish, 8, 8);

SIZE(hearth_devices, 32);
FIELD(hearth_devices, struct_size, 0, 4);
FIELD(hearth_devices, reserved, 4, 4);
FIELD(hearth_devices, put, 8, 8);
FIELD(hearth_devices, remove, 16, 8);
FIELD(hearth_devices, set_availability, 24, 8);

SIZE(hearth_alerts, 24);
FIELD(hearth_alerts, struct_size, 0, 4);
FIELD(hearth_alerts, reserved, 4, 4);
FIELD(hearth_alerts, raise, 8, 8);
FIELD(hearth_alerts, clear, 16, 8);

SIZE(hearth_state, 40);
FIELD(hearth_state, struct_size, 0, 4);
FIELD(hearth_state, reserved, 4, 4);
FIELD(hearth_state, get, 8, 8);
FIELD(hearth_state, set, 16, 8);
FIELD(hearth_state, remove, 24, 8);
FIELD(hearth_state, flush, 32, 8);

SIZE(hearth_settings_reader, 48);
FIELD(hearth_settings_reader, struct_size, 0, 4);
FIELD(hearth_settings_reader, reserved, 4, 4);
FIELD(hearth_settings_reader, get_text, 8, 8);
FIELD(hearth_settings_reader, get_integer, 16, 8);
FIELD(hearth_settings_reader, get_number, 24, 8);
FIELD(hearth_settings_reader, get_boolean, 32, 8);
FIELD(hearth_settings_reader, get_count, 40, 8);

SIZE(hearth_clock, 40);
FIELD(hearth_clock, struct_size, 0, 4);
FIELD(hearth_clock, reserved, 4, 4);
FIELD(hearth_clock, now_ms, 8, 8);
FIELD(hearth_clock, monotonic_ms, 16, 8);
FIELD(hearth_clock, start_timer, 24, 8);
FIELD(hearth_clock, stop_timer, 32, 8);

SIZE(hearth_status_report, 16);
FIELD(hearth_status_report, struct_size, 0, 4);
FIELD(hearth_status_report, reserved, 4, 4);
FIELD(hearth_status_report, report, 8, 8);

SIZE(hearth_home, 32);
FIELD(hearth_home, struct_size, 0, 4);
FIELD(hearth_home, reserved, 4, 4);
FIELD(hearth_home, subscribe, 8, 8);
FIELD(hearth_home, unsubscribe, 16, 8);
FIELD(hearth_home, call, 24, 8);

SIZE(hearth_exec, 24);
FIELD(hearth_exec, struct_size, 0, 4);
FIELD(hearth_exec, reserved, 4, 4);
FIELD(hearth_exec, run, 8, 8);
FIELD(hearth_exec, cancel, 16, 8);

#endif

_Static_assert(sizeof(hearth_status) == 4, "hearth_status is 32 bits wide everywhere");
_Static_assert(HEARTH_ABI_MAJOR == 1, "a new major version has a layout of its own");
