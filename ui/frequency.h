/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often each value of a column occurs among the patients on view. */
#ifndef KAPLAN_UI_FREQUENCY_H
#define KAPLAN_UI_FREQUENCY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/task.h"
#include "session/state.h"
#include "ui/list.h"

struct frequency_line {
  uint32_t code; /* of a factor */
  double value;  /* of a number or date */
  size_t count;  /* above 0 */
};

struct frequency {
  atomic_uint references;
  const struct column *column; /* retained */
  const struct row_set *rows;  /* retained: who was counted */
  struct frequency_line *lines; /* in the order of the levels or values */
  size_t *by_count;             /* the lines, the most frequent first */
  size_t n_lines;
  size_t n_present, n_missing;
  size_t most; /* the greatest count */
};

/* Counts a column over rows; NULL where the task was cancelled.  A million numbers take some tenths of a second. */
struct frequency *frequency_count(const struct column *column, const struct row_set *rows, struct task *task);
struct frequency *frequency_retain(struct frequency *frequency);
void frequency_release(struct frequency *frequency); /* NULL is let through */

/* Lines with that of the missing ones, which is the last where any is missing. */
size_t frequency_rows(const struct frequency *frequency);

/* The i-th line in the order of the levels, or with the most frequent first; NULL: that of the missing ones. */
const struct frequency_line *frequency_line_at(const struct frequency *frequency, size_t i, bool by_level);

/* What the explorer shows of it: a column that is followed from state to state, counted beside the keys. */
struct frequency_view {
  const struct column *column; /* retained: what was asked for; NULL: nothing */
  const struct row_set *rows;
  struct frequency *counted; /* the last that was found: of an earlier state while the next is counted; or NULL */
  bool by_level;
  struct list list;
};

void frequency_view_clear(struct frequency_view *view);

#endif
