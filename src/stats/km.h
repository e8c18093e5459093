/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Kaplan–Meier estimate of survival, with Greenwood's variance, as R's survfit(). */
#ifndef KAPLAN_STATS_KM_H
#define KAPLAN_STATS_KM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/task.h"
#include "stats/survival_data.h"

enum confidence_type { CONF_LOG, CONF_PLAIN, CONF_LOG_LOG, CONF_LOGIT, CONF_ARCSIN };

struct km_options {
  enum confidence_type conf;
  double level; /* coverage of the limits: 0.95 */
  bool reverse; /* the reverse estimate: whatever is not an event becomes one, and events censor (follow-up time) */
};

/* One group's curve.  Row j speaks of the j-th distinct time: events and censorings at it, those at risk just before
 * it, the estimate just after it.  Not estimable = NaN.  Errors are Greenwood's; where a weight is not whole (and nobody enters
 * late), those of the infinitesimal jackknife, as R's.  Owns its arrays. */
struct km_curve {
  size_t n_times;
  double *time;
  double *n_risk, *n_event, *n_censor; /* weighted counts */
  double *estimate, *std_error;        /* S(t) and its Greenwood standard error */
  double *conf_low, *conf_high;
  double n, n_events; /* weighted counts of the group */
  double *event_square, *censor_square; /* sums of squared weights at each time, where weights are not whole; or NULL */
  size_t n_entries;   /* with delayed entry: the sorted distinct entry times and how many (weighted) entered by then */
  double *entry_time, *entry_cumulated;
};

/* Fits one curve a group into curves[0 … data->n_groups - 1] (the array is the caller's; km_curve_clear() each).  A
 * group without rows gives a curve without times.  STATUS_CANCELLED when the task says so, with nothing to clear.
 * `stratum` is not read. */
enum status km_fit(const struct survival_data *data, const struct km_options *options, struct task *task,
                   struct km_curve *curves);
void km_curve_clear(struct km_curve *curve);

/* The curve of being followed, of the same rows: events and censorings change places.  As km_fit() with `reverse` for that
 * group, without entries and limits; times and counts are the curve's own, borrowed; the caller clears it. */
void km_reverse(const struct km_curve *curve, struct km_curve *reversed);
void km_reverse_clear(struct km_curve *reversed);

/* S(t) with limits.  Between times the estimate of the last one; 1, with limits 1, before the first; beyond the group's
 * last time, and in a group without rows, not estimable (NaN, 0 at risk). */
struct km_point {
  double time, n_risk, estimate, std_error, conf_low, conf_high;
};
struct km_point km_at(const struct km_curve *curve, double time);

/* As km_at(), but beyond the last time its value runs on, with 0 at risk: R's summary(survfit, extend = TRUE). */
struct km_point km_at_extended(const struct km_curve *curve, double time);

/* Number at risk at t: entry < t <= time.  Without delayed entry all are at risk from the beginning, whatever t. */
double km_at_risk(const struct km_curve *curve, double time);

/* A quantile of survival time: the time at which S has come down to `survival` (0.5: the median), with limits. */
struct km_quantile {
  double time, low, high;
};

/* How packages find it.  R: quantile.survfit(), with the midpoint where the curve is flat at exactly that value; limits
 * where the limit curves cross.  SPSS: first time at which S is at or under the value; limits of the median by the
 * normal approximation (Collett, Modelling Survival Data in Medical Research, 2.4) at `level`, 0 where the lower one
 * would be negative; of other quantiles none (NaN).  SAS: as R, but not reached where the curve stays at exactly that value
 * to the end.  R's limits have the level that the curve was fitted with. */
enum quantile_rule { QUANTILE_R, QUANTILE_SPSS, QUANTILE_SAS };
struct km_quantile km_quantile(const struct km_curve *curve, double survival, enum quantile_rule rule, double level);

/* How QUANTILE_SPSS finds the median's standard error (Collett, Modelling Survival Data in Medical Research, 2.4): by the
 * density of survival times around it,
 *   s.e. = s.e.(S(median)) / f,   f = (S(u) - S(l)) / (l - u)
 * u the last event time with S >= 0.55 (0, where S is 1, if there is none), l the first with S <= 0.45; NaN where the
 * curve does not come down to that. */
struct km_density {
  double u, survival_u, l, survival_l, density, std_error;
};
struct km_density km_median_density(const struct km_curve *curve);

/* The restricted mean to tau: the area under the curve, its last value run on to tau, and its standard error (Greenwood
 * type sum, R's survfit rmean).  `bias_corrected` multiplies the error by sqrt(m / (m - 1)), m the events (SAS, JMP),
 * and has none (NaN) with one event.  NaN for a group without rows. */
struct km_mean {
  double mean, std_error;
};
struct km_mean km_restricted_mean(const struct km_curve *curve, double tau, bool bias_corrected);

#endif
