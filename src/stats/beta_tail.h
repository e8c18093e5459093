/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tails of Student's t and of F through the incomplete beta function, right in the far tail and for a million degrees
 * of freedom (where GSL's own expansions of t and F keep a few digits only). */
#ifndef KAPLAN_STATS_BETA_TAIL_H
#define KAPLAN_STATS_BETA_TAIL_H

/* P(|T| > |t|) with df degrees of freedom, whole or not; NaN where t is NaN or df is not above 0. */
double student_two_sided(double t, double df);

/* P(F > f) with df1 and df2 degrees of freedom; NaN where f is NaN or a df is not above 0. */
double f_upper(double f, double df1, double df2);

#endif
