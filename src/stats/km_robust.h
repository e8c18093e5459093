/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors of weighted Kaplan–Meier curves by the infinitesimal jackknife (R's survfit(robust = TRUE)). */
#ifndef KAPLAN_STATS_KM_ROBUST_H
#define KAPLAN_STATS_KM_ROBUST_H

#include "stats/km.h"

/* Whether a weight is not whole, so that weights are no frequencies; not with delayed entry (Greenwood's stays). */
bool km_needs_robust(const struct survival_data *data);

/* Replaces the errors and limits of fitted curves, and keeps in them what the mean's error needs. */
void km_make_robust(const struct survival_data *data, const struct km_options *options, struct km_curve *curves);

/* The standard error of the mean restricted to tau, of a curve made robust. */
double km_robust_mean_error(const struct km_curve *curve, double tau);

#endif
