/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What pool reads before it pools; for pool*.c only. */
#ifndef KAPLAN_VERBS_POOL_INTERNAL_H
#define KAPLAN_VERBS_POOL_INTERNAL_H

#include "base/bitmap.h"
#include "lang/command.h"
#include "report/report.h"
#include "session/state.h"
#include "stats/meta.h"

/* What the estimates are, and so on which scale they add: the logarithm of ratios and times, the logit of proportions. */
enum pool_scale { POOL_RATIO, POOL_DIFFERENCE, POOL_PROPORTION, POOL_PERCENT, POOL_TIME };

struct pool_request {
  const struct column *estimate;
  const struct column *low, *high; /* limits; high NULL: low is the standard error; both NULL: `total` is given */
  const struct column *total;      /* n=: the estimate is a share of so many, or (is_count) a number of them */
  bool is_count, exact;
  const struct column *study, *year, *with; /* name the rows, or NULL */
  const struct column *endpoint, *unit;  /* say what the estimates are, or NULL */
  const struct column *range_low;        /* a range over studies, or NULL */
  struct column *by;                     /* factor, or NULL */
  bool mixed;                            /* different endpoints are pooled all the same */
  enum pool_scale scale;
  enum meta_method method;
  bool has_test, knapp_hartung;
  double level;
};

/* Studies that can be pooled, on the additive scale; what is shown of them on their own. */
struct pool_studies {
  double *estimate, *std_error;
  double (*shown)[3]; /* estimate with limits */
  size_t *row;
  size_t n;
};

/* Rows that cannot be pooled, and why. */
struct pool_left_out {
  size_t no_estimate, no_limits, only_range, unfit;
  size_t uneven; /* pooled, but the share is of no whole number of patients */
};

/* Reads the command; `condition` (NULL allowed) chooses the rows by whose unit the scale is found.  Fails where columns do not
 * fit, limits are a range, or units differ.  request->by is the caller's to release, on failure too. */
enum status pool_read(const struct command *command, const struct state *state, const struct bitmap *condition,
                      struct pool_request *request, struct error *error);

/* The rows on view, of that level of `by` (0: of all), counted into *left_out; the caller clears *studies.  Fails where their
 * endpoints differ. */
enum status pool_collect(const struct pool_request *request, const struct state *state, const struct bitmap *condition,
                         uint32_t code, struct pool_studies *studies, struct pool_left_out *left_out, struct error *error);
void pool_studies_clear(struct pool_studies *studies);

/* Says which rows were left out, and why; has_total: shares of a number of patients are pooled. */
void pool_warn_of_rows(const struct pool_left_out *left_out, bool has_total, struct report *report);

/* Says that survival under censoring is no share of n patients, where such rows are pooled as one. */
void pool_warn_of_survival(const struct pool_request *request, const struct state *state, const struct bitmap *condition,
                           struct report *report);

/* From the additive scale to the estimates' own. */
double pool_shown(const struct pool_request *request, double value);

/* The name of a row: the study with its year, or its number; appended. */
void pool_append_name(const struct pool_request *request, size_t row, struct text *text);

#endif
