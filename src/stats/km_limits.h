/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pointwise confidence limits of an estimated survival probability. */
#ifndef KAPLAN_STATS_KM_LIMITS_H
#define KAPLAN_STATS_KM_LIMITS_H

#include "stats/km.h"

struct survival_limits {
  double low, high;
};

/* The limits of `estimate`, whose logarithm has the standard error `log_error` (Greenwood's sum's root), at z standard
 * errors (normal_half_width()), as R's survfit_confint().  plain and log are cut at 0 and 1.  NaN for an estimate of 0,
 * whose error is not estimable, and for 1 on the scales log-log, logit and arcsin. */
struct survival_limits survival_limits(enum confidence_type type, double estimate, double log_error, double z);

#endif
