/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every pair of groups tested alone.  Rows are listed by group once; a pair merges two lists. */
#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "stats/logrank.h"

/* Arrays of their own for the rows of one pair. */
struct pair_rows {
  double *time, *entry, *weight;
  uint8_t *status;
  uint32_t *group, *stratum;
};

static void pair_rows_init(struct pair_rows *rows, const struct survival_data *data)
{
  *rows = (struct pair_rows){.time = memory_new(data->n, sizeof *rows->time),
                             .status = memory_new(data->n, sizeof *rows->status),
                             .group = memory_new(data->n, sizeof *rows->group)};
  if (data->entry)
    rows->entry = memory_new(data->n, sizeof *rows->entry);
  if (data->weight)
    rows->weight = memory_new(data->n, sizeof *rows->weight);
  if (data->stratum)
    rows->stratum = memory_new(data->n, sizeof *rows->stratum);
}

static void pair_rows_clear(struct pair_rows *rows)
{
  free(rows->time);
  free(rows->entry);
  free(rows->weight);
  free(rows->status);
  free(rows->group);
  free(rows->stratum);
}

static void pair_rows_set(struct pair_rows *rows, size_t place, const struct survival_data *data, size_t row,
                          uint32_t group)
{
  rows->time[place] = data->time[row];
  rows->status[place] = data->status[row];
  rows->group[place] = group;
  if (data->entry)
    rows->entry[place] = data->entry[row];
  if (data->weight)
    rows->weight[place] = data->weight[row];
  if (data->stratum)
    rows->stratum[place] = data->stratum[row];
}

/* The rows listed group by group, each in order of time; starts[g] … starts[g + 1] - 1 are group g's. */
struct group_lists {
  size_t *rows, *starts;
};

static void group_lists_init(struct group_lists *lists, const struct survival_data *data)
{
  lists->starts = memory_new(data->n_groups + 1, sizeof *lists->starts);
  lists->rows = memory_new(data->n, sizeof *lists->rows);
  for (size_t i = 0; i < data->n; i++)
    lists->starts[data->group[i] + 1]++;
  for (size_t g = 0; g < data->n_groups; g++)
    lists->starts[g + 1] += lists->starts[g];
  size_t *next = memory_copy(lists->starts, data->n_groups, sizeof *next);
  for (size_t i = 0; i < data->n; i++)
    lists->rows[next[data->group[i]]++] = i;
  free(next);
}

/* Gathers the rows of groups a and b, in order of time, as groups 0 and 1; returns how many. */
static size_t gather_pair(const struct survival_data *data, const struct group_lists *lists,
                          const struct logrank_pair *pair, struct pair_rows *rows)
{
  size_t a = lists->starts[pair->group1], end_a = lists->starts[pair->group1 + 1];
  size_t b = lists->starts[pair->group2], end_b = lists->starts[pair->group2 + 1];
  size_t n = 0;
  while (a < end_a || b < end_b) {
    bool first = b == end_b || (a < end_a && lists->rows[a] < lists->rows[b]);
    pair_rows_set(rows, n++, data, lists->rows[first ? a++ : b++], first ? 0 : 1);
  }
  return n;
}

static enum status test_pair(const struct survival_data *data, size_t n, const struct pair_rows *rows,
                             const struct logrank_options *options, struct task *task, struct logrank_pair *pair)
{
  struct survival_data both = {.n = n,
                               .time = rows->time,
                               .status = rows->status,
                               .entry = rows->entry,
                               .weight = rows->weight,
                               .group = rows->group,
                               .n_groups = 2,
                               .stratum = rows->stratum,
                               .n_strata = data->n_strata};
  struct logrank_result result;
  enum status status = logrank_test(&both, options, task, &result);
  if (status != STATUS_OK)
    return status;
  pair->statistic = result.statistic;
  pair->p_value = result.p_value;
  logrank_result_clear(&result);
  return STATUS_OK;
}

static void adjust_pairs(struct logrank_pair *pairs, size_t n_pairs, enum p_adjustment adjustment)
{
  double *p = memory_new(n_pairs, sizeof *p), *adjusted = memory_new(n_pairs, sizeof *adjusted);
  for (size_t i = 0; i < n_pairs; i++)
    p[i] = pairs[i].p_value;
  p_adjust(p, n_pairs, adjustment, adjusted);
  for (size_t i = 0; i < n_pairs; i++)
    pairs[i].p_adjusted = adjusted[i];
  free(p);
  free(adjusted);
}

