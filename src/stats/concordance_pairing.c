/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/concordance_pairing.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sort.h"

static void rank_sums_init(struct rank_sums *sums, size_t n_ranks)
{
  size_t n_nodes = (n_ranks >> LEAF_BITS) + 1;
  *sums = (struct rank_sums){.n_nodes = n_nodes,
                             .rank = memory_new(n_ranks, sizeof(double)),
                             .node = memory_new(n_nodes + 1, sizeof(double))};
}

/* Empties the sums, for `n_ranks` ranks (no more than there were). */
static void rank_sums_reset(struct rank_sums *sums, size_t n_ranks)
{
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

/* Ranks of distinct scores, for sums of weights. */
static void rank_scores(struct pairing *pairing, const double *score, const size_t *order, double *last)
{
  const struct survival_data *data = pairing->data;
  for (size_t i = 0; i < data->n; i++) {
    size_t row = order[i], stratum = row_stratum(data, row);
    if (pairing->n_ranks[stratum] == 0 || score[row] > last[stratum])
      pairing->n_ranks[stratum]++;
    last[stratum] = score[row];
    pairing->rank[row] = (uint32_t)(pairing->n_ranks[stratum] - 1);
  }
}

/* Says of each row of a set where the places of its score end. */
static void find_ends(struct pairing *pairing, const size_t *order, const size_t *start, size_t n_strata)
{
  const struct survival_data *data = pairing->data;
  size_t *end = memory_new(n_strata, sizeof *end), *first = memory_new(n_strata, sizeof *first);
  pairing->end = memory_resize(NULL, data->n, sizeof *pairing->end);
  for (size_t s = 0; s < n_strata; s++)
    end[s] = first[s] = start[s + 1] - start[s];
  for (size_t i = data->n; i-- > 0;) {
    const size_t row = order[i], s = row_stratum(data, row);
    if (pairing->rank[row] < first[s]) {
      end[s] = first[s];
      first[s] = pairing->rank[row];
    }
    pairing->end[row] = (uint32_t)end[s];
  }
  free(end);
  free(first);
}

/* Places of rows, for a set. */
static void place_rows(struct pairing *pairing, const double *score, const size_t *order, double *last, size_t n_strata)
{
  const struct survival_data *data = pairing->data;
  size_t *first = memory_new(n_strata, sizeof *first);
  bool has_ties = false;
  pairing->place = memory_resize(NULL, data->n, sizeof *pairing->place);
  for (size_t i = 0; i < data->n; i++) {
    const size_t row = order[i], s = row_stratum(data, row), place = pairing->n_ranks[s]++;
    if (place == 0 || score[row] > last[s])
      first[s] = place;
    has_ties = has_ties || first[s] != place;
    last[s] = score[row];
    pairing->rank[row] = (uint32_t)first[s];
    pairing->place[row] = (uint32_t)place;
  }
  free(first);
  if (has_ties) {
    find_ends(pairing, order, pairing->start, n_strata);
    return;
  }
  free(pairing->place);
  pairing->place = NULL;
}

static void order_scores(struct pairing *pairing, const double *score, size_t n_strata)
{
  size_t *order = sort_order(score, pairing->data->n);
  double *last = memory_new(n_strata, sizeof *last);
  pairing->rank = memory_resize(NULL, pairing->data->n, sizeof *pairing->rank);
  pairing->n_ranks = memory_new(n_strata, sizeof *pairing->n_ranks);
  if (pairing->is_set)
    place_rows(pairing, score, order, last, n_strata);
  else
    rank_scores(pairing, score, order, last);
  free(order);
  free(last);
}

/* What a walk gathers in, for the largest stratum. */
static void gatherings_init(struct pairing *pairing, size_t n_ranks)
{
  if (pairing->is_set)
    place_set_init(&pairing->set, n_ranks);
  else
    rank_sums_init(&pairing->sums, n_ranks);
}

static void gatherings_clear(struct pairing *pairing)
{
  if (pairing->is_set)
    place_set_clear(&pairing->set);
  else
    rank_sums_clear(&pairing->sums);
}

static size_t most_ranks(const struct pairing *pairing, size_t n_strata)
{
  size_t most = 0;
  for (size_t s = 0; s < n_strata; s++)
    most = pairing->n_ranks[s] > most ? pairing->n_ranks[s] : most;
  return most;
}

void pairing_init(struct pairing *pairing, const struct survival_data *data, const double *score,
                         size_t n_strata)
{
  size_t n = data->n;
  *pairing = (struct pairing){.data = data,
                              .is_set = !data->weight,
                              .start = memory_new(n_strata + 1, sizeof(size_t)),
                              .net = memory_new(n, sizeof(double)),
                              .pairs = memory_new(n, sizeof(double))};
  for (size_t i = 0; i < n; i++)
    pairing->start[row_stratum(data, i) + 1]++;
  for (size_t s = 0; s < n_strata; s++)
    pairing->start[s + 1] += pairing->start[s];
  if (n_strata > 1)
    pairing->row = split_rows(data, NULL, pairing->start, n_strata);
  if (data->entry) {
    size_t *order = sort_order(data->entry, n);
    pairing->entry = n_strata > 1 ? split_rows(data, order, pairing->start, n_strata) : order;
    if (n_strata > 1)
      free(order);
  }
  order_scores(pairing, score, n_strata);
  pairing->most_ranks = most_ranks(pairing, n_strata);
  gatherings_init(pairing, pairing->most_ranks);
}

double *pairing_at_time(struct pairing *pairing)
{
  if (!pairing->at_time)
    pairing->at_time = memory_new(pairing->most_ranks, sizeof *pairing->at_time);
  return pairing->at_time;
}

void pairing_clear(struct pairing *pairing)
{
  free(pairing->row);
  free(pairing->start);
  free(pairing->entry);
  free(pairing->rank);
  free(pairing->place);
  free(pairing->end);
  free(pairing->n_ranks);
  free(pairing->net);
  free(pairing->pairs);
  gatherings_clear(pairing);
  free(pairing->at_time);
}

void pairing_share(const struct pairing *pairing, struct pairing *other)
{
  *other = *pairing;
  gatherings_init(other, pairing->most_ranks);
  other->net = memory_new(pairing->data->n, sizeof(double));
  other->pairs = memory_new(pairing->data->n, sizeof(double));
}

void pairing_part(struct pairing *other)
{
  gatherings_clear(other);
  free(other->net);
  free(other->pairs);
}

void pairing_begin(struct pairing *pairing, size_t stratum)
{
  if (pairing->is_set)
    place_set_reset(&pairing->set, pairing->n_ranks[stratum]);
  else
    rank_sums_reset(&pairing->sums, pairing->n_ranks[stratum]);
}
