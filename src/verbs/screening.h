/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Variables one by one, and the joint model of those that pass: the engine of `screen` and `table2`.
 *
 * Life cycle: screening_begin() reads the command, screening_each() fits each variable alone on its own complete patients and
 * hands it to a visitor, screening_join() fits those that passed together, screening_clear(). */
#ifndef KAPLAN_VERBS_SCREENING_H
#define KAPLAN_VERBS_SCREENING_H

#include "session/analysis.h"
#include "verbs/verb.h"

/* What decides whether a variable goes on; by default the log-rank test of a factor and Wald's of a number. */
enum screening_rule { SCREENING_DEFAULT, SCREENING_WALD, SCREENING_LOGRANK, SCREENING_LR, SCREENING_SCORE };

struct screening {
  const struct state *state;
  struct task *task;     /* may be NULL */
  struct report *report; /* takes the warnings */
  struct formula formula; /* all candidates */
  struct bitmap *condition;
  struct cox_options options;
  enum screening_rule rule;
  double limit;
  bool wants_no_joint; /* the limit is 0 and nothing is forced */
  bool *is_forced; /* of each term, or NULL */
  bool *is_chosen; /* of each term, after screening_each() */
};

/* One variable as it was found alone; all borrowed for the call. */
struct screened_variable {
  size_t term; /* of the screening's formula */
  const struct cox_analysis *analysis;
  bool is_factor;
  size_t n_levels;                /* of a factor: the reference, then the design's columns; else 1 */
  const struct km_curve *curves;  /* n_levels; of a number: one, of all */
  double logrank, logrank_df, logrank_p; /* NaN where there is nothing to compare */
  enum screening_rule decided_by;
  double deciding_p;
};

typedef void screening_visitor(void *data, const struct screened_variable *variable);

/* The options that both verbs have: rows of a struct option_syntax table. */
#define SCREENING_OPTIONS                                                                                                \
  {"p", OPTION_NUMBER, NULL, "limit of p for the joint model (0.05)"},                                                    \
      {"force", OPTION_LIST, NULL, "variables that go to the joint model whatever their p"},                              \
      {"select", OPTION_WORD, "wald|logrank|lr|score",                                                                    \
       "whose p decides: default log-rank for factors, Wald for numbers"},                                                \
      {"ties", OPTION_WORD, "efron|breslow|exact", "how tied event times are handled"}

/* Reads variables, condition and the options above; fails with their places.  Cleared by the caller, on failure too. */
enum status screening_begin(struct screening *screening, const struct verb_context *context, const struct command *command,
                            struct error *error);
void screening_clear(struct screening *screening);

/* Fits each variable alone, decides, and visits it.  Its warnings go to the report under its name. */
enum status screening_each(struct screening *screening, screening_visitor *visit, void *data, struct error *error);

/* The model of those that passed, on the rows complete in them; the caller clears *analysis.  Without any it is empty. */
enum status screening_join(const struct screening *screening, struct cox_analysis *analysis, struct error *error);

/* A copy of the state in which the joint model is the current one: the caller's, to be proposed. */
struct state *screening_adopt(const struct screening *screening);

/* Warns of the joint model: nothing passes, who is left out, what the fit found. */
void screening_warn(const struct screening *screening, const struct cox_analysis *joint);

/* Which p decides, in words: "the log-rank p of a factor, the Wald p of a number". */
const char *screening_rule_name(enum screening_rule rule);

#endif
