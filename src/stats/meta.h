/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pooling of estimates from several studies, as R's metafor::rma().
 *
 * Estimates are on a scale on which they add (log hazard ratio, difference), each with its standard error.  The inverse
 * variance weights are w = 1 / (s^2 + tau2), tau2 the variance between studies: 0 (fixed effect), DerSimonian and
 * Laird's moment estimate (Control Clin Trials 1986;7:177-188) or restricted maximum likelihood (Viechtbauer, J Educ
 * Behav Stat 2005;30:261-293; Fisher scoring). */
#ifndef KAPLAN_STATS_META_H
#define KAPLAN_STATS_META_H

#include <stdbool.h>
#include <stddef.h>

enum meta_method { META_FIXED, META_DL, META_REML };

struct meta_result {
  size_t k; /* studies pooled: those with a finite estimate and a finite standard error over 0 */
  double estimate, std_error, conf_low, conf_high;
  double statistic, p_value; /* of no effect: z, or t with k - 1 degrees of freedom under Hartung and Knapp */
  double q, q_df, q_p;       /* Cochran's test of heterogeneity, weights 1 / s^2 */
  double i2;                 /* percent of the variance that is between studies: 100 tau2 / (tau2 + v), v the typical
                                variance within, (k - 1) sum w / ((sum w)^2 - sum w^2) with w = 1 / s^2, as metafor;
                                under fixed effect (and, being the same there, DL) 100 (Q - df) / Q, at least 0 */
  double i2_q;               /* 100 (Q - df) / Q whatever the method (Higgins and Thompson) */
  double tau2;
  double prediction_low, prediction_high; /* where the effect of a further study lies: estimate +- t sqrt(tau2 + std_error^2),
                                             t with k - 2 degrees of freedom (Higgins, Thompson and Spiegelhalter, J R Stat
                                             Soc A 2009;172:137-159, eq. 12); NaN under fixed effect and with k < 3 */
  bool converged;     /* false: REML's iterations did not settle, the last value stands */
  bool knapp_hartung; /* whether that was done: it needs two studies */
};

/* Pools k estimates.  `knapp_hartung` scales the variance by the weighted mean square sum w (y - estimate)^2 / (k - 1),
 * however small (test="knha", without the variants that keep it at 1 or more), and takes limits and p-value from t.
 * `level` is that of the limits: 0.95.  k = 0: all NaN but k.  k = 1: that study, by z, with q, q_df, i2 and tau2 0 and
 * q_p 1, as R. */
void meta_pool(const double *estimate, const double *std_error, size_t k, enum meta_method method, bool knapp_hartung,
               double level, struct meta_result *result);

#endif
