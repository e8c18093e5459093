/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/cohort.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/name_match.h"

struct cohort *cohort_new(size_t n_rows, struct column *const *columns, size_t n_columns)
{
  struct cohort *cohort = memory_new(1, sizeof *cohort);
  atomic_init(&cohort->references, 1);
  cohort->n_rows = n_rows;
  cohort->columns = memory_copy(columns, n_columns, sizeof *columns);
  cohort->n_columns = n_columns;
  for (size_t i = 0; i < n_columns; i++)
    assert(column_n_rows(columns[i]) == n_rows);
  return cohort;
}

struct cohort *cohort_retain(const struct cohort *cohort)
{
  struct cohort *held = (struct cohort *)cohort; /* the count alone changes */
  atomic_fetch_add_explicit(&held->references, 1, memory_order_relaxed);
  return held;
}

void cohort_release(const struct cohort *cohort)
{
  struct cohort *held = (struct cohort *)cohort;
  if (!held || atomic_fetch_sub_explicit(&held->references, 1, memory_order_acq_rel) > 1)
    return;
  for (size_t i = 0; i < held->n_columns; i++)
    column_release(held->columns[i]);
  free(held->columns);
  free(held);
}

static size_t column_position(const struct cohort *cohort, const char *name)
{
  size_t i = 0;
  while (i < cohort->n_columns && strcmp(cohort->columns[i]->name, name) != 0)
    i++;
  return i;
}

struct cohort *cohort_with_column(const struct cohort *cohort, struct column *column)
{
  const size_t position = column_position(cohort, column->name);
  const size_t n_columns = cohort->n_columns + (position == cohort->n_columns);
  struct column **columns = memory_new(n_columns, sizeof *columns);
  for (size_t i = 0; i < n_columns; i++)
    columns[i] = i == position ? column : column_retain(cohort->columns[i]);
  struct cohort *changed = cohort_new(cohort->n_rows, columns, n_columns);
  free(columns);
  return changed;
}

const struct column *cohort_find_column(const struct cohort *cohort, const char *name)
{
  const size_t position = column_position(cohort, name);
  return position < cohort->n_columns ? cohort->columns[position] : NULL;
}

const char *cohort_suggest_column(const struct cohort *cohort, const char *name)
{
  const char **names = memory_new(cohort->n_columns, sizeof *names);
  for (size_t i = 0; i < cohort->n_columns; i++)
    names[i] = cohort->columns[i]->name;
  const char *nearest = name_nearest(name, names, cohort->n_columns);
  free(names);
  return nearest;
}
