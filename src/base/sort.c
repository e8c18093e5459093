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

/* The number whose sort_key() it is. */
static double number_of_key(uint64_t key)
{
  const uint64_t bits = key >> 63 ? key & ~(UINT64_C(1) << 63) : ~key;
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
    keys[i] = sort_key(values[i]);
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
    values[i] = number_of_key(keys[i]);
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
