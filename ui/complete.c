/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completion of the prompt: verbs, columns, the levels of the column before, options and their values, files. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "lang/token.h"
#include "ui/explorer_internal.h"
#include "verbs/verb.h"

enum { MOST_WORDS = 500 };

struct words {
  char **items;
  size_t n, capacity;
  const char *start; /* what was typed of the word */
  size_t length;
};

/* Adds a word if it begins with what was typed; takes over nothing. */
static void add(struct words *words, const char *word)
{
  if (strncmp(word, words->start, words->length) == 0 && words->n < MOST_WORDS)
    MEMORY_APPEND(words->items, words->n, words->capacity, memory_copy_string(word));
}

static void add_taken(struct words *words, struct text *word)
{
  add(words, text_string(word));
  text_clear(word);
}

static void add_columns(struct words *words, const struct state *state)
{
  for (size_t i = 0; state->cohort && i < state->cohort->n_columns; i++) {
    struct text name = TEXT_INIT;
    token_append_name(&name, state->cohort->columns[i]->name);
    add_taken(words, &name);
  }
}

/* Levels as the line wants them: in quotes in an expression, bare after `levels` and `label`. */
static void add_levels(struct words *words, const struct column *column, bool quoted)
{
  for (size_t i = 0; column->kind == COLUMN_FACTOR && i < column->n_levels; i++) {
    struct text level = TEXT_INIT;
    if (quoted)
      token_append_string(&level, column->levels[i].name);
    else
      text_append(&level, column->levels[i].name);
    add_taken(words, &level);
  }
}

static void add_options(struct words *words, const struct verb *verb)
{
  const struct option_syntax *option = verb->syntax.options;
  for (; option && option->name; option++) {
    struct text name = TEXT_INIT;
    text_append_format(&name, "%s%s", option->name, option->kind == OPTION_FLAG ? "" : "=");
    add_taken(words, &name);
  }
}

/* The values of the option whose name stands before the `=` at line[start - 1]. */
static void add_values(struct words *words, const struct verb *verb, const char *line, size_t start)
{
  const struct option_syntax *option = verb->syntax.options;
  for (; option && option->name; option++) {
    size_t length = strlen(option->name);
    if (!option->values || start < length + 1 || memcmp(option->name, line + start - 1 - length, length) != 0)
      continue;
    for (const char *at = option->values; *at;) {
      size_t value = strcspn(at, "|");
      struct text word = TEXT_INIT;
      text_append_bytes(&word, at, value);
      add_taken(words, &word);
      at += value + (at[value] == '|');
    }
  }
}

/* Files and folders that go on from what was typed; with an opening quote where none stands yet. */
static void add_files(struct words *words, bool in_quotes)
{
  struct text folder = TEXT_INIT;
  const char *slash = memrchr(words->start, '/', words->length);
  text_append_bytes(&folder, words->start, slash ? (size_t)(slash - words->start) + 1 : 0);
  DIR *listing = opendir(folder.length ? text_string(&folder) : ".");
  for (struct dirent *entry; listing && (entry = readdir(listing));) {
    struct text word = TEXT_INIT;
    if (entry->d_name[0] == '.')
      continue;
    text_append_format(&word, "%s%s%s%s", in_quotes ? "" : "\"", text_string(&folder), entry->d_name,
                       entry->d_type == DT_DIR ? "/" : in_quotes ? "" : "\"");
    add_taken(words, &word);
  }
  if (listing)
    closedir(listing);
  text_clear(&folder);
}

/* The column that stands last before `end`, or NULL: whose levels are meant after == or in. */
static const struct column *column_before(const struct state *state, const char *line, size_t end)
{
  struct text before = TEXT_INIT;
  struct token_list tokens;
  struct error error = ERROR_INIT;
  const struct column *found = NULL;
  text_append_bytes(&before, line, end);
  if (!token_list_read(&tokens, text_string(&before), &error)) {
    for (size_t i = tokens.count; i-- > 0 && !found && state->cohort;)
      if (tokens.tokens[i].kind == TOKEN_NAME)
        found = cohort_find_column(state->cohort, tokens.tokens[i].text);
    token_list_clear(&tokens);
  }
  error_clear(&error);
  text_clear(&before);
  return found;
}

/* Whether a comparison or a list opens just before `end`, so that a level is wanted. */
static bool wants_level(const char *line, size_t end)
{
  int depth = 0;
  while (end && line[end - 1] == ' ')
    end--;
  for (size_t i = 0; i < end; i++)
    depth += (line[i] == '(') - (line[i] == ')');
  if (end < 2)
    return false;
  return line[end - 1] == ',' ? depth > 0 : line[end - 1] == '=' || line[end - 1] == '(';
}

static const char *const file_verbs[] = {"load", "source", "save", "export"};

static bool takes_file(const char *name)
{
  for (size_t i = 0; i < sizeof file_verbs / sizeof *file_verbs; i++)
    if (strcmp(name, file_verbs[i]) == 0)
      return true;
  return false;
}

/* Whether the word at `start` is behind the comma that opens the options. */
static bool is_option(const char *line, size_t start)
{
  int depth = 0;
  for (size_t i = 0; i < start; i++) {
    depth += (line[i] == '(') - (line[i] == ')');
    if (line[i] == ',' && depth == 0)
      return true;
  }
  return false;
}

static void complete_in_verb(struct words *words, const struct state *state, const struct verb *verb, const char *line,
                             size_t start)
{
  const char before = start ? line[start - 1] : ' ';
  const bool in_quotes = before == '"', option = is_option(line, start);
  const struct column *column = column_before(state, line, in_quotes ? start - 1 : start);
  const bool names_levels = strcmp(verb->syntax.name, "levels") == 0 || strcmp(verb->syntax.name, "label") == 0;
  if (takes_file(verb->syntax.name) && !option) {
    add_files(words, in_quotes);
  } else if (option && before == '=') {
    add_values(words, verb, line, start);
    if (!words->n)
      add_columns(words, state);
  } else if (in_quotes || (column && !names_levels && wants_level(line, start))) {
    if (column)
      add_levels(words, column, !in_quotes);
  } else if (option) {
    add_options(words, verb);
  } else if (names_levels && column) {
    add_levels(words, column, false);
  } else if (strcmp(verb->syntax.name, "help") == 0) {
    for (size_t i = 0; verbs[i]; i++)
      add(words, verbs[i]->syntax.name);
  } else {
    add_columns(words, state);
  }
}

/* Ends the array; NULL where it is empty. */
static char **finish(struct words *words)
{
  if (!words->n)
    return NULL;
  MEMORY_APPEND(words->items, words->n, words->capacity, NULL);
  return words->items;
}

char **explorer_complete(const char *line, size_t start, size_t end, void *data)
{
  const struct explorer *explorer = data;
  const struct state *state = session_state(explorer->session);
  struct words words = {.start = line + start, .length = end - start};
  size_t first = strspn(line, " "), length = strcspn(line + first, " ,");
  if (*explorer_prompt_prefix(explorer) != ':') { /* a filter or a search */
    const bool in_quotes = start && line[start - 1] == '"';
    const struct column *column = column_before(state, line, in_quotes ? start - 1 : start);
    if (column && (in_quotes || wants_level(line, start)))
      add_levels(&words, column, !in_quotes);
    else
      add_columns(&words, state);
    return finish(&words);
  }
  const struct verb *verb = start > first ? verb_find(line + first, length) : NULL;
  if (start <= first)
    for (size_t i = 0; verbs[i]; i++)
      add(&words, verbs[i]->syntax.name);
  else if (verb)
    complete_in_verb(&words, state, verb, line, start);
  return finish(&words);
}
