/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the walks of the concordance (concordance.c) go by: rows in order, ranks of their scores, and the rows that are in at
 * a time, by rank.  Nobody else includes this. */
#ifndef KAPLAN_STATS_CONCORDANCE_PAIRING_H
#define KAPLAN_STATS_CONCORDANCE_PAIRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/concordance.h"
#include "stats/place_set.h"

enum { LEAF_BITS = 4, LEAF_RANKS = 1 << LEAF_BITS };

/* Sums of weights by rank: leaves of sixteen ranks under a Fenwick tree, which then fits the cache. */
struct rank_sums {
  size_t n_nodes;
  double *rank; /* weight at each rank */
  double *node; /* Fenwick tree over the leaves, from 1 */
  double total;
};

static inline void rank_sums_add(struct rank_sums *sums, size_t rank, double weight)
{
  sums->rank[rank] += weight;
  sums->total += weight;
  for (size_t node = (rank >> LEAF_BITS) + 1; node <= sums->n_nodes; node += node & -node)
    sums->node[node] += weight;
}

/* The weight at lower ranks. */
static inline double rank_sums_below(const struct rank_sums *sums, size_t rank)
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
  size_t *row;     /* by stratum, then time; NULL: as they come */
  size_t *start;   /* n_strata + 1 */
  size_t *entry;   /* rows by stratum, then entry; NULL without delayed entry */
  bool is_set;     /* rows count one each: a rank is the first place of the score among the stratum's rows */
  uint32_t *rank;  /* of each row's score within its stratum, ties equal */
  uint32_t *place; /* of a set with ties: of each row, its own among those of its score; else NULL: its rank */
  uint32_t *end;   /* of a set with ties: one past the last place of each row's score */
  size_t *n_ranks; /* of each stratum */
  size_t most_ranks; /* of any stratum */
  double *net;     /* of each row: concordant less discordant partners, by weight */
  double *pairs;   /* of each row: partners that can be compared */
  struct rank_sums sums; /* one of the two is in use */
  struct place_set set;
  double *at_time; /* by rank: weight of the events of one time; 0 between; NULL until it is asked for */
  struct concordance found;
  struct concordance_step *steps; /* kept where is_kept, the last time of a stratum first */
  size_t n_steps, steps_capacity;
  bool is_kept;
};

/* The rows of the data and the ranks of their scores, within strata; release with pairing_clear(). */
void pairing_init(struct pairing *pairing, const struct survival_data *data, const double *score, size_t n_strata);
void pairing_clear(struct pairing *pairing);

/* Makes *other a pairing of the same rows that gathers for itself: its sums, net and pairs; release with pairing_part(). */
void pairing_share(const struct pairing *pairing, struct pairing *other);
void pairing_part(struct pairing *other);

/* Empties what is gathered, for the rows of a stratum. */
void pairing_begin(struct pairing *pairing, size_t stratum);

static inline double row_weight(const struct survival_data *data, size_t row)
{
  return data->weight ? data->weight[row] : 1;
}

static inline bool is_event(const struct survival_data *data, size_t row)
{
  return data->status[row] == STATUS_EVENT;
}

static inline size_t row_stratum(const struct survival_data *data, size_t row)
{
  return data->stratum ? data->stratum[row] : 0;
}

static inline size_t pairing_row(const struct pairing *pairing, size_t i)
{
  return pairing->row ? pairing->row[i] : i;
}

/* pairing->at_time, made where it is not there yet. */
double *pairing_at_time(struct pairing *pairing);

/* Puts a row in (change 1) or takes it out (-1). */
VECTOR_PART void change_row(struct pairing *pairing, size_t row, int change)
{
  if (pairing->is_set)
    place_set_change(&pairing->set, pairing->place ? pairing->place[row] : pairing->rank[row], change);
  else
    rank_sums_add(&pairing->sums, pairing->rank[row], change * row_weight(pairing->data, row));
}

/* The rows in, by weight: of lower score than the row's, of the same, of a higher one, and all. */
struct partners {
  double below, equal, above, all;
};

/* Those of a row that is not in itself. */
VECTOR_PART struct partners partners_of(const struct pairing *pairing, size_t row)
{
  const size_t rank = pairing->rank[row];
  struct partners found;
  if (pairing->is_set) {
    const size_t below = place_set_below(&pairing->set, rank);
    const size_t equal = pairing->end ? place_set_below(&pairing->set, pairing->end[row]) - below : 0;
    found = (struct partners){.below = (double)below, .equal = (double)equal, .all = (double)pairing->set.count};
  } else {
    found = (struct partners){
        .below = rank_sums_below(&pairing->sums, rank), .equal = pairing->sums.rank[rank], .all = pairing->sums.total};
  }
  found.above = found.all - found.below - found.equal;
  return found;
}

#endif
