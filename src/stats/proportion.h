/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One proportion: its limits, and its logit for pooling. */
#ifndef KAPLAN_STATS_PROPORTION_H
#define KAPLAN_STATS_PROPORTION_H

/* Wilson's score limits of `events` of n at that level (J Am Stat Assoc 1927;22:209-212), as R's
 * prop.test(events, n, correct = FALSE); and Clopper and Pearson's exact ones (Biometrika 1934;26:404-413), as binom.test().
 * 0 <= events <= n, n > 0. */
void proportion_wilson(double events, double n, double level, double limits[2]);
void proportion_exact(double events, double n, double level, double limits[2]);

/* The logit with its standard error, sqrt(1 / events + 1 / (n - events)); where all or none had the event, half a patient is
 * added to both numbers, as metafor's escalc(measure = "PLO"). */
void proportion_logit(double events, double n, double *logit, double *std_error);

#endif
