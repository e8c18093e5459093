/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pass over the risk sets.
 *
 * At an event time t of a stratum, with n_j of group j at risk, d_j events in it, n = sum n_j, d = sum d_j, f_j = n_j /
 * n: observed_j += d_j        expected_j += d f_j        score_j += w (d_j - d f_j) covariance_jl += c (f_j [j = l] -
 * f_j f_l),         c = w^2 d (n - d) / (n - 1) The products f_j f_l are the costly part: rows sqrt(c) f are gathered
 * into blocks, each taken off by one dsyrk. */
#include "stats/logrank.h"

#include <assert.h>
#include <cblas.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/sort.h"
#include "stats/compensated.h"
#include "stats/logrank_statistic.h"

enum { BLOCK_ROWS = 128, COUNTED_GROUPS = 8 };

/* Those of one group now at risk. */
struct risk_count {
  size_t rows;
  struct compensated_sum weight; /* 0 exactly where rows is 0; not kept where every row weighs 1 */
};

struct pass {
  const struct survival_data *data; /* NULL: the groups' curves are walked */
  const struct logrank_options *options;
  size_t n_groups;
  struct risk_count *at_risk; /* of each group, in the current stratum; of rows only */
  double *n_risk;             /* of each group, at the current time */
  double *events;             /* of each group, at the current time; else 0 */
  double survival;            /* of the stratum: Kaplan–Meier, or Peto's product */
  size_t stratum;             /* the current one, and the current time: for who looks on */
  double time;
  double *block;              /* BLOCK_ROWS x n_groups: rows sqrt(c) f */
  size_t block_rows;
  struct logrank_result *result;
};

/* The rows of one stratum in order of time and, with delayed entry, of entry.  NULL: all rows as they stand. */
struct stratum_rows {
  size_t n;
  const size_t *by_time, *by_entry;
};

static void pass_admit(struct pass *pass, size_t row)
{
  struct risk_count *count = &pass->at_risk[survival_group_of(pass->data, row)];
  count->rows++;
  if (pass->data->weight)
    compensated_add(&count->weight, pass->data->weight[row]);
}

static void pass_release(struct pass *pass, size_t row)
{
  struct risk_count *count = &pass->at_risk[survival_group_of(pass->data, row)];
  count->rows--;
  if (count->rows == 0)
    count->weight = (struct compensated_sum){0, 0};
  else if (pass->data->weight)
    compensated_add(&count->weight, -pass->data->weight[row]);
}

static double pass_at_risk(const struct pass *pass, size_t group)
{
  const struct risk_count *count = &pass->at_risk[group];
  return pass->data->weight ? compensated_value(&count->weight) : (double)count->rows;
}

/* The weight of an event time with d events among n, moving the stratum's survival past it. */
static double pass_weigh(struct pass *pass, double n, double d)
{
  double before = pass->survival;
  switch (pass->options->weight) {
  case LOGRANK_PLAIN:
    return 1;
  case LOGRANK_GEHAN:
    return n;
  case LOGRANK_TARONE:
    return sqrt(n);
  case LOGRANK_FLEMING_HARRINGTON:
    pass->survival *= fmax(n - d, 0) / n;
    return pow(before, pass->options->p) * pow(1 - before, pass->options->q);
  case LOGRANK_PETO:
    pass->survival *= 1 - d / (n + 1);
    return pass->survival;
  case LOGRANK_MODIFIED_PETO:
    pass->survival *= 1 - d / (n + 1);
    return pass->survival * n / (n + 1);
  }
  return 1;
}

/* Takes the gathered products off the covariance's lower triangle. */
static void pass_flush(struct pass *pass)
{
  int k = (int)pass->n_groups;
  if (pass->block_rows)
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, k, (int)pass->block_rows, -1, pass->block, k, 1,
                pass->result->covariance, k);
  pass->block_rows = 0;
}

/* An event time: d events in all, in each group as pass->events says, and at risk pass->n_risk. */
static void pass_event_time(struct pass *pass, double d)
{
  size_t k = pass->n_groups;
  struct logrank_result *result = pass->result;
  double *row = pass->block + pass->block_rows * k;
  double n = 0;
  for (size_t j = 0; j < k; j++) {
    row[j] = pass->n_risk[j];
    n += row[j];
  }
  double weight = pass_weigh(pass, n, d);
  if (pass->options->visit)
    pass->options->visit(pass->options->visit_data, &(struct logrank_moment){.stratum = pass->stratum,
                                                                            .time = pass->time,
                                                                            .n_risk = n,
                                                                            .n_event = d,
                                                                            .group_risk = row,
                                                                            .group_event = pass->events,
                                                                            .weight = weight});
  double c = n > 1 ? weight * weight * d * fmax(n - d, 0) / (n - 1) : 0, root = sqrt(c);
  for (size_t j = 0; j < k; j++) {
    double fraction = row[j] / n;
    result->observed[j] += pass->events[j];
    result->expected[j] += d * fraction;
    result->score[j] += weight * (pass->events[j] - d * fraction);
    result->covariance[j * k + j] += c * fraction;
    row[j] = root * fraction;
    pass->events[j] = 0;
  }
  pass->block_rows += c > 0;
  if (pass->block_rows == BLOCK_ROWS)
    pass_flush(pass);
}

