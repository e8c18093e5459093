/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Command lines made of the grouping and the model: what the views show by themselves, and what keys offer in the prompt.
 *
 * Each appends its line; false where the state has nothing to make it of (what was appended is then of no use). */
#ifndef KAPLAN_UI_VIEW_LINES_H
#define KAPLAN_UI_VIEW_LINES_H

#include "base/text.h"
#include "session/state.h"

/* "table1 age sex, by=arm": the model's variables, or the first that describe patients, by the grouping. */
bool view_line_table1(const struct state *state, struct text *line);

/* "forest arm, over=sex,grade"; "forest" of the model where nothing is grouped. */
bool view_line_forest(const struct state *state, struct text *line);

/* "nomogram, at=12,36,60": one, three and five years of months, or three round times within the follow-up. */
bool view_line_nomogram(const struct state *state, struct text *line);

/* "flow, by=arm". */
void view_line_flow(const struct state *state, struct text *line);

/* Of the model's terms, or where there is none of the first columns that describe patients: "table2 age sex, p=0.05",
 * "stepwise age + sex, direction=forward …". */
bool model_line_table2(const struct state *state, struct text *line);
bool model_line_stepwise(const struct state *state, struct text *line);

/* Of the current model: "validate, boot=200 seed=1", "calibrate, at=12,36,60 groups=3 boot=200 seed=1". */
bool model_line_validate(const struct state *state, struct text *line);
bool model_line_calibrate(const struct state *state, struct text *line);

#endif
