#include "check.h"
#include "sentence.h"
#include "utf8.h"

#include <plugin_api.h>
#include <stdlib.h>
#include <string.h>

static bool is_valid(const char *text) { return utf8_is_valid(text, strlen(text)); }

static void accepts_and_refuses(void)
{
    const char *valid[] = {"", "a", "é", "€", "😀", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\xEE\x80\x80", "\xE0\xA0\x80"};
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++) CHECK(is_valid(valid[i]));

    const char *invalid[] = {"\x80",         "\xC3",         "\xC0\x80",         "\xC1\xBF",         "\xE0\x9F\xBF",
                             "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
                             "\xFF",         "a\xE2\x82",    "\xE2\x28\xA1",     "\xF0\x9F\x98"};
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) CHECK(!is_valid(invalid[i]));
    CHECK(utf8_is_valid("a\0b", 3));
}

static void cuts_between_characters(void)
{
    CHECK(utf8_cut("abc", 3, 5) == 3);
    CHECK(utf8_cut("abc", 3, 2) == 2);
    CHECK(utf8_cut("a€", 4, 3) == 1);
    CHECK(utf8_cut("a€", 4, 1) == 1);
    CHECK(utf8_cut("\x80\x80\x80\x80\x80\x80", 6, 5) == 2);
}

static void repairs_sentences(void)
{
    char *owned;
    hearth_string same = sentence_of(TEXT("all right"), &owned);
    CHECK(owned == NULL && same.size == 9);

    hearth_string repaired = sentence_of(TEXT("a\xFFz"), &owned);
    CHECK(repaired.size == 5 && memcmp(repaired.data, "a\xEF\xBF\xBDz", 5) == 0);
    free(owned);

    char *longer = malloc(20000);
    memset(longer, 0xFF, 20000);
    hearth_string cut = sentence_of((hearth_string){longer, 20000}, &owned);
    CHECK(cut.size <= 8192 && cut.size > 8180 && utf8_is_valid(cut.data, cut.size));
    CHECK(memcmp(cut.data + cut.size - 5, "(cut)", 5) == 0);
    free(owned);
    free(longer);
}

void test_utf8(void)
{
    accepts_and_refuses();
    cuts_between_characters();
    repairs_sentences();
}
