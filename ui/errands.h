/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small computations beside the keys: how many a filter would keep, how often each value of a column occurs, what there is
 * to say of a column.
 *
 * One thread does them.  There are a few kinds; of each kind only the newest counts: a post replaces one that has not begun,
 * asks one under way to stop, and drops what was found for it. */
#ifndef KAPLAN_UI_ERRANDS_H
#define KAPLAN_UI_ERRANDS_H

#include <stdbool.h>

#include "base/task.h"

/* Where several wait, the first of these is done first; the last is the one that no frame waits for. */
enum errand_kind { ERRAND_LEVELS, ERRAND_CUTS, ERRAND_PREVIEW, ERRAND_SORT, ERRAND_SEARCH, ERRAND_FREQUENCY_SEARCH, ERRAND_FREQUENCY, ERRAND_DESCRIPTION, ERRAND_HISTOGRAMS, ERRAND_KINDS };

/* What is to be done: `work` fills `data` on the thread; where it was asked to stop it may leave it as it is. */
struct errand {
  void *data;
  void (*work)(void *data, struct task *task);
  void (*release)(void *data); /* frees it, done or not */
};

struct errands;

/* NULL where no thread can be started. */
struct errands *errands_new(void);
void errands_free(struct errands *errands); /* stops, joins */

/* Readable when something is done. */
int errands_descriptor(const struct errands *errands);

/* Posts an errand; its data are the errands' from now on. */
void errands_post(struct errands *errands, enum errand_kind kind, const struct errand *errand);

/* Stops and forgets what there is of a kind; false where there was nothing to stop. */
bool errands_cancel(struct errands *errands, enum errand_kind kind);

/* Whether something of a kind is still to be done. */
bool errands_is_busy(const struct errands *errands, enum errand_kind kind);

/* What is done of a kind, with its data, which are the caller's; false where nothing is. */
bool errands_take(struct errands *errands, enum errand_kind kind, struct errand *errand);

#endif
