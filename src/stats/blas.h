/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The linear algebra library as a whole. */
#ifndef KAPLAN_STATS_BLAS_H
#define KAPLAN_STATS_BLAS_H

/* Tells the library to use no threads of its own: kaplan shares out the cores itself (base/parallel.h), and its sums do not
 * depend on their number.  Call it once, before any other thread is started. */
void blas_leave_cores(void);

#endif
