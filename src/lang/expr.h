/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions over the columns of a cohort, with three-valued logic: a comparison with a missing value is unknown,
 * unknown & false is false, unknown | true is true, and a filter keeps a row only where it is true.
 *
 * Precedence, as R: | , & , ! , comparisons and `in`, + - , * / , unary - , ^ (to the right).  The functions are missing
 * if cut log exp sqrt abs min max round date days months years.  `&&` and `||` are read as `&` and `|`. */
#ifndef KAPLAN_LANG_EXPR_H
#define KAPLAN_LANG_EXPR_H

#include "base/bitmap.h"
#include "base/error.h"
#include "base/text.h"
#include "data/cohort.h"
#include "lang/token.h"

enum expr_kind {
  EXPR_NUMBER,
  EXPR_STRING,
  EXPR_MISSING, /* the word NA */
  EXPR_COLUMN,  /* text: the column's name */
  EXPR_CALL,    /* text: the function's name; operands: its arguments */
  EXPR_UNARY,   /* text: "-" or "!" */
  EXPR_BINARY,  /* text: the operator; two operands */
  EXPR_IN       /* operands: what is looked for, then the members */
};

struct expr {
  enum expr_kind kind;
  char *text;
  double number;
  struct expr **operands;
  size_t n_operands;
  size_t start, length; /* bytes of the line it was read from */
};

/* Parses the tokens `begin` up to, not with, `end` as one expression.  The caller frees it with expr_free(). */
enum status expr_parse(const struct token_list *tokens, size_t begin, size_t end, struct expr **expr, struct error *error);

/* The same for a whole string. */
enum status expr_parse_string(const char *string, struct expr **expr, struct error *error);

void expr_free(struct expr *expr);

/* Appends the expression as it could be typed, in one canonical form: single spaces around binary operators, the fewest
 * parentheses, double quotes. */
void expr_append(struct text *text, const struct expr *expr);

/* What an expression is worth: a number, date or truth (kept as 0 and 1) in a column of numbers, or a factor. */
enum value_kind { VALUE_NUMBER, VALUE_DATE, VALUE_TRUTH, VALUE_TEXT };

/* Checks names and kinds against the cohort without computing; says what the expression is worth.  Unknown columns are
 * suggested a near name. */
enum status expr_check(const struct expr *expr, const struct cohort *cohort, enum value_kind *kind, struct error *error);

/* Computes the expression for every row as a column with the given name: numbers and truths (0, 1) as COLUMN_NUMBER, dates
 * as COLUMN_DATE, text as a factor with its levels in code-point order (a column's own level order is kept where the
 * expression is that column, and cut() orders by interval).  The caller releases the column. */
enum status expr_evaluate(const struct expr *expr, const struct cohort *cohort, const char *name, struct column **column,
                          struct error *error);

/* The rows where the expression is true; `unknown` (NULL allowed) receives the number of rows in `among` (NULL = all) on
 * which it is neither true nor false.  Fails where the expression is no truth, with a hint.  The caller clears `rows`. */
enum status expr_select(const struct expr *expr, const struct cohort *cohort, const struct bitmap *among,
                        struct bitmap *rows, size_t *unknown, struct error *error);

/* Calls `visit` with each column name in the expression (a name may come twice). */
void expr_each_column(const struct expr *expr, void (*visit)(const char *name, void *data), void *data);

/* Whether two expressions are the same tree. */
bool expr_equal(const struct expr *a, const struct expr *b);

#endif
