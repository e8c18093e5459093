/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/published.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

static void sort_baseline(struct published *published)
{
  for (size_t i = 1; i < published->n_times; i++) {
    const double time = published->time[i], hazard = published->hazard[i];
    size_t k = i;
    for (; k > 0 && published->time[k - 1] > time; k--) {
      published->time[k] = published->time[k - 1];
      published->hazard[k] = published->hazard[k - 1];
    }
    published->time[k] = time;
    published->hazard[k] = hazard;
  }
}

struct published *published_new(const char *name, struct expr *formula, double *time, double *hazard, size_t n_times)
{
  struct published *published = memory_new(1, sizeof *published);
  atomic_init(&published->references, 1);
  published->name = memory_copy_string(name);
  published->formula = formula;
  published->time = time;
  published->hazard = hazard;
  published->n_times = n_times;
  sort_baseline(published);
  return published;
}

struct published *published_retain(const struct published *published)
{
  struct published *shared = (struct published *)published; /* the count is not part of its value */
  if (shared)
    atomic_fetch_add(&shared->references, 1);
  return shared;
}

void published_release(const struct published *published)
{
  struct published *shared = (struct published *)published;
  if (!shared || atomic_fetch_sub(&shared->references, 1) != 1)
    return;
  free(shared->name);
  expr_free(shared->formula);
  free(shared->time);
  free(shared->hazard);
  free(shared);
}

/* The place of the last listed time at or before t; n_times before the first and beyond the last. */
static size_t place_of(const struct published *published, double time)
{
  const size_t n = published->n_times;
  size_t after = 0;
  while (after < n && published->time[after] <= time)
    after++;
  return after && time <= published->time[n - 1] ? after - 1 : n;
}

double published_hazard(const struct published *published, double time)
{
  const size_t place = place_of(published, time);
  return place < published->n_times ? published->hazard[place] : (double)NAN;
}

double published_time(const struct published *published, double time)
{
  const size_t place = place_of(published, time);
  return place < published->n_times ? published->time[place] : (double)NAN;
}
