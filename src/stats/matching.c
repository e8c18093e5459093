/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scores that differ by rounding alone are made one first, or the last bits of a fitted model would choose among them.
 * The untreated stand in order of stratum, score and row.  Who is still free is known by two forests of pointers that
 * are shortened as they are walked: from each place to the next free one at or after it, and at or before it.  Among
 * equal scores the first row is wanted, so from the left one goes to the beginning of its run of equal scores and from
 * there to the next free place. */
#include "stats/matching.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

/* Scores and distances closer than this share of the scores' standard deviation are the same. */
static const double SAME = 1e-9;

/* A row as it is sorted. */
struct place {
  double score;
  uint32_t stratum, row;
};

struct pool {
  double same;         /* distances closer than this are equal */
  size_t n;            /* untreated */
  struct place *place; /* n */
  size_t *run;         /* n: where the run of equal scores that the place is in begins */
  size_t *next;        /* n + 1: towards the next free place at or after it; n: none */
  size_t *previous;    /* n + 1: place + 1 towards the last free place + 1 at or before it; 0: none */
};

static int compare_stratum(const struct place *a, const struct place *b)
{
  return (a->stratum > b->stratum) - (a->stratum < b->stratum);
}

static int compare_rows(const struct place *a, const struct place *b)
{
  return (a->row > b->row) - (a->row < b->row);
}

/* By stratum, score ascending, row. */
static int compare_ascending(const void *a, const void *b)
{
  const struct place *first = a, *second = b;
  int stratum = compare_stratum(first, second), score = (first->score > second->score) - (first->score < second->score);
  return stratum ? stratum : score ? score : compare_rows(first, second);
}

/* By score descending, row: the order of turns. */
static int compare_turns(const void *a, const void *b)
{
  const struct place *first = a, *second = b;
  int score = (first->score < second->score) - (first->score > second->score);
  return score ? score : compare_rows(first, second);
}

/* The rows of one arm with a finite score; the caller frees them. */
static struct place *gather(const double *score, const uint8_t *treated, size_t n, const uint32_t *stratum, bool arm,
                            size_t *count)
{
  struct place *places = memory_new(n, sizeof *places);
  *count = 0;
  for (size_t i = 0; i < n; i++)
    if ((treated[i] != 0) == arm && isfinite(score[i]))
      places[(*count)++] = (struct place){.score = score[i], .stratum = stratum ? stratum[i] : 0, .row = (uint32_t)i};
  return places;
}

static void pool_init(struct pool *pool, struct place *places, size_t n, double same)
{
  *pool = (struct pool){.same = same, .n = n, .place = places};
  qsort(places, n, sizeof *places, compare_ascending);
  pool->run = memory_new(n, sizeof *pool->run);
  pool->next = memory_new(n + 1, sizeof *pool->next);
  pool->previous = memory_new(n + 1, sizeof *pool->previous);
  for (size_t i = 0; i <= n; i++)
    pool->next[i] = pool->previous[i] = i;
  for (size_t i = 0; i < n; i++) {
    bool continues = i > 0 && places[i].stratum == places[i - 1].stratum && !(places[i].score > places[i - 1].score);
    pool->run[i] = continues ? pool->run[i - 1] : i;
  }
}

static void pool_clear(struct pool *pool)
{
  free(pool->place);
  free(pool->run);
  free(pool->next);
  free(pool->previous);
}

/* Where the pointers from i lead; every other one on the way is set a step further. */
static size_t follow(size_t *pointers, size_t i)
{
  while (pointers[i] != i) {
    pointers[i] = pointers[pointers[i]];
    i = pointers[i];
  }
  return i;
}

static void pool_take(struct pool *pool, size_t i)
{
  pool->next[i] = i + 1;
  pool->previous[i + 1] = i;
}

