/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many rows' numbers at a time: the form in which a column stores them is looked at once. */
#include <string.h>

#include "base/vector.h"
#include "data/column.h"

/* A loop over numbers that are stored as integers of one width, item `at` in the i-th round. */
#define FROM_INTEGERS(items, missing, at)                                       \
  for (size_t i = 0; i < n; i++) {                                              \
    const int32_t item = (items)[at];                                           \
    numbers[i * stride] = item == (missing) ? (double)NAN : item / divisor;     \
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
