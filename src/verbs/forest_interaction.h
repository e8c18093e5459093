/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What forest fits: a treatment, what it is adjusted for, among whom; and its test of treatment x variable. */
#ifndef KAPLAN_VERBS_FOREST_INTERACTION_H
#define KAPLAN_VERBS_FOREST_INTERACTION_H

#include "lang/formula.h"
#include "session/analysis.h"
#include "verbs/verb.h"

/* Texts as formulas have them, borrowed. */
struct forest_model {
  const char *treatment;
  const char *adjust; /* further terms, or NULL */
  const struct cox_options *options;
  const struct bitmap *condition; /* or NULL */
};

/* The first term; the others and all strata ("" where there are none).  Both are appended. */
void forest_split_terms(const struct formula *formula, struct text *treatment, struct text *adjust);

/* Appends "surgery + age": the model that each subgroup has. */
void forest_model_append(const struct forest_model *model, struct text *text);

/* Fits a formula with the model's options among the rows of `condition`; the caller clears *analysis. */
enum status forest_fit(const struct verb_context *context, const struct forest_model *model, const char *formula_text,
                       const struct bitmap *condition, struct cox_analysis *analysis, struct error *error);

/* The likelihood-ratio test of treatment x variable against both main effects, which both models have, on the same rows.  The
 * statistic 2 (loglik - loglik_main) is never below 0; p is NaN where the interaction has no freedom. */
struct forest_interaction {
  double n, n_events;
  double loglik_main, df_main, loglik, df_both;
  double statistic, df, p_value;
  bool may_be_infinite; /* a coefficient of the model with the interaction */
};
enum status forest_test_interaction(const struct verb_context *context, const struct forest_model *model, const char *variable,
                                    struct forest_interaction *found, struct error *error);

#endif
