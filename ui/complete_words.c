/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words that completion offers. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ui/complete_internal.h"

enum { MOST_WORDS = 500 };

static size_t common_length(const char *a, const char *b)
{
  size_t same = 0;
  while (a[same] && a[same] == b[same])
    same++;
  return same;
}

/* Of more words than are kept, the last one kept is one that shares least with the first: what all have in common stays
 * true. */
static void words_take(struct words *words, const char *word)
{
  const size_t common = words->n ? common_length(words->items[0], word) : strlen(word);
  if (words->n < MOST_WORDS) {
    MEMORY_APPEND(words->items, words->n, words->capacity, memory_copy_string(word));
  } else if (common < words->common) {
    free(words->items[words->n - 1]);
    words->items[words->n - 1] = memory_copy_string(word);
  }
  if (words->n == 1 || common < words->common)
    words->common = common;
}

void words_add(struct words *words, const char *word)
{
  if (strncmp(word, words->start, words->length) == 0)
    words_take(words, word);
}

void words_add_taken(struct words *words, struct text *word)
{
  words_add(words, text_string(word));
  text_clear(word);
}

/* The words of "a|b|c" or "a, b, c". */
void words_add_each(struct words *words, const char *list)
{
  while (*list) {
    size_t length = strcspn(list, "|, ");
    struct text word = TEXT_INIT;
    text_append_bytes(&word, list, length);
    if (length)
      words_add(words, text_string(&word));
    text_clear(&word);
    list += length + (list[length] != '\0');
  }
}

/* A name as it must be typed; one that needs backticks is found by its own beginning, too. */
void words_add_name(struct words *words, const struct place *place, const char *name)
{
  struct text typed = TEXT_INIT;
  if (strncmp(name, words->start, words->length) != 0)
    return;
  if (place->quote)
    text_append(&typed, name);
  else
    token_append_name(&typed, name);
  words_take(words, text_string(&typed));
  text_clear(&typed);
}

void words_add_columns(struct words *words, const struct place *place)
{
  const struct cohort *cohort = place->state->cohort;
  for (size_t i = 0; cohort && i < cohort->n_columns; i++)
    words_add_name(words, place, cohort->columns[i]->name);
}

/* Levels in quotes, unless an opening one stands. */
void words_add_levels(struct words *words, const struct place *place, const struct column *column)
{
  for (size_t i = 0; column->kind == COLUMN_FACTOR && i < column->n_levels; i++) {
    struct text level = TEXT_INIT;
    if (strncmp(column->levels[i].name, words->start, words->length) != 0)
      continue;
    if (place->quote)
      text_append(&level, column->levels[i].name);
    else
      token_append_string(&level, column->levels[i].name);
    words_take(words, text_string(&level));
    text_clear(&level);
  }
}

/* A level after `levels` and `label`: bare where it is one plain word. */
static bool is_plain_word(const char *text)
{
  for (const char *at = text; *at; at++)
    if ((unsigned char)*at < 0x80 && !strchr("_-.", *at) && !(*at >= '0' && *at <= '9') &&
        !((*at | 32) >= 'a' && (*at | 32) <= 'z'))
      return false;
  return *text != '\0';
}

bool place_has(const struct place *place, size_t begin, const char *text)
{
  for (size_t i = begin; i < place->n; i++)
    if (strcmp(place->tokens.tokens[i].text, text) == 0)
      return true;
  return false;
}

/* The levels that stand not yet behind the column at token 1. */
void words_add_levels_left(struct words *words, const struct place *place, const struct column *column)
{
  for (size_t i = 0; column->kind == COLUMN_FACTOR && i < column->n_levels; i++) {
    const char *name = column->levels[i].name;
    struct text level = TEXT_INIT;
    if (place_has(place, 2, name) || strncmp(name, words->start, words->length) != 0)
      continue;
    if (place->quote || is_plain_word(name))
      text_append(&level, name);
    else
      token_append_string(&level, name);
    words_take(words, text_string(&level));
    text_clear(&level);
  }
}

/* Files and folders that go on from what was typed; with an opening quote where none stands yet. */
void words_add_files(struct words *words, bool in_quotes)
{
  struct text folder = TEXT_INIT;
  const char *slash = memrchr(words->start, '/', words->length);
  const size_t skipped = slash ? (size_t)(slash - words->start) + 1 : 0;
  text_append_bytes(&folder, words->start, skipped);
  DIR *listing = opendir(folder.length ? text_string(&folder) : ".");
  for (struct dirent *entry; listing && (entry = readdir(listing));) {
    struct text word = TEXT_INIT;
    if (entry->d_name[0] == '.' || strncmp(entry->d_name, words->start + skipped, words->length - skipped) != 0)
      continue;
    text_append_format(&word, "%s%s%s%s", in_quotes ? "" : "\"", text_string(&folder), entry->d_name,
                       entry->d_type == DT_DIR ? "/" : in_quotes ? "" : "\"");
    words_take(words, text_string(&word));
    text_clear(&word);
  }
  if (listing)
    closedir(listing);
  text_clear(&folder);
}
