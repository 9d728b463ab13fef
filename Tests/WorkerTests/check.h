/* The smallest test framework that does: CHECK counts, and a failure says where and goes on. */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>

extern int checks_passed, checks_failed;

bool check(bool is_true, const char *expression, const char *file, int line);

#define CHECK(expression) check((expression), #expression, __FILE__, __LINE__)

/* Text as tests write it, whose NULs count. */
#define TEXT(literal) ((hearth_string){literal, sizeof(literal) - 1})

/* One function for each file of tests. */
void test_extensions(void);
void test_descriptors(void);
void test_frames(void);
void test_in_process(void);
void test_json(void);
void test_launcher(void);
void test_life(void);
void test_loading(void);
void test_misbehaviour(void);
void test_names(void);
void test_outbox(void);
void test_tables(void);
void test_timers(void);
void test_utf8(void);

#endif
