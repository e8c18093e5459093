/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where to cut a numeric variable so that survival at or below and above differs most, with a p-value that pays for the
 * search: the maximally selected log-rank statistic, as R's maxstat::maxstat.test(smethod = "LogRank").
 *
 * Each row has a log-rank score: its event less the cumulative hazard it went through, so that a group's scores add up
 * to observed - expected.  At a cut with m of N rows at or below it, the sum of their scores is standardised by its
 * mean and variance over all permutations of the scores, m (N - m) / (N^2 (N - 1)) (N sum a^2 - (sum a)^2).  One sort
 * and one pass give the statistics of all cuts. */
#ifndef KAPLAN_STATS_CUTPOINT_H
#define KAPLAN_STATS_CUTPOINT_H

#include <stddef.h>

#include "base/error.h"
#include "base/task.h"
#include "stats/survival_data.h"

/* How events at one time step the hazard: with n at risk and w of all rows at that time, by 1 / (n - w + 1) each, as
 * maxstat's scores do, or by 1 / n, as the log-rank test does.  Without ties the same. */
enum cutpoint_ties { CUTPOINT_TIES_MAXSTAT, CUTPOINT_TIES_RISK_SET };

struct cutpoint_options {
  double minimum_share; /* 0.1: at least floor(share N) and at most floor((1 - share) N) rows at or below the cut */
  enum cutpoint_ties ties;
};

/* Owns its arrays.  Not estimable = NaN: everything of the best cut where no cut leaves enough rows on each side, or
 * where the scores do not vary (no events). */
struct cutpoint_result {
  double n;                  /* weighted count */
  size_t n_cuts;             /* candidates: the values of the variable that leave enough on each side */
  double *cut;               /* ascending: rows with a value <= cut against those above it */
  double *statistic;         /* standardised; over 0: more events than expected at or below the cut */
  double *n_low;             /* rows at or below */
  size_t best;               /* index of the largest |statistic|, the first of equals; 0 where there is none */
  double best_cut, best_low; /* that cut, and the rows at or below it */
  double best_statistic;     /* |statistic| there: M */
  double p_naive;            /* as if the cut had been given beforehand; not to be reported */
  double p_lausen92; /* Lausen and Schumacher, Biometrics 1992;48:73-85: of a Brownian bridge between the shares, by
                        the approximation of Miller and Siegmund (Biometrics 1982;38:1011-1016); 1 under M = 1 */
  double p_lausen94; /* improved Bonferroni inequality over the cuts there are (Lausen, Sauerbrei and Schumacher
                        1994; Worsley 1983): sharper where they are few */
  double logrank_statistic, logrank_p; /* the ordinary log-rank test at the best cut: what `logrank` would print */
};

/* Searches the cut of value[0 … data->n - 1] (finite).  Weights are frequencies; delayed entry is taken into the risk
 * sets; competing events are censored; `group` and `stratum` are not read.  STATUS_CANCELLED, with nothing to clear,
 * when the task says so. */
enum status cutpoint_search(const struct survival_data *data, const double *value,
                            const struct cutpoint_options *options, struct task *task, struct cutpoint_result *result);

/* Releases the arrays. */
void cutpoint_result_clear(struct cutpoint_result *result);

/* The two p-values of a largest statistic `m_largest`: for shares from `share` to 1 - share, and for cuts with n_low[…]
 * (ascending, n_cuts values) of n rows at or below.  Between 0 and 1. */
double cutpoint_p_lausen92(double m_largest, double share);
double cutpoint_p_lausen94(double m_largest, double n, const double *n_low, size_t n_cuts);

#endif
