/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cohorts for the tests of competing risks: pbc (death, with transplantation competing), mgus2, and made-up rows. */
#ifndef KAPLAN_TESTS_COMPETING_CASE_H
#define KAPLAN_TESTS_COMPETING_CASE_H

#include "cox_case.h"
#include "mgus2.h"

/* Rows in order of time; `cohort` as for the Cox tests, and the groups. */
struct competing {
  struct cohort cohort;
  uint32_t *group;
  size_t n_groups;
};

static inline void competing_clear(struct competing *competing)
{
  cohort_clear(&competing->cohort);
  free(competing->group);
}

static inline struct survival_data competing_data(const struct competing *competing)
{
  struct survival_data data = cohort_data(&competing->cohort);
  data.group = competing->group;
  data.n_groups = competing->n_groups;
  return data;
}

/* pbc with the covariates (up to the first NULL), its groups the values 0, 1, … of `group` less the least of them. */
static inline struct competing pbc_read(const char *group, const char *const *covariates)
{
  struct recipe recipe = {.file = "pbc.csv", .time = "time", .event = "status", .covariates = {"status", group}};
  size_t p = 0;
  for (; covariates && covariates[p]; p++)
    recipe.covariates[p + 2] = covariates[p];
  struct competing pbc = {.cohort = cohort_read(&recipe)};
  struct cohort *cohort = &pbc.cohort;
  double *design = memory_new(cohort->n * p, sizeof *design), least = INFINITY;
  pbc.group = memory_new(cohort->n, sizeof *pbc.group);
  for (size_t i = 0; i < cohort->n; i++)
    least = fmin(least, cohort->design[i * (p + 2) + 1]);
  for (size_t i = 0; i < cohort->n; i++) {
    const double *row = &cohort->design[i * (p + 2)];
    cohort->status[i] = row[0] == 2 ? STATUS_EVENT : row[0] == 1 ? STATUS_COMPETING : STATUS_CENSORED;
    pbc.group[i] = (uint32_t)(row[1] - least);
    pbc.n_groups = pbc.group[i] >= pbc.n_groups ? pbc.group[i] + 1 : pbc.n_groups;
    memcpy(&design[i * p], row + 2, p * sizeof *design);
  }
  free(cohort->design);
  cohort->design = design;
  cohort->n_columns = p;
  return pbc;
}

/* n rows with room for every role and p columns, to be filled. */
static inline struct competing competing_new(size_t n, size_t n_groups, size_t p)
{
  return (struct competing){.cohort = {.n = n,
                                       .n_columns = p,
                                       .time = memory_new(n, sizeof(double)),
                                       .status = memory_new(n, sizeof(uint8_t)),
                                       .design = memory_new(n * p, sizeof(double))},
                            .group = memory_new(n, sizeof(uint32_t)),
                            .n_groups = n_groups};
}

/* mgus2: groups by sex (0 female), covariates age and male. */
static inline struct competing mgus2_read(void)
{
  struct competing mgus = competing_new(MGUS2_N, 2, 2);
  for (size_t i = 0; i < MGUS2_N; i++) {
    mgus.cohort.time[i] = mgus2[i].time;
    mgus.cohort.status[i] = mgus2[i].status;
    mgus.group[i] = mgus2[i].male;
    mgus.cohort.design[2 * i] = mgus2[i].age;
    mgus.cohort.design[2 * i + 1] = mgus2[i].male;
  }
  return mgus;
}

static inline uint32_t next_random(uint32_t *seed, uint32_t below)
{
  *seed = *seed * 1664525u + 1013904223u;
  return (uint32_t)(((uint64_t)*seed * below) >> 32);
}

/* A made-up cohort with many ties: n rows on whole times from 1 on, `per_time` of them at each, of three groups, three
 * strata, and two covariates. */
static inline struct competing made_up(size_t n, size_t per_time)
{
  struct competing made = competing_new(n, 3, 2);
  struct cohort *cohort = &made.cohort;
  uint32_t seed = 2025;
  cohort->stratum = memory_new(n, sizeof(uint32_t));
  cohort->n_strata = 3;
  for (size_t i = 0; i < n; i++) {
    cohort->time[i] = (double)(i / per_time + 1);
    cohort->status[i] = (uint8_t)next_random(&seed, 3);
    made.group[i] = next_random(&seed, 3);
    cohort->stratum[i] = next_random(&seed, 3);
    cohort->design[2 * i] = (double)next_random(&seed, 100);
    cohort->design[2 * i + 1] = (double)next_random(&seed, 2);
  }
  return made;
}

/* Each row as many times as `weight` says (whole), instead. */
static inline struct competing replicated(const struct competing *from, const double *weight)
{
  size_t n = 0, p = from->cohort.n_columns, next = 0;
  for (size_t i = 0; i < from->cohort.n; i++)
    n += (size_t)weight[i];
  struct competing to = competing_new(n, from->n_groups, p);
  to.cohort.stratum = from->cohort.stratum ? memory_new(n, sizeof(uint32_t)) : NULL;
  to.cohort.n_strata = from->cohort.n_strata;
  to.cohort.entry = from->cohort.entry ? memory_new(n, sizeof(double)) : NULL;
  for (size_t i = 0; i < from->cohort.n; i++)
    for (size_t copy = 0; copy < (size_t)weight[i]; copy++, next++) {
      to.cohort.time[next] = from->cohort.time[i];
      to.cohort.status[next] = from->cohort.status[i];
      to.group[next] = from->group[i];
      memcpy(&to.cohort.design[next * p], &from->cohort.design[i * p], p * sizeof(double));
      if (to.cohort.stratum)
        to.cohort.stratum[next] = from->cohort.stratum[i];
      if (to.cohort.entry)
        to.cohort.entry[next] = from->cohort.entry[i];
    }
  return to;
}

/* Swaps rows i and k, of the same time. */
static inline void swap_doubles(double *values, size_t width, size_t i, size_t k)
{
  for (size_t j = 0; values && j < width; j++) {
    double value = values[i * width + j];
    values[i * width + j] = values[k * width + j];
    values[k * width + j] = value;
  }
}

static inline void swap_codes(uint32_t *codes, size_t i, size_t k)
{
  uint32_t code = codes ? codes[i] : 0;
  if (!codes)
    return;
  codes[i] = codes[k];
  codes[k] = code;
}

static inline void swap_rows(struct competing *competing, size_t i, size_t k)
{
  struct cohort *cohort = &competing->cohort;
  uint8_t status = cohort->status[i];
  cohort->status[i] = cohort->status[k];
  cohort->status[k] = status;
  swap_doubles(cohort->design, cohort->n_columns, i, k);
  swap_doubles(cohort->entry, 1, i, k);
  swap_doubles(cohort->weight, 1, i, k);
  swap_codes(competing->group, i, k);
  swap_codes(cohort->stratum, i, k);
}

/* Turns each run of tied rows round. */
static inline void reverse_ties(struct competing *competing)
{
  const struct cohort *cohort = &competing->cohort;
  for (size_t first = 0, end; first < cohort->n; first = end) {
    for (end = first; end < cohort->n && !(cohort->time[end] > cohort->time[first]); end++)
      ;
    for (size_t i = first, k = end - 1; i < k; i++, k--)
      swap_rows(competing, i, k);
  }
}

#endif
