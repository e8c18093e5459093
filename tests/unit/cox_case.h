/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cohorts for the Cox tests: the reference data sets, or a few rows written down, put in order of time. */
#ifndef KAPLAN_TESTS_COX_CASE_H
#define KAPLAN_TESTS_COX_CASE_H

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/memory.h"
#include "stats/cox.h"

enum { CASE_COLUMNS = 24 };

/* A CSV file without quotes, cell by cell. */
struct table {
  size_t n_columns, n;
  char *name[CASE_COLUMNS];
  char **cell; /* n x n_columns */
};

/* Rows in order of time with every role a column may have. */
struct cohort {
  size_t n, n_columns;
  double *time, *entry, *weight, *design;
  uint8_t *status;
  uint32_t *stratum, *cluster;
  size_t n_strata, n_clusters;
};

static inline size_t split_line(char *line, char **cells)
{
  size_t count = 0;
  line[strcspn(line, "\r\n")] = '\0';
  for (char *cell; (cell = strsep(&line, ",")) && count < CASE_COLUMNS; count++)
    cells[count] = memory_copy_string(cell);
  return count;
}

static inline struct table table_read(const char *file)
{
  struct table table = {.n = 0};
  const char *top = getenv("top_srcdir");
  char path[4096], line[4096], *cells[CASE_COLUMNS];
  size_t capacity = 0, count = 0;
  snprintf(path, sizeof path, "%s/tests/reference/data/%s", top ? top : ".", file);
  FILE *stream = fopen(path, "r");
  if (!stream)
    fail_msg("cannot read %s", path);
  if (fgets(line, sizeof line, stream))
    table.n_columns = split_line(line, table.name);
  while (fgets(line, sizeof line, stream)) {
    assert_int_equal(split_line(line, cells), table.n_columns);
    for (size_t c = 0; c < table.n_columns; c++)
      MEMORY_APPEND(table.cell, count, capacity, cells[c]);
    table.n++;
  }
  fclose(stream);
  return table;
}

static inline void table_clear(struct table *table)
{
  for (size_t c = 0; c < table->n_columns; c++)
    free(table->name[c]);
  for (size_t i = 0; i < table->n * table->n_columns; i++)
    free(table->cell[i]);
  free(table->cell);
}

/* A value of the column; with `level`, 1 where the cell is that text and 0 elsewhere.  An empty cell is missing. */
static inline double table_value(const struct table *table, size_t row, const char *column, const char *level)
{
  for (size_t c = 0; c < table->n_columns; c++)
    if (strcmp(table->name[c], column) == 0) {
      const char *cell = table->cell[row * table->n_columns + c];
      if (*cell == '\0')
        return NAN;
      return level ? strcmp(cell, level) == 0 : strtod(cell, NULL);
    }
  fail_msg("no column %s", column);
  return NAN;
}

/* What to take from a table: "column" or "column=level"; NULL for a role that nothing has. */
struct recipe {
  const char *file, *time, *event, *entry, *weight, *stratum, *cluster;
  const char *covariates[12]; /* up to the first NULL */
};

static inline double table_term(const struct table *table, size_t row, const char *term)
{
  char column[64];
  const char *equals = strchr(term, '=');
  if (!equals)
    return table_value(table, row, term, NULL);
  snprintf(column, sizeof column, "%.*s", (int)(equals - term), term);
  return table_value(table, row, column, equals + 1);
}

/* One row while it is sorted: time, event, entry, weight, stratum, cluster, covariates. */
enum { ROLE_TIME, ROLE_EVENT, ROLE_ENTRY, ROLE_WEIGHT, ROLE_STRATUM, ROLE_CLUSTER, N_ROLES };
struct case_row {
  double role[N_ROLES], x[12];
};

static inline int compare_case_rows(const void *a, const void *b)
{
  double left = ((const struct case_row *)a)->role[ROLE_TIME], right = ((const struct case_row *)b)->role[ROLE_TIME];
  return (left > right) - (left < right);
}

/* Dense codes for the values of a role. */
static inline uint32_t *code_role(const struct case_row *rows, size_t n, int role, size_t *n_codes)
{
  double *seen = memory_new(n, sizeof *seen);
  uint32_t *codes = memory_new(n, sizeof *codes);
  *n_codes = 0;
  for (size_t i = 0; i < n; i++) {
    size_t code = 0;
    while (code < *n_codes && seen[code] != rows[i].role[role])
      code++;
    if (code == *n_codes)
      seen[(*n_codes)++] = rows[i].role[role];
    codes[i] = (uint32_t)code;
  }
  free(seen);
  return codes;
}