/* Walks the times of the rows [begin, end), with those at risk at the first: lets in who entered before the time, counts its
 * events, lets out who leaves at it. */
static enum status pass_times(struct pass *pass, const struct stratum_rows *rows, size_t begin, size_t end, struct task *task)
{
  const struct survival_data *data = pass->data;
  size_t entered = 0, next;
  for (size_t i = begin; i < end; i = next) {
    double time = data->time[rows->by_time ? rows->by_time[i] : i], d = 0;
    for (; data->entry && entered < rows->n && data->entry[rows->by_entry[entered]] < time; entered++)
      pass_admit(pass, rows->by_entry[entered]);
    for (next = i; next < end; next++) {
      size_t row = rows->by_time ? rows->by_time[next] : next;
      if (data->time[row] != time)
        break;
      if (data->status[row] != STATUS_EVENT)
        continue;
      double weight = survival_weight_of(data, row);
      pass->events[survival_group_of(data, row)] += weight;
      d += weight;
    }
    pass->time = time;
    for (size_t j = 0; j < pass->n_groups && d > 0; j++)
      pass->n_risk[j] = pass_at_risk(pass, j);
    if (d > 0)
      pass_event_time(pass, d);
    for (size_t leaving = i; leaving < next; leaving++)
      pass_release(pass, rows->by_time ? rows->by_time[leaving] : leaving);
    if (task_is_cancelled(task))
      return STATUS_CANCELLED;
  }
  return STATUS_OK;
}

static enum status pass_stratum(struct pass *pass, const struct stratum_rows *rows, struct task *task)
{
  pass->survival = 1;
  for (size_t i = 0; i < rows->n && !pass->data->entry; i++)
    pass_admit(pass, rows->by_time ? rows->by_time[i] : i);
  return pass_times(pass, rows, 0, rows->n, task);
}

/* The rows (in `order`, or NULL: as they stand) sorted by stratum, keeping their order within; starts[s] is where
 * stratum s begins, starts[n_strata] = n. */
static size_t *sort_by_stratum(const struct survival_data *data, const size_t *order, const size_t *starts)
{
  size_t *next = memory_copy(starts, data->n_strata, sizeof *next);
  size_t *rows = memory_new(data->n, sizeof *rows);
  for (size_t i = 0; i < data->n; i++) {
    size_t row = order ? order[i] : i;
    rows[next[data->stratum[row]]++] = row;
  }
  free(next);
  return rows;
}

static enum status pass_strata(struct pass *pass, const size_t *by_entry, struct task *task)
{
  const struct survival_data *data = pass->data;
  if (!data->stratum || data->n_strata < 2) {
    struct stratum_rows all = {.n = data->n, .by_entry = by_entry};
    return pass_stratum(pass, &all, task);
  }
  size_t *starts = memory_new(data->n_strata + 1, sizeof *starts);
  for (size_t i = 0; i < data->n; i++)
    starts[data->stratum[i] + 1]++;
  for (size_t s = 0; s < data->n_strata; s++)
    starts[s + 1] += starts[s];
  size_t *times = sort_by_stratum(data, NULL, starts);
  size_t *entries = by_entry ? sort_by_stratum(data, by_entry, starts) : NULL;
  enum status status = STATUS_OK;
  for (size_t s = 0; s < data->n_strata && status == STATUS_OK; s++) {
    struct stratum_rows rows = {
        .n = starts[s + 1] - starts[s], .by_time = times + starts[s], .by_entry = entries ? entries + starts[s] : NULL};
    pass->stratum = s;
    status = pass_stratum(pass, &rows, task);
  }
  free(starts);
  free(times);
  free(entries);
  return status;
}

static void result_allocate(struct logrank_result *result, size_t k)
{
  *result = (struct logrank_result){.n_groups = k};
  result->n = memory_new(k, sizeof(double));
  result->observed = memory_new(k, sizeof(double));
  result->expected = memory_new(k, sizeof(double));
  result->score = memory_new(k, sizeof(double));
  result->covariance = memory_new(k * k, sizeof(double));
}

