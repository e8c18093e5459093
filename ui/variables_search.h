/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching the variables and their levels, those of folded variables too: who looks for a level seldom knows its variable. */
#ifndef KAPLAN_UI_VARIABLES_SEARCH_H
#define KAPLAN_UI_VARIABLES_SEARCH_H

#include "ui/explorer_internal.h"

/* Moves the cursor to a variable or level whose name (or a level's label) holds what / looked for: from the line `start` on (step
 * 0; what stands on a line goes before levels in folded variables), behind it (1) or before it (-1), going round; says how many
 * there are.  The variable of a level is unfolded. */
void variables_search(struct explorer *explorer, size_t start, int step);

#endif
