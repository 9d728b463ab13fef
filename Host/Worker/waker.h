/* Wakes the main thread out of its wait when another thread has left something to do. */
#ifndef WORKER_WAKER_H
#define WORKER_WAKER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#pragma GCC visibility push(hidden)

struct waker {
    int descriptor; /* an eventfd, to be polled for input; -1: nobody waits */
    pthread_t main_thread;
    atomic_bool is_signalled;
};

/* Makes the calling thread the main thread. False if the system refuses an eventfd. */
bool waker_open(struct waker *waker);
void waker_close(struct waker *waker);

bool waker_is_main_thread(const struct waker *waker);

/* [any] Cheap if called often, and on the main thread, which looks for work before it waits. */
void waker_wake(struct waker *waker);

/* To be called before the main thread looks for what others left. */
void waker_reset(struct waker *waker);

#pragma GCC visibility pop

#endif
