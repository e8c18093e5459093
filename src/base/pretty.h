/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Round values that cover a range, as R's pretty(). */
#ifndef KAPLAN_BASE_PRETTY_H
#define KAPLAN_BASE_PRETTY_H

#include <stddef.h>

/* About n + 1 equally spaced round values (steps of 1, 2 or 5 times a power of ten) that cover low … high, those R's
 * pretty(c(low, high), n) gives.  Both finite, low <= high, n >= 1.  *count values; the caller frees them. */
double *pretty_values(double low, double high, size_t n, size_t *count);

#endif
