/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Concordance by two walks through time over a tree of the scores' ranks.
 *
 * A pair is comparable where the one has its event while the other is at risk and outlives it (or is censored at that
 * very time).  Backwards, each event counts the rows at risk by score; forwards, each row counts the events that it
 * outlived. Both together are what the row adds to the pairs, from which comes the infinitesimal jackknife. */
#include "stats/concordance.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "stats/entry_order.h"

enum { LEAF_BITS = 4, LEAF_RANKS = 1 << LEAF_BITS };

enum { ROWS_A_CREW = 1 << 14 }; /* from so many on the walks are shared between the cores */

/* Sums of weights by rank: leaves of sixteen ranks under a Fenwick tree, which then fits the cache. */
struct rank_sums {
  size_t n_ranks, n_nodes;
  double *rank; /* weight at each rank */
  double *node; /* Fenwick tree over the leaves, from 1 */
  double total;
};

static void rank_sums_init(struct rank_sums *sums, size_t n_ranks)
{
  size_t n_nodes = (n_ranks >> LEAF_BITS) + 1;
  *sums = (struct rank_sums){.n_ranks = n_ranks,
                             .n_nodes = n_nodes,
                             .rank = memory_new(n_ranks, sizeof(double)),
                             .node = memory_new(n_nodes + 1, sizeof(double))};
}

/* Empties the sums, for `n_ranks` ranks (no more than there were). */
static void rank_sums_reset(struct rank_sums *sums, size_t n_ranks)
{
  sums->n_ranks = n_ranks;
  sums->n_nodes = (n_ranks >> LEAF_BITS) + 1;
  sums->total = 0;
  memset(sums->rank, 0, n_ranks * sizeof *sums->rank);
  memset(sums->node, 0, (sums->n_nodes + 1) * sizeof *sums->node);
}

static void rank_sums_clear(struct rank_sums *sums)
{
  free(sums->rank);
  free(sums->node);
}

static void rank_sums_add(struct rank_sums *sums, size_t rank, double weight)
{
  sums->rank[rank] += weight;
  sums->total += weight;
  for (size_t node = (rank >> LEAF_BITS) + 1; node <= sums->n_nodes; node += node & -node)
    sums->node[node] += weight;
}

/* The weight at lower ranks. */
static double rank_sums_below(const struct rank_sums *sums, size_t rank)
{
  double below = 0;
  for (size_t node = rank >> LEAF_BITS; node > 0; node -= node & -node)
    below += sums->node[node];
  for (size_t r = rank & ~(size_t)(LEAF_RANKS - 1); r < rank; r++)
    below += sums->rank[r];
  return below;
}

/* The rows by stratum and time, and what each adds to the pairs. */
struct pairing {
  const struct survival_data *data;
  size_t *row;     /* by stratum, then time */
  size_t *start;   /* n_strata + 1 */
  size_t *entry;   /* rows by stratum, then entry; NULL without delayed entry */
  uint32_t *rank;  /* of each row's score within its stratum, ties equal */
  size_t *n_ranks; /* of each stratum */
  double *net;     /* of each row: concordant less discordant partners, by weight */
  double *pairs;   /* of each row: partners that can be compared */
  struct rank_sums sums;
  double *at_time; /* by rank: weight of the events of one time; 0 between */
  struct concordance found;
  struct concordance_step *steps; /* kept where is_kept, the last time of a stratum first */
  size_t n_steps, steps_capacity;
  bool is_kept;
};

static double row_weight(const struct survival_data *data, size_t row)
{
  return data->weight ? data->weight[row] : 1;
}

static bool is_event(const struct survival_data *data, size_t row)
{
  return data->status[row] == STATUS_EVENT;
}

static size_t row_stratum(const struct survival_data *data, size_t row)
{
  return data->stratum ? data->stratum[row] : 0;
}

/* Distributes rows over their strata, keeping their order: `order` NULL is 0, 1, 2 … */
static size_t *split_rows(const struct survival_data *data, const size_t *order, const size_t *start, size_t n_strata)
{
  size_t *rows = memory_resize(NULL, data->n, sizeof *rows), *next = memory_copy(start, n_strata, sizeof *next);
  for (size_t i = 0; i < data->n; i++) {
    size_t row = order ? order[i] : i;
    rows[next[row_stratum(data, row)]++] = row;
  }
  free(next);
  return rows;
}

