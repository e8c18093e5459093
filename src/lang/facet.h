/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A filter as facets: the parts of `a & b & c` that choose levels of one column.
 *
 * The explorer's check boxes and the typed filter are the same expression.  A facet of column x is a top-level conjunct of
 * the form `x in ("a", "b")`, `x == "a"` or `x != "a"`; whatever else stands in the filter is left as it is. */
#ifndef KAPLAN_LANG_FACET_H
#define KAPLAN_LANG_FACET_H

#include <stdbool.h>

#include "data/column.h"
#include "lang/expr.h"

/* Which levels of `column` the filter lets through: included[code - 1].  Every level where the filter (NULL = none) has no
 * facet of it. */
void facet_read(const struct expr *filter, const struct column *column, bool *included);

/* The filter's text with the facet of `column` set to the levels included: left out where all are, `x == "a"` for one,
 * `x in (…)` for more.  "" where nothing is left.  With none included: `x in ()` is not written; returns NULL. */
char *facet_write(const struct expr *filter, const struct column *column, const bool *included);

#endif
