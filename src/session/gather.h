/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a state to the spans that statistics take: the rows on view that have an outcome and all variables of the analysis,
 * in ascending order of time, near-equal times made equal. */
#ifndef KAPLAN_SESSION_GATHER_H
#define KAPLAN_SESSION_GATHER_H

#include "base/error.h"
#include "session/state.h"
#include "stats/survival_data.h"

struct gather_request {
  char *const *groups; /* columns whose combinations are the groups, the first varying slowest */
  size_t n_groups;
  struct column *const *strata; /* factors whose combinations are the strata */
  size_t n_strata;
  const char *weights;            /* a numeric column, or NULL */
  const struct bitmap *condition; /* rows that `if` keeps, or NULL */
  const struct bitmap *complete;  /* further rows to keep (complete in a model's variables), or NULL */
};

struct gathered {
  struct survival_data data; /* spans into the arrays below */
  size_t n_on_view;          /* rows that filter and condition keep */
  size_t n_used;             /* rows gathered; weights not counted */
  uint32_t *rows;            /* row of the cohort of each */
  double *time, *entry, *weight;
  uint8_t *status;
  uint32_t *group, *stratum;
  char **group_names;   /* n_groups of data: "surgery=NR, sex=F"; "all" for the whole */
  char **group_labels;  /* for people: "No resection, F" */
  char **stratum_names; /* as group_names */
  size_t n_merged;      /* distinct times that near-equality merged here */
  size_t n_shrunk;      /* rows left out since that made their entry their exit */
};

/* Gathers.  Empty combinations are left out.  Fails without a cohort or an endpoint (with the command that mends it), on
 * unknown columns, and on weights that are not positive numbers.  The caller clears *gathered. */
enum status gather(const struct state *state, const struct gather_request *request, struct gathered *gathered,
                   struct error *error);
void gathered_clear(struct gathered *gathered);

#endif
