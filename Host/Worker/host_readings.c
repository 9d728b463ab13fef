#include "extensions.h"
#include "instance.h"

enum { BATCH_LIMIT = 4096 };

static hearth_status publish(const hearth_host *host, const hearth_reading *readings, size_t count)
{
    if (count == 0) return HEARTH_OK;
    if (readings == NULL || count > BATCH_LIMIT) return HEARTH_INVALID;
    /* A plugin built with a later header has larger readings: its own size is the distance between two of them. */
    size_t stride = readings->struct_size;
    if (stride < sizeof *readings || stride % _Alignof(hearth_reading) != 0) return HEARTH_INVALID;
    for (size_t i = 0; i < count; i++) {
        const hearth_reading *reading = (const void *)((const char *)readings + i * stride);
        if (reading->struct_size != stride || !is_valid_reading(reading)) return HEARTH_INVALID;
    }
    return outbox_publish(&instance_of(host)->outbox, readings, count, stride, clock_utc_ms(), clock_monotonic_ms());
}

const hearth_readings extension_readings = {.struct_size = sizeof(hearth_readings), .publish = publish};
