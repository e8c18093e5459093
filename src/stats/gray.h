/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gray's test of whether groups have the same cumulative incidence, as the Tests of R's cmprsk::cuminc(). */
#ifndef KAPLAN_STATS_GRAY_H
#define KAPLAN_STATS_GRAY_H

#include "base/error.h"
#include "base/task.h"
#include "stats/survival_data.h"

enum { GRAY_MAX_GROUPS = 2000 }; /* the covariance is a dense matrix */

/* NaN where fewer than two groups are at risk when the cause strikes, or nothing varies. */
struct gray_result {
  double statistic, df, p_value;
};

/* Compares the groups' incidence of STATUS_EVENT into results[0] and of STATUS_COMPETING into results[1], within strata
 * (Gray, Annals of Statistics 16, 1988).  `rho` is the power of the weight (1 - F)^rho, F the pooled incidence: 0 in
 * cuminc() unless it is told otherwise.  df is the rank of the scores' covariance: the groups with rows less one, as in
 * cuminc(), but less where groups never share a risk set with the others (cuminc() then gives -1).
 *
 * Without competing events the scores are those of the log-rank test, but their covariance is not the hypergeometric
 * one: the statistics agree in large samples only.  Weights are frequencies.  Delayed entry, which cuminc() has not, is
 * taken into the risk sets; a group whose curve came down to 0 is not at risk again.  At most GRAY_MAX_GROUPS groups:
 * the caller checks.  STATUS_CANCELLED when the task says so. */
enum status gray_test(const struct survival_data *data, double rho, struct task *task, struct gray_result results[2]);

#endif
