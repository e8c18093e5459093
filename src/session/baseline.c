/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/baseline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sort.h"
#include "base/text.h"
#include "stats/contingency.h"
#include "stats/fisher.h"
#include "stats/samples.h"
#include "stats/shapiro.h"

static const char *const test_names[N_BASELINE_TESTS] = {
    "rule", "chisq", "chisq-yates", "lr", "fisher", "t", "welch", "anova", "mann-whitney", "kruskal-wallis",
};

const char *baseline_test_name(enum baseline_test_kind kind)
{
  return kind == TEST_NONE ? NULL : test_names[kind];
}

bool baseline_test_find(const char *name, enum baseline_test_kind *kind)
{
  if (strcmp(name, "wilcoxon") == 0) /* the rank sum test, by its other name */
    name = test_names[TEST_MANN_WHITNEY];
  for (int i = 0; i < N_BASELINE_TESTS; i++) {
    if (strcmp(test_names[i], name) != 0)
      continue;
    *kind = (enum baseline_test_kind)i;
    return true;
  }
  return false;
}

/* ---- rows and groups ---- */

struct rows {
  uint32_t *row, *group;
  size_t n;
};

/* The rows on view that have a group; groups without rows are not numbered. */
static void collect_rows(const struct state *state, const struct baseline_request *request, struct baseline *baseline,
                         struct rows *rows)
{
  struct column *by = request->by ? column_as_factor(request->by) : NULL;
  const size_t n_levels = by ? by->n_levels : 1;
  uint32_t *number = memory_new(n_levels + 1, sizeof *number);
  *rows = (struct rows){.row = memory_new(state->on_view->count, sizeof(uint32_t)),
                        .group = memory_new(state->on_view->count, sizeof(uint32_t))};
  for (size_t row = 0; row < state->cohort->n_rows; row++) {
    if (!bitmap_has(&state->on_view->rows, row) || (request->condition && !bitmap_has(request->condition, row)))
      continue;
    baseline->n_on_view++;
    const uint32_t code = by ? column_code(by, row) : 1;
    if (!code)
      continue;
    number[code] = 1;
    rows->row[rows->n] = (uint32_t)row;
    rows->group[rows->n++] = code;
  }
  baseline->group_names = memory_new(n_levels, sizeof(char *));
  baseline->group_labels = memory_new(n_levels, sizeof(char *));
  for (uint32_t code = 1; code <= n_levels; code++) {
    struct text name = TEXT_INIT;
    if (!number[code] && by)
      continue;
    text_append_format(&name, "%s%s%s", by ? by->name : "all", by ? "=" : "", by ? by->levels[code - 1].name : "");
    baseline->group_names[baseline->n_groups] = text_take(&name);
    baseline->group_labels[baseline->n_groups] =
        memory_copy_string(by ? column_level_display_name(by, code) : "all");
    number[code] = (uint32_t)baseline->n_groups++;
  }
  for (size_t i = 0; i < rows->n; i++)
    rows->group[i] = number[rows->group[i]];
  baseline->n_used = rows->n;
  baseline->n_pairs = baseline->n_groups * (baseline->n_groups - (baseline->n_groups > 0)) / 2;
  free(number);
  column_release(by);
}

/* ---- a number ---- */

static void collect_values(const struct column *column, const struct rows *rows, size_t n_groups, struct baseline_values *values)
{
  *values = (struct baseline_values){.value = memory_new(rows->n, sizeof(double)),
                            .group = memory_new(rows->n, sizeof(uint32_t)),
                            .start = memory_new(n_groups + 2, sizeof(size_t))};
  for (size_t i = 0; i < rows->n; i++)
    if (!isnan(column_number(column, rows->row[i])))
      values->start[rows->group[i] + 2]++;
  for (size_t g = 2; g <= n_groups + 1; g++)
    values->start[g] += values->start[g - 1];
  for (size_t i = 0; i < rows->n; i++) {
    const double value = column_number(column, rows->row[i]);
    if (isnan(value))
      continue;
    const size_t at = values->start[rows->group[i] + 1]++;
    values->value[at] = value;
    values->group[at] = rows->group[i];
    values->n++;
  }
  for (size_t g = 0; g < n_groups; g++)
    sort_numbers(values->value + values->start[g], values->start[g + 1] - values->start[g]);
}

