/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fisher's test by a network (after Mehta & Patel, JASA 78, 1983, 427–434).
 *
 * The columns are filled one after the other, the smallest first.  A node of stage j is what is left of the rows when j
 * columns are full; paths that lead to it are held together, ascending by value.  In filling a column cell by cell, the
 * values of all completions lie between two bounds: paths for which all completions count are counted at once, with
 * their chance (the completions' chances sum to 1); paths for which none counts are left out; only the others go on.
 *
 * The bounds are sums over the rows, each row filling its cells as it likes, within the columns' sizes:
 *   upper  sum_i max_y sum_l (v_l y_l - log y_l!) - sum_l v_l c_l      for any v: Lagrange's relaxation of the columns
 *   lower  sum_i min_y sum_l -log y_l!
 * With v_l = log(c_l + rows / 2) the upper one has its maximum near tables that fit.  When one column is left, both are
 * exact. */
#include "stats/fisher_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/compensated.h"
#include "stats/fisher_completions.h"
#include "stats/fisher_paths.h"

enum {
  PATHS_TO_LIST = 2,
  MAX_STEPS = 60000000,
  MAX_PATHS = 6000000,
  MAX_BOUNDS = 20000000,
  STEPS_BETWEEN_LOOKS = 65536
};

/* A column being filled: cells 0 … i - 1 are, the others not. */
struct column {
  size_t stage;
  const uint32_t *left;  /* of each row, before this column */
  uint32_t *after;       /* and after it */
  uint32_t *sum;         /* of left over the rows from i on */
  double *upper, *lower; /* bounds summed over the rows from i on */
};

struct network {
  const struct fisher_margins *margins;
  uint32_t *size;        /* of the columns, ascending */
  double *multiplier;    /* v */
  double *upper, *lower; /* bounds of a row with m left, at a stage: [stage * stride + m] */
  size_t stride;
  struct column *columns; /* one a stage */
  uint32_t *sorted;
  struct fisher_stage next; /* the stage that is being reached */
  struct fisher_completions completions;
  const struct fisher_path *paths; /* of the node at work, with the sums of their chances */
  double *chance_sum;
  size_t chance_capacity;
  struct compensated_sum p_value;
  size_t steps, next_look;
  struct task *task;
  bool given_up;
};

/* Where a partly filled column stands: what is left of the column, the paths [low, high) that are still open, and what
 * is to be added to them: values of the cells so far, bounds of the rows so far, log of the chance. */
struct place {
  uint32_t rest;
  size_t low, high;
  double value, upper, lower, log_chance;
};

/* -- bounds -- */

/* The next unit of a row goes to the column where it adds most: columns from `stage` on that hold y_l < c_l. */
static void fill_upper(struct network *network, size_t stage, uint32_t largest, uint32_t *y)
{
  const struct fisher_margins *margins = network->margins;
  double *upper = network->upper + stage * network->stride;
  memset(y, 0, margins->n_columns * sizeof *y);
  upper[0] = 0;
  for (uint32_t m = 1; m <= largest; m++) {
    size_t best = margins->n_columns;
    double gain = -INFINITY;
    for (size_t l = stage; l < margins->n_columns; l++) {
      double candidate = network->multiplier[l] - log((double)y[l] + 1);
      if (y[l] < network->size[l] && candidate > gain) {
        gain = candidate;
        best = l;
      }
    }
    upper[m] = upper[m - 1] + gain;
    if (best < margins->n_columns)
      y[best]++;
  }
}

/* The least probable row fills the largest columns one after the other. */
static void fill_lower(struct network *network, size_t stage, uint32_t largest)
{
  const struct fisher_margins *margins = network->margins;
  double *lower = network->lower + stage * network->stride, full = 0;
  uint32_t filled = 0;
  size_t l = margins->n_columns - 1;
  for (uint32_t m = 0; m <= largest; m++) {
    while (m - filled > network->size[l] && l > stage) {
      full -= margins->log_factorial[network->size[l]];
      filled += network->size[l--];
    }
    lower[m] = full - margins->log_factorial[m - filled];
  }
}

static void network_fill_bounds(struct network *network)
{
  const struct fisher_margins *margins = network->margins;
  uint32_t *y = memory_new(margins->n_columns, sizeof *y);
  network->upper = memory_new(margins->n_columns * network->stride, sizeof(double));
  network->lower = memory_new(margins->n_columns * network->stride, sizeof(double));
  for (size_t stage = 0; stage < margins->n_columns; stage++) {
    fill_upper(network, stage, margins->row[0], y);
    fill_lower(network, stage, margins->row[0]);
  }
  free(y);
}

/* -- one column -- */

/* The first path in [low, high) whose value is above `value`. */
static size_t first_above(const struct fisher_path *paths, size_t low, size_t high, double value)
{
  if (low == high || paths[low].value > value)
    return low;
  if (paths[high - 1].value <= value)
    return high;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (paths[middle].value > value)
      high = middle;
    else
      low = middle;
  }
  return high;
}

