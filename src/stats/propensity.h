/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weights from propensity scores: what a row counts so that treated and others are alike in what the score was made of.
 *
 * With p the probability of being treated:
 *
 *   ATE             treated 1 / p             others 1 / (1 - p)     everybody
 *   ATE stabilised  treated P / p             others (1 - P) / (1 - p), P the share of treated among the rows kept
 *   ATT             treated 1                 others p / (1 - p)     those who were treated
 *   ATC             treated (1 - p) / p       others 1               those who were not
 *   overlap         treated 1 - p             others p               those who might be either (Li, Morgan and
 *                                                                    Zaslavsky, J Am Stat Assoc 2018;113:390-400) */
#ifndef KAPLAN_STATS_PROPENSITY_H
#define KAPLAN_STATS_PROPENSITY_H

#include <stddef.h>
#include <stdint.h>

enum propensity_target {
  PROPENSITY_ATE,
  PROPENSITY_ATE_STABILISED,
  PROPENSITY_ATT,
  PROPENSITY_ATC,
  PROPENSITY_OVERLAP
};

struct propensity_options {
  enum propensity_target target;
  double score_margin; /* a: rows whose p is outside [a, 1 - a] are left out (Crump et al., Biometrika 2009;96:187-199);
                          0: none */
  double weight_quantile; /* 0.99: larger weights are set to that quantile (R's type 7) of the weights of the rows kept,
                             under ATT of the untreated and under ATC of the treated alone; 0 or 1: none */
};

/* Owns its array. */
struct propensity_weights {
  size_t n;
  double *weight;        /* of each row; 0: left out */
  size_t n_left_out;     /* by the margin, or p not in [0, 1], or a weight that would be infinite */
  size_t n_cut;          /* set to the quantile */
  double largest;        /* weight after that; NaN where no row is kept */
  size_t n_kept[2];      /* rows kept: untreated, treated */
  double n_effective[3]; /* Kish's effective sample size (sum w)^2 / sum w^2: untreated, treated, all; 0 where none */
};

/* Weighs n rows: probability[i] of being treated, treated[i] 1 or 0. */
void propensity_weigh(const double *probability, const uint8_t *treated, size_t n,
                      const struct propensity_options *options, struct propensity_weights *weights);

/* Releases the array. */
void propensity_weights_clear(struct propensity_weights *weights);

/* (sum w)^2 / sum w^2; 0 where every weight is 0. */
double propensity_effective_size(const double *weight, size_t n);

#endif
