/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The actuarial life table (Cutler and Ederer, J Chron Dis 1958;8:699-712), as SPSS's SURVIVAL and SAS's LIFETEST
 * METHOD=LIFE have it, and R's KMsurv::lifetab().
 *
 * Intervals are [start, end), the first from 0: an event or a censoring exactly at a boundary belongs to the interval
 * that begins there (times nearer to a boundary than rounding tells apart, 1.5e-8 of it, are at it).  Who is censored
 * in an interval counts as exposed for half of it:
 *
 *   n_exposed = n_enter - n_withdrawn / 2 + n_delayed / 2     q = n_events / n_exposed (at most 1)    p = 1 - q
 *   survival  = product of p up to the interval's end         std_error = S sqrt(sum of q / (p n_exposed)), Greenwood
 *   hazard    = 2 q / (h (1 + p)), h the width                its error = hazard sqrt((1 - (h hazard / 2)^2) /
 * n_events)
 *
 * With delayed entry, n_enter are those under observation at the interval's start, n_delayed those who enter after it
 * and before its end: like the withdrawn they are taken to be exposed for half of it. */
#ifndef KAPLAN_STATS_LIFETABLE_H
#define KAPLAN_STATS_LIFETABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "stats/survival_data.h"

/* As many intervals as all groups of one call may have together. */
#define LIFETABLE_MAX_INTERVALS 1000000

/* One group's table; each array has n values.  Counts are weighted.  Owns its arrays.  Not estimable = NaN:
 * std_error once nobody survives; hazard and its error where nobody is exposed or the interval has no end.  Where
 * nobody is exposed survival stays as it was. */
struct lifetable {
  size_t n;
  double *start, *end; /* end is infinite in an open last interval */
  double *n_enter, *n_withdrawn, *n_events, *n_delayed, *n_exposed;
  double *survival, *std_error; /* at the interval's end */
  double *hazard, *hazard_error;
};

/* One table a group into tables[0 … data->n_groups - 1] (the caller's array; lifetable_clear() each), with intervals of
 * `width` up to the one that holds the group's last time; a group without rows gives a table without intervals.  False,
 * with all tables empty, where width is not a positive number or there would be more than LIFETABLE_MAX_INTERVALS.
 * Competing events are censored.  `stratum` is not read; a time under 0 counts in the first interval. */
bool lifetable_compute(const struct survival_data *data, double width, struct lifetable *tables);

/* The same with given break points (ascending, finite; those not over 0 are passed over): intervals [0, b1), [b1, b2) …
 * and from the last break point on of `width`, or, where width is 0, one without end.  False also where the break
 * points do not ascend. */
bool lifetable_compute_at(const struct survival_data *data, const double *breaks, size_t n_breaks, double width,
                          struct lifetable *tables);

/* Releases the arrays; an empty table is left. */
void lifetable_clear(struct lifetable *table);

#endif