enum status logrank_pairs(const struct survival_data *data, const struct logrank_options *options,
                          enum p_adjustment adjustment, size_t reference, struct task *task,
                          struct logrank_pair **pairs, size_t *n_pairs)
{
  size_t k = data->n_groups, count = 0;
  assert(k > 0 && k <= LOGRANK_MAX_GROUPS);
  *n_pairs = reference == LOGRANK_ALL_PAIRS ? k * (k - 1) / 2 : k - 1;
  *pairs = memory_new(*n_pairs, sizeof **pairs);
  if (!*n_pairs)
    return STATUS_OK;
  struct group_lists lists;
  struct pair_rows rows;
  group_lists_init(&lists, data);
  pair_rows_init(&rows, data);
  enum status status = STATUS_OK;
  for (size_t a = 0; a < k && status == STATUS_OK; a++)
    for (size_t b = a + 1; b < k && status == STATUS_OK; b++) {
      if (reference != LOGRANK_ALL_PAIRS && reference != a && reference != b)
        continue;
      struct logrank_pair *pair = &(*pairs)[count++];
      *pair = (struct logrank_pair){.group1 = a, .group2 = b};
      status = test_pair(data, gather_pair(data, &lists, pair, &rows), &rows, options, task, pair);
      task_progress(task, (double)count / (double)*n_pairs);
      if (status == STATUS_OK && task_is_cancelled(task))
        status = STATUS_CANCELLED;
    }
  pair_rows_clear(&rows);
  free(lists.rows);
  free(lists.starts);
  if (status == STATUS_OK) {
    adjust_pairs(*pairs, *n_pairs, adjustment);
    return STATUS_OK;
  }
  free(*pairs);
  *pairs = NULL;
  *n_pairs = 0;
  return status;
}

/* ---- from curves ---- */

enum { TIMES_A_CREW = 1 << 14 }; /* from so many on tests are shared between the cores */

/* The test of all, part 0, and the pairs behind it. */
struct curve_tests {
  const struct km_curve *const *curves;
  size_t n_curves;
  const struct logrank_options *options;
  struct task *task;
  struct logrank_result *result;
  struct logrank_pair *pairs;
  enum status *status; /* of each part */
};

static void test_part(void *context, size_t part)
{
  const struct curve_tests *tests = context;
  if (!part) {
    tests->status[0] = logrank_test_curves(tests->curves, tests->n_curves, tests->options, tests->task, tests->result);
    return;
  }
  struct logrank_pair *pair = &tests->pairs[part - 1];
  const struct km_curve *const both[] = {tests->curves[pair->group1], tests->curves[pair->group2]};
  struct logrank_result result;
  tests->status[part] = logrank_test_curves(both, 2, tests->options, tests->task, &result);
  if (tests->status[part])
    return;
  pair->statistic = result.statistic;
  pair->p_value = result.p_value;
  logrank_result_clear(&result);
}

enum status logrank_all_curves(const struct km_curve *const *curves, size_t n, const struct logrank_options *options,
                               enum p_adjustment adjustment, struct task *task, struct logrank_result *result,
                               struct logrank_pair **pairs, size_t *n_pairs)
{
  const size_t n_tested = pairs ? n * (n - 1) / 2 : 0;
  struct curve_tests tests = {curves, n, options, task, result, memory_new(n_tested, sizeof *tests.pairs),
                              memory_new(n_tested + 1, sizeof *tests.status)};
  enum status status = STATUS_OK;
  size_t count = 0;
  for (size_t a = 0; a < n && n_tested; a++)
    for (size_t b = a + 1; b < n; b++)
      tests.pairs[count++] = (struct logrank_pair){.group1 = a, .group2 = b};
  size_t n_times = 0;
  for (size_t g = 0; g < n; g++)
    n_times += curves[g]->n_times;
  if (n_times >= TIMES_A_CREW)
    parallel_run(n_tested + 1, test_part, &tests);
  for (size_t i = 0; i <= n_tested && n_times < TIMES_A_CREW; i++)
    test_part(&tests, i);
  for (size_t i = 0; i <= n_tested; i++)
    status = tests.status[i] ? tests.status[i] : status;
  if (status && !tests.status[0])
    logrank_result_clear(result);
  if (!status)
    adjust_pairs(tests.pairs, n_tested, adjustment);
  free(tests.status);
  if (status || !pairs) {
    free(tests.pairs);
    return status;
  }
  *pairs = tests.pairs;
  *n_pairs = n_tested;
  return STATUS_OK;
}
