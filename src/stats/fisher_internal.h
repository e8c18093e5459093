/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of Fisher's exact test: what they share, and the two ways beyond 2 x 2. */
#ifndef KAPLAN_STATS_FISHER_INTERNAL_H
#define KAPLAN_STATS_FISHER_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/task.h"
#include "stats/fisher.h"

/* The margins of a table without empty rows and columns, both descending, n_rows <= n_columns.  A table's probability
 * goes with its value, the sum of -log x! over its cells: a table counts when its value is at most `limit`. */
struct fisher_margins {
  size_t n_rows, n_columns;
  uint32_t n, *row, *column;
  const double *log_factorial; /* of 0 … n */
  double limit;                /* the value of the observed table, and the tolerance for equals */
};

/* Exact: sets *p_value.  False where the work was given up, as too much or because the task is cancelled. */
bool fisher_network(const struct fisher_margins *margins, struct task *task, double *p_value);

/* Random tables.  STATUS_CANCELLED when the task says so. */
enum status fisher_sample(const struct fisher_margins *margins, uint64_t seed, struct task *task,
                          struct fisher *result);

/* log of n over k. */
static inline double fisher_log_choose(const double *log_factorial, uint32_t n, uint32_t k)
{
  return log_factorial[n] - log_factorial[k] - log_factorial[n - k];
}

#endif
