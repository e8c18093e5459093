/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log-rank family: weighted comparisons of curves over the risk sets, stratified, with trend and pairs. */
#ifndef KAPLAN_STATS_LOGRANK_H
#define KAPLAN_STATS_LOGRANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/task.h"
#include "stats/km.h"
#include "stats/survival_data.h"

/* The weight of an event time with n at risk: 1; n; sqrt n; S(t-)^p (1 - S(t-))^q with the pooled Kaplan–Meier curve of
 * the stratum; Peto–Peto's prod(1 - d / (n + 1)) up to and with t; the same times n / (n + 1). */
enum logrank_weight {
  LOGRANK_PLAIN,
  LOGRANK_GEHAN,
  LOGRANK_TARONE,
  LOGRANK_FLEMING_HARRINGTON,
  LOGRANK_PETO,
  LOGRANK_MODIFIED_PETO
};

/* What the pass over the risk sets found at one event time, before it is summed; borrowed for the call. */
struct logrank_moment {
  size_t stratum;
  double time, n_risk, n_event;          /* of all groups */
  const double *group_risk, *group_event; /* of each group */
  double weight;
};
typedef void logrank_visitor(void *data, const struct logrank_moment *moment);

struct logrank_options {
  enum logrank_weight weight;
  double p, q; /* of Fleming–Harrington */
  logrank_visitor *visit; /* called at each event time, by stratum and ascending; NULL: nobody looks on */
  void *visit_data;
};

enum { LOGRANK_MAX_GROUPS = 2000 }; /* the covariance is a dense matrix */

struct logrank_result {
  size_t n_groups;
  double *n, *observed, *expected; /* of each group; expected and observed are unweighted, as survdiff() prints them */
  double *score;                   /* weighted observed - expected */
  double *covariance;              /* of the scores, n_groups x n_groups */
  double statistic, df, p_value;   /* NaN where fewer than two groups have an expectation, or nothing varies */
};

/* Tests whether the groups' hazards are equal, within strata.  At most LOGRANK_MAX_GROUPS groups: the caller checks.
 * Hypergeometric variances with the tie factor (n - d) / (n - 1); groups without expectation leave the degrees of
 * freedom, as survdiff(), and so does what the risk sets cannot compare (groups that never share one): df is the rank
 * of the covariance.  Weights are frequencies.  Delayed entry is taken into the risk sets.  STATUS_CANCELLED, with
 * nothing to clear, when the task says so; else the caller clears the result. */
enum status logrank_test(const struct survival_data *data, const struct logrank_options *options, struct task *task,
                         struct logrank_result *result);

/* The same of groups whose curves are there: their counts at each time are all that the test takes, so no row is looked at
 * again.  Without strata, of a few groups and without delayed entry: else logrank_can_use_curves() is false.  Where weights are
 * whole the result has the same bits. */
bool logrank_can_use_curves(const struct km_curve *const *curves, size_t n);
enum status logrank_test_curves(const struct km_curve *const *curves, size_t n, const struct logrank_options *options,
                                struct task *task, struct logrank_result *result);
void logrank_result_clear(struct logrank_result *result);

/* The test for trend over groups scored 1, 2, … in their order, from a result: (c'U)^2 / (c'Vc), 1 degree of freedom.
 * NaN where nothing varies. */
struct chi_square {
  double statistic, df, p_value;
};
struct chi_square logrank_trend(const struct logrank_result *result);

enum p_adjustment {
  ADJUST_NONE,
  ADJUST_HOLM,
  ADJUST_BH,
  ADJUST_BONFERRONI,
  ADJUST_HOCHBERG,
  ADJUST_HOMMEL,
  ADJUST_BY
};

/* One pair of groups, tested alone on its own rows. */
struct logrank_pair {
  size_t group1, group2;
  double statistic, p_value, p_adjusted;
};

#define LOGRANK_ALL_PAIRS SIZE_MAX

/* All n_groups (n_groups - 1) / 2 pairs, (0,1), (0,2), …, (1,2), …, or (reference not LOGRANK_ALL_PAIRS) the n_groups - 1
 * of that group with the others; p-values are adjusted over those that are tested.  The caller frees *pairs.  At most
 * LOGRANK_MAX_GROUPS groups.  A pair that cannot be compared has NaN.  STATUS_CANCELLED, with nothing to free, when the
 * task says so. */
enum status logrank_pairs(const struct survival_data *data, const struct logrank_options *options,
                          enum p_adjustment adjustment, size_t reference, struct task *task,
                          struct logrank_pair **pairs, size_t *n_pairs);

/* The test of all groups and that of each pair, from their curves, by all cores; then as logrank_test_curves() and
 * logrank_pairs() with LOGRANK_ALL_PAIRS.  Without pairs where `pairs` is NULL. */
enum status logrank_all_curves(const struct km_curve *const *curves, size_t n, const struct logrank_options *options,
                               enum p_adjustment adjustment, struct task *task, struct logrank_result *result,
                               struct logrank_pair **pairs, size_t *n_pairs);

/* Adjusts n p-values as R's p.adjust(); NaN stays and is not counted. */
void p_adjust(const double *p, size_t n, enum p_adjustment adjustment, double *adjusted);

#endif
