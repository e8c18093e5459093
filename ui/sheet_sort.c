/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sorting the sheet: each value becomes a number that sorts as it does, and those are sorted digit by digit: stable, and a
 * tenth of a second for a million rows. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ui/sheet.h"

struct item {
  uint64_t value;
  uint32_t row;
};

enum { DIGIT_BITS = 11, DIGITS = 6, BUCKETS = 1 << DIGIT_BITS };

/* Numbers as integers of the same order: the sign's bit turned for those that have none, all bits for those that have. */
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

void sheet_sort_rows(const struct column *column, bool descending, uint32_t *rows, size_t n)
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

size_t sheet_key_place(const struct sheet *sheet, const char *name, bool *descending)
{
  for (size_t i = 0; i < sheet->n_keys; i++) {
    if (strcmp(sheet->keys[i].name, name) != 0)
      continue;
    *descending = sheet->keys[i].descending;
    return sheet->n_keys - i;
  }
  return 0;
}

static void remove_key(struct sheet *sheet, size_t i)
{
  free(sheet->keys[i].name);
  memmove(sheet->keys + i, sheet->keys + i + 1, (--sheet->n_keys - i) * sizeof *sheet->keys);
}

/* The order of the file. */
static void unsort(struct sheet *sheet)
{
  while (sheet->n_keys)
    remove_key(sheet, sheet->n_keys - 1);
  sheet_list_rows(sheet);
}

bool sheet_sort(struct sheet *sheet, bool descending)
{
  const struct sheet_column *at = sheet_at_column(sheet);
  bool was;
  if (!at)
    return false;
  const size_t place = sheet_key_place(sheet, at->column->name, &was);
  if (place == 1 && was == descending) {
    unsort(sheet);
    return false;
  }
  if (place)
    remove_key(sheet, sheet->n_keys - place);
  if (sheet->n_keys == SHEET_MOST_KEYS)
    remove_key(sheet, 0);
  sheet->keys[sheet->n_keys++] = (struct sheet_key){memory_copy_string(at->column->name), descending};
  sheet_sort_rows(at->column, descending, sheet->rows, sheet->n_rows);
  return true;
}
