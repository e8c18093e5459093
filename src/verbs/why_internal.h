/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the command `why` share; nobody else includes this. */
#ifndef KAPLAN_VERBS_WHY_INTERNAL_H
#define KAPLAN_VERBS_WHY_INTERNAL_H

#include "base/bitmap.h"
#include "verbs/verb.h"
#include "verbs/why.h"

struct why {
  const struct verb_context *context;
  const struct command *command;
  size_t begin; /* the first token behind the kind */
  struct report *report;
  enum why_kind kind;
  struct table *result;    /* the table `why`, under way */
  struct printed_table *printed; /* the steps for people, under way */
  size_t n_steps, n_done;  /* how many will come, and came */
  bool is_printed;         /* whether the step under way is printed */
};

/* The kinds' own: each fills the report. */
enum status why_survival(struct why *why, struct error *error);
enum status why_median(struct why *why, struct error *error);
enum status why_logrank(struct why *why, struct error *error);
enum status why_hazard_ratio(struct why *why, struct error *error);
enum status why_concordance(struct why *why, struct error *error);
enum status why_points(struct why *why, struct error *error);
enum status why_interaction(struct why *why, struct error *error);
enum status why_table1(struct why *why, struct error *error);
enum status why_flow(struct why *why, struct error *error);

/* Fits the model of model= among whom the condition keeps; without that option the current model.  The caller
 * releases *analysis. */
struct cox_analysis;
enum status why_fit(const struct why *why, const struct cox_analysis **analysis, struct error *error);

/* Adds an item to the table `why`. */
void why_add_item(struct why *why, const char *item, double value);

/* Begins the printed table of `n_steps` steps; each step is then told: true where its row is to be printed (a row is under
 * way then).  Between the first and the last few stands how many were left out. */
void why_begin_steps(struct why *why, const char *title, const char *const *columns, size_t n_steps);
bool why_next_step(struct why *why);

/* Hands tables over to the report. */
void why_end_steps(struct why *why, struct table *steps);

/* The steps of what is no table by time: what each is called, a text or a number.  The array is closed with an item NULL.
 * Adds each number to the table `why`, too, and hands all over to the report. */
struct why_line {
  const char *item, *text; /* text NULL: the number counts, NaN being not available */
  double number;
  const char *shown; /* for people, in the place of the text; NULL: the text */
};
void why_add_lines(struct why *why, const struct why_line *lines);

/* NAME=VALUE … from the arguments: n columns of the cohort, the text of each value, and where each stands. */
struct why_value {
  const struct column *column;
  const char *text; /* borrowed from the command */
  double number;    /* NaN where it is none */
  size_t start, length;
};
enum status why_read_values(const struct why *why, struct why_value **values, size_t *n, struct error *error);

/* No more than `most` words may stand behind the kind. */
enum status why_refuse_words(const struct why *why, size_t most, struct error *error);

/* No condition may stand: the current model has its own. */
enum status why_refuse_condition(const struct why *why, struct error *error);

/* Adds a sentence to the report, broken between words into lines that a window takes. */
void why_say(struct report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A number in text: up to four significant digits, "NE" where it is not available. */
void why_append_number(struct text *text, double value);
void why_append_p(struct text *text, double p); /* "p = 0.04" */

#endif