static void pass_init(struct pass *pass, const struct logrank_options *options, size_t k, struct logrank_result *result)
{
  assert(k > 0 && k <= LOGRANK_MAX_GROUPS);
  result_allocate(result, k);
  *pass = (struct pass){.options = options, .n_groups = k, .survival = 1, .result = result};
  pass->n_risk = memory_new(k, sizeof *pass->n_risk);
  pass->events = memory_new(k, sizeof *pass->events);
  pass->block = memory_new(BLOCK_ROWS * k, sizeof *pass->block);
}

/* Frees the pass, with all that it gathered in its result. */
static void pass_clear(struct pass *pass)
{
  pass_flush(pass);
  free(pass->n_risk);
  free(pass->events);
  free(pass->block);
}

/* The statistic of what was found, unless `status` says that it was stopped. */
static enum status result_finish(struct logrank_result *result, enum status status)
{
  const size_t k = result->n_groups;
  if (status != STATUS_OK) {
    logrank_result_clear(result);
    return status;
  }
  for (size_t j = 0; j < k; j++)
    for (size_t l = 0; l < j; l++)
      result->covariance[l * k + j] = result->covariance[j * k + l];
  logrank_set_statistic(result);
  return STATUS_OK;
}

static enum status pass_finish(struct pass *pass, enum status status)
{
  pass_clear(pass);
  return result_finish(pass->result, status);
}

/* ---- many rows, by all cores ---- */

enum { PART_ROWS = 1 << 16, MOST_PARTS = 32 };

/* Stretches of the rows, cut between times by the data alone; what they find is added in their order. */
struct parts {
  const struct survival_data *data;
  const struct logrank_options *options;
  struct task *task;
  size_t n, first[MOST_PARTS + 1];
  size_t *counts; /* n x n_groups: rows of each group; then those at risk at the part's first time */
  struct logrank_result found[MOST_PARTS];
};

/* Whether stretches can be walked by themselves: who is at risk at the first time is a count of those who come, and no weight
 * depends on the times before. */
static bool can_be_cut(const struct survival_data *data, const struct logrank_options *options)
{
  const bool alone = options->weight == LOGRANK_PLAIN || options->weight == LOGRANK_GEHAN || options->weight == LOGRANK_TARONE;
  return alone && !options->visit && !data->entry && !data->weight && (!data->stratum || data->n_strata < 2) &&
         data->n_groups <= COUNTED_GROUPS && data->n >= 2 * PART_ROWS;
}

static void cut(struct parts *parts)
{
  const struct survival_data *data = parts->data;
  const size_t least = data->n / MOST_PARTS + 1, rows = least > PART_ROWS ? least : PART_ROWS;
  for (size_t end = 0; end < data->n;) {
    end = end + rows < data->n ? end + rows : data->n;
    while (end < data->n && data->time[end] == data->time[end - 1])
      end++;
    parts->first[++parts->n] = end;
  }
}

static void count_part(void *context, size_t part)
{
  const struct parts *parts = context;
  size_t *counts = &parts->counts[part * parts->data->n_groups];
  for (size_t i = parts->first[part]; i < parts->first[part + 1]; i++)
    counts[survival_group_of(parts->data, i)]++;
}

static void test_part(void *context, size_t part)
{
  struct parts *parts = context;
  const size_t k = parts->data->n_groups;
  const struct stratum_rows all = {.n = parts->data->n};
  struct pass pass;
  pass_init(&pass, parts->options, k, &parts->found[part]);
  pass.data = parts->data;
  pass.at_risk = memory_new(k, sizeof *pass.at_risk);
  for (size_t j = 0; j < k; j++)
    pass.at_risk[j].rows = parts->counts[part * k + j];
  (void)pass_times(&pass, &all, parts->first[part], parts->first[part + 1], parts->task);
  free(pass.at_risk);
  pass_clear(&pass);
}

static void add_result(struct logrank_result *sum, const struct logrank_result *part)
{
  const size_t k = sum->n_groups;
  for (size_t j = 0; j < k; j++) {
    sum->observed[j] += part->observed[j];
    sum->expected[j] += part->expected[j];
    sum->score[j] += part->score[j];
  }
  for (size_t j = 0; j < k * k; j++)
    sum->covariance[j] += part->covariance[j];
}

