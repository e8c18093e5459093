/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A model's right-hand side: R's formula terms.
 *
 * `a + b` adds; `a:b` is an interaction; `a * b` is a + b + a:b; factor(x), ref(x, "level"), strata(x, …), I(…) and
 * functions of columns such as log(x) are terms.  A term that comes twice counts once.  Main effects stand before
 * interactions, as in R. */
#ifndef KAPLAN_LANG_FORMULA_H
#define KAPLAN_LANG_FORMULA_H

#include "base/error.h"
#include "base/text.h"
#include "lang/expr.h"
#include "lang/token.h"

/* One variable of a term. */
struct variable {
  char *name;         /* as tables show it: `age`, `log(bili)`, `celltype` for ref(celltype,"large") */
  struct expr *expr;  /* what it is worth */
  bool is_factor;     /* factor(x): its distinct values are levels */
  char *reference;    /* ref(x, "level"), or NULL */
  size_t start, length;
};

struct term {
  char *name;           /* `age`, `sex`, `age:sex` */
  size_t *variables;    /* which variables of the formula it multiplies: one, or several for an interaction */
  size_t n_variables;
};

struct formula {
  struct variable *variables;
  size_t n_variables, variables_capacity;
  struct term *terms;
  size_t n_terms, terms_capacity;
  struct expr **strata; /* the expressions inside strata(…) */
  size_t n_strata, strata_capacity;
};

#define FORMULA_INIT {.variables = NULL}

/* Parses the tokens `begin` up to `end`.  No tokens give an empty formula (the null model).  The caller clears it. */
enum status formula_parse(const struct token_list *tokens, size_t begin, size_t end, struct formula *formula,
                          struct error *error);
enum status formula_parse_string(const char *string, struct formula *formula, struct error *error);

/* The same where a blank may stand for the +: `age sex ref(grade, "NEC")`, as screen lists its variables. */
enum status formula_parse_list(const struct token_list *tokens, size_t begin, size_t end, struct formula *formula,
                               struct error *error);
void formula_clear(struct formula *formula);

/* Appends the formula as it could be typed. */
void formula_append(struct text *text, const struct formula *formula);

/* The same with only the terms t for which is_in[t]; all strata. */
void formula_append_terms(struct text *text, const struct formula *formula, const bool *is_in);

/* Whether a variable with that column's name is a term by itself. */
bool formula_has_variable(const struct formula *formula, const char *column);

/* The formula's text with the main effect of `column` added, or taken away with every interaction it is part of, or with
 * its reference level set (`ref(column, "level")`; the term is added where it is missing).  The caller frees the text. */
char *formula_toggled(const struct formula *formula, const char *column);
char *formula_with_reference(const struct formula *formula, const char *column, const char *level);

#endif
