/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quadratic forms of symmetric matrices that may lack rank. */
#ifndef KAPLAN_STATS_QUADRATIC_H
#define KAPLAN_STATS_QUADRATIC_H

#include <stddef.h>

/* x' M^- x for a symmetric non-negative M (n x n, row-major): rows that those before them imply are left out, and *rank
 * says how many count.  NaN where the rank is 0.  The matrix is scaled to a unit diagonal first. */
double quadratic_form_inverse(const double *matrix, const double *x, size_t n, double *rank);

#endif
