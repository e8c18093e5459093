/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command lines that choosing among variables and levels stands for: of the explorer's keys and of the words of the
 * line-by-line dialogue alike.  Each appends the line to `text`. */
#ifndef KAPLAN_UI_KEY_LINES_H
#define KAPLAN_UI_KEY_LINES_H

#include "base/text.h"
#include "session/state.h"

/* The filter with the levels of a column chosen (included[code - 1]); false, and nothing is appended, where none is. */
bool key_line_levels(struct text *text, const struct state *state, const struct column *column, const bool *included);

/* The filter with a condition added to it; false, and nothing is appended, where it is in it already. */
bool key_line_narrow(struct text *text, const struct state *state, const char *condition);

/* Grouping by a column, or by none where it is the one already. */
void key_line_group(struct text *text, const struct state *state, const struct column *column);

/* The panels of the curves, which stay when the grouping changes: ", panels=grade", or nothing. */
void key_line_append_panels(struct text *text, const struct state *state);

/* The column into the Cox model, or out of it; a level made the reference.  The model's options stay. */
void key_line_model(struct text *text, const struct state *state, const struct column *column);
void key_line_reference(struct text *text, const struct state *state, const struct column *column, uint32_t code);

#endif
