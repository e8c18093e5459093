/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers in ascending order. */
#ifndef KAPLAN_BASE_SORT_H
#define KAPLAN_BASE_SORT_H

#include <stddef.h>

/* Sorts n numbers, none of them NaN, in place; many in the time of some passes. */
void sort_numbers(double *values, size_t n);

#endif
