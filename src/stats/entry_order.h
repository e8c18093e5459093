/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows in order of entry, for methods that let patients into the risk set as time goes on. */
#ifndef KAPLAN_STATS_ENTRY_ORDER_H
#define KAPLAN_STATS_ENTRY_ORDER_H

#include <stddef.h>

/* The row numbers 0 … n - 1 in ascending order of entry[row] (finite), equal entries by row; the caller frees them.
 * A radix sort (of few rows a merging one): time and memory in proportion to n. */
size_t *entry_order(const double *entry, size_t n);

#endif
