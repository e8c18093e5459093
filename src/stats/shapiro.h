/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Shapiro–Wilk test of normality, as R's shapiro.test(): Royston's algorithm AS R94 (Applied Statistics 44, 1995,
 * 547–551), uncensored. */
#ifndef KAPLAN_STATS_SHAPIRO_H
#define KAPLAN_STATS_SHAPIRO_H

#include <stddef.h>

enum { SHAPIRO_MIN_N = 3, SHAPIRO_MAX_N = 5000 };

/* Not estimable = NaN: n below 3 or above 5000, or all values equal. */
struct shapiro {
  double w, p_value;
};

/* `sorted` holds n finite values, ascending. */
struct shapiro shapiro_wilk(const double *sorted, size_t n);

#endif
