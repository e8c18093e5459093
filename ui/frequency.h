/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often each value of a column occurs among the patients on view. */
#ifndef KAPLAN_UI_FREQUENCY_H
#define KAPLAN_UI_FREQUENCY_H

#include <stdbool.h>
#include <stdint.h>

#include "session/state.h"
#include "ui/list.h"

struct frequency_line {
  uint32_t code; /* of a factor */
  double value;  /* of a number or date */
  size_t count;  /* above 0 */
};

struct frequency {
  const struct column *column; /* retained; NULL: none was counted */
  const struct row_set *rows;  /* retained: who was counted */
  struct frequency_line *lines;
  size_t n_lines;
  size_t n_present, n_missing;
  size_t most; /* the greatest count */
  bool by_level; /* in the order of the levels or values, else the most frequent first */
  struct list list; /* the last line, where any is missing, is the missing ones' */
};

/* Counts a column over rows; nothing is done where it was counted already.  Another column starts with the most frequent
 * first.  A million numbers take about a tenth of a second. */
void frequency_count(struct frequency *frequency, const struct column *column, const struct row_set *rows);
void frequency_clear(struct frequency *frequency);

/* Changes the order; the cursor goes to the first line. */
void frequency_order(struct frequency *frequency, bool by_level);

/* Lines with that of the missing ones. */
size_t frequency_rows(const struct frequency *frequency);

#endif