static void rank_scores(struct pairing *pairing, const double *score, size_t n_strata)
{
  const struct survival_data *data = pairing->data;
  size_t *order = entry_order(score, data->n);
  double *last = memory_new(n_strata, sizeof *last);
  pairing->rank = memory_resize(NULL, data->n, sizeof *pairing->rank);
  pairing->n_ranks = memory_new(n_strata, sizeof *pairing->n_ranks);
  for (size_t i = 0; i < data->n; i++) {
    size_t row = order[i], stratum = row_stratum(data, row);
    if (pairing->n_ranks[stratum] == 0 || score[row] > last[stratum])
      pairing->n_ranks[stratum]++;
    last[stratum] = score[row];
    pairing->rank[row] = (uint32_t)(pairing->n_ranks[stratum] - 1);
  }
  free(order);
  free(last);
}

static void pairing_init(struct pairing *pairing, const struct survival_data *data, const double *score,
                         size_t n_strata)
{
  size_t n = data->n, largest = 0;
  *pairing = (struct pairing){.data = data,
                              .start = memory_new(n_strata + 1, sizeof(size_t)),
                              .net = memory_new(n, sizeof(double)),
                              .pairs = memory_new(n, sizeof(double))};
  for (size_t i = 0; i < n; i++)
    pairing->start[row_stratum(data, i) + 1]++;
  for (size_t s = 0; s < n_strata; s++)
    pairing->start[s + 1] += pairing->start[s];
  pairing->row = split_rows(data, NULL, pairing->start, n_strata);
  if (data->entry) {
    size_t *order = entry_order(data->entry, n);
    pairing->entry = split_rows(data, order, pairing->start, n_strata);
    free(order);
  }
  rank_scores(pairing, score, n_strata);
  for (size_t s = 0; s < n_strata; s++)
    largest = pairing->n_ranks[s] > largest ? pairing->n_ranks[s] : largest;
  rank_sums_init(&pairing->sums, largest);
  pairing->at_time = memory_new(largest, sizeof *pairing->at_time);
}

static void pairing_clear(struct pairing *pairing)
{
  free(pairing->row);
  free(pairing->start);
  free(pairing->entry);
  free(pairing->rank);
  free(pairing->n_ranks);
  free(pairing->net);
  free(pairing->pairs);
  rank_sums_clear(&pairing->sums);
  free(pairing->at_time);
}

/* One past the rows that share the time of row number i of the order. */
static size_t time_end(const struct pairing *pairing, size_t i, size_t stop)
{
  double time = pairing->data->time[pairing->row[i]];
  while (i < stop && !(pairing->data->time[pairing->row[i]] > time))
    i++;
  return i;
}

/* The same towards the beginning: the first row that shares the time of row number i. */
static size_t time_first(const struct pairing *pairing, size_t i, size_t start)
{
  double time = pairing->data->time[pairing->row[i]];
  while (i > start && !(pairing->data->time[pairing->row[i - 1]] < time))
    i--;
  return i;
}

/* The events of one time among themselves: no order, counted where their scores differ. */
static void count_tied_times(struct pairing *pairing, size_t first, size_t end)
{
  const struct survival_data *data = pairing->data;
  double before = 0;
  for (size_t i = first; i < end; i++) {
    size_t row = pairing->row[i];
    double weight = row_weight(data, row), *equal = &pairing->at_time[pairing->rank[row]];
    if (!is_event(data, row))
      continue;
    pairing->found.tied_time += weight * (before - *equal);
    before += weight;
    *equal += weight;
  }
  for (size_t i = first; i < end; i++)
    pairing->at_time[pairing->rank[pairing->row[i]]] = 0;
}

/* An event against the rows at risk. */
static void count_survivors(struct pairing *pairing, size_t row)
{
  double below = rank_sums_below(&pairing->sums, pairing->rank[row]), equal = pairing->sums.rank[pairing->rank[row]];
  double above = pairing->sums.total - below - equal, weight = row_weight(pairing->data, row);
  pairing->net[row] += below - above;
  pairing->pairs[row] += pairing->sums.total;
  pairing->found.concordant += weight * below;
  pairing->found.discordant += weight * above;
  pairing->found.tied_score += weight * equal;
}

/* Takes out of the sums the rows that had not entered before `time`; *leaver counts down through pairing->entry. */
static void remove_late(struct pairing *pairing, double time, size_t *leaver, size_t start)
{
  const struct survival_data *data = pairing->data;
  for (; *leaver > start && data->entry[pairing->entry[*leaver - 1]] >= time; (*leaver)--) {
    size_t row = pairing->entry[*leaver - 1];
    rank_sums_add(&pairing->sums, pairing->rank[row], -row_weight(data, row));
  }
}

