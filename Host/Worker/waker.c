#include "waker.h"

#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

bool waker_open(struct waker *waker)
{
    waker->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    waker->main_thread = pthread_self();
    atomic_init(&waker->is_signalled, false);
    return waker->descriptor >= 0;
}

void waker_close(struct waker *waker) { close(waker->descriptor); }

bool waker_is_main_thread(const struct waker *waker) { return pthread_equal(pthread_self(), waker->main_thread) != 0; }

void waker_wake(struct waker *waker)
{
    if (waker->descriptor < 0 || waker_is_main_thread(waker) || atomic_exchange(&waker->is_signalled, true)) return;
    uint64_t one = 1;
    ssize_t written = write(waker->descriptor, &one, sizeof one);
    (void)written; /* it fails only if the plugin closed it, which the main thread notices */
}

void waker_reset(struct waker *waker)
{
    /* Read first: a wake between the two would otherwise be forgotten. */
    uint64_t count;
    ssize_t got = read(waker->descriptor, &count, sizeof count);
    (void)got;
    atomic_store(&waker->is_signalled, false);
}
