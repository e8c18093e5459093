/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Harrell's concordance of a risk score with survival, and its standard error, in O(n log n). */
#ifndef KAPLAN_STATS_CONCORDANCE_H
#define KAPLAN_STATS_CONCORDANCE_H

#include "stats/survival_data.h"

struct concordance {
  double concordant, discordant, tied_score, tied_time; /* weighted pairs, summed over strata; tied_time: pairs of
                                                           events at one time with different scores */
  double estimate;  /* (concordant + tied_score / 2) / (concordant + discordant + tied_score) */
  double std_error; /* infinitesimal jackknife, as R's concordance(); with clusters, summed within them */
};

/* `score` is higher where risk is higher.  `cluster` (n_clusters, 0-based) groups the rows for the standard error, or
 * NULL. Pairs are comparable within strata; delayed entry is taken into account as R does. */
struct concordance concordance_compute(const struct survival_data *data, const double *score, const uint32_t *cluster,
                                       size_t n_clusters);

/* The same where a weight is a frequency: the standard error takes the row as that many rows of their own (or, with
 * clusters, of their cluster). */
struct concordance concordance_compute_counts(const struct survival_data *data, const double *score,
                                              const uint32_t *cluster, size_t n_clusters);

#endif
