/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/entry_order.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { DIGITS = 8, DIGIT_BITS = 8, DIGIT_VALUES = 1 << DIGIT_BITS };

struct keyed_row {
  uint64_t key;
  size_t row;
};

/* An unsigned number that orders as the double does: IEEE 754 magnitudes ascend, negative ones run backwards.
 * Adding 0 makes -0 the same as 0. */
static uint64_t order_key(double value)
{
  uint64_t bits;
  value += 0.0;
  memcpy(&bits, &value, sizeof bits);
  return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static size_t key_digit(uint64_t key, size_t digit)
{
  return (size_t)(key >> (digit * DIGIT_BITS)) & (DIGIT_VALUES - 1);
}

/* One stable pass by the digit; counts[v] rows have the value v there. */
static void sort_by_digit(const struct keyed_row *from, struct keyed_row *to, size_t n, size_t digit,
                          const size_t *counts)
{
  size_t place[DIGIT_VALUES], next = 0;
  for (size_t v = 0; v < DIGIT_VALUES; v++) {
    place[v] = next;
    next += counts[v];
  }
  for (size_t i = 0; i < n; i++)
    to[place[key_digit(from[i].key, digit)]++] = from[i];
}

size_t *entry_order(const double *entry, size_t n)
{
  struct keyed_row *rows = memory_new(n, sizeof *rows), *other = memory_new(n, sizeof *other);
  size_t(*counts)[DIGIT_VALUES] = memory_new(DIGITS, sizeof *counts);
  for (size_t i = 0; i < n; i++) {
    rows[i] = (struct keyed_row){.key = order_key(entry[i]), .row = i};
    for (size_t digit = 0; digit < DIGITS; digit++)
      counts[digit][key_digit(rows[i].key, digit)]++;
  }
  for (size_t digit = 0; digit < DIGITS && n > 0; digit++) {
    bool constant = counts[digit][key_digit(rows[0].key, digit)] == n;
    if (constant)
      continue;
    sort_by_digit(rows, other, n, digit, counts[digit]);
    struct keyed_row *swap = rows;
    rows = other;
    other = swap;
  }
  size_t *order = memory_new(n, sizeof *order);
  for (size_t i = 0; i < n; i++)
    order[i] = rows[i].row;
  free(rows);
  free(other);
  free(counts);
  return order;
}
