/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Concordance by two walks through time over the scores' ranks: a set of places (place_set.h) where every row counts one, a
 * tree of sums where rows have weights.
 *
 * A pair is comparable where the one has its event while the other is at risk and outlives it (or is censored at that
 * very time).  Backwards, each event counts the rows at risk by score; forwards, each row counts the events that it
 * outlived. Both together are what the row adds to the pairs, from which comes the infinitesimal jackknife. */
#include "stats/concordance.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "stats/concordance_pairing.h"

enum { ROWS_A_CREW = 1 << 14 }; /* from so many on the walks are shared between the cores */

/* One past the rows that share the time of row number i of the order. */
static size_t time_end(const struct pairing *pairing, size_t i, size_t stop)
{
  double time = pairing->data->time[pairing_row(pairing, i)];
  while (i < stop && !(pairing->data->time[pairing_row(pairing, i)] > time))
    i++;
  return i;
}

/* The same towards the beginning: the first row that shares the time of row number i. */
static size_t time_first(const struct pairing *pairing, size_t i, size_t start)
{
  double time = pairing->data->time[pairing_row(pairing, i)];
  while (i > start && !(pairing->data->time[pairing_row(pairing, i - 1)] < time))
    i--;
  return i;
}

/* The events of one time among themselves: no order, counted where their scores differ.  Few are compared each with each. */
static void count_tied_times(struct pairing *pairing, size_t first, size_t end)
{
  enum { FEW = 8 };
  const struct survival_data *data = pairing->data;
  double before = 0, *at_time = end - first > FEW ? pairing_at_time(pairing) : NULL;
  for (size_t i = first; i < end; i++) {
    const size_t row = pairing_row(pairing, i);
    if (!is_event(data, row))
      continue;
    const double weight = row_weight(data, row);
    double equal = 0;
    if (at_time) {
      equal = at_time[pairing->rank[row]];
      at_time[pairing->rank[row]] += weight;
    }
    for (size_t k = first; k < i && !at_time; k++)
      if (is_event(data, pairing_row(pairing, k)) && pairing->rank[pairing_row(pairing, k)] == pairing->rank[row])
        equal += row_weight(data, pairing_row(pairing, k));
    pairing->found.tied_time += weight * (before - equal);
    before += weight;
  }
  for (size_t i = first; i < end && at_time; i++)
    at_time[pairing->rank[pairing_row(pairing, i)]] = 0;
}

/* An event against the rows at risk. */
VECTOR_PART void count_survivors(struct pairing *pairing, size_t row)
{
  const struct partners found = partners_of(pairing, row);
  const double weight = row_weight(pairing->data, row);
  pairing->net[row] += found.below - found.above;
  pairing->pairs[row] += found.all;
  pairing->found.concordant += weight * found.below;
  pairing->found.discordant += weight * found.above;
  pairing->found.tied_score += weight * found.equal;
}

/* Takes out of the sums the rows that had not entered before `time`; *leaver counts down through pairing->entry. */
VECTOR_PART void remove_late(struct pairing *pairing, double time, size_t *leaver, size_t start)
{
  const struct survival_data *data = pairing->data;
  for (; *leaver > start && data->entry[pairing->entry[*leaver - 1]] >= time; (*leaver)--)
    change_row(pairing, pairing->entry[*leaver - 1], -1);
}

/* What the rows [first, end) of one time have added to the pairs since `before`. */
static void keep_step(struct pairing *pairing, const struct concordance *before, size_t first, size_t end)
{
  const struct concordance *found = &pairing->found;
  struct concordance_step step = {.stratum = row_stratum(pairing->data, pairing_row(pairing, first)),
                                  .time = pairing->data->time[pairing_row(pairing, first)],
                                  .concordant = found->concordant - before->concordant,
                                  .discordant = found->discordant - before->discordant,
                                  .tied_score = found->tied_score - before->tied_score,
                                  .tied_time = found->tied_time - before->tied_time};
  for (size_t i = first; i < end; i++)
    if (is_event(pairing->data, pairing_row(pairing, i)))
      step.n_event += row_weight(pairing->data, pairing_row(pairing, i));
  if (step.n_event > 0)
    MEMORY_APPEND(pairing->steps, pairing->n_steps, pairing->steps_capacity, step);
}

