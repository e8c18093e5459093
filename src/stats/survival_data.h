/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every survival method is given: parallel arrays over n rows, already in ascending order of time.
 *
 * A row is at risk in (entry, time].  Near-equal times were made equal by survival_times_merge().  A weight counts a
 * row that many times (frequency) or weighs it (case weight): which, the method's options say.  Borrowed throughout. */
#ifndef KAPLAN_STATS_SURVIVAL_DATA_H
#define KAPLAN_STATS_SURVIVAL_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STATUS_CENSORED = 0, STATUS_EVENT = 1, STATUS_COMPETING = 2 };

struct survival_data {
  size_t n;
  const double *time; /* ascending */
  const uint8_t
      *status;          /* STATUS_CENSORED, STATUS_EVENT, STATUS_COMPETING (censored, unless a method says otherwise) */
  const double *entry;  /* entry[i] < time[i]; NULL: all from the beginning */
  const double *weight; /* > 0; NULL: all 1 */
  const uint32_t *group;   /* 0 … n_groups - 1; NULL: one group */
  size_t n_groups;         /* 1 where group is NULL */
  const uint32_t *stratum; /* 0 … n_strata - 1; NULL: one stratum */
  size_t n_strata;         /* 1 where stratum is NULL */
};

/* The group of a row, and what it counts for. */
static inline size_t survival_group_of(const struct survival_data *data, size_t row)
{
  return data->group ? data->group[row] : 0;
}

static inline double survival_weight_of(const struct survival_data *data, size_t row)
{
  return data->weight ? data->weight[row] : 1;
}

/* Makes near-equal times equal, as R's aeqSurv(): neighbours among the distinct values (times and entries together) are
 * one when they differ by at most sqrt(DBL_EPSILON), or by at most that times the mean absolute distinct value; the
 * smallest of a run stands for all.  `time` (n values, ascending) and `entry` (n values in any order, or NULL), all
 * finite, are changed in place.  An entry just before its time may come to equal it: such a row is never at risk, and
 * the caller leaves it out.  Returns how many distinct values went away. */
size_t survival_times_merge(double *time, double *entry, size_t n);

/* Whether the values are so far apart that survival_times_merge() would change nothing, of all rows or of any of them: then
 * it need not be asked again for every subgroup.  The arrays are as there, and stay as they are. */
bool survival_times_are_apart(double *time, double *entry, size_t n);

#endif
