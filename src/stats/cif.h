/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cumulative incidence of an event and of the event that competes with it, as R's cmprsk::cuminc(). */
#ifndef KAPLAN_STATS_CIF_H
#define KAPLAN_STATS_CIF_H

#include <stddef.h>

#include "base/error.h"
#include "base/task.h"
#include "stats/survival_data.h"

enum { CIF_CAUSES = 2 }; /* STATUS_EVENT and STATUS_COMPETING */

/* One group's curve for one cause.  Row j speaks of the j-th distinct time at which the cause strikes: those at risk
 * just before it (of any cause), events of the cause at it, the incidence just after it.  Not estimable = NaN.  Owns
 * its arrays. */
struct cif_curve {
  size_t n_times;
  double *time, *n_risk, *n_event;
  double *estimate, *std_error;
  double *conf_low, *conf_high; /* NaN where the estimate is 0 or 1 */
  double n, n_events;           /* weighted counts of the group; n_events of the cause */
  double last_time;             /* the last time of the group, of whatever status; NaN for a group without rows */
};

/* Fits curves[2 g + cause - 1] for the groups g = 0 … data->n_groups - 1 and the causes STATUS_EVENT and
 * STATUS_COMPETING (the array is the caller's; cif_curve_clear() each).  The estimate is Aalen and Johansen's, the
 * error that of Aalen's variance as cuminc() has it, with its tie factor 1 - (d - 1) / (n - 1); limits at `level`
 * (0.95) are log-log: F^exp(-+ z se / (F log F)).  At each time the incidences of both causes and the Kaplan–Meier
 * estimate for events of any cause sum to 1.  Weights are frequencies; with delayed entry (which cuminc() has not) a
 * row is at risk in (entry, time].  Once a risk set has died out, the curve stays where it is.  A group without rows,
 * or without events of a cause, gives a curve without times.  STATUS_CANCELLED, with nothing to clear, when the task
 * says so. `stratum` is not read. */
enum status cif_fit(const struct survival_data *data, double level, struct task *task, struct cif_curve *curves);
void cif_curve_clear(struct cif_curve *curve);

/* The incidence at a time, with limits: that of the last time of the cause up to it; 0, with limits 0, before the
 * first; NaN beyond the group's last time and in a group without rows. */
struct cif_point {
  double time, estimate, std_error, conf_low, conf_high;
};
struct cif_point cif_at(const struct cif_curve *curve, double time);

#endif
