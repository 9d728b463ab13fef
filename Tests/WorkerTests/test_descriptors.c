/* What the worker inherits, and what happens when the plugin closes it. */
#define _GNU_SOURCE
#include "check.h"
#include "driver.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int highest_descriptor(pid_t process)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd", (int)process);
    DIR *folder = opendir(path);
    int highest = -1;
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        int descriptor = atoi(entry->d_name);
        if (descriptor > highest) highest = descriptor;
    }
    if (folder != NULL) closedir(folder);
    return highest;
}

static void closes_what_it_was_not_given(void)
{
    int stray = fcntl(0, F_DUPFD, 200); /* not closed on exec: the worker inherits it */
    struct driven driven = driver_start("well-behaved", "{}");
    CHECK(highest_descriptor(driven.process) == 5); /* the eventfd */
    driver_exit(&driven);
    close(stray);
}

static void notices_that_they_are_closed(void)
{
    struct driven driven = driver_start("closes-descriptors", "{}");
    driver_send_command(&driven, 2, "close", "{}");
    CHECK(!driver_expect(&driven, MESSAGE_RESULT));
    char output[256];
    CHECK(strstr(driver_output(&driven, output, sizeof output), "did the plugin close descriptor 3") != NULL);
    int status = driver_end(&driven);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 70);
}

void test_descriptors(void)
{
    closes_what_it_was_not_given();
    notices_that_they_are_closed();
}