/* What the rows [first, end) of one time have added to the pairs since `before`. */
static void keep_step(struct pairing *pairing, const struct concordance *before, size_t first, size_t end)
{
  const struct concordance *found = &pairing->found;
  struct concordance_step step = {.stratum = row_stratum(pairing->data, pairing->row[first]),
                                  .time = pairing->data->time[pairing->row[first]],
                                  .concordant = found->concordant - before->concordant,
                                  .discordant = found->discordant - before->discordant,
                                  .tied_score = found->tied_score - before->tied_score,
                                  .tied_time = found->tied_time - before->tied_time};
  for (size_t i = first; i < end; i++)
    if (is_event(pairing->data, pairing->row[i]))
      step.n_event += row_weight(pairing->data, pairing->row[i]);
  if (step.n_event > 0)
    MEMORY_APPEND(pairing->steps, pairing->n_steps, pairing->steps_capacity, step);
}

/* From the last time to the first: at an event the sums hold those who outlive it. */
static void walk_back(struct pairing *pairing, size_t stratum)
{
  const struct survival_data *data = pairing->data;
  size_t start = pairing->start[stratum], leaver = pairing->start[stratum + 1];
  rank_sums_reset(&pairing->sums, pairing->n_ranks[stratum]);
  for (size_t end = pairing->start[stratum + 1], first; end > start; end = first) {
    first = time_first(pairing, end - 1, start);
    const struct concordance before = pairing->found;
    for (size_t i = first; i < end; i++)
      if (!is_event(data, pairing->row[i]))
        rank_sums_add(&pairing->sums, pairing->rank[pairing->row[i]], row_weight(data, pairing->row[i]));
    if (data->entry)
      remove_late(pairing, data->time[pairing->row[first]], &leaver, start);
    for (size_t i = first; i < end; i++)
      if (is_event(data, pairing->row[i]))
        count_survivors(pairing, pairing->row[i]);
    for (size_t i = first; i < end; i++)
      if (is_event(data, pairing->row[i]))
        rank_sums_add(&pairing->sums, pairing->rank[pairing->row[i]], row_weight(data, pairing->row[i]));
    count_tied_times(pairing, first, end);
    if (pairing->is_kept)
      keep_step(pairing, &before, first, end);
  }
}

/* A row against the events in the sums, which it outlived (sign +1) or which were before its entry (-1). */
static void count_events(struct pairing *pairing, size_t row, double sign)
{
  double below = rank_sums_below(&pairing->sums, pairing->rank[row]), equal = pairing->sums.rank[pairing->rank[row]];
  double above = pairing->sums.total - below - equal;
  pairing->net[row] += sign * (above - below);
  pairing->pairs[row] += sign * pairing->sums.total;
}

/* From the first time to the last: the sums hold the events so far. */
static void walk_forth(struct pairing *pairing, size_t stratum)
{
  const struct survival_data *data = pairing->data;
  size_t stop = pairing->start[stratum + 1], entering = pairing->start[stratum];
  rank_sums_reset(&pairing->sums, pairing->n_ranks[stratum]);
  for (size_t first = pairing->start[stratum], end; first < stop; first = end) {
    end = time_end(pairing, first, stop);
    double time = data->time[pairing->row[first]];
    for (; data->entry && entering < stop && data->entry[pairing->entry[entering]] < time; entering++)
      count_events(pairing, pairing->entry[entering], -1);
    for (size_t i = first; i < end; i++)
      if (is_event(data, pairing->row[i]))
        count_events(pairing, pairing->row[i], 1);
    for (size_t i = first; i < end; i++)
      if (is_event(data, pairing->row[i]))
        rank_sums_add(&pairing->sums, pairing->rank[pairing->row[i]], row_weight(data, pairing->row[i]));
    for (size_t i = first; i < end; i++)
      if (!is_event(data, pairing->row[i]))
        count_events(pairing, pairing->row[i], 1);
  }
}

/* Infinitesimal jackknife: the derivative of the estimate by each row's weight, squared and summed. */
static double jackknife_variance(const struct pairing *pairing, const uint32_t *cluster, size_t n_clusters,
                                 bool is_count)
{
  const struct survival_data *data = pairing->data;
  const struct concordance *found = &pairing->found;
  double n_pairs = found->concordant + found->discordant + found->tied_score, variance = 0;
  double somers = (found->concordant - found->discordant) / n_pairs;
  double *sums = cluster ? memory_new(n_clusters, sizeof *sums) : NULL;
  for (size_t i = 0; i < data->n; i++) {
    double weight = row_weight(data, i);
    double influence = (pairing->net[i] - somers * pairing->pairs[i]) / n_pairs / 2;
    if (cluster)
      sums[cluster[i]] += weight * influence;
    else
      variance += influence * influence * (is_count ? weight : weight * weight);
  }
  for (size_t c = 0; cluster && c < n_clusters; c++)
    variance += sums[c] * sums[c];
  free(sums);
  return variance;
}

