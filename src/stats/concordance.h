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

/* The estimate alone, counting pairs as both of the above do: one walk, a third of the work. */
double concordance_estimate(const struct survival_data *data, const double *score);

/* The pairs that the events of one time make, by stratum and ascending in time: their sums are the pairs above. */
struct concordance_step {
  size_t stratum;
  double time, n_event; /* the events, by weight */
  double concordant, discordant, tied_score, tied_time;
};

/* The steps of all event times; the caller frees *steps. */
void concordance_steps(const struct survival_data *data, const double *score, struct concordance_step **steps,
                       size_t *n_steps);

/* What a pair of rows is. */
enum concordance_pair {
  PAIR_NOT_COMPARABLE, /* of different strata, not at risk together, or none had the event before the other's time */
  PAIR_CONCORDANT,     /* the one with the higher score had the event first */
  PAIR_DISCORDANT,
  PAIR_TIED_SCORE,
  PAIR_TIED_TIME /* both had the event at one time, with different scores */
};
enum concordance_pair concordance_pair_of(const struct survival_data *data, const double *score, size_t row1,
                                          size_t row2);

#endif
