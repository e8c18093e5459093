/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Survival data with some rows taken several times and others not at all, as frequencies. */
#ifndef KAPLAN_STATS_RESAMPLE_H
#define KAPLAN_STATS_RESAMPLE_H

#include "stats/survival_data.h"

struct resample {
  struct survival_data data; /* spans into the arrays below */
  size_t *row;               /* of the original data */
  double *time, *entry, *weight, *design;
  uint8_t *status;
  uint32_t *stratum;
};

/* The rows with a count above 0, in order, weighted by it (and by their own weight); `group` is not carried over.
 * `design` (n x n_columns, NULL allowed) comes along.  The caller clears it. */
void resample_init(struct resample *resample, const struct survival_data *data, const double *design, size_t n_columns,
                   const uint32_t *counts);
void resample_clear(struct resample *resample);

#endif
