/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions, names and texts in the language of R, for scripts that reproduce a session there.
 *
 * Numbers and truths become numeric and logical vectors, dates Dates, texts factors; missing is NA.  What R has under another
 * meaning (0 / 0, x %in% y where x is missing, round) is called by a helper function, which the script has to bring: the
 * ones that a text calls are collected in a set, and expr_r_helpers() writes them. */
#ifndef KAPLAN_LANG_EXPR_R_H
#define KAPLAN_LANG_EXPR_R_H

#include "lang/expr.h"

/* Bits of a set of helpers. */
enum expr_r_helper { R_KNOWN = 1, R_POWER = 2, R_AMONG = 4, R_ROUND = 8, R_EITHER = 16 };

/* Appends the expression, whose columns are columns of the data frame it is evaluated in (`with(cohort, …)`), and adds the
 * helpers it calls to *helpers.  Fails where names or kinds do not fit the cohort. */
enum status expr_append_r(struct text *text, const struct expr *expr, const struct cohort *cohort, unsigned *helpers,
                          struct error *error);

/* Appends the definitions of the helpers in the set. */
void expr_r_helpers(struct text *text, unsigned helpers);

/* A string in double quotes; what a terminal would obey stands as an escape. */
void r_append_string(struct text *text, const char *string);

/* A name as R's parser wants it, in backticks where it needs them; invisible characters are replaced by what shows them,
 * always in the same way. */
void r_append_name(struct text *text, const char *name);

/* The name without backticks and quoted as a string: for `cohort[["…"]]`. */
void r_append_name_string(struct text *text, const char *name);

#endif