static void column_begin(struct network *network, struct column *column, const uint32_t *left)
{
  size_t k = network->margins->n_rows;
  const double *upper = network->upper + column->stage * network->stride;
  const double *lower = network->lower + column->stage * network->stride;
  column->left = left;
  column->sum[k] = 0;
  column->upper[k] = column->lower[k] = 0;
  for (size_t i = k; i-- > 0;) {
    column->sum[i] = column->sum[i + 1] + left[i];
    column->upper[i] = column->upper[i + 1] + upper[left[i]];
    column->lower[i] = column->lower[i + 1] + lower[left[i]];
  }
}

/* What is left of the rows, descending. */
static const uint32_t *sorted_rows(struct network *network, const uint32_t *left)
{
  uint32_t *sorted = network->sorted;
  for (size_t i = 0; i < network->margins->n_rows; i++) {
    size_t j = i;
    for (; j > 0 && sorted[j - 1] < left[i]; j--)
      sorted[j] = sorted[j - 1];
    sorted[j] = left[i];
  }
  return sorted;
}

/* Before the last two columns: the completions of a node that so many paths have reached that it is worth a list. */
static const struct fisher_node *listed_completions(struct network *network, struct fisher_node *node,
                                                    const uint32_t *sorted)
{
  if (node->n_completions == 0)
    node->n_completions = fisher_completions_count(&network->completions, sorted);
  if (node->added < PATHS_TO_LIST * node->n_completions)
    return NULL;
  return fisher_completions_of(&network->completions, sorted, node->n_completions);
}

/* The column is full, and the open paths go on to the node they have reached, where they meet others; or they are
 * counted at once against the node's list of completions. */
static void column_done(struct network *network, const struct column *column, struct place place)
{
  const struct fisher_margins *margins = network->margins;
  size_t stage = column->stage + 1, open = place.high - place.low;
  if (stage + 1 == margins->n_columns)
    return; /* the bounds were exact: what is open does not count */
  const uint32_t *sorted = sorted_rows(network, column->after);
  struct fisher_node *node = fisher_stage_node(&network->next, sorted);
  const struct fisher_node *list = stage + 2 == margins->n_columns ? listed_completions(network, node, sorted) : NULL;
  double chance = exp(place.log_chance);
  if (list) {
    network->steps += (open < list->n_paths ? open : list->n_paths) / 8;
    compensated_add(&network->p_value, chance * fisher_completions_chance(list, network->paths + place.low,
                                                                          network->chance_sum + place.low, open,
                                                                          margins->limit - place.value));
    return;
  }
  network->steps += open;
  for (size_t path = place.low; path < place.high; path++) {
    struct fisher_path longer = {network->paths[path].value + place.value, network->paths[path].chance * chance};
    fisher_stage_add(&network->next, node, longer);
  }
}

/* Whether to stop: the task is cancelled, or it has taken too long. */
static bool network_stops(struct network *network)
{
  network->steps++;
  if (network->steps < network->next_look)
    return network->given_up;
  network->next_look = network->steps + STEPS_BETWEEN_LOOKS;
  network->given_up = network->given_up || network->steps > MAX_STEPS || network->next.n_paths > MAX_PATHS ||
                      task_is_cancelled(network->task);
  return network->given_up;
}

/* Fills cells i, i + 1, … in all ways. */
static void column_fill(struct network *network, struct column *column, size_t i, struct place place)
{
  if (i == network->margins->n_rows) {
    column_done(network, column, place);
    return;
  }
  const double *log_factorial = network->margins->log_factorial, limit = network->margins->limit;
  const double *upper = network->upper + (column->stage + 1) * network->stride;
  const double *lower = network->lower + (column->stage + 1) * network->stride;
  double multiplier = network->multiplier[column->stage];
  uint32_t left = column->left[i], others = column->sum[i + 1];
  uint32_t first = place.rest > others ? place.rest - others : 0, last = left < place.rest ? left : place.rest;
  for (uint32_t x = first; x <= last && !network_stops(network); x++) {
    struct place then = place;
    then.rest -= x;
    then.value -= log_factorial[x];
    then.upper += multiplier * x - log_factorial[x] + upper[left - x];
    then.lower += lower[left - x] - log_factorial[x];
    then.log_chance += fisher_log_choose(log_factorial, left, x);
    then.low = first_above(network->paths, place.low, place.high, limit - then.upper - column->upper[i + 1]);
    if (then.low > place.low)
      compensated_add(&network->p_value,
                      (network->chance_sum[then.low] - network->chance_sum[place.low]) *
                          exp(then.log_chance + fisher_log_choose(log_factorial, others, then.rest)));
    then.high = first_above(network->paths, then.low, place.high, limit - then.lower - column->lower[i + 1]);
    if (then.low == then.high)
      continue;
    column->after[i] = left - x;
    column_fill(network, column, i + 1, then);
  }
}

