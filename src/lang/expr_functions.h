/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The functions of expressions.  Internal to src/lang. */
#ifndef KAPLAN_LANG_EXPR_FUNCTIONS_H
#define KAPLAN_LANG_EXPR_FUNCTIONS_H

#include "lang/expr_bound.h"

/* Binds a call; fails on an unknown function, a wrong number of arguments or a wrong kind. */
enum status bind_call(const struct expr *expr, const struct cohort *cohort, struct bound **bound, struct error *error);

#endif
