/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An expression bound to a cohort: columns looked up, kinds checked, texts turned into codes, once; then evaluated in
 * blocks of rows.  Internal to src/lang. */
#ifndef KAPLAN_LANG_EXPR_BOUND_H
#define KAPLAN_LANG_EXPR_BOUND_H

#include "lang/expr.h"

enum { BLOCK_ROWS = 1024, MAX_OPERANDS = 64 };

enum bound_kind {
  BOUND_NUMBER,  /* a constant */
  BOUND_COLUMN,  /* a column: numbers, or codes */
  BOUND_ARITHMETIC,
  BOUND_COMPARE,
  BOUND_LOGIC,
  BOUND_NOT,
  BOUND_NEGATE,
  BOUND_FUNCTION, /* of numbers */
  BOUND_MISSING,  /* missing(x) */
  BOUND_TABLE,    /* a number or truth that depends on a text's code alone: table[code] */
  BOUND_CODES,    /* a text that depends on a text's code alone: codes[code] */
  BOUND_CHOICE,   /* if(c, a, b) */
  BOUND_CUT,
  BOUND_IN        /* a number among constants */
};

/* Numbers and truths evaluate to doubles (NaN: missing, unknown), texts to codes of `levels` (0: missing). */
struct bound {
  enum bound_kind kind;
  enum value_kind value;
  const struct expr *expr;
  const struct column *column;
  char operation; /* + - * / ^ & | and for comparisons: = ! < l > g (l: <=, g: >=) */
  double number;
  double (*function)(const double *arguments, size_t n);
  double *table;   /* by code, 0 first; BOUND_IN and BOUND_CUT: n_table constants */
  size_t n_table;
  uint32_t *codes; /* by code, 0 first */
  char **levels;   /* of a text: n_levels names, owned */
  size_t n_levels;
  struct bound **operands;
  size_t n_operands;
};

/* Binds; fails where a name or kind does not fit.  The caller frees it. */
enum status bound_new(const struct expr *expr, const struct cohort *cohort, struct bound **bound, struct error *error);
void bound_free(struct bound *bound);

/* Whether a OPERATION b for numbers that are there; operation as in struct bound. */
bool bound_compare(double a, char operation, double b);

/* Evaluates `n` (at most BLOCK_ROWS) rows from `first`: numbers for all kinds but VALUE_TEXT, codes for that. */
void bound_numbers(const struct bound *bound, size_t first, size_t n, double *out);
void bound_codes(const struct bound *bound, size_t first, size_t n, uint32_t *out);

#endif
