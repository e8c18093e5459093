/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gray's test in one pass over the times of each stratum.
 *
 * In group j, just before an event time: n_j at risk, S_j the Kaplan–Meier estimate for events of any cause, F_j the
 * incidence, h_j = n_j / S_j; H = sum h_j, d the events of the cause, d_j in group j.  The pooled incidence rises by
 * d / H; F is it just before, f just after, s_j is S_j just after; b = (1 - F)^rho.
 *
 *   score_i = sum over times  b (d_i - d h_i (1 - F_i) / sum_j h_j (1 - F_j))
 *
 * is, to first order, a sum over times and groups k of independent errors: v of the cause's events, u_k of the others',
 *
 *   x_ik = a_ik + q_k D_ik,   variance v_k = t d / (H h_k),             q_k = 1 - (1 - f) / s_k
 *   x_ik = r_k D_ik,          variance u_k = t S_k^2 c_k / n_k^2,       r_k = (1 - f) / s_k
 *
 * with t the tie factors (1 - (d - 1) / (H S_k - 1) and 1 - (c_k - 1) / (n_k - 1)), c_k the group's other events,
 * a_ik = b h_i ([i = k] - h_k / H), and D_ik the sum of a_ik d / (H (1 - F)) over the later times.  So instead of D the
 * sums V_ij = sum x_ik x_jk v_k, W_ik = sum x_ik q_k v_k and U_k = sum q_k^2 v_k follow from time to time as D grows;
 * V is the covariance.  a_ik being what it is, a time takes groups^2 steps, not groups^3. */
#include "stats/gray.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sort.h"
#include "stats/compensated.h"
#include "stats/logrank_statistic.h"

/* One group of the stratum now walked. */
struct gray_group {
  size_t rows;                   /* at risk */
  struct compensated_sum weight; /* of them; 0 exactly where rows is 0 */
  double events, others;         /* at the current time: of the cause (d_j), of other causes (c_j) */
  double at_risk, h;             /* n_j; h_j, or 0 where the group is not at risk */
  double survival, after;        /* S_j, s_j */
  double incidence;              /* F_j */
  double u;                      /* U_j */
};

struct gray_pass {
  const struct survival_data *data;
  uint8_t cause;
  double rho;
  struct gray_group *groups;
  double incidence; /* F */
  double total;     /* H */
  double *w;        /* W, n_groups x n_groups */
  double *rise_v;   /* n_groups each: what V and W grow by, see pass_spread() */
  double *rise_w, *w_mean;
  struct logrank_result sums; /* score, expected and covariance, over all strata */
};

/* The rows of all strata one after the other, in order of time and, with delayed entry, of entry. */
struct strata_rows {
  size_t n_strata;
  size_t *start;              /* n_strata + 1 */
  size_t *by_time, *by_entry; /* by_entry: NULL without delayed entry */
};

static void group_change(struct gray_group *group, double weight)
{
  group->rows += weight > 0 ? 1 : (size_t)-1;
  compensated_add(&group->weight, weight);
  if (group->rows == 0)
    group->weight = (struct compensated_sum){0, 0};
}

static void pass_admit(struct gray_pass *pass, size_t row)
{
  group_change(&pass->groups[survival_group_of(pass->data, row)], survival_weight_of(pass->data, row));
}

static void pass_release(struct gray_pass *pass, size_t row)
{
  group_change(&pass->groups[survival_group_of(pass->data, row)], -survival_weight_of(pass->data, row));
}

/* The risk sets and curves of the groups at the time; returns sum h_j (1 - F_j). */
static double pass_risk_sets(struct gray_pass *pass)
{
  double share = 0;
  pass->total = 0;
  for (size_t j = 0; j < pass->data->n_groups; j++) {
    struct gray_group *group = &pass->groups[j];
    group->at_risk = compensated_value(&group->weight);
    group->h = group->at_risk > 0 && group->survival > 0 ? group->at_risk / group->survival : 0;
    double left = group->at_risk - group->events - group->others;
    bool is_left = left > COMPENSATED_NEGLIGIBLE * group->at_risk;
    group->after = group->at_risk > 0 ? is_left ? group->survival * left / group->at_risk : 0 : group->survival;
    pass->total += group->h;
    share += group->h * (1 - group->incidence);
  }
  return share;
}