void baseline_values_clear(struct baseline_values *values)
{
  free(values->value);
  free(values->group);
  free(values->start);
}

/* Describes n sorted values. */
static void describe_values(const double *sorted, size_t n, int quantile_type, struct baseline_cell *cell)
{
  const double nan = (double)NAN;
  const struct sample_moments moments = sample_moments(sorted, n);
  cell->n = (double)n;
  cell->mean = moments.mean;
  cell->sd = moments.sd;
  cell->median = n ? sample_quantile(sorted, n, 0.5, quantile_type) : nan;
  cell->q1 = n ? sample_quantile(sorted, n, 0.25, quantile_type) : nan;
  cell->q3 = n ? sample_quantile(sorted, n, 0.75, quantile_type) : nan;
  cell->min = n ? sorted[0] : nan;
  cell->max = n ? sorted[n - 1] : nan;
}

/* Whether Shapiro–Wilk rejects, or cannot speak, in any group. */
static bool is_skewed(const struct baseline_values *values, size_t n_groups)
{
  for (size_t g = 0; g < n_groups; g++) {
    const struct shapiro shapiro = shapiro_wilk(values->value + values->start[g], values->start[g + 1] - values->start[g]);
    if (values->start[g + 1] > values->start[g] && !(shapiro.p_value >= 0.05))
      return true;
  }
  return false;
}

static size_t count_filled(const struct baseline_values *values, size_t n_groups)
{
  size_t filled = 0;
  for (size_t g = 0; g < n_groups; g++)
    filled += values->start[g + 1] > values->start[g];
  return filled;
}

/* The values of the two groups that have any, numbered 0 and 1. */
static void test_two(const struct baseline_values *values, enum baseline_test_kind kind, struct sample_test *result)
{
  uint32_t *group = memory_new(values->n, sizeof *group);
  for (size_t i = 0; i < values->n; i++)
    group[i] = values->group[i] != values->group[0];
  *result = kind == TEST_T       ? samples_t(values->value, group, values->n, 2)
            : kind == TEST_WELCH ? samples_welch(values->value, group, values->n, 2)
                                 : samples_mann_whitney(values->value, group, values->n, 2);
  free(group);
}

static void test_values(const struct baseline_values *values, size_t n_groups, enum baseline_test_kind kind,
                        struct baseline_test *test)
{
  const size_t filled = count_filled(values, n_groups);
  struct sample_test result;
  if (filled < 2)
    return;
  const bool two = filled == 2;
  if (kind == TEST_BY_RULE || kind < TEST_T)
    kind = is_skewed(values, n_groups) ? TEST_MANN_WHITNEY : TEST_T;
  if (!two && kind == TEST_T)
    kind = TEST_ANOVA;
  if (!two && kind == TEST_MANN_WHITNEY)
    kind = TEST_KRUSKAL_WALLIS;
  if (kind == TEST_ANOVA)
    result = samples_anova(values->value, values->group, values->n, n_groups);
  else if (kind == TEST_KRUSKAL_WALLIS)
    result = samples_kruskal_wallis(values->value, values->group, values->n, n_groups);
  else if (!two && kind == TEST_WELCH)
    result = samples_welch(values->value, values->group, values->n, n_groups);
  else
    test_two(values, kind, &result);
  *test = (struct baseline_test){kind, result.statistic, result.df, result.df2, result.p_value, 0};
}

