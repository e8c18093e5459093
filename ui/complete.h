/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completion of a line of the prompt. */
#ifndef KAPLAN_UI_COMPLETE_H
#define KAPLAN_UI_COMPLETE_H

#include "session/state.h"

/* The words that can stand for the bytes `start` to `end` of a line: a NULL-ended array (each word and the array from malloc),
 * or NULL.  `kind` is the prompt: ':' a command, '\\' a filter, else the name of a column.  At most 500 words; of more, those
 * returned have in common what all have. */
char **complete_words(const struct state *state, char kind, const char *line, size_t start, size_t end);

#endif
