/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways to fill the last two columns of Fisher's network, kept for each node that is reached often. */
#ifndef KAPLAN_STATS_FISHER_COMPLETIONS_H
#define KAPLAN_STATS_FISHER_COMPLETIONS_H

#include <stddef.h>
#include <stdint.h>

#include "stats/fisher_paths.h"

struct fisher_completions {
  const double *log_factorial;
  uint32_t column; /* the size of the first of the two columns */
  struct fisher_stage nodes;
};

void fisher_completions_init(struct fisher_completions *completions, const double *log_factorial, uint32_t column,
                             size_t n_rows);
void fisher_completions_clear(struct fisher_completions *completions);

/* How many ways there are to fill the two columns, at least 1. */
size_t fisher_completions_count(const struct fisher_completions *completions, const uint32_t *left);

/* The completions of a node, n in number, ascending by value (those of one value are one), each with the chance of it
 * and all before it.  NULL where the list would be too long.  Valid until the next call. */
const struct fisher_node *fisher_completions_of(struct fisher_completions *completions, const uint32_t *left, size_t n);

/* The chance of all pairs of a path and a completion whose values sum to `limit` at most, given the paths' own chances.
 * chance_sum[i] is the sum of the chances of the paths before paths[i], n_paths + 1 of them. */
double fisher_completions_chance(const struct fisher_node *completions, const struct fisher_path *paths,
                                 const double *chance_sum, size_t n_paths, double limit);

#endif