/* Both walks, each with sums of its own: `forth` borrows the order and the ranks of `back`. */
struct walks {
  struct pairing back, forth;
  size_t n_strata;
};

static void walk_one_way(void *context, size_t part)
{
  struct walks *walks = context;
  for (size_t s = 0; s < walks->n_strata; s++)
    if (part == 0)
      walk_back(&walks->back, s);
    else
      walk_forth(&walks->forth, s);
}

/* Walks both ways at once and adds what `forth` found of each row to `back`. */
static void walk_both_ways(struct walks *walks)
{
  const size_t n = walks->back.data->n;
  walks->forth = walks->back;
  rank_sums_init(&walks->forth.sums, walks->back.sums.n_ranks);
  walks->forth.net = memory_new(n, sizeof(double));
  walks->forth.pairs = memory_new(n, sizeof(double));
  if (n >= ROWS_A_CREW)
    parallel_run(2, walk_one_way, walks);
  for (size_t part = 0; part < 2 && n < ROWS_A_CREW; part++)
    walk_one_way(walks, part);
  for (size_t i = 0; i < n; i++) {
    walks->back.net[i] += walks->forth.net[i];
    walks->back.pairs[i] += walks->forth.pairs[i];
  }
  rank_sums_clear(&walks->forth.sums);
  free(walks->forth.net);
  free(walks->forth.pairs);
}

static struct concordance compute(const struct survival_data *data, const double *score, const uint32_t *cluster,
                                  size_t n_clusters, bool is_count)
{
  struct walks walks = {.n_strata = data->stratum ? data->n_strata : 1};
  pairing_init(&walks.back, data, score, walks.n_strata);
  walk_both_ways(&walks);
  struct concordance found = walks.back.found;
  double n_pairs = found.concordant + found.discordant + found.tied_score;
  found.estimate = found.std_error = NAN;
  if (n_pairs > 0) {
    found.estimate = (found.concordant + found.tied_score / 2) / n_pairs;
    found.std_error = sqrt(jackknife_variance(&walks.back, cluster, n_clusters, is_count));
  }
  pairing_clear(&walks.back);
  return found;
}

struct concordance concordance_compute(const struct survival_data *data, const double *score, const uint32_t *cluster,
                                       size_t n_clusters)
{
  return compute(data, score, cluster, n_clusters, false);
}

struct concordance concordance_compute_counts(const struct survival_data *data, const double *score,
                                              const uint32_t *cluster, size_t n_clusters)
{
  return compute(data, score, cluster, n_clusters, true);
}

void concordance_steps(const struct survival_data *data, const double *score, struct concordance_step **steps,
                       size_t *n_steps)
{
  struct pairing pairing;
  const size_t n_strata = data->stratum ? data->n_strata : 1;
  pairing_init(&pairing, data, score, n_strata);
  pairing.is_kept = true;
  for (size_t s = 0; s < n_strata; s++) {
    size_t first = pairing.n_steps;
    walk_back(&pairing, s);
    for (size_t last = pairing.n_steps; first + 1 < last; first++, last--) {
      const struct concordance_step step = pairing.steps[first];
      pairing.steps[first] = pairing.steps[last - 1];
      pairing.steps[last - 1] = step;
    }
  }
  *steps = pairing.steps;
  *n_steps = pairing.n_steps;
  pairing_clear(&pairing);
}

enum concordance_pair concordance_pair_of(const struct survival_data *data, const double *score, size_t row1,
                                          size_t row2)
{
  if (row1 == row2 || row_stratum(data, row1) != row_stratum(data, row2))
    return PAIR_NOT_COMPARABLE;
  const size_t first = data->time[row2] < data->time[row1] || (data->time[row2] == data->time[row1] && is_event(data, row2))
                           ? row2 : row1;
  const size_t other = first == row1 ? row2 : row1;
  if (!is_event(data, first) || (data->entry && data->entry[other] >= data->time[first]))
    return PAIR_NOT_COMPARABLE;
  if (data->time[first] == data->time[other] && is_event(data, other))
    return score[first] == score[other] ? PAIR_NOT_COMPARABLE : PAIR_TIED_TIME;
  if (score[first] == score[other])
    return PAIR_TIED_SCORE;
  return score[first] > score[other] ? PAIR_CONCORDANT : PAIR_DISCORDANT;
}