static void do_number(const struct rows *rows, const struct baseline_request *request, const struct baseline *baseline,
                      enum baseline_test_kind kind, struct baseline_variable *variable)
{
  struct baseline_values values;
  const size_t n_groups = baseline->n_groups;
  collect_values(variable->column, rows, n_groups, &values);
  for (size_t g = 0; g < n_groups; g++)
    describe_values(values.value + values.start[g], values.start[g + 1] - values.start[g], request->quantile_type,
                    &variable->cells[g]);
  if (n_groups > 1)
    test_values(&values, n_groups, kind, &variable->test);
  size_t pair = 0;
  for (uint32_t a = 0; a < n_groups; a++)
    for (uint32_t b = a + 1; b < n_groups; b++)
      variable->smd[pair++] = standardised_difference(values.value, values.group, NULL, values.n, a, b);
  sort_numbers(values.value, values.n); /* all together; the groups are lost */
  describe_values(values.value, values.n, request->quantile_type, &variable->cells[n_groups]);
  baseline_values_clear(&values);
}

/* ---- a factor ---- */

static void count_levels(const struct rows *rows, const struct baseline *baseline, struct baseline_variable *variable)
{
  const size_t n_levels = variable->column->n_levels;
  for (size_t g = 0; g <= baseline->n_groups; g++)
    variable->cells[g].counts = memory_new(n_levels, sizeof(double));
  for (size_t i = 0; i < rows->n; i++) {
    const uint32_t code = column_code(variable->column, rows->row[i]);
    struct baseline_cell *const cells[] = {&variable->cells[rows->group[i]], &variable->cells[baseline->n_groups]};
    for (size_t k = 0; k < 2 && code; k++) {
      cells[k]->counts[code - 1]++;
      cells[k]->n++;
    }
  }
}

static enum status test_levels(const struct baseline *baseline, const struct baseline_request *request,
                               enum baseline_test_kind kind, struct task *task, struct baseline_variable *variable)
{
  const size_t n_levels = variable->column->n_levels, n_groups = baseline->n_groups;
  double *counts = memory_new(n_levels * n_groups, sizeof *counts);
  enum status status = STATUS_OK;
  for (size_t level = 0; level < n_levels; level++)
    for (size_t g = 0; g < n_groups; g++)
      counts[level * n_groups + g] = variable->cells[g].counts[level];
  if (kind == TEST_BY_RULE || kind >= TEST_T)
    kind = contingency_least_expected(counts, n_levels, n_groups) < 5 ? TEST_FISHER : TEST_CHISQ;
  if (kind == TEST_FISHER) {
    struct fisher fisher;
    status = fisher_exact(counts, n_levels, n_groups, request->seed, task, &fisher);
    if (!status && !isnan(fisher.p_value))
      variable->test = (struct baseline_test){kind, (double)NAN, (double)NAN, (double)NAN, fisher.p_value,
                                              fisher.std_error};
  } else {
    const struct contingency_test result =
        kind == TEST_LR            ? contingency_likelihood_ratio(counts, n_levels, n_groups)
        : kind == TEST_CHISQ_YATES ? contingency_chi_square_yates(counts, n_levels, n_groups)
                               : contingency_chi_square(counts, n_levels, n_groups);
    if (!isnan(result.statistic))
      variable->test =
          (struct baseline_test){kind, result.statistic, result.df, (double)NAN, result.p_value, 0};
  }
  free(counts);
  return status;
}

/* Of the levels' shares in two groups, which the counts weigh. */
static double level_difference(const double *a, const double *b, size_t n_levels)
{
  uint32_t *level = memory_new(2 * n_levels, sizeof *level), *group = memory_new(2 * n_levels, sizeof *group);
  double *weight = memory_new(2 * n_levels, sizeof *weight);
  for (size_t i = 0; i < 2 * n_levels; i++) {
    level[i] = (uint32_t)(i % n_levels);
    group[i] = i >= n_levels;
    weight[i] = i < n_levels ? a[i] : b[i - n_levels];
  }
  const double difference = standardised_difference_levels(level, n_levels, group, weight, 2 * n_levels, 0, 1);
  free(level);
  free(group);
  free(weight);
  return difference;
}

