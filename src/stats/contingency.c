/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/contingency.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stats/distribution.h"

/* A table without empty rows and columns, and its margins. */
struct table {
  size_t n_rows, n_columns;
  double *counts, *row, *column, total;
};

static const struct contingency_test not_estimable = {(double)NAN, (double)NAN, (double)NAN};

static bool has_counts(const double *counts, size_t n, size_t step)
{
  for (size_t i = 0; i < n; i++)
    if (counts[i * step] > 0)
      return true;
  return false;
}

void contingency_keep_filled(const double *counts, size_t n_rows, size_t n_columns, double *kept, size_t *kept_rows,
                             size_t *kept_columns)
{
  size_t count = 0;
  bool *filled = memory_new(n_columns, sizeof *filled);
  *kept_rows = *kept_columns = 0;
  for (size_t j = 0; j < n_columns; j++) {
    filled[j] = has_counts(counts + j, n_rows, n_columns);
    *kept_columns += filled[j];
  }
  for (size_t i = 0; i < n_rows; i++) {
    if (!has_counts(counts + i * n_columns, n_columns, 1))
      continue;
    ++*kept_rows;
    for (size_t j = 0; j < n_columns; j++)
      if (filled[j])
        kept[count++] = counts[i * n_columns + j];
  }
  free(filled);
}

static struct table table_of(const double *counts, size_t n_rows, size_t n_columns)
{
  struct table table = {.counts = memory_new(n_rows * n_columns, sizeof(double))};
  contingency_keep_filled(counts, n_rows, n_columns, table.counts, &table.n_rows, &table.n_columns);
  table.row = memory_new(table.n_rows, sizeof(double));
  table.column = memory_new(table.n_columns, sizeof(double));
  for (size_t i = 0; i < table.n_rows; i++)
    for (size_t j = 0; j < table.n_columns; j++) {
      double count = table.counts[i * table.n_columns + j];
      table.row[i] += count;
      table.column[j] += count;
      table.total += count;
    }
  return table;
}

static void table_clear(struct table *table)
{
  free(table->counts);
  free(table->row);
  free(table->column);
}

static double expected_of(const struct table *table, size_t i, size_t j)
{
  return table->row[i] * (table->column[j] / table->total);
}

static struct contingency_test test_of(const struct table *table, double statistic)
{
  if (table->n_rows < 2 || table->n_columns < 2)
    return not_estimable;
  double df = (double)(table->n_rows - 1) * (double)(table->n_columns - 1);
  return (struct contingency_test){statistic, df, chi_square_upper(statistic, df)};
}

static struct contingency_test pearson(const double *counts, size_t n_rows, size_t n_columns, bool corrected)
{
  struct table table = table_of(counts, n_rows, n_columns);
  double statistic = 0, correction = 0;
  if (corrected && table.n_rows == 2 && table.n_columns == 2) /* the four differences are one, but for their signs */
    correction = fmin(0.5, fabs(table.counts[0] - expected_of(&table, 0, 0)));
  for (size_t i = 0; i < table.n_rows; i++)
    for (size_t j = 0; j < table.n_columns; j++) {
      double expected = expected_of(&table, i, j);
      double difference = fmax(fabs(table.counts[i * table.n_columns + j] - expected) - correction, 0);
      statistic += difference * difference / expected;
    }
  struct contingency_test test = test_of(&table, statistic);
  table_clear(&table);
  return test;
}

struct contingency_test contingency_chi_square(const double *counts, size_t n_rows, size_t n_columns)
{
  return pearson(counts, n_rows, n_columns, false);
}

struct contingency_test contingency_chi_square_yates(const double *counts, size_t n_rows, size_t n_columns)
{
  return pearson(counts, n_rows, n_columns, true);
}

/* With x = (observed - expected) / expected each term is expected ((1 + x) log(1 + x) - x), since the differences sum
 * to 0: no term is below 0, and none is lost where the table is all but independent. */
struct contingency_test contingency_likelihood_ratio(const double *counts, size_t n_rows, size_t n_columns)
{
  struct table table = table_of(counts, n_rows, n_columns);
  double statistic = 0;
  for (size_t i = 0; i < table.n_rows; i++)
    for (size_t j = 0; j < table.n_columns; j++) {
      double expected = expected_of(&table, i, j), observed = table.counts[i * table.n_columns + j];
      double x = (observed - expected) / expected;
      statistic += 2 * expected * (observed > 0 ? fmax((1 + x) * log1p(x) - x, 0) : 1);
    }
  struct contingency_test test = test_of(&table, statistic);
  table_clear(&table);
  return test;
}

double contingency_least_expected(const double *counts, size_t n_rows, size_t n_columns)
{
  struct table table = table_of(counts, n_rows, n_columns);
  double least = (double)NAN;
  for (size_t i = 0; i < table.n_rows; i++)
    for (size_t j = 0; j < table.n_columns; j++)
      least = fmin(least, expected_of(&table, i, j)); /* fmin() passes over NaN */
  table_clear(&table);
  return least;
}

/* Scores are taken from their mean over all counts: statistic = (sum with_j s_j)^2 / (p (1 - p) sum n_j s_j^2). */
struct contingency_test contingency_trend(const double *counts, size_t n, const double *score)
{
  double with = 0, total = 0, mean = 0, products = 0, squares = 0;
  for (size_t j = 0; j < n; j++) {
    with += counts[j];
    total += counts[j] + counts[n + j];
    mean += (counts[j] + counts[n + j]) * (score ? score[j] : (double)(j + 1));
  }
  mean /= total;
  for (size_t j = 0; j < n; j++) {
    double deviation = (score ? score[j] : (double)(j + 1)) - mean;
    products += counts[j] * deviation;
    squares += (counts[j] + counts[n + j]) * deviation * deviation;
  }
  double p = with / total, spread = p * (1 - p) * squares;
  if (!(spread > 0))
    return not_estimable;
  double statistic = products * products / spread;
  return (struct contingency_test){statistic, 1, chi_square_upper(statistic, 1)};
}
