/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the prompt's completion share: the words that are offered, and the place they are offered for. */
#ifndef KAPLAN_UI_COMPLETE_INTERNAL_H
#define KAPLAN_UI_COMPLETE_INTERNAL_H

#include "base/text.h"
#include "lang/token.h"
#include "session/state.h"

struct words {
  char **items;
  size_t n, capacity;
  size_t common;     /* bytes that all words offered so far begin with */
  const char *start; /* what was typed of the word */
  size_t length;
};

/* Where the cursor is, and the words before it. */
struct place {
  const struct state *state;
  const char *line; /* of the command, without a `by …:` */
  size_t start;     /* of the word */
  char quote;       /* the quote that the word stands in, or '\0' */
  struct token_list tokens; /* before the word */
  size_t n;                 /* of them, without the end */
};

/* Offers a word, if it begins with what was typed; one that was put together, which is cleared; each of "a|b, c". */
void words_add(struct words *words, const char *word);
void words_add_taken(struct words *words, struct text *word);
void words_add_each(struct words *words, const char *list);

/* A name as it must be typed (one that needs backticks is found by its own beginning, too); those of all columns. */
void words_add_name(struct words *words, const struct place *place, const char *name);
void words_add_columns(struct words *words, const struct place *place);

/* A column's levels, in quotes unless an opening one stands; those that stand not yet behind the column at token 1, bare
 * where that is enough. */
void words_add_levels(struct words *words, const struct place *place, const struct column *column);
void words_add_levels_left(struct words *words, const struct place *place, const struct column *column);

/* Files and folders that go on from what was typed; with an opening quote where none stands yet. */
void words_add_files(struct words *words, bool in_quotes);

/* Whether a word stands among those before, from token `begin` on. */
bool place_has(const struct place *place, size_t begin, const char *text);

#endif