/* The cohort of `n` rows (sorted here); `has` says which roles count. */
static inline struct cohort cohort_of_rows(struct case_row *rows, size_t n, size_t n_columns, const bool has[N_ROLES])
{
  struct cohort cohort = {.n = n, .n_columns = n_columns};
  qsort(rows, n, sizeof *rows, compare_case_rows);
  cohort.time = memory_new(n, sizeof(double));
  cohort.status = memory_new(n, sizeof(uint8_t));
  cohort.design = memory_new(n * n_columns, sizeof(double));
  cohort.entry = has[ROLE_ENTRY] ? memory_new(n, sizeof(double)) : NULL;
  cohort.weight = has[ROLE_WEIGHT] ? memory_new(n, sizeof(double)) : NULL;
  cohort.stratum = has[ROLE_STRATUM] ? code_role(rows, n, ROLE_STRATUM, &cohort.n_strata) : NULL;
  cohort.cluster = has[ROLE_CLUSTER] ? code_role(rows, n, ROLE_CLUSTER, &cohort.n_clusters) : NULL;
  for (size_t i = 0; i < n; i++) {
    cohort.time[i] = rows[i].role[ROLE_TIME];
    cohort.status[i] = rows[i].role[ROLE_EVENT] > 0 ? STATUS_EVENT : STATUS_CENSORED;
    if (cohort.entry)
      cohort.entry[i] = rows[i].role[ROLE_ENTRY];
    if (cohort.weight)
      cohort.weight[i] = rows[i].role[ROLE_WEIGHT];
    for (size_t j = 0; j < n_columns; j++)
      cohort.design[i * n_columns + j] = rows[i].x[j];
  }
  return cohort;
}

/* The rows of a data set that have all that the recipe asks for. */
static inline struct cohort cohort_read(const struct recipe *recipe)
{
  const char *roles[N_ROLES] = {recipe->time,   recipe->event,   recipe->entry,
                                recipe->weight, recipe->stratum, recipe->cluster};
  bool has[N_ROLES];
  struct table table = table_read(recipe->file);
  struct case_row *rows = memory_new(table.n, sizeof *rows);
  size_t n = 0, p = 0;
  while (recipe->covariates[p])
    p++;
  for (size_t i = 0; i < table.n; i++) {
    bool complete = true;
    for (int role = 0; role < N_ROLES; role++) {
      has[role] = roles[role] != NULL;
      rows[n].role[role] = has[role] ? table_term(&table, i, roles[role]) : 0;
      complete = complete && !isnan(rows[n].role[role]);
    }
    for (size_t j = 0; j < p; j++) {
      rows[n].x[j] = table_term(&table, i, recipe->covariates[j]);
      complete = complete && !isnan(rows[n].x[j]);
    }
    n += complete;
  }
  struct cohort cohort = cohort_of_rows(rows, n, p, has);
  free(rows);
  table_clear(&table);
  return cohort;
}

/* A cohort written down: one covariate column after the other in `x` (p x n). */
static inline struct cohort cohort_write(size_t n, const double *time, const int *status, size_t p, const double *x)
{
  static const bool has[N_ROLES] = {[ROLE_TIME] = true, [ROLE_EVENT] = true};
  struct case_row *rows = memory_new(n, sizeof *rows);
  for (size_t i = 0; i < n; i++) {
    rows[i].role[ROLE_TIME] = time[i];
    rows[i].role[ROLE_EVENT] = status[i];
    for (size_t j = 0; j < p; j++)
      rows[i].x[j] = x[j * n + i];
  }
  struct cohort cohort = cohort_of_rows(rows, n, p, has);
  free(rows);
  return cohort;
}

static inline void cohort_clear(struct cohort *cohort)
{
  free(cohort->time);
  free(cohort->entry);
  free(cohort->weight);
  free(cohort->design);
  free(cohort->status);
  free(cohort->stratum);
  free(cohort->cluster);
}

static inline struct survival_data cohort_data(const struct cohort *cohort)
{
  return (struct survival_data){.n = cohort->n,
                                .time = cohort->time,
                                .status = cohort->status,
                                .entry = cohort->entry,
                                .weight = cohort->weight,
                                .n_groups = 1,
                                .stratum = cohort->stratum,
                                .n_strata = cohort->stratum ? cohort->n_strata : 1};
}

/* Fits; fails the test where the fit fails. */
static inline struct cox_model cohort_fit(const struct cohort *cohort, struct cox_options options)
{
  struct survival_data data = cohort_data(cohort);
  struct cox_model model;
  struct error error = ERROR_INIT;
  options.level = 0.95;
  options.cluster = cohort->cluster;
  options.n_clusters = cohort->n_clusters;
  if (cox_fit(&data, cohort->design, cohort->n_columns, &options, NULL, &model, &error) != STATUS_OK)
    fail_msg("fit failed: %s", error.what);
  return model;
}

static inline struct cox_model recipe_fit(const struct recipe *recipe, struct cox_options options)
{
  struct cohort cohort = cohort_read(recipe);
  struct cox_model model = cohort_fit(&cohort, options);
  cohort_clear(&cohort);
  return model;
}

/* Equal to `tolerance` of the expected value (at least of 1e-3). */
#define assert_near(got, expected, tolerance) assert_near_at((got), (expected), (tolerance), __FILE__, __LINE__)
static inline void assert_near_at(double got, double expected, double tolerance, const char *file, int line)
{
  if (isnan(expected) ? isnan(got) : fabs(got - expected) <= tolerance * fmax(fabs(expected), 1e-3))
    return;
  print_error("%.12g is not %.12g\n", got, expected);
  _fail(file, line);
}

#define assert_all_near(got, expected, tolerance)                                                                      \
  do {                                                                                                                 \
    for (size_t near_ = 0; near_ < sizeof(expected) / sizeof *(expected); near_++)                                     \
      assert_near((got)[near_], (expected)[near_], (tolerance));                                                       \
  } while (0)

#endif
