/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/mark.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct mark_set *mark_set_retain(const struct mark_set *set)
{
  struct mark_set *shared = (struct mark_set *)set; /* the count is not part of its value */
  if (shared)
    atomic_fetch_add(&shared->references, 1);
  return shared;
}

void mark_set_release(const struct mark_set *set)
{
  struct mark_set *shared = (struct mark_set *)set;
  if (!shared || atomic_fetch_sub(&shared->references, 1) != 1)
    return;
  for (size_t i = 0; i < shared->n; i++) {
    free(shared->marks[i].name);
    free(shared->marks[i].endpoint);
  }
  free(shared->marks);
  free(shared);
}

static bool is_same_place(const struct mark *a, const struct mark *b)
{
  return strcmp(a->name, b->name) == 0 && strcmp(a->endpoint, b->endpoint) == 0 && a->is_median == b->is_median &&
         (a->is_median || fabs(a->time - b->time) < 1e-9 * fmax(1, fabs(a->time)));
}

static struct mark copy_of(const struct mark *mark)
{
  struct mark copy = *mark;
  copy.name = memory_copy_string(mark->name);
  copy.endpoint = memory_copy_string(mark->endpoint);
  return copy;
}

static struct mark_set *set_of(size_t capacity)
{
  struct mark_set *set = memory_new(1, sizeof *set);
  atomic_init(&set->references, 1);
  set->marks = memory_new(capacity, sizeof *set->marks);
  return set;
}

struct mark_set *mark_set_with(const struct mark_set *set, const struct mark *mark)
{
  const size_t n = set ? set->n : 0;
  struct mark_set *with = set_of(n + 1);
  bool placed = false;
  for (size_t i = 0; i < n; i++) {
    const bool replaced = is_same_place(&set->marks[i], mark);
    with->marks[with->n++] = copy_of(replaced ? mark : &set->marks[i]);
    placed = placed || replaced;
  }
  if (!placed)
    with->marks[with->n++] = copy_of(mark);
  return with;
}

struct mark_set *mark_set_without(const struct mark_set *set, const char *name, size_t *n_left_out)
{
  const size_t n = set ? set->n : 0;
  struct mark_set *without = set_of(n);
  for (size_t i = 0; i < n; i++)
    if (strcmp(set->marks[i].name, name) != 0)
      without->marks[without->n++] = copy_of(&set->marks[i]);
  *n_left_out = n - without->n;
  if (without->n)
    return without;
  mark_set_release(without);
  return NULL;
}

/* Days of a unit; 0: it is none. */
static double days_of(const char *unit)
{
  static const struct {
    const char *name;
    double days;
  } units[] = {{"day", 1}, {"week", 7}, {"month", 30.4375}, {"year", 365.25}};
  for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
    const size_t length = strlen(units[i].name);
    if (strncmp(unit, units[i].name, length) == 0 && (strcmp(unit + length, "") == 0 || strcmp(unit + length, "s") == 0))
      return units[i].days;
  }
  return 0;
}

bool mark_unit_factor(const char *from, const char *to, double *factor)
{
  const double a = days_of(from), b = days_of(to);
  *factor = 1;
  if (strcmp(from, to) == 0)
    return true;
  if (!(a > 0) || !(b > 0))
    return false;
  *factor = a / b;
  return true;
}
