/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/fisher_completions.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

enum { MAX_ONE_LIST = 1000000, MAX_ALL_LISTS = 4000000 };

/* A list being written: the node's rows, and what is left of the column. */
struct writer {
  struct fisher_completions *completions;
  struct fisher_node *node;
  const uint32_t *left;
  double log_all; /* of the number of ways to draw the column */
};

void fisher_completions_init(struct fisher_completions *completions, const double *log_factorial, uint32_t column,
                             size_t n_rows)
{
  *completions = (struct fisher_completions){.log_factorial = log_factorial, .column = column};
  fisher_stage_init(&completions->nodes, n_rows);
}

void fisher_completions_clear(struct fisher_completions *completions)
{
  fisher_stage_clear(&completions->nodes);
}

/* ways[r] for r = 0 … column: how often r units of the column go to the rows so far. */
size_t fisher_completions_count(const struct fisher_completions *completions, const uint32_t *left)
{
  size_t column = completions->column;
  double *ways = memory_new(column + 1, sizeof *ways), *sum = memory_new(column + 2, sizeof *sum);
  ways[0] = 1;
  for (size_t i = 0; i < completions->nodes.n_rows; i++) {
    for (size_t r = 0; r <= column; r++)
      sum[r + 1] = sum[r] + ways[r];
    for (size_t r = 0; r <= column; r++)
      ways[r] = sum[r + 1] - (r > left[i] ? sum[r - left[i]] : 0);
  }
  double count = fmin(fmax(ways[column], 1), 1e9);
  free(ways);
  free(sum);
  return (size_t)count;
}

/* Writes all ways to fill rows i, i + 1, … of the two columns.  The chance of a completion is prod left! / (x! (left -
 * x)!) over the number of all, and so goes with its value but for a factor of the node. */
static void write_rows(const struct writer *writer, size_t i, uint32_t rest, uint32_t others, double value)
{
  struct fisher_stage *nodes = &writer->completions->nodes;
  const double *log_factorial = writer->completions->log_factorial;
  if (i == nodes->n_rows) {
    fisher_stage_add(nodes, writer->node, (struct fisher_path){value, exp(value - writer->log_all)});
    return;
  }
  uint32_t left = writer->left[i], after = others - left;
  uint32_t first = rest > after ? rest - after : 0, last = left < rest ? left : rest;
  for (uint32_t x = first; x <= last; x++)
    write_rows(writer, i + 1, rest - x, after, value - log_factorial[x] - log_factorial[left - x]);
}

static void write_list(struct fisher_completions *completions, struct fisher_node *node, const uint32_t *left)
{
  const double *log_factorial = completions->log_factorial;
  uint32_t total = 0, column = completions->column;
  double rows = 0;
  for (size_t i = 0; i < completions->nodes.n_rows; i++) {
    total += left[i];
    rows += log_factorial[left[i]];
  }
  double log_all = log_factorial[total] - log_factorial[column] - log_factorial[total - column] - rows;
  struct writer writer = {.completions = completions, .node = node, .left = left, .log_all = log_all};
  write_rows(&writer, 0, column, total, 0);
  fisher_stage_merge(&completions->nodes, node);
  node->paths = memory_resize(node->paths, node->n_paths, sizeof *node->paths);
  node->capacity = node->n_paths;
  for (size_t i = 1; i < node->n_paths; i++)
    node->paths[i].chance += node->paths[i - 1].chance;
}

const struct fisher_node *fisher_completions_of(struct fisher_completions *completions, const uint32_t *left, size_t n)
{
  struct fisher_node *node = fisher_stage_node(&completions->nodes, left);
  if (node->n_paths == 0 && n <= MAX_ONE_LIST && completions->nodes.n_paths + n <= MAX_ALL_LISTS)
    write_list(completions, node, left);
  return node->n_paths ? node : NULL;
}

/* How many of the first `n` have a value of at most `limit`, looked for from the end in steps that double. */
static size_t count_below(const struct fisher_path *paths, size_t n, double limit)
{
  size_t step = 1, high = n;
  while (high > 0 && paths[high - 1].value > limit) {
    n = high - 1;
    high = high > step ? high - step : 0;
    step *= 2;
  }
  while (high < n) { /* those before `high` are, those from n on are not */
    size_t middle = high + (n - high) / 2;
    if (paths[middle].value > limit)
      n = middle;
    else
      high = middle + 1;
  }
  return n;
}

/* The shorter of the two is walked upwards, and the part of the longer that goes with it shrinks. */
double fisher_completions_chance(const struct fisher_node *completions, const struct fisher_path *paths,
                                 const double *chance_sum, size_t n_paths, double limit)
{
  const struct fisher_path *list = completions->paths;
  double chance = 0;
  if (n_paths <= completions->n_paths) {
    size_t count = completions->n_paths;
    for (size_t i = 0; i < n_paths; i++) {
      count = count_below(list, count, limit - paths[i].value);
      if (count == 0)
        break;
      chance += paths[i].chance * list[count - 1].chance;
    }
    return chance;
  }
  size_t count = n_paths;
  for (size_t i = 0; i < completions->n_paths; i++) {
    count = count_below(paths, count, limit - list[i].value);
    if (count == 0)
      break;
    chance += (list[i].chance - (i ? list[i - 1].chance : 0)) * (chance_sum[count] - chance_sum[0]);
  }
  return chance;
}
