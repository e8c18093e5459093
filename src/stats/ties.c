/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Near-equal times made equal: times computed in two ways (days / 30.4375, 0.1 + 0.2) are ties to the clinician. */
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sort.h"
#include "stats/survival_data.h"

/* Times and entries walked together in ascending order, one distinct value a step. */
struct value_walk {
  double *time, *entry;
  const size_t *entry_rows; /* rows in order of entry; NULL where entry is */
  size_t n, next_time, next_entry;
};

/* Stands at the next distinct value; false at the end. */
static bool walk_peek(const struct value_walk *walk, double *value)
{
  bool has_time = walk->next_time < walk->n, has_entry = walk->entry && walk->next_entry < walk->n;
  if (has_time)
    *value = walk->time[walk->next_time];
  if (has_entry) {
    double entry = walk->entry[walk->entry_rows[walk->next_entry]];
    if (!has_time || entry < *value)
      *value = entry;
  }
  return has_time || has_entry;
}

/* Passes all times and entries equal to `value` (none is smaller), writing `replacement` in their place. */
static void walk_replace(struct value_walk *walk, double value, double replacement)
{
  for (; walk->next_time < walk->n && !(walk->time[walk->next_time] > value); walk->next_time++)
    walk->time[walk->next_time] = replacement;
  if (!walk->entry)
    return;
  for (; walk->next_entry < walk->n && !(walk->entry[walk->entry_rows[walk->next_entry]] > value); walk->next_entry++)
    walk->entry[walk->entry_rows[walk->next_entry]] = replacement;
}

/* The mean of |value| over the distinct values. */
static double walk_mean_magnitude(struct value_walk walk)
{
  double sum = 0, value = 0;
  size_t count = 0;
  for (; walk_peek(&walk, &value); count++) {
    sum += fabs(value);
    walk_replace(&walk, value, value);
  }
  return count ? sum / (double)count : 0;
}

size_t survival_times_merge(double *time, double *entry, size_t n)
{
  const double tolerance = sqrt(DBL_EPSILON);
  size_t *entry_rows = entry ? sort_order(entry, n) : NULL;
  struct value_walk walk = {.time = time, .entry = entry, .entry_rows = entry_rows, .n = n};
  double mean = walk_mean_magnitude(walk);
  double value = 0, previous = 0, standing = 0;
  size_t merged = 0;
  for (bool first = true; walk_peek(&walk, &value); first = false) {
    double step = value - previous;
    if (!first && (step <= tolerance || step / mean <= tolerance))
      merged++;
    else
      standing = value;
    previous = value;
    walk_replace(&walk, value, standing);
  }
  free(entry_rows);
  return merged;
}

bool survival_times_are_apart(double *time, double *entry, size_t n)
{
  size_t *entry_rows = entry ? sort_order(entry, n) : NULL;
  struct value_walk walk = {.time = time, .entry = entry, .entry_rows = entry_rows, .n = n};
  double value = 0, previous = 0, smallest = INFINITY, largest = 0;
  for (bool first = true; walk_peek(&walk, &value); first = false) {
    smallest = first ? smallest : fmin(smallest, value - previous);
    largest = fmax(largest, fabs(value));
    previous = value;
    walk_replace(&walk, value, value);
  }
  free(entry_rows);
  return smallest > sqrt(DBL_EPSILON) * fmax(largest, 1); /* the mean of any values is at most the largest */
}
