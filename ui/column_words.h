/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A column in words: what `I` shows. */
#ifndef KAPLAN_UI_COLUMN_WORDS_H
#define KAPLAN_UI_COLUMN_WORDS_H

#include "session/state.h"

/* Appends lines on a column over those on view: label, kind, how many have a value; of a number mean, standard deviation,
 * quartiles (type by the settings) and range, of a date range and median, of a factor its most frequent levels. */
void column_append_words(const struct state *state, const struct column *column, struct text *text);

#endif
