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

/* Why a row has no outcome: what `status` holds where the time is NaN. */
enum endpoint_left_out { LEFT_OUT_NO_TIME, LEFT_OUT_NO_STATUS, LEFT_OUT_EMPTY_INTERVAL, LEFT_OUT_BEFORE_LANDMARK, N_LEFT_OUT };

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
  uint8_t *status; /* STATUS_…; where time is NaN: enum endpoint_left_out */
  uint32_t *order; /* n_valid rows, ascending time, by row among equals */
  size_t n_valid;
  double *sorted_time;    /* in that order: what a subgroup walks by */
  uint8_t *sorted_status;
  bool is_apart;   /* no near-equal times, of whichever rows: nothing to merge */
  size_t n_merged; /* distinct times that near-equality merges, over all rows of the cohort */
};

/* Computes the outcome on the cohort.  Fails where an expression does not fit.  A cohort in which no row has an
 * outcome gives an empty order. */
enum status endpoint_new(const struct endpoint_definition *definition, const struct cohort *cohort,
                         struct endpoint **endpoint, struct error *error);
struct endpoint *endpoint_retain(const struct endpoint *endpoint);
void endpoint_release(const struct endpoint *endpoint);

#endif
