/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Published results laid over the cohort's own curve: survival at a time, or a median, with limits where they are printed.
 *
 * A set is immutable and counted, as what a state holds is; NULL is the empty set. */
#ifndef KAPLAN_SESSION_MARK_H
#define KAPLAN_SESSION_MARK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* One result.  Times are in the unit of the cohort's endpoint. */
struct mark {
  char *name;      /* "Haugvik 2016" */
  char *endpoint;  /* the endpoint of the cohort that it is laid over: it is shown while that one is current */
  bool is_median;
  double time;             /* of the survival; NaN of a median */
  double value, low, high; /* survival from 0 to 1, or a median; limits NaN where they are not given */
};

struct mark_set {
  atomic_uint references;
  struct mark *marks;
  size_t n;
};

struct mark_set *mark_set_retain(const struct mark_set *set);
void mark_set_release(const struct mark_set *set);

/* The set with one more, copied, in the place of the one with its name, endpoint, measure and time if there is one.  The caller
 * releases it. */
struct mark_set *mark_set_with(const struct mark_set *set, const struct mark *mark);

/* The set without those of that name; *n_left_out says how many they were.  NULL where none is left; else the caller releases
 * it. */
struct mark_set *mark_set_without(const struct mark_set *set, const char *name, size_t *n_left_out);

/* How many units of `to` one of `from` is: days, weeks, months (of 30.4375 days) and years (of 365.25), in the singular too.
 * False where one of them is none of these and they differ. */
bool mark_unit_factor(const char *from, const char *to, double *factor);

#endif
