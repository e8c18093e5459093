/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An outcome: time, status and perhaps entry of every row of a cohort, sorted once.
 *
 * Immutable and counted.  `order` lists the rows that have an outcome in ascending order of time; every analysis walks it
 * and skips what the filter leaves out, so that no key press sorts. */
#ifndef KAPLAN_SESSION_ENDPOINT_H
#define KAPLAN_SESSION_ENDPOINT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/cohort.h"
#include "lang/expr.h"

/* A landmark: only those whose time is beyond `time` are in.  The clock starts anew there, or (keep_clock) runs on, with
 * entry at the landmark; time is NaN where there is none. */
struct landmark {
  double time;
  bool keep_clock;
};

/* `Surv(time, event)` or `Surv(entry, exit, event)`, and the competing event. */
struct endpoint_definition {
  const char *name;
  const struct expr *entry; /* or NULL */
  const struct expr *time, *event;
  const struct expr *competing; /* or NULL */
  struct landmark landmark;
};

struct endpoint {
  atomic_uint references;
  char *name;
  char *definition; /* `Surv(os_months, death == 1)` */
  char *competing;  /* text of the competing event, or NULL */
  struct landmark landmark;
  char *unit;       /* guessed from the time's name or function: "months", "days", "" */
  size_t n_rows;
  double *time;    /* of each row of the cohort; NaN: no outcome */
  double *entry;   /* or NULL */
  uint8_t *status; /* STATUS_…; meaningless where time is NaN */
  uint32_t *order; /* n_valid rows, ascending time, by row among equals */
  size_t n_valid;
  /* what was understood, over all rows of the cohort */
  size_t n_events, n_competing;
  size_t n_no_time, n_no_status;  /* left out: missing time, missing status */
  size_t n_not_positive;          /* kept: times at or under zero */
  size_t n_empty_interval;        /* left out: entry at or after exit */
  size_t n_before_landmark;       /* left out: time at or before the landmark */
  size_t n_merged;                /* distinct times that near-equality merges */
};

/* Computes the outcome on the cohort.  Fails where an expression does not fit.  A cohort in which no row has an
 * outcome gives an empty order. */
enum status endpoint_new(const struct endpoint_definition *definition, const struct cohort *cohort,
                         struct endpoint **endpoint, struct error *error);
struct endpoint *endpoint_retain(const struct endpoint *endpoint);
void endpoint_release(const struct endpoint *endpoint);

#endif
