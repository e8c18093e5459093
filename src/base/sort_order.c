/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sort.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { DIGITS = 6, DIGIT_BITS = 11, DIGIT_VALUES = 1 << DIGIT_BITS, LOW_DIGITS = 3, SHORT_RUN = 24, FEW_ROWS = 1024 };

struct keyed_row {
  uint64_t key;
  size_t row;
};

static size_t key_digit(uint64_t key, size_t digit)
{
  return (size_t)(key >> (digit * DIGIT_BITS)) & (DIGIT_VALUES - 1);
}

/* One stable pass by the digit; false, and nothing is done, where all rows have the same. */
static bool sort_by_digit(const struct keyed_row *from, struct keyed_row *to, size_t n, size_t digit)
{
  size_t place[DIGIT_VALUES] = {0}, next = 0;
  for (size_t i = 0; i < n; i++)
    place[key_digit(from[i].key, digit)]++;
  if (place[key_digit(from[0].key, digit)] == n)
    return false;
  for (size_t v = 0; v < DIGIT_VALUES; v++) {
    const size_t count = place[v];
    place[v] = next;
    next += count;
  }
  for (size_t i = 0; i < n; i++)
    to[place[key_digit(from[i].key, digit)]++] = from[i];
  return true;
}

/* Sorts by the digits [first, end), the result in `rows`; `other` is as large. */
static void sort_by_digits(struct keyed_row *rows, struct keyed_row *other, size_t n, size_t first, size_t end)
{
  struct keyed_row *from = rows, *to = other;
  for (size_t digit = first; digit < end && n > 0; digit++)
    if (sort_by_digit(from, to, n, digit)) {
      struct keyed_row *swap = from;
      from = to;
      to = swap;
    }
  if (from != rows)
    memcpy(rows, from, n * sizeof *rows);
}

/* Sorts a few rows, keeping the order of equal ones. */
static void insert_rows(struct keyed_row *rows, size_t n)
{
  for (size_t i = 1; i < n; i++) {
    const struct keyed_row row = rows[i];
    size_t k = i;
    for (; k > 0 && rows[k - 1].key > row.key; k--)
      rows[k] = rows[k - 1];
    rows[k] = row;
  }
}

/* Merges two sorted runs of `from` that follow one another into `to`, equal rows of the first run first. */
static void merge_runs(const struct keyed_row *from, struct keyed_row *to, size_t middle, size_t n)
{
  size_t a = 0, b = middle;
  for (size_t i = 0; i < n; i++)
    to[i] = a < middle && (b == n || from[a].key <= from[b].key) ? from[a++] : from[b++];
}

/* Sorts few rows by merging short runs: the tables of the digits are longer than they are. */
static void merge_rows(struct keyed_row *rows, struct keyed_row *other, size_t n)
{
  struct keyed_row *from = rows, *to = other;
  for (size_t first = 0; first < n; first += SHORT_RUN)
    insert_rows(rows + first, n - first < SHORT_RUN ? n - first : SHORT_RUN);
  for (size_t run = SHORT_RUN; run < n; run *= 2) {
    for (size_t first = 0; first < n; first += 2 * run) {
      const size_t length = n - first < 2 * run ? n - first : 2 * run;
      merge_runs(from + first, to + first, run < length ? run : length, length);
    }
    struct keyed_row *swap = from;
    from = to;
    to = swap;
  }
  if (from != rows)
    memcpy(rows, from, n * sizeof *rows);
}

/* The upper half of a key tells most values apart: rows are sorted by it, and by the lower half where it is the same. */
static void sort_rows(struct keyed_row *rows, struct keyed_row *other, size_t n)
{
  const unsigned shift = LOW_DIGITS * DIGIT_BITS;
  if (n <= FEW_ROWS) {
    merge_rows(rows, other, n);
    return;
  }
  sort_by_digits(rows, other, n, LOW_DIGITS, DIGITS);
  for (size_t first = 0, end; first < n; first = end) {
    for (end = first + 1; end < n && rows[end].key >> shift == rows[first].key >> shift;)
      end++;
    if (end - first <= SHORT_RUN)
      insert_rows(rows + first, end - first);
    else
      sort_by_digits(rows + first, other + first, end - first, 0, LOW_DIGITS);
  }
}

size_t *sort_order(const double *values, size_t n)
{
  struct keyed_row *rows = memory_resize(NULL, n, sizeof *rows), *other = memory_resize(NULL, n, sizeof *other);
  for (size_t i = 0; i < n; i++) /* adding 0 makes -0 the same as 0 */
    rows[i] = (struct keyed_row){.key = sort_key(values[i] + 0.0), .row = i};
  sort_rows(rows, other, n);
  size_t *order = memory_resize(NULL, n, sizeof *order);
  for (size_t i = 0; i < n; i++)
    order[i] = rows[i].row;
  free(rows);
  free(other);
  return order;
}
