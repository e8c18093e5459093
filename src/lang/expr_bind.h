/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files that bind expressions share.  Internal to src/lang. */
#ifndef KAPLAN_LANG_EXPR_BIND_H
#define KAPLAN_LANG_EXPR_BIND_H

#include "lang/expr_bound.h"

/* A new node; an operand added to one (taken over); a constant. */
struct bound *bound_alloc(enum bound_kind kind, enum value_kind value, const struct expr *expr);
void bound_adopt(struct bound *bound, struct bound *operand);
struct bound *bound_constant(const struct expr *expr, enum value_kind value, double number);

/* Gives an error the place of an expression; returns STATUS_ERROR. */
enum status bound_fail_at(const struct expr *expr, struct error *error);

/* "a number", "a text": what a kind is called in messages. */
const char *bound_kind_words(enum value_kind kind);

/* expr_print.c: how tightly an expression binds: the levels of the parser, which are R's too; 9 for what needs no parentheses. */
int expr_precedence(const struct expr *expr);

/* expr_compare.c: == != < <= > >= and in. */
enum status bind_comparison(const struct expr *expr, const struct cohort *cohort, struct bound **bound,
                            struct error *error);
enum status bind_in(const struct expr *expr, const struct cohort *cohort, struct bound **bound, struct error *error);

#endif
