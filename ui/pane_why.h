/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pane of why: a number derived step by step, over the view that shows it.
 *
 * It shows the report of a command `why …` (verbs/why.h), computed as the texts of other views are: by the worker. */
#ifndef KAPLAN_UI_PANE_WHY_H
#define KAPLAN_UI_PANE_WHY_H

#include "ui/explorer_internal.h"

/* Fills the commands of the numbers of the view that has the focus (none: the reason is returned, and only then counts). */
const char *why_targets_find(struct explorer *explorer, struct why_targets *targets);
void why_targets_clear(struct why_targets *targets);

/* Opens the pane on the first number of the view; says why not where there is none. */
void pane_why_open(struct explorer *explorer);

/* Opens it on a command that was typed. */
void pane_why_show(struct explorer *explorer, const char *line);

/* The next number (1), the one before (-1). */
void pane_why_turn(struct explorer *explorer, int step);

/* Back to the view beneath; false where the pane is not open. */
bool pane_why_close(struct explorer *explorer);

/* The pane's row in the table of panes (pane.h): the formula in words, the steps with a cursor, the curve as far as that has
 * come; sideways moves step by step, too. */
void pane_why_draw(struct explorer *explorer, struct frame *frame, struct area area);
void pane_why_move(struct explorer *explorer, enum motion motion);
void pane_why_sideways(struct explorer *explorer, int step);

#endif