static enum status test_parts(const struct survival_data *data, const struct logrank_options *options, struct task *task,
                              struct logrank_result *result)
{
  struct parts parts = {.data = data, .options = options, .task = task};
  const size_t k = data->n_groups;
  result_allocate(result, k);
  cut(&parts);
  parts.counts = memory_new(parts.n * k, sizeof *parts.counts);
  parallel_run(parts.n, count_part, &parts);
  for (size_t part = parts.n; part-- > 0;)
    for (size_t j = 0; j < k; j++) {
      result->n[j] += (double)parts.counts[part * k + j];
      parts.counts[part * k + j] = (size_t)result->n[j];
    }
  parallel_run(parts.n, test_part, &parts);
  for (size_t part = 0; part < parts.n; part++) {
    add_result(result, &parts.found[part]);
    logrank_result_clear(&parts.found[part]);
  }
  free(parts.counts);
  return result_finish(result, task_is_cancelled(task) ? STATUS_CANCELLED : STATUS_OK);
}

enum status logrank_test(const struct survival_data *data, const struct logrank_options *options, struct task *task,
                         struct logrank_result *result)
{
  if (can_be_cut(data, options))
    return test_parts(data, options, task, result);
  struct pass pass;
  pass_init(&pass, options, data->n_groups, result);
  pass.data = data;
  pass.at_risk = memory_new(data->n_groups, sizeof *pass.at_risk);
  for (size_t i = 0; i < data->n; i++)
    result->n[survival_group_of(data, i)] += survival_weight_of(data, i);
  size_t *by_entry = data->entry ? sort_order(data->entry, data->n) : NULL;
  enum status status = pass_strata(&pass, by_entry, task);
  free(by_entry);
  free(pass.at_risk);
  return pass_finish(&pass, status);
}

/* ---- from the counts of curves ---- */

/* A group's curve, walked in time. */
struct counted_group {
  const struct km_curve *curve;
  size_t event;   /* its next time with events */
  size_t at_risk; /* its first time that is not before the current one */
};

static void seek_event(struct counted_group *group)
{
  while (group->event < group->curve->n_times && !(group->curve->n_event[group->event] > 0))
    group->event++;
}

/* The next time with an event in any group; false at the end. */
static bool next_event_time(const struct counted_group *groups, size_t k, double *time)
{
  bool any = false;
  for (size_t j = 0; j < k; j++) {
    const struct km_curve *curve = groups[j].curve;
    if (groups[j].event < curve->n_times && (!any || curve->time[groups[j].event] < *time)) {
      *time = curve->time[groups[j].event];
      any = true;
    }
  }
  return any;
}

/* Sets the pass's counts of the current time, and moves the groups that have events at it on; returns the events. */
static double count_event_time(struct pass *pass, struct counted_group *groups)
{
  double d = 0;
  for (size_t j = 0; j < pass->n_groups; j++) {
    struct counted_group *group = &groups[j];
    const struct km_curve *curve = group->curve;
    while (group->at_risk < curve->n_times && curve->time[group->at_risk] < pass->time)
      group->at_risk++;
    pass->n_risk[j] = group->at_risk < curve->n_times ? curve->n_risk[group->at_risk] : 0;
    if (group->event == curve->n_times || curve->time[group->event] != pass->time)
      continue;
    pass->events[j] = curve->n_event[group->event++];
    d += pass->events[j];
    seek_event(group);
  }
  return d;
}

bool logrank_can_use_curves(const struct km_curve *const *curves, size_t n)
{
  for (size_t j = 0; j < n; j++)
    if (curves[j]->n_entries)
      return false;
  return n > 0 && n <= COUNTED_GROUPS;
}

enum status logrank_test_curves(const struct km_curve *const *curves, size_t n, const struct logrank_options *options,
                                struct task *task, struct logrank_result *result)
{
  struct counted_group groups[COUNTED_GROUPS];
  struct pass pass;
  assert(logrank_can_use_curves(curves, n));
  pass_init(&pass, options, n, result);
  for (size_t j = 0; j < n; j++) {
    groups[j] = (struct counted_group){.curve = curves[j]};
    result->n[j] = curves[j]->n;
    seek_event(&groups[j]);
  }
  enum status status = STATUS_OK;
  while (!status && next_event_time(groups, n, &pass.time)) {
    pass_event_time(&pass, count_event_time(&pass, groups));
    if (task_is_cancelled(task))
      status = STATUS_CANCELLED;
  }
  return pass_finish(&pass, status);
}

void logrank_result_clear(struct logrank_result *result)
{
  free(result->n);
  free(result->observed);
  free(result->expected);
  free(result->score);
  free(result->covariance);
  *result = (struct logrank_result){.n_groups = 0};
}