static double tie_factor(double d, double n)
{
  return d > 1 ? 1 - (d - 1) / (n - 1) : 1;
}

/* Adds to V and W what a time of the cause gives them.  With g = b d / (H (1 - F)), by which D grows in units of
 * a_ik / b = h_i ([i = k] - h_k / H), and U, W as they were:
 *   V_ij += sum_k a_ik a_jk / b^2 (g^2 U_k + b^2 v_k) + g sum_k (a_ik W_jk + a_jk W_ik) / b
 *   W_ik += a_ik / b (g U_k + b v_k q_k)
 * rise_v and rise_w hold the brackets, w_mean_j = sum_k h_k W_jk / H. */
static void pass_spread(struct gray_pass *pass, double g)
{
  size_t n = pass->data->n_groups;
  const struct gray_group *groups = pass->groups;
  double *covariance = pass->sums.covariance, total = pass->total, common = 0;
  for (size_t j = 0; j < n; j++) {
    pass->w_mean[j] = 0;
    for (size_t k = 0; k < n; k++)
      pass->w_mean[j] += groups[k].h * pass->w[j * n + k];
    pass->w_mean[j] /= total;
    common += groups[j].h * groups[j].h * pass->rise_v[j];
  }
  common /= total * total;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) {
      double hi = groups[i].h, hj = groups[j].h;
      double own = common - (hi * pass->rise_v[i] + hj * pass->rise_v[j]) / total + (i == j ? pass->rise_v[i] : 0);
      covariance[i * n + j] += hi * hj * own + g * hi * (pass->w[j * n + i] - pass->w_mean[j]) +
                               g * hj * (pass->w[i * n + j] - pass->w_mean[i]);
    }
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < n && groups[i].h > 0; k++)
      pass->w[i * n + k] += groups[i].h * ((i == k ? 1 : 0) - groups[k].h / total) * pass->rise_w[k];
}

/* A time with d > 0 events of the cause; `after` is f. */
static void pass_cause(struct gray_pass *pass, double d, double share, double after)
{
  double b = pow(1 - pass->incidence, pass->rho), g = b * d / (pass->total * (1 - pass->incidence));
  for (size_t k = 0; k < pass->data->n_groups; k++) {
    struct gray_group *group = &pass->groups[k];
    pass->rise_v[k] = g * g * group->u;
    pass->rise_w[k] = g * group->u;
    if (!(group->h > 0))
      continue;
    double q = group->after > 0 ? 1 - (1 - after) / group->after : 1;
    double v = tie_factor(d, pass->total * group->survival) * d / (pass->total * group->h);
    double expected = d * group->h * (1 - group->incidence) / share;
    pass->rise_v[k] += b * b * v;
    pass->rise_w[k] += b * v * q;
    group->u += v * q * q;
    pass->sums.expected[k] += expected;
    pass->sums.score[k] += b * (group->events - expected);
  }
  pass_spread(pass, g);
}

/* A time with events of any cause; their counts are 0 again afterwards. */
static void pass_event_time(struct gray_pass *pass)
{
  double share = pass_risk_sets(pass), d = 0;
  for (size_t k = 0; k < pass->data->n_groups; k++)
    d += pass->groups[k].h > 0 ? pass->groups[k].events : 0;
  double after = pass->incidence + (d > 0 ? d / pass->total : 0);
  if (d > 0)
    pass_cause(pass, d, share, after);
  for (size_t k = 0; k < pass->data->n_groups; k++) {
    struct gray_group *group = &pass->groups[k];
    if (group->h > 0 && group->others > 0 && group->after > 0) {
      double r = (1 - after) / group->after;
      group->u += r * r * tie_factor(group->others, group->at_risk) * group->others / (group->h * group->h);
    }
    if (group->h > 0)
      group->incidence += group->events / group->h;
    group->survival = group->after;
    group->events = group->others = 0;
  }
  pass->incidence = after;
}

