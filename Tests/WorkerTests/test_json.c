#include "check.h"
#include "json.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

static hearth_string from(const char *text) { return (hearth_string){text, strlen(text)}; }

static bool is_valid(const char *text)
{
    struct json_value value;
    return json_parse(from(text), &value) == NULL;
}

static void accepts_json(void)
{
    const char *valid[] = {"null", " true ", "false", "0", "-0", "12", "1.5", "-1e9", "1E+2", "1e-2", "\"\"", "\"a\"", "[]",
                           "[1]", "[ 1 , [2] ]", "{}", "{ \"a\" : 1 , \"b\" : {} }", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
                           "\"\\u00e9\"", "\"\\uD83D\\uDE00\"", "\"é€😀\"", "\t\r\n[]\n", "\"\\u0000\"", "{\"\":1,\"\":2}"};
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++) CHECK(is_valid(valid[i]));
}

static void refuses_everything_else(void)
{
    const char *invalid[] = {"", " ", "nul", "truex", "True", "01", "-", "1.", ".5", "1e", "+1", "1e+", "0x1", "NaN", "\"",
                             "\"a", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\uD83D\"", "\"\\uDE00\"", "\"\\uD83Dx\"",
                             "\"\\uD83D\\u0041\"", "\"\\", "\"\\u", "\"\x01\"", "\"\n\"", "[", "]", "[1", "[1,", "[1,]", "[,1]",
                             "[1 2]", "{", "}", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{\"a\" 1}",
                             "{1:2}", "1 2", "[]]", "\"\xFF\"", "'a'", "// x\n1", "\xEF\xBB\xBF[]", "{\"a\":1]"};
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) CHECK(!is_valid(invalid[i]));
    struct json_value value;
    CHECK(json_parse(TEXT("1\0"), &value) != NULL);
    CHECK(json_parse(TEXT("\"\\\0\""), &value) != NULL);
}

static void bounds_depth_and_size(void)
{
    char text[200] = "";
    memset(text, '[', 64);
    memset(text + 64, ']', 64);
    CHECK(is_valid(text));
    memset(text, '[', 65);
    memset(text + 65, ']', 65);
    CHECK(!is_valid(text));

    struct json_value value;
    char *large = malloc(JSON_SIZE_LIMIT + 1);
    memset(large, ' ', JSON_SIZE_LIMIT + 1);
    large[0] = '1';
    CHECK(json_parse((hearth_string){large, JSON_SIZE_LIMIT}, &value) == NULL);
    CHECK(json_parse((hearth_string){large, JSON_SIZE_LIMIT + 1}, &value) != NULL);
    free(large);
}

/* The value at pointer in document as text: its JSON, or "missing", or "bad". */
static const char *at(const char *document, const char *pointer)
{
    static char text[256];
    struct json_value root, found;
    CHECK(json_parse(from(document), &root) == NULL);
    switch (json_find(root, from(pointer), &found)) {
    case JSON_MISSING: return "missing";
    case JSON_BAD_POINTER: return "bad";
    default: break;
    }
    memcpy(text, found.start, found.size);
    text[found.size] = '\0';
    return text;
}

static void is_at(const char *document, const char *pointer, const char *expected)
{
    if (!CHECK(strcmp(at(document, pointer), expected) == 0)) check(false, pointer, document, 0);
}

static void finds_by_pointer(void)
{
    /* The example of RFC 6901, section 5. */
    const char *rfc = "{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,\"g|h\":4,\"i\\\\j\":5,"
                      "\"k\\\"l\":6,\" \":7,\"m~n\":8}";
    is_at(rfc, "/foo", "[\"bar\",\"baz\"]");
    is_at(rfc, "/foo/0", "\"bar\"");
    is_at(rfc, "/foo/1", "\"baz\"");
    is_at(rfc, "/", "0");
    is_at(rfc, "/a~1b", "1");
    is_at(rfc, "/c%d", "2");
    is_at(rfc, "/e^f", "3");
    is_at(rfc, "/g|h", "4");
    is_at(rfc, "/i\\j", "5");
    is_at(rfc, "/k\"l", "6");
    is_at(rfc, "/ ", "7");
    is_at(rfc, "/m~0n", "8");
    is_at("[1]", "", "[1]");

    is_at(rfc, "/foo/2", "missing");
    is_at(rfc, "/foo/-", "missing");
    is_at(rfc, "/foo/00", "missing");
    is_at(rfc, "/foo/01", "missing");
    is_at(rfc, "/foo/9999999999", "missing");
    is_at(rfc, "/foo/0/x", "missing");
    is_at(rfc, "/fo", "missing");
    is_at(rfc, "/fooo", "missing");
    is_at(rfc, "foo", "bad");
    is_at(rfc, "/m~n", "bad");
    is_at(rfc, "/m~", "bad");

    is_at("{\"\\u00e9\":1}", "/é", "1");
    is_at("{\"\\uD83D\\uDE00\":2}", "/😀", "2");
    is_at(" { \"a\" : { \"b\" : [ 1 , { \"c\" : null } ] } } ", "/a/b/1/c", "null");
    is_at("{\"a\":1,\"a\":2}", "/a", "1");
}

static struct json_value value_of(const char *text)
{
    struct json_value value = {.kind = JSON_NULL};
    CHECK(json_parse(from(text), &value) == NULL);
    return value;
}

static void gives_values(void)
{
    char out[64];
    size_t size = json_text(value_of("\"a\\n\\u00e9\\uD83D\\uDE00\\/€\""), out);
    CHECK(size == 12 && memcmp(out, "a\né😀/€", 12) == 0);
    CHECK(json_text(value_of("\"\\u0000\""), out) == 1 && out[0] == '\0');

    CHECK(json_count(value_of("[]")) == 0 && json_count(value_of("[1,[2,3],{}]")) == 3);
    CHECK(json_count(value_of("{ }")) == 0 && json_count(value_of("{\"a\":1,\"b\":[1,2]}")) == 2);
    CHECK(json_boolean(value_of("true")) && !json_boolean(value_of("false")));

    int64_t integer;
    CHECK(json_integer(value_of("-0"), &integer) && integer == 0);
    CHECK(json_integer(value_of("9223372036854775807"), &integer) && integer == INT64_MAX);
    CHECK(json_integer(value_of("-9223372036854775808"), &integer) && integer == INT64_MIN);
    CHECK(!json_integer(value_of("9223372036854775808"), &integer));
    CHECK(!json_integer(value_of("-9223372036854775809"), &integer));
    CHECK(!json_integer(value_of("99999999999999999999999999"), &integer));
    CHECK(json_integer(value_of("5.0"), &integer) && integer == 5);
    CHECK(json_integer(value_of("1e3"), &integer) && integer == 1000);
    CHECK(!json_integer(value_of("1.5"), &integer));
    CHECK(!json_integer(value_of("1e300"), &integer));

    double number;
    CHECK(json_number(value_of("-1.25e1"), &number) && number == -12.5);
    CHECK(!json_number(value_of("1e999"), &number));
    char digits[201];
    memset(digits, '1', 200);
    memcpy(digits, "1.", 2);
    digits[200] = '\0';
    CHECK(json_number(value_of(digits), &number) && number > 1.11 && number < 1.12);
}

void test_json(void)
{
    accepts_json();
    refuses_everything_else();
    bounds_depth_and_size();
    finds_by_pointer();
    gives_values();
}
