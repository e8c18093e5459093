/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bootstrap resamples of n units, worked on by all cores, the same whatever their number. */
#ifndef KAPLAN_STATS_BOOTSTRAP_H
#define KAPLAN_STATS_BOOTSTRAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/task.h"

/* What is done with one resample: counts[i] says how often unit i was drawn (they sum to n).  It runs on several
 * threads at a time and writes only to what belongs to its resample. */
typedef void bootstrap_work(void *context, size_t resample, const uint32_t *counts);

struct bootstrap {
  size_t n_units, n_resamples;
  uint32_t seed;
};

/* Draws the resamples in order, as R's set.seed(seed) with one sample(n, n, TRUE) for each, and hands each to `work`.
 * STATUS_CANCELLED when the task says so. */
enum status bootstrap_run(const struct bootstrap *bootstrap, bootstrap_work *work, void *context, struct task *task);

/* Percentile p of the finite ones among n values (R's quantile type 7); NaN without any.  Sorts the values. */
double bootstrap_percentile(double *values, size_t n, double p);

#endif
