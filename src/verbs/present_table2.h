/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Univariable and multivariable results in one table, as journals print it: table2, table2_at, and the printed form. */
#ifndef KAPLAN_VERBS_PRESENT_TABLE2_H
#define KAPLAN_VERBS_PRESENT_TABLE2_H

#include "verbs/present.h"
#include "verbs/screening.h"

/* What is printed of a level, a bit each, in the order of the option show=. */
enum {
  TABLE2_N = 1,
  TABLE2_PERCENT = 2,
  TABLE2_EVENTS = 4,
  TABLE2_MEDIAN = 8,
  TABLE2_QUARTILES = 16,
  TABLE2_LIMITS = 32,
  TABLE2_MEAN = 64,
  TABLE2_AT = 128,
  TABLE2_STATISTIC = 256
};

enum { TABLE2_TEST = 1, TABLE2_COX = 2 }; /* what of the univariable analysis: the test's p, the hazard ratio */

struct table2_look {
  unsigned show, univariable;
  bool percent_of_all; /* per cent of all with an outcome rather than of those with a value */
  double *times;       /* of show=at; owned */
  size_t n_times;
};

/* A level of a factor, a number, or a column of an interaction. */
struct table2_row {
  char *level, *label; /* NULL for a number; how it is displayed */
  bool is_reference;   /* alone */
  bool has_curve;      /* of a level; a number has none of its own */
  double n, percent, events;
  struct km_summary summary;
  struct km_point *points; /* at the look's times */
  struct cox_estimate alone, adjusted;
  bool is_joint, is_joint_reference; /* whether the joint model has it */
};

struct table2_variable {
  char *name, *label; /* the term */
  bool is_factor;
  enum screening_rule test; /* whose p stands beside its name */
  double statistic, df, p_value;
  size_t n_missing; /* with an outcome, without a value */
  struct table2_row *rows;
  size_t n_rows;
};

struct table2 {
  const struct screening *screening;
  const struct table2_look *look;
  size_t n_outcomes; /* rows on view with an outcome */
  struct table2_variable *variables;
  size_t n_variables, variables_capacity;
};

/* Takes down one variable as it was found alone: a screening_visitor whose data is the struct table2. */
screening_visitor table2_add;

/* Enters the joint model's hazard ratios. */
void table2_join(struct table2 *table2, const struct cox_analysis *joint);

void table2_clear(struct table2 *table2);

/* The data tables "table2" and "table2_at", empty; and the rows of one endpoint's results added to them.  `at` is NULL where no
 * times are asked for. */
struct table *table2_table(void);
struct table *table2_at_table(void);
void table2_fill(const struct table2 *table2, struct table *table, struct table *at);

/* Printed, with its footnotes: tests, joint model, missing values, abbreviations. */
struct printed_table *table2_printed(const struct table2 *table2, const struct cox_analysis *joint);

#endif
