/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nearest neighbour matching on a score without replacement, as R's MatchIt::matchit(method = "nearest").
 *
 * The treated take turns in descending order of their score (m.order = "largest"), equal scores by row; each takes the
 * untreated row that is nearest among those not yet taken, of equally near ones the first.  With a ratio of k there are
 * k such rounds.  Scores and distances that differ by less than 1e-9 of the scores' standard deviation are equal, so
 * that the last bits of a fitted score, which differ from machine to machine, choose nobody.  A greedy rule: what is
 * taken is not given back for a better whole. */
#ifndef KAPLAN_STATS_MATCHING_H
#define KAPLAN_STATS_MATCHING_H

#include <stddef.h>
#include <stdint.h>

struct matching_options {
  size_t ratio;            /* untreated for each treated; 0: 1 */
  double caliper;          /* largest distance, in standard deviations of the score over all rows; 0 or less: none */
  const uint32_t *stratum; /* 0 … n_strata - 1: match only within a stratum; NULL: anybody */
  size_t n_strata;
};

/* Owns its array. */
struct matching {
  size_t n;
  uint32_t *set;       /* of each row: its set's number, 1 … n_sets in the order of the treated rows, or 0: in none */
  size_t n_sets;       /* treated with at least one match */
  size_t n_matched[2]; /* rows in sets: untreated, treated */
  size_t n_unmatched[2];
  double caliper;       /* the caliper in the score's units; infinite where there is none */
  double mean_distance; /* of treated and matched untreated; NaN without a match */
  double largest_distance;
};

/* Matches n rows (under 2^32): `score` is the logit of the propensity score (the linear predictor of a logistic model);
 * a row whose score is not finite is in no set.  O(n log n + k n). */
void matching_nearest(const double *score, const uint8_t *treated, size_t n, const struct matching_options *options,
                      struct matching *matching);

/* Releases the array. */
void matching_clear(struct matching *matching);

#endif
