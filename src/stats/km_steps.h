/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Kaplan–Meier estimate taken apart: one step an event time, as a teacher writes it on the board. */
#ifndef KAPLAN_STATS_KM_STEPS_H
#define KAPLAN_STATS_KM_STEPS_H

#include "stats/km.h"

struct km_step {
  double time, n_risk, n_event;
  double n_censor;       /* censored since the step before, up to (not with) this time */
  double factor;         /* 1 - d / n */
  double estimate;       /* the product of the factors so far: the curve's value */
  double greenwood_term; /* d / (n (n - d)); infinite where all at risk die */
  double greenwood;      /* their sum so far */
  double std_error, conf_low, conf_high; /* the curve's */
};

/* The steps of the event times up to and with `until` (infinity: all); the caller frees them.  A curve at 0 stays there:
 * later events have no step.  *censored_after: censored behind the last step, up to and with `until`. */
struct km_step *km_steps(const struct km_curve *curve, double until, size_t *n_steps, double *censored_after);

#endif
