// A library to preload (LD_PRELOAD). It numbers the calls of a program that change files below a directory or make them
// durable, and at a given number ends the program, or lets the call fail; and it can write a log of the calls from which
// every state that a power cut can leave behind is built afterwards (powercut.py).
//
//   CRASHPOINT_ROOT     the directory, absolute and without symbolic links
//   CRASHPOINT_CONTROL  a file that holds a struct control: what shall happen, and how many calls there were. Whoever has
//                       mapped it, too, can arm a program that runs already.
//   CRASHPOINT_LOG      optional: the file to which the log is appended
//   CRASHPOINT_PROGRAM  optional: only a program of this name is meant, not the ones that it starts
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

// One unit: nothing but the calls themselves may have a name that the program sees.
#include "point.h"
#include "target.h"
#include "log.h"
#include "content.h"
#include "names.h"