/* -- stages -- */

static void network_node(struct network *network, size_t stage, const struct fisher_node *node, const uint32_t *left)
{
  const struct fisher_margins *margins = network->margins;
  if (node->n_paths + 1 > network->chance_capacity) {
    network->chance_capacity = 2 * node->n_paths + 1;
    network->chance_sum = memory_resize(network->chance_sum, network->chance_capacity, sizeof(double));
  }
  network->chance_sum[0] = 0;
  for (size_t i = 0; i < node->n_paths; i++)
    network->chance_sum[i + 1] = network->chance_sum[i] + node->paths[i].chance;
  network->paths = node->paths;
  struct column *column = &network->columns[stage];
  column_begin(network, column, left);
  struct place place = {.rest = network->size[stage], .high = node->n_paths};
  for (size_t l = stage; l < margins->n_columns; l++)
    place.upper -= network->multiplier[l] * network->size[l];
  place.log_chance = -fisher_log_choose(margins->log_factorial, column->sum[0], place.rest);
  column_fill(network, column, 0, place);
}

static void network_run(struct network *network)
{
  const struct fisher_margins *margins = network->margins;
  struct fisher_stage stage;
  fisher_stage_init(&stage, margins->n_rows);
  fisher_stage_add(&stage, fisher_stage_node(&stage, margins->row), (struct fisher_path){0, 1});
  for (size_t j = 0; j + 1 < margins->n_columns; j++) {
    fisher_stage_init(&network->next, margins->n_rows);
    for (size_t i = 0; i < stage.n_nodes && !network->given_up; i++) {
      fisher_stage_merge(&stage, &stage.nodes[i]);
      network_node(network, j, &stage.nodes[i], stage.left + i * margins->n_rows);
      fisher_stage_forget(&stage, &stage.nodes[i]);
    }
    fisher_stage_clear(&stage);
    stage = network->next;
  }
  fisher_stage_clear(&stage);
}

static void network_allocate(struct network *network)
{
  const struct fisher_margins *margins = network->margins;
  size_t k = margins->n_rows, n = margins->n_columns;
  network->stride = (size_t)margins->row[0] + 1;
  network->size = memory_new(n, sizeof *network->size);
  network->multiplier = memory_new(n, sizeof *network->multiplier);
  network->columns = memory_new(n, sizeof *network->columns);
  network->sorted = memory_new(k, sizeof *network->sorted);
  for (size_t j = 0; j < n; j++) {
    network->size[j] = margins->column[n - 1 - j];
    network->multiplier[j] = log(network->size[j] + (double)k / 2);
    network->columns[j] = (struct column){.stage = j,
                                          .after = memory_new(k, sizeof(uint32_t)),
                                          .sum = memory_new(k + 1, sizeof(uint32_t)),
                                          .upper = memory_new(k + 1, sizeof(double)),
                                          .lower = memory_new(k + 1, sizeof(double))};
  }
  fisher_completions_init(&network->completions, margins->log_factorial, network->size[n - 2], k);
  network_fill_bounds(network);
}

static void network_clear(struct network *network)
{
  for (size_t j = 0; j < network->margins->n_columns; j++) {
    free(network->columns[j].after);
    free(network->columns[j].sum);
    free(network->columns[j].upper);
    free(network->columns[j].lower);
  }
  fisher_completions_clear(&network->completions);
  free(network->size);
  free(network->multiplier);
  free(network->columns);
  free(network->sorted);
  free(network->upper);
  free(network->lower);
  free(network->chance_sum);
}

bool fisher_network(const struct fisher_margins *margins, struct task *task, double *p_value)
{
  double bounds = ((double)margins->row[0] + 1) * (double)margins->n_columns;
  if (bounds * (double)margins->n_columns > MAX_BOUNDS)
    return false;
  struct network network = {.margins = margins, .task = task};
  network_allocate(&network);
  network_run(&network);
  network_clear(&network);
  *p_value = fmin(compensated_value(&network.p_value), 1);
  return !network.given_up;
}