static enum status pass_stratum(struct gray_pass *pass, const struct strata_rows *rows, size_t stratum,
                                struct task *task)
{
  const struct survival_data *data = pass->data;
  size_t end = rows->start[stratum + 1], entered = rows->start[stratum], next;
  pass->incidence = 0;
  memset(pass->w, 0, data->n_groups * data->n_groups * sizeof *pass->w);
  for (size_t k = 0; k < data->n_groups; k++)
    pass->groups[k] = (struct gray_group){.survival = 1};
  for (; !rows->by_entry && entered < end; entered++)
    pass_admit(pass, rows->by_time[entered]);
  for (size_t i = rows->start[stratum]; i < end; i = next) {
    double time = data->time[rows->by_time[i]];
    bool has_event = false;
    for (; entered < end && data->entry[rows->by_entry[entered]] < time; entered++)
      pass_admit(pass, rows->by_entry[entered]);
    for (next = i; next < end && !(data->time[rows->by_time[next]] > time); next++) {
      size_t row = rows->by_time[next];
      struct gray_group *group = &pass->groups[survival_group_of(data, row)];
      if (data->status[row] == STATUS_CENSORED)
        continue;
      *(data->status[row] == pass->cause ? &group->events : &group->others) += survival_weight_of(data, row);
      has_event = true;
    }
    if (has_event)
      pass_event_time(pass);
    for (size_t leaving = i; leaving < next; leaving++)
      pass_release(pass, rows->by_time[leaving]);
    if (task_is_cancelled(task))
      return STATUS_CANCELLED;
  }
  return STATUS_OK;
}

static enum status test_cause(const struct survival_data *data, uint8_t cause, double rho,
                              const struct strata_rows *rows, struct task *task, struct gray_result *result)
{
  size_t n = data->n_groups;
  struct gray_pass pass = {.data = data, .cause = cause, .rho = rho, .sums = {.n_groups = n}};
  pass.groups = memory_new(n, sizeof *pass.groups);
  pass.w = memory_new(n * n, sizeof *pass.w);
  double *room = memory_new(5 * n, sizeof *room);
  pass.rise_v = room;
  pass.rise_w = room + n;
  pass.w_mean = room + 2 * n;
  pass.sums.expected = room + 3 * n;
  pass.sums.score = room + 4 * n;
  pass.sums.covariance = memory_new(n * n, sizeof(double));
  enum status status = STATUS_OK;
  for (size_t s = 0; s < rows->n_strata && status == STATUS_OK; s++)
    status = pass_stratum(&pass, rows, s, task);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++)
      pass.sums.covariance[j * n + i] = pass.sums.covariance[i * n + j];
  logrank_set_statistic(&pass.sums);
  *result = (struct gray_result){pass.sums.statistic, pass.sums.df, pass.sums.p_value};
  free(pass.groups);
  free(pass.w);
  free(room);
  free(pass.sums.covariance);
  return status;
}

/* The rows (in `order`, or NULL: as they stand) sorted by stratum, keeping their order within. */
static size_t *sort_by_stratum(const struct survival_data *data, const size_t *order, const struct strata_rows *rows)
{
  size_t *next = memory_copy(rows->start, rows->n_strata, sizeof *next);
  size_t *sorted = memory_new(data->n, sizeof *sorted);
  for (size_t i = 0; i < data->n; i++) {
    size_t row = order ? order[i] : i;
    sorted[next[data->stratum ? data->stratum[row] : 0]++] = row;
  }
  free(next);
  return sorted;
}

static struct strata_rows strata_rows_new(const struct survival_data *data)
{
  struct strata_rows rows = {.n_strata = data->stratum ? data->n_strata : 1};
  rows.start = memory_new(rows.n_strata + 1, sizeof *rows.start);
  for (size_t i = 0; i < data->n; i++)
    rows.start[data->stratum ? data->stratum[i] + 1 : 1]++;
  for (size_t s = 0; s < rows.n_strata; s++)
    rows.start[s + 1] += rows.start[s];
  rows.by_time = sort_by_stratum(data, NULL, &rows);
  if (data->entry) {
    size_t *order = sort_order(data->entry, data->n);
    rows.by_entry = sort_by_stratum(data, order, &rows);
    free(order);
  }
  return rows;
}

enum status gray_test(const struct survival_data *data, double rho, struct task *task, struct gray_result results[2])
{
  assert(data->n_groups > 0 && data->n_groups <= GRAY_MAX_GROUPS);
  struct strata_rows rows = strata_rows_new(data);
  enum status status = test_cause(data, STATUS_EVENT, rho, &rows, task, &results[0]);
  if (status == STATUS_OK)
    status = test_cause(data, STATUS_COMPETING, rho, &rows, task, &results[1]);
  free(rows.start);
  free(rows.by_time);
  free(rows.by_entry);
  return status;
}
