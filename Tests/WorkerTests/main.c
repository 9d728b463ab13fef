#include "check.h"
#include "driver.h"

#include <signal.h>
#include <stdio.h>

int checks_passed, checks_failed;

bool check(bool is_true, const char *expression, const char *file, int line)
{
    if (is_true) {
        checks_passed++;
    } else {
        checks_failed++;
        fprintf(stderr, "%s:%d: failed: %s\n", file, line, expression);
    }
    return is_true;
}

int main(int count, char **arguments)
{
    if (count != 3) {
        fputs("usage: worker-tests WORKER FOLDER-OF-FIXTURES\n", stderr);
        return 64;
    }
    driver_worker = arguments[1];
    driver_fixtures = arguments[2];
    signal(SIGPIPE, SIG_IGN);

    test_utf8();
    test_frames();
    test_json();
    test_names();
    test_outbox();
    test_timers();
    test_tables();
    test_loading();
    test_life();
    test_extensions();
    test_misbehaviour();
    test_descriptors();
    test_launcher();
    test_in_process();

    printf("%d passed, %d failed\n", checks_passed, checks_failed);
    return checks_failed == 0 ? 0 : 1;
}
