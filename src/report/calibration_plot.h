/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A calibration plot as data: observed against predicted survival of groups of patients, one series a time, beside the
 * diagonal where both agree. */
#ifndef KAPLAN_REPORT_CALIBRATION_PLOT_H
#define KAPLAN_REPORT_CALIBRATION_PLOT_H

#include <stddef.h>

/* One group.  All from 0 to 1; what is not known is NaN. */
struct calibration_point {
  double predicted, observed, low, high;
  double corrected; /* observed, less the optimism */
};

struct calibration_series {
  char *label; /* "at 36 months" */
  struct calibration_point *points;
  size_t n, capacity;
};

struct calibration_plot {
  char *title; /* or NULL */
  struct calibration_series *series;
  size_t n_series, capacity;
};

/* An empty plot (title copied, may be NULL); the caller frees it, or gives it to a report. */
struct calibration_plot *calibration_plot_new(const char *title);
void calibration_plot_free(struct calibration_plot *plot);

/* Adds a series without points (label copied); adds a point to the series added last, unless its place is not known. */
void calibration_plot_add(struct calibration_plot *plot, const char *label);
void calibration_plot_add_point(struct calibration_plot *plot, struct calibration_point point);

/* How many points have a corrected value. */
size_t calibration_plot_n_corrected(const struct calibration_plot *plot);

#endif
