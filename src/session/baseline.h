/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Baseline characteristics: each variable described in each group and compared between them. */
#ifndef KAPLAN_SESSION_BASELINE_H
#define KAPLAN_SESSION_BASELINE_H

#include "base/task.h"
#include "session/state.h"

enum baseline_test_kind {
  TEST_BY_RULE, /* a factor: chi-square, or Fisher where an expected count is under 5; a number: t or ANOVA where
                   Shapiro–Wilk does not reject at 0.05 in any group, else Mann–Whitney or Kruskal–Wallis */
  TEST_CHISQ,
  TEST_CHISQ_YATES,
  TEST_LR,
  TEST_FISHER,
  TEST_T,
  TEST_WELCH,
  TEST_ANOVA,
  TEST_MANN_WHITNEY,
  TEST_KRUSKAL_WALLIS,
  N_BASELINE_TESTS,
  TEST_NONE = N_BASELINE_TESTS
};

/* "chisq", "mann-whitney"; and back, "wilcoxon" being Mann and Whitney's, too (false where there is no such name). */
const char *baseline_test_name(enum baseline_test_kind kind);
bool baseline_test_find(const char *name, enum baseline_test_kind *kind);

struct baseline_test {
  enum baseline_test_kind kind; /* what was done; TEST_NONE: nothing could be */
  double statistic, df, df2, p_value;
  double mc_error; /* Fisher by Monte Carlo: the standard error of p; 0 where exact */
};

/* A variable in one group. */
struct baseline_cell {
  double n, n_missing;
  double *counts; /* of a factor: each level */
  double mean, sd, median, q1, q3, min, max; /* of a number; NaN where there are too few */
};

struct baseline_variable {
  const struct column *column; /* as it is described: a factor where it was wished; owned */
  bool *has_members; /* of a factor: whether anybody in the cohort, on view or not, has the level; else it is not shown */
  struct baseline_cell *cells; /* n_groups, then all together */
  struct baseline_test test;
  double *smd; /* standardised mean differences of the pairs (0,1), (0,2), …, (1,2), … */
};

struct baseline {
  size_t n_groups; /* 1 without by= */
  char **group_names, **group_labels; /* "surgery=NR", "No resection"; "all" */
  size_t n_on_view, n_used; /* rows; those without a group are left out */
  struct baseline_variable *variables;
  size_t n_variables;
  size_t n_pairs;
};

struct baseline_request {
  char *const *names;
  size_t n_names;
  const struct column *by; /* or NULL */
  const bool *is_factor;   /* of each name: describe a number by its values */
  const enum baseline_test_kind *tests; /* of each name */
  int quantile_type;
  const struct bitmap *condition; /* or NULL */
  uint64_t seed;                  /* of Fisher's Monte Carlo */
};

/* Describes and compares; STATUS_CANCELLED when the task says so.  The caller clears it. */
enum status baseline_compute(const struct state *state, const struct baseline_request *request, struct task *task,
                             struct baseline *baseline, struct error *error);
void baseline_clear(struct baseline *baseline);

/* The values that the test of a numeric variable compares: n of them, ascending within each group, one group (of
 * baseline_compute()'s, by number) after the other; group g has start[g] up to, not with, start[g + 1].  The caller clears
 * it. */
struct baseline_values {
  double *value;
  uint32_t *group;
  size_t n;
  size_t *start; /* n_groups + 1 */
};
void baseline_collect_values(const struct state *state, const struct baseline_request *request, const struct column *column,
                             struct baseline_values *values);
void baseline_values_clear(struct baseline_values *values);

#endif
