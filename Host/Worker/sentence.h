/* Makes text for people fit to be sent: valid UTF-8 of at most SENTENCE_LIMIT bytes. */
#ifndef WORKER_SENTENCE_H
#define WORKER_SENTENCE_H

#include <plugin_api.h>

#pragma GCC visibility push(hidden)

/* Usually text itself. Otherwise a copy, repaired, or cut and marked as such; *owned is to be freed in any case. */
hearth_string sentence_of(hearth_string text, char **owned);

#pragma GCC visibility pop

#endif
