/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table's margins, and the way that suits them: 2 x 2 by summing the hypergeometric distribution; else the network
 * of fisher_network.c; where that gives up, random tables. */
#include "stats/fisher.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stats/contingency.h"
#include "stats/fisher_internal.h"

#define TOLERANCE 1e-7

static int compare_descending(const void *a, const void *b)
{
  uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;
  return (first < second) - (first > second);
}

/* log k! for k = 0 … n. */
static double *log_factorials(uint32_t n)
{
  double *values = memory_new((size_t)n + 1, sizeof *values);
  for (uint32_t k = 0; k <= n; k++)
    values[k] = lgamma((double)k + 1);
  return values;
}

/* Margins and observed value of whole counts that are n_rows x n_columns. */
static struct fisher_margins margins_of(const double *counts, size_t n_rows, size_t n_columns,
                                        const double *log_factorial)
{
  struct fisher_margins margins = {.n_rows = n_rows, .n_columns = n_columns, .log_factorial = log_factorial};
  margins.row = memory_new(n_rows, sizeof *margins.row);
  margins.column = memory_new(n_columns, sizeof *margins.column);
  for (size_t i = 0; i < n_rows; i++)
    for (size_t j = 0; j < n_columns; j++) {
      uint32_t count = (uint32_t)counts[i * n_columns + j];
      margins.row[i] += count;
      margins.column[j] += count;
      margins.n += count;
      margins.limit -= log_factorial[count];
    }
  margins.limit += log1p(TOLERANCE);
  qsort(margins.row, n_rows, sizeof *margins.row, compare_descending);
  qsort(margins.column, n_columns, sizeof *margins.column, compare_descending);
  if (n_rows > n_columns) {
    uint32_t *row = margins.row;
    margins.row = margins.column;
    margins.column = row;
    margins.n_rows = n_columns;
    margins.n_columns = n_rows;
  }
  return margins;
}

/* x is the first cell: sum of the probabilities up to the limit over the sum of all, each relative to the largest. */
static double two_by_two(const struct fisher_margins *margins)
{
  const double *log_factorial = margins->log_factorial;
  uint32_t row = margins->row[0], column = margins->column[0], other = margins->n - row;
  uint32_t first = column > other ? column - other : 0, last = row < column ? row : column;
  double largest = -INFINITY, counted = 0, all = 0;
  for (int pass = 0; pass < 2; pass++)
    for (uint32_t x = first; x <= last; x++) {
      double value =
          -log_factorial[x] - log_factorial[row - x] - log_factorial[column - x] - log_factorial[other + x - column];
      if (pass == 0) {
        largest = fmax(largest, value);
        continue;
      }
      double relative = exp(value - largest);
      all += relative;
      counted += value <= margins->limit ? relative : 0;
    }
  return fmin(counted / all, 1);
}

size_t fisher_tables(const double *counts, struct fisher_table **tables)
{
  const double row = counts[0] + counts[1], column = counts[0] + counts[2], n = row + counts[2] + counts[3];
  const double first = fmax(0, row + column - n), last = fmin(row, column);
  const double margins = lgamma(row + 1) + lgamma(n - row + 1) + lgamma(column + 1) + lgamma(n - column + 1) - lgamma(n + 1);
  const size_t count = (size_t)(last - first) + 1;
  double observed = 0;
  *tables = memory_new(count, sizeof **tables);
  for (size_t i = 0; i < count; i++) {
    const double x = first + (double)i;
    (*tables)[i].first = x;
    (*tables)[i].probability =
        exp(margins - lgamma(x + 1) - lgamma(row - x + 1) - lgamma(column - x + 1) - lgamma(n - row - column + x + 1));
    if (x == counts[0])
      observed = (*tables)[i].probability;
  }
  for (size_t i = 0; i < count; i++)
    (*tables)[i].is_counted = (*tables)[i].probability <= observed * (1 + TOLERANCE);
  return count;
}

/* A result for `counts`, whole and n in all, without empty rows or columns. */
static enum status test_filled(const double *counts, size_t n_rows, size_t n_columns, uint32_t n, uint64_t seed,
                               struct task *task, struct fisher *result)
{
  double *log_factorial = log_factorials(n);
  struct fisher_margins margins = margins_of(counts, n_rows, n_columns, log_factorial);
  enum status status = STATUS_OK;
  if (n_rows == 2 && n_columns == 2)
    result->p_value = two_by_two(&margins);
  else if (!fisher_network(&margins, task, &result->p_value))
    status = task_is_cancelled(task) ? STATUS_CANCELLED : fisher_sample(&margins, seed, task, result);
  free(margins.row);
  free(margins.column);
  free(log_factorial);
  return status;
}

enum status fisher_exact(const double *counts, size_t n_rows, size_t n_columns, uint64_t seed, struct task *task,
                         struct fisher *result)
{
  *result = (struct fisher){.p_value = (double)NAN};
  double *whole = memory_new(n_rows * n_columns, sizeof *whole), n = 0;
  for (size_t i = 0; i < n_rows * n_columns; i++) {
    whole[i] = nearbyint(counts[i]);
    n += whole[i];
  }
  double *kept = memory_new(n_rows * n_columns, sizeof *kept);
  enum status status = STATUS_OK;
  contingency_keep_filled(whole, n_rows, n_columns, kept, &n_rows, &n_columns);
  if (n_rows > 1 && n_columns > 1 && n <= FISHER_MAX_N)
    status = test_filled(kept, n_rows, n_columns, (uint32_t)n, seed, task, result);
  free(whole);
  free(kept);
  if (task_is_cancelled(task))
    status = STATUS_CANCELLED;
  return status;
}
