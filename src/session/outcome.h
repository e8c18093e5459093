/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From `NAME = Surv(…)` to an endpoint, and endpoints computed anew when the columns under them change. */
#ifndef KAPLAN_SESSION_OUTCOME_H
#define KAPLAN_SESSION_OUTCOME_H

#include "lang/token.h"
#include "session/state.h"

/* Reads the tokens `begin` up to `end` as `NAME = Surv(time, event)` or `NAME = Surv(entry, exit, event)` and computes the
 * outcome on the cohort.  `competing` (NULL allowed) is the competing event, `landmark` (NULL allowed) where to begin.  The caller releases the endpoint. */
enum status outcome_define(const struct token_list *tokens, size_t begin, size_t end, const struct expr *competing,
                           const struct landmark *landmark, const struct cohort *cohort, struct endpoint **endpoint, struct error *error);

/* Whether the column tells how the outcome came out: it is in the endpoint's event, in its competing event, or what its time ends
 * with.  What was known at its beginning does not: the entry, the first date of months(from, to), b of a - b. */
bool outcome_tells(const struct endpoint *endpoint, const char *column);

/* After a column (NULL: several) was replaced: computes the endpoints that use it, and the filter if it does, anew from their texts.  Fails where
 * one no longer fits. */
enum status state_refresh(struct state *state, const char *column, struct error *error);

#endif
