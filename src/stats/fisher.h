/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fisher's exact test of a table of any size, two-sided: the probability, given the margins, of all tables no more
 * probable than the one observed (to a relative 1e-7), as R's fisher.test(). */
#ifndef KAPLAN_STATS_FISHER_H
#define KAPLAN_STATS_FISHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/task.h"

enum { FISHER_MAX_N = 10000000, FISHER_SAMPLES = 100000 };

/* Where counting all tables would take too long (some seconds), p is (m + 1) / (samples + 1), m of the random tables
 * with the margins given being no more probable than the observed one, with its binomial standard error. */
struct fisher {
  double p_value;
  double std_error; /* 0: exact */
  size_t samples;   /* 0: exact; else FISHER_SAMPLES, or fewer of tables with very many cells */
};

/* `counts` are n_rows x n_columns numbers >= 0, row by row, rounded to whole ones; empty rows and columns are left out.
 * p is NaN (and std_error 0) where fewer than two rows or columns are left, or for more than FISHER_MAX_N counts.  The
 * same seed gives the same samples.  STATUS_CANCELLED, without a result, when the task says so. */
enum status fisher_exact(const double *counts, size_t n_rows, size_t n_columns, uint64_t seed, struct task *task,
                         struct fisher *result);

/* The tables of 2 x 2 with the margins of `counts` (4 whole numbers, row by row, no row or column empty): how many stand in the
 * first cell, the hypergeometric probability, and whether the test counts it.  Returns how many there are, in ascending order
 * of the first cell; the caller frees *tables. */
struct fisher_table {
  double first, probability;
  bool is_counted;
};
size_t fisher_tables(const double *counts, struct fisher_table **tables);

#endif
