/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tail probabilities, right in the far tail, over GSL. */
#ifndef KAPLAN_STATS_DISTRIBUTION_H
#define KAPLAN_STATS_DISTRIBUTION_H

/* P(chi-square with df > x); NaN for df <= 0 or NaN. */
double chi_square_upper(double x, double df);

/* P(|Z| > |z|), the two-sided p-value of a normal statistic. */
double normal_two_sided(double z);

/* The z with P(-z < Z < z) = level: 1.959964 for 0.95. */
double normal_half_width(double level);

#endif