static void find_members(const struct state *state, struct baseline_variable *variable)
{
  variable->has_members = memory_new(variable->column->n_levels, sizeof *variable->has_members);
  for (size_t row = 0; row < state->cohort->n_rows; row++) {
    const uint32_t code = bitmap_has(&state->members->rows, row) ? column_code(variable->column, row) : 0;
    if (code)
      variable->has_members[code - 1] = true;
  }
}

static enum status do_factor(const struct rows *rows, const struct baseline_request *request,
                             const struct baseline *baseline, enum baseline_test_kind kind, struct task *task,
                             struct baseline_variable *variable)
{
  const size_t n_groups = baseline->n_groups;
  size_t pair = 0;
  count_levels(rows, baseline, variable);
  for (size_t a = 0; a < n_groups; a++)
    for (size_t b = a + 1; b < n_groups; b++)
      variable->smd[pair++] = level_difference(variable->cells[a].counts, variable->cells[b].counts,
                                               variable->column->n_levels);
  return n_groups > 1 ? test_levels(baseline, request, kind, task, variable) : STATUS_OK;
}

/* ---- the whole ---- */

static void groups_clear(struct baseline *baseline)
{
  for (size_t g = 0; g < baseline->n_groups; g++) {
    free(baseline->group_names[g]);
    free(baseline->group_labels[g]);
  }
  free(baseline->group_names);
  free(baseline->group_labels);
}

void baseline_collect_values(const struct state *state, const struct baseline_request *request, const struct column *column,
                             struct baseline_values *values)
{
  struct baseline groups = {.n_groups = 0};
  struct rows rows;
  collect_rows(state, request, &groups, &rows);
  collect_values(column, &rows, groups.n_groups, values);
  groups_clear(&groups);
  free(rows.row);
  free(rows.group);
}

enum status baseline_compute(const struct state *state, const struct baseline_request *request, struct task *task,
                             struct baseline *baseline, struct error *error)
{
  struct rows rows;
  (void)error; /* nothing fails but by cancelling */
  *baseline = (struct baseline){.n_groups = 0};
  collect_rows(state, request, baseline, &rows);
  baseline->variables = memory_new(request->n_names, sizeof *baseline->variables);
  enum status status = STATUS_OK;
  for (size_t i = 0; i < request->n_names && !status; i++) {
    const struct column *column = cohort_find_column(state->cohort, request->names[i]);
    struct baseline_variable *variable = &baseline->variables[baseline->n_variables++];
    const bool is_factor = column->kind == COLUMN_FACTOR || request->is_factor[i];
    *variable = (struct baseline_variable){
        .column = is_factor ? column_as_factor(column) : column_retain(column),
        .cells = memory_new(baseline->n_groups + 1, sizeof *variable->cells),
        .test = {TEST_NONE, (double)NAN, (double)NAN, (double)NAN, (double)NAN, 0},
        .smd = memory_new(baseline->n_pairs, sizeof *variable->smd),
    };
    if (is_factor)
      find_members(state, variable);
    if (is_factor)
      status = do_factor(&rows, request, baseline, request->tests[i], task, variable);
    else
      do_number(&rows, request, baseline, request->tests[i], variable);
    for (size_t k = 0; k < rows.n; k++) {
      variable->cells[rows.group[k]].n_missing += column_is_missing(column, rows.row[k]);
      variable->cells[baseline->n_groups].n_missing += column_is_missing(column, rows.row[k]);
    }
    task_progress(task, (double)(i + 1) / (double)request->n_names);
  }
  free(rows.row);
  free(rows.group);
  if (status)
    baseline_clear(baseline);
  return status;
}

void baseline_clear(struct baseline *baseline)
{
  for (size_t i = 0; i < baseline->n_variables; i++) {
    struct baseline_variable *variable = &baseline->variables[i];
    for (size_t g = 0; g <= baseline->n_groups; g++)
      free(variable->cells[g].counts);
    free(variable->has_members);
    free(variable->cells);
    free(variable->smd);
    column_release(variable->column);
  }
  groups_clear(baseline);
  free(baseline->variables);
  *baseline = (struct baseline){.n_groups = 0};
}
