/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sort.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static int compare_numbers(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

enum { FEW = 2048, DIGIT_BITS = 11, DIGITS = 6, BUCKETS = 1 << DIGIT_BITS };

/* Numbers as integers of the same order, and back: all bits are turned of those with a sign, else the sign's alone. */
static uint64_t to_ordered(double number)
{
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static double from_ordered(uint64_t ordered)
{
  const uint64_t bits = ordered >> 63 ? ordered & ~(UINT64_C(1) << 63) : ~ordered;
  double number;
  memcpy(&number, &bits, sizeof number);
  return number;
}

/* Digit by digit, the least first; digits that are the same in all are passed over. */
static void sort_many(double *values, size_t n)
{
  uint64_t *keys = memory_resize(NULL, n, sizeof *keys), *other = memory_resize(NULL, n, sizeof *other);
  size_t(*counts)[BUCKETS] = memory_new(DIGITS, sizeof *counts);
  for (size_t i = 0; i < n; i++) {
    keys[i] = to_ordered(values[i]);
    for (size_t place = 0; place < DIGITS; place++)
      counts[place][keys[i] >> (place * DIGIT_BITS) & (BUCKETS - 1)]++;
  }
  for (size_t place = 0; place < DIGITS; place++) {
    const size_t shift = place * DIGIT_BITS;
    size_t start = 0;
    if (counts[place][keys[0] >> shift & (BUCKETS - 1)] == n)
      continue;
    for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
      const size_t count = counts[place][bucket];
      counts[place][bucket] = start;
      start += count;
    }
    for (size_t i = 0; i < n; i++)
      other[counts[place][keys[i] >> shift & (BUCKETS - 1)]++] = keys[i];
    uint64_t *swapped = keys;
    keys = other;
    other = swapped;
  }
  for (size_t i = 0; i < n; i++)
    values[i] = from_ordered(keys[i]);
  free(keys);
  free(other);
  free(counts);
}

void sort_numbers(double *values, size_t n)
{
  if (n > FEW)
    sort_many(values, n);
  else if (n)
    qsort(values, n, sizeof *values, compare_numbers);
}
