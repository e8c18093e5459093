/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cohort: named columns of equal length.  Immutable and counted, as its columns are; cohort_with_column() makes a
 * new cohort that shares all others. */
#ifndef KAPLAN_DATA_COHORT_H
#define KAPLAN_DATA_COHORT_H

#include <stdatomic.h>
#include <stddef.h>

#include "data/column.h"

struct cohort {
  atomic_uint references;
  size_t n_rows;
  struct column **columns;
  size_t n_columns;
};

/* A cohort of the n_columns columns (all of n_rows rows, names distinct); takes over the references, not the array. */
struct cohort *cohort_new(size_t n_rows, struct column *const *columns, size_t n_columns);

struct cohort *cohort_retain(const struct cohort *cohort);
void cohort_release(const struct cohort *cohort);

/* A new cohort with `column` in the place of the one that has its name, or appended.  Takes over the reference. */
struct cohort *cohort_with_column(const struct cohort *cohort, struct column *column);

/* The column with that name (exact match), or NULL.  Borrowed. */
const struct column *cohort_find_column(const struct cohort *cohort, const char *name);

/* The name nearest to `name` (edit distance at most a third of its length, letter case aside), for "did you mean";
 * NULL where none is near.  Borrowed. */
const char *cohort_suggest_column(const struct cohort *cohort, const char *name);

#endif
