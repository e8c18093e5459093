/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many rows' numbers at a time: the form in which a column stores them is looked at once. */
#include <math.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/vector.h"
#include "data/column.h"

/* A loop over numbers that are stored as integers of one width, item `at` in the i-th round. */
#define FROM_INTEGERS(items, missing, at)                                                                              \
  for (size_t i = 0; i < n; i++) {                                                                                     \
    const int32_t item = (items)[at];                                                                                  \
    numbers[i * stride] = item == (missing) ? (double)NAN : item / divisor;                                            \
  }

VECTOR_CLONES void column_numbers(const struct column *column, size_t first, size_t n, double *numbers)
{
  const struct column_values *values = column->values;
  const double divisor = values->divisor;
  enum { stride = 1 };
  if (values->width == 1)
    FROM_INTEGERS(values->as.numbers8 + first, INT8_MIN, i)
  else if (values->width == 2)
    FROM_INTEGERS(values->as.numbers16 + first, INT16_MIN, i)
  else if (values->width == 4)
    FROM_INTEGERS(values->as.numbers32 + first, INT32_MIN, i)
  else
    memcpy(numbers, values->as.numbers + first, n * sizeof *numbers);
}

void column_numbers_of(const struct column *column, const uint32_t *rows, size_t n, double *numbers, size_t stride)
{
  const struct column_values *values = column->values;
  const double divisor = values->divisor;
  if (values->width == 1)
    FROM_INTEGERS(values->as.numbers8, INT8_MIN, rows[i])
  else if (values->width == 2)
    FROM_INTEGERS(values->as.numbers16, INT16_MIN, rows[i])
  else if (values->width == 4)
    FROM_INTEGERS(values->as.numbers32, INT32_MIN, rows[i])
  else
    for (size_t i = 0; i < n; i++)
      numbers[i * stride] = values->as.numbers[rows[i]];
}

enum { LANES = 8, BLOCK_WORDS = 8, WORD_ROWS = 64 };

/* Least, greatest and how many, of every eighth number: lanes that compilers make vectors of. */
struct range_lanes {
  double low[LANES], high[LANES];
  uint64_t n[LANES];
};

VECTOR_CLONES static void widen_range(struct range_lanes *range, const double *numbers, size_t n)
{
  for (size_t i = 0; i < n; i += LANES)
    for (size_t lane = 0; lane < LANES; lane++) {
      const double number = numbers[i + lane];
      range->low[lane] = number < range->low[lane] ? number : range->low[lane];
      range->high[lane] = number > range->high[lane] ? number : range->high[lane];
      range->n[lane] += number == number;
    }
}

size_t column_range(const struct column *column, const struct bitmap *rows, double *low, double *high)
{
  struct range_lanes range = {.n = {0}};
  double numbers[BLOCK_WORDS * WORD_ROWS];
  size_t n_present = 0;
  for (size_t lane = 0; lane < LANES; lane++) {
    range.low[lane] = INFINITY;
    range.high[lane] = -INFINITY;
  }
  for (size_t first = 0; first < rows->n; first += BLOCK_WORDS * WORD_ROWS) {
    const size_t rest = rows->n - first, n = rest < BLOCK_WORDS * WORD_ROWS ? rest : BLOCK_WORDS * WORD_ROWS;
    column_numbers(column, first, n, numbers);
    for (size_t i = n; i % LANES; i++)
      numbers[i] = (double)NAN;
    for (size_t i = 0; i < n; i++)
      if (i % WORD_ROWS == 0 && rows->words[(first + i) / WORD_ROWS] == UINT64_MAX)
        i += WORD_ROWS - 1;
      else if (!bitmap_has(rows, first + i))
        numbers[i] = (double)NAN;
    widen_range(&range, numbers, (n + LANES - 1) / LANES * LANES);
  }
  for (size_t lane = 0; lane < LANES; lane++) {
    n_present += range.n[lane];
    range.low[0] = range.low[lane] < range.low[0] ? range.low[lane] : range.low[0];
    range.high[0] = range.high[lane] > range.high[0] ? range.high[lane] : range.high[0];
  }
  if (n_present) {
    *low = range.low[0];
    *high = range.high[0];
  }
  return n_present;
}
