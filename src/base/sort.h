/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers in ascending order, and rows by their numbers. */
#ifndef KAPLAN_BASE_SORT_H
#define KAPLAN_BASE_SORT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Sorts n numbers, none of them NaN, in place; many in the time of some passes. */
void sort_numbers(double *values, size_t n);

/* The row numbers 0 … n - 1 in ascending order of values[row], none of them NaN, equal values by row; the caller frees them.
 * A radix sort: time and memory in proportion to n. */
size_t *sort_order(const double *values, size_t n);

/* An unsigned number that orders as the double does: IEEE 754 magnitudes ascend, negative ones run backwards; -0 is before 0. */
static inline uint64_t sort_key(double value)
{
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

#endif