/* The first place that does not come before the score in its stratum. */
static size_t pool_find(const struct pool *pool, const struct place *treated)
{
  const struct place wanted = {.score = treated->score, .stratum = treated->stratum, .row = 0};
  size_t low = 0, high = pool->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (compare_ascending(&pool->place[middle], &wanted) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* How far place i is; infinite where it is in another stratum. */
static double distance_to(const struct pool *pool, size_t i, const struct place *treated)
{
  bool is_near = pool->place[i].stratum == treated->stratum;
  return is_near ? fabs(pool->place[i].score - treated->score) : (double)INFINITY;
}

/* Takes the nearest free place within the caliper; returns its distance, or infinity where there is none. */
static double pool_match(struct pool *pool, const struct place *treated, double caliper, size_t *found)
{
  size_t start = pool_find(pool, treated);
  size_t right = follow(pool->next, start), left = follow(pool->previous, start);
  double right_distance = right < pool->n ? distance_to(pool, right, treated) : (double)INFINITY;
  double left_distance = left > 0 ? distance_to(pool, left - 1, treated) : (double)INFINITY;
  double distance = fmin(left_distance, right_distance);
  if (!(distance <= caliper + pool->same) || isinf(distance))
    return (double)INFINITY;
  *found = right;
  if (left_distance <= right_distance + pool->same) {
    size_t first = follow(pool->next, pool->run[left - 1]);
    bool is_left = left_distance < right_distance - pool->same || pool->place[first].row < pool->place[right].row;
    *found = is_left ? first : right;
  }
  pool_take(pool, *found);
  return distance;
}

/* The standard deviation over all finite scores, by deviations from the mean. */
static double standard_deviation(const double *score, size_t n)
{
  double mean = 0, square = 0;
  size_t count = 0;
  for (size_t i = 0; i < n; i++)
    if (isfinite(score[i]))
      mean += (score[i] - mean) / (double)++count;
  for (size_t i = 0; i < n; i++)
    if (isfinite(score[i]))
      square += (score[i] - mean) * (score[i] - mean);
  return count > 1 ? sqrt(square / (double)(count - 1)) : 0;
}

/* The scores, those of a run whose neighbours are no further apart than `same` set to its smallest; the caller frees
 * them. */
static double *snap(const double *score, size_t n, double same)
{
  double *snapped = memory_new(n, sizeof *snapped);
  struct place *places = memory_new(n, sizeof *places);
  size_t count = 0;
  for (size_t i = 0; i < n; i++) {
    snapped[i] = score[i];
    if (isfinite(score[i]))
      places[count++] = (struct place){.score = score[i], .row = (uint32_t)i};
  }
  qsort(places, count, sizeof *places, compare_ascending);
  for (size_t i = 1; i < count; i++)
    if (places[i].score - places[i - 1].score <= same)
      snapped[places[i].row] = snapped[places[i - 1].row];
  free(places);
  return snapped;
}

/* One turn for everybody; set[] of a matched row becomes the treated row's number + 1. */
static void match_round(struct pool *pool, const struct place *turns, size_t n_turns, struct matching *matching)
{
  for (size_t t = 0; t < n_turns; t++) {
    size_t found;
    double distance = pool_match(pool, &turns[t], matching->caliper, &found);
    if (isinf(distance))
      continue;
    matching->set[turns[t].row] = matching->set[pool->place[found].row] = turns[t].row + 1;
    matching->n_matched[0]++;
    matching->mean_distance += distance;
    matching->largest_distance = fmax(matching->largest_distance, distance);
  }
}

/* Numbers the sets in the order of their treated rows. */
static void number_sets(const uint8_t *treated, struct matching *matching)
{
  uint32_t *number = memory_new(matching->n, sizeof *number);
  for (size_t i = 0; i < matching->n; i++)
    if (treated[i] && matching->set[i])
      number[i] = (uint32_t)++matching->n_sets;
  for (size_t i = 0; i < matching->n; i++) {
    if (matching->set[i])
      matching->set[i] = number[matching->set[i] - 1];
    else
      matching->n_unmatched[treated[i] != 0]++;
  }
  matching->n_matched[1] = matching->n_sets;
  free(number);
}

void matching_nearest(const double *score, const uint8_t *treated, size_t n, const struct matching_options *options,
                      struct matching *matching)
{
  *matching = (struct matching){.n = n, .set = memory_new(n, sizeof(uint32_t)), .caliper = (double)INFINITY};
  double deviation = standard_deviation(score, n), same = SAME * deviation;
  if (options->caliper > 0)
    matching->caliper = options->caliper * deviation;
  size_t n_turns, n_others;
  double *snapped = snap(score, n, same);
  struct place *turns = gather(snapped, treated, n, options->stratum, true, &n_turns);
  struct place *others = gather(snapped, treated, n, options->stratum, false, &n_others);
  struct pool pool;
  pool_init(&pool, others, n_others, same);
  qsort(turns, n_turns, sizeof *turns, compare_turns);
  for (size_t round = 0, before = SIZE_MAX; round < options->ratio || round == 0; round++) {
    if (before == matching->n_matched[0])
      break;
    before = matching->n_matched[0];
    match_round(&pool, turns, n_turns, matching);
  }
  size_t n_pairs = matching->n_matched[0];
  matching->mean_distance = n_pairs ? matching->mean_distance / (double)n_pairs : (double)NAN;
  matching->largest_distance = n_pairs ? matching->largest_distance : (double)NAN;
  number_sets(treated, matching);
  pool_clear(&pool);
  free(turns);
  free(snapped);
}

void matching_clear(struct matching *matching)
{
  free(matching->set);
  *matching = (struct matching){.n = 0};
}