/* From the last time to the first: at an event the sums hold those who outlive it. */
VECTOR_CLONES static void walk_back(struct pairing *pairing, size_t stratum)
{
  const struct survival_data *data = pairing->data;
  size_t start = pairing->start[stratum], leaver = pairing->start[stratum + 1];
  pairing_begin(pairing, stratum);
  for (size_t end = pairing->start[stratum + 1], first; end > start; end = first) {
    first = time_first(pairing, end - 1, start);
    const struct concordance before = pairing->found;
    for (size_t i = first; i < end; i++)
      if (!is_event(data, pairing_row(pairing, i)))
        change_row(pairing, pairing_row(pairing, i), 1);
    if (data->entry)
      remove_late(pairing, data->time[pairing_row(pairing, first)], &leaver, start);
    for (size_t i = first; i < end; i++)
      if (is_event(data, pairing_row(pairing, i)))
        count_survivors(pairing, pairing_row(pairing, i));
    for (size_t i = first; i < end; i++)
      if (is_event(data, pairing_row(pairing, i)))
        change_row(pairing, pairing_row(pairing, i), 1);
    count_tied_times(pairing, first, end);
    if (pairing->is_kept)
      keep_step(pairing, &before, first, end);
  }
}

/* A row against the events in the sums, which it outlived (sign +1) or which were before its entry (-1). */
VECTOR_PART void count_events(struct pairing *pairing, size_t row, double sign)
{
  const struct partners found = partners_of(pairing, row);
  pairing->net[row] += sign * (found.above - found.below);
  pairing->pairs[row] += sign * found.all;
}

/* From the first time to the last: the sums hold the events so far. */
VECTOR_CLONES static void walk_forth(struct pairing *pairing, size_t stratum)
{
  const struct survival_data *data = pairing->data;
  size_t stop = pairing->start[stratum + 1], entering = pairing->start[stratum];
  pairing_begin(pairing, stratum);
  for (size_t first = pairing->start[stratum], end; first < stop; first = end) {
    end = time_end(pairing, first, stop);
    double time = data->time[pairing_row(pairing, first)];
    for (; data->entry && entering < stop && data->entry[pairing->entry[entering]] < time; entering++)
      count_events(pairing, pairing->entry[entering], -1);
    for (size_t i = first; i < end; i++)
      if (is_event(data, pairing_row(pairing, i)))
        count_events(pairing, pairing_row(pairing, i), 1);
    for (size_t i = first; i < end; i++)
      if (is_event(data, pairing_row(pairing, i)))
        change_row(pairing, pairing_row(pairing, i), 1);
    for (size_t i = first; i < end; i++)
      if (!is_event(data, pairing_row(pairing, i)))
        count_events(pairing, pairing_row(pairing, i), 1);
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
  pairing_share(&walks->back, &walks->forth);
  if (n >= ROWS_A_CREW)
    parallel_run(2, walk_one_way, walks);
  for (size_t part = 0; part < 2 && n < ROWS_A_CREW; part++)
    walk_one_way(walks, part);
  for (size_t i = 0; i < n; i++) {
    walks->back.net[i] += walks->forth.net[i];
    walks->back.pairs[i] += walks->forth.pairs[i];
  }
  pairing_part(&walks->forth);
}

static void set_estimate(struct concordance *found)
{
  const double n_pairs = found->concordant + found->discordant + found->tied_score;
  found->std_error = NAN;
  found->estimate = n_pairs > 0 ? (found->concordant + found->tied_score / 2) / n_pairs : (double)NAN;
}

static struct concordance compute(const struct survival_data *data, const double *score, const uint32_t *cluster,
                                  size_t n_clusters, bool is_count)
{
  struct walks walks = {.n_strata = data->stratum ? data->n_strata : 1};
  pairing_init(&walks.back, data, score, walks.n_strata);
  walk_both_ways(&walks);
  struct concordance found = walks.back.found;
  set_estimate(&found);
  if (!isnan(found.estimate))
    found.std_error = sqrt(jackknife_variance(&walks.back, cluster, n_clusters, is_count));
  pairing_clear(&walks.back);
  return found;
}

double concordance_estimate(const struct survival_data *data, const double *score)
{
  struct pairing pairing;
  const size_t n_strata = data->stratum ? data->n_strata : 1;
  pairing_init(&pairing, data, score, n_strata);
  for (size_t s = 0; s < n_strata; s++)
    walk_back(&pairing, s);
  set_estimate(&pairing.found);
  const double estimate = pairing.found.estimate;
  pairing_clear(&pairing);
  return estimate;
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
