#include "check.h"
#include "names.h"

#include <math.h>

static void knows_ids(void)
{
    CHECK(is_plugin_id(TEXT("kasa")) && is_plugin_id(TEXT("a1")) && is_plugin_id(TEXT("a-b-0")));
    CHECK(!is_plugin_id(TEXT("a")) && !is_plugin_id(TEXT("1a")) && !is_plugin_id(TEXT("A1")) && !is_plugin_id(TEXT("a_b")));
    CHECK(is_plugin_id(TEXT("a234567890123456789012345678901")));
    CHECK(!is_plugin_id(TEXT("a2345678901234567890123456789012")));
    CHECK(!is_plugin_id(TEXT("")) && !is_plugin_id(TEXT("ab\0")));
    CHECK(is_device_id(TEXT("8006:Ab_c.d-1")) && !is_device_id(TEXT("a/b")) && !is_device_id(TEXT("")));
    CHECK(!is_device_id(TEXT("é")) && !is_device_id(TEXT("a\0")));
    CHECK(is_entity_id(TEXT("power_1-x")) && !is_entity_id(TEXT("1x")) && !is_entity_id(TEXT("Power")));
    CHECK(is_alert_key(TEXT("0device/a:b.c_d-e")) && !is_alert_key(TEXT("/a")) && !is_alert_key(TEXT("A")));
    CHECK(is_short_name(TEXT("Turn on")) && !is_short_name(TEXT("")) && !is_short_name(TEXT("\xFF")));
}

static void knows_subscriptions(void)
{
    CHECK(is_subscription(TEXT("*/*/*")) && is_subscription(TEXT("kasa/80:06/power")) && is_subscription(TEXT("kasa/*/on")));
    CHECK(!is_subscription(TEXT("")) && !is_subscription(TEXT("*")) && !is_subscription(TEXT("*/*")));
    CHECK(!is_subscription(TEXT("*/*/*/*")) && !is_subscription(TEXT("*/*/")) && !is_subscription(TEXT("/*/*")));
    CHECK(!is_subscription(TEXT("ka*/*/*")) && !is_subscription(TEXT("Kasa/*/*")) && !is_subscription(TEXT("//")));
}

static hearth_reading reading(int32_t kind, double value)
{
    return (hearth_reading){.struct_size = sizeof(hearth_reading), .kind = kind, .device = TEXT("d"), .entity = TEXT("e"),
                            .value = value};
}

static bool is_valid(hearth_reading reading) { return is_valid_reading(&reading); }

static void knows_readings(void)
{
    CHECK(is_valid(reading(HEARTH_READING_NUMBER, -2.5)));
    CHECK(!is_valid(reading(HEARTH_READING_NUMBER, NAN)) && !is_valid(reading(HEARTH_READING_NUMBER, -INFINITY)));
    CHECK(is_valid(reading(HEARTH_READING_BOOLEAN, 1)) && !is_valid(reading(HEARTH_READING_BOOLEAN, 0.5)));
    CHECK(is_valid(reading(HEARTH_READING_UNKNOWN, NAN)));
    CHECK(!is_valid(reading(4, 0)) && !is_valid(reading(-1, 0)));

    char text[256] = {0};
    hearth_reading with_text = reading(HEARTH_READING_TEXT, 0);
    with_text.text = (hearth_string){text, 255};
    CHECK(is_valid(with_text));
    with_text.text.size = 256;
    CHECK(!is_valid(with_text));
    with_text.text = TEXT("\xFF");
    CHECK(!is_valid(with_text));

    hearth_reading other = reading(HEARTH_READING_NUMBER, 1);
    other.time_ms = -1;
    CHECK(!is_valid(other));
    other.time_ms = 1;
    other.unit = TEXT("\xFF");
    CHECK(!is_valid(other));
    other.unit = TEXT("°C");
    CHECK(is_valid(other));
    other.entity = TEXT("");
    CHECK(!is_valid(other));
}

void test_names(void)
{
    knows_ids();
    knows_subscriptions();
    knows_readings();
}
