/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of the dialogue line by line: variables and levels are listed with numbers and chosen by them; what a choice
 * stands for is a command, which is said. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ui/column_words.h"
#include "ui/key_lines.h"
#include "ui/linear_internal.h"
#include "verbs/printing.h"
#include "verbs/verb.h"

/* A column in words, a line each. */
static void tell_column(struct linear *linear, const struct column *column)
{
  struct text text = TEXT_INIT;
  column_append_words(linear_state(linear), column, &text);
  for (char *rest = text.bytes, *line; text.length && (line = strsep(&rest, "\n"));)
    if (*line)
      linear_print(linear, "%s", line);
  text_clear(&text);
}

static const struct column *chosen(struct linear *linear)
{
  const struct state *state = linear_state(linear);
  if (state->cohort && linear->variable && linear->variable <= state->cohort->n_columns)
    return state->cohort->columns[linear->variable - 1];
  linear_print(linear, "No variable is chosen: variables lists them, its number chooses one.");
  return NULL;
}

static void list_variables(struct linear *linear, const char *rest)
{
  (void)rest;
  const struct state *state = linear_state(linear);
  static const char *const kinds[] = {[COLUMN_NUMBER] = "number", [COLUMN_DATE] = "date", [COLUMN_FACTOR] = "levels"};
  if (!state->cohort) {
    linear_print_state(linear);
    return;
  }
  for (size_t i = 0; i < state->cohort->n_columns; i++) {
    const struct column *column = state->cohort->columns[i];
    if (column->kind == COLUMN_FACTOR)
      linear_print(linear, "%zu %s, %zu levels", i + 1, column->name, column->n_levels);
    else
      linear_print(linear, "%zu %s, %s", i + 1, column->name, kinds[column->kind]);
  }
  linear_print(linear, "A number chooses a variable.");
}

enum { MOST_LEVELS = 200 };

/* Counted here and now: who reads line by line waits for the answer. */
static const size_t *counts_of(struct linear *linear, size_t column)
{
  struct variables *variables = &linear->variables;
  variables_counts(variables, column);
  struct wanted_counts *wanted = variables_ask(variables, false);
  if (wanted) {
    wanted_counts_do(wanted, NULL);
    variables_take(variables, wanted);
    wanted_counts_free(wanted);
  }
  return variables_counts(variables, column);
}

static void list_levels(struct linear *linear, const char *rest)
{
  (void)rest;
  const struct column *column = chosen(linear);
  if (!column)
    return;
  if (column->kind != COLUMN_FACTOR) {
    tell_column(linear, column);
    return;
  }
  const size_t *counts = counts_of(linear, linear->variable - 1);
  const bool *included = variables_included(&linear->variables, linear->variable - 1);
  linear_print(linear, "%s, %zu levels:", column->name, column->n_levels);
  for (uint32_t code = 1; code <= column->n_levels && code <= MOST_LEVELS; code++)
    linear_print(linear, "%u %s, %zu %s%s", code, column_level_display_name(column, code), counts[code],
                 printing_plural(counts[code], "patient", "patients"),
          included[code - 1] ? "" : ", filtered out");
  linear_print(linear, "only N, without N, all, group, covariate, reference N.");
}

void linear_choose(struct linear *linear, size_t number)
{
  const struct state *state = linear_state(linear);
  if (!state->cohort || number == 0 || number > state->cohort->n_columns) {
    linear_print(linear, "There is no variable %zu; variables lists them.", number);
    return;
  }
  linear->variable = number;
  const struct column *column = state->cohort->columns[number - 1];
  if (column->kind != COLUMN_FACTOR)
    linear_print(linear, "%s:", column->name);
  list_levels(linear, "");
}

/* The variable that a word names by number, else the one chosen. */
static const struct column *variable_of(struct linear *linear, const char *rest)
{
  if (isdigit((unsigned char)*rest))
    linear->variable = strtoul(rest, NULL, 10);
  return chosen(linear);
}

/* The levels whose numbers are in the text; false, and it is said, where one is none. */
static bool read_levels(struct linear *linear, const struct column *column, const char *rest, bool *listed)
{
  bool any = false;
  char *end;
  for (const char *at = rest; *at; at = end) {
    const unsigned long number = strtoul(at, &end, 10);
    if (end == at || number == 0 || number > column->n_levels) {
      linear_print(linear, "A level is meant by its number, 1 to %zu.", column->n_levels);
      return false;
    }
    listed[number - 1] = any = true;
    end += strspn(end, " ,");
  }
  if (!any)
    linear_print(linear, "Which?  Say the numbers of levels.");
  return any;
}

/* only, without, all: the filter with levels of the chosen variable. */
static void filter_levels(struct linear *linear, const char *rest, int mode)
{
  const struct column *column = chosen(linear);
  struct text line = TEXT_INIT;
  if (!column)
    return;
  if (column->kind != COLUMN_FACTOR) {
    linear_print(linear, "%s has no levels; filter %s > …", column->name, column->name);
    return;
  }
  bool *included = memory_new(column->n_levels + 1, sizeof *included), *listed = memory_new(column->n_levels + 1, sizeof *listed);
  const bool *now = variables_included(&linear->variables, linear->variable - 1);
  const bool read = mode == 'a' || read_levels(linear, column, rest, listed);
  for (size_t i = 0; i < column->n_levels; i++)
    included[i] = mode == 'a' || (mode == 'o' ? listed[i] : now[i] && !listed[i]);
  if (read && key_line_levels(&line, linear_state(linear), column, included))
    linear_run_word(linear, &line);
  else if (read)
    linear_print(linear, "One level at least stays; all brings all back.");
  free(included);
  free(listed);
}

static void word_only(struct linear *linear, const char *rest)
{
  filter_levels(linear, rest, 'o');
}

static void word_without(struct linear *linear, const char *rest)
{
  filter_levels(linear, rest, 'w');
}

static void word_all(struct linear *linear, const char *rest)
{
  filter_levels(linear, rest, 'a');
}

static void word_group(struct linear *linear, const char *rest)
{
  const struct column *column = variable_of(linear, rest);
  struct text line = TEXT_INIT;
  if (!column)
    return;
  key_line_group(&line, linear_state(linear), column);
  linear_run_word(linear, &line);
}

static void word_covariate(struct linear *linear, const char *rest)
{
  const struct column *column = variable_of(linear, rest);
  struct text line = TEXT_INIT;
  if (!column)
    return;
  key_line_model(&line, linear_state(linear), column);
  linear_run_word(linear, &line);
}

static void word_reference(struct linear *linear, const char *rest)
{
  const struct column *column = chosen(linear);
  struct text line = TEXT_INIT;
  const unsigned long level = strtoul(rest, NULL, 10);
  if (!column)
    return;
  if (column->kind != COLUMN_FACTOR || level == 0 || level > column->n_levels) {
    linear_print(linear, "Which level?  levels lists them with their numbers.");
    return;
  }
  key_line_reference(&line, linear_state(linear), column, (uint32_t)level);
  linear_run_word(linear, &line);
}

static void word_where(struct linear *linear, const char *rest)
{
  (void)rest;
  linear_print_state(linear);
}

static void word_words(struct linear *linear, const char *rest);

static const struct word {
  const char *name, *help;
  void (*act)(struct linear *linear, const char *rest);
} words[] = {
    {"variables", "lists the variables with numbers; a number alone then chooses one", list_variables},
    {"levels", "lists the levels of the chosen variable with numbers", list_levels},
    {"only", "only 1 3: only these levels of it stay on view", word_only},
    {"without", "without 2: these levels are taken out", word_without},
    {"all", "all levels of it again", word_all},
    {"group", "group, or group 3: curves by the chosen variable, or by variable 3; again: by none", word_group},
    {"covariate", "covariate, or covariate 3: into the Cox model, or out of it", word_covariate},
    {"reference", "reference 2: this level is the reference in the model", word_reference},
    {"where", "who is on view, the filter, the grouping, the model", word_where},
    {"words", "this list", word_words},
};

static void word_words(struct linear *linear, const char *rest)
{
  (void)rest;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    linear_print(linear, "%s: %s", words[i].name, words[i].help);
  linear_print(linear, "All else is a command: help lists them, help km tells of one, quit ends.");
  linear_print(linear, "Tab and Enter behind a beginning list what it can become; a number then chooses.");
}

/* levels alone is the list; levels VARIABLE … is the command. */
bool linear_take_word(struct linear *linear, const char *line)
{
  const size_t length = strcspn(line, " ");
  const char *rest = line + length + strspn(line + length, " ");
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (strlen(words[i].name) != length || memcmp(words[i].name, line, length) != 0)
      continue;
    if (verb_find(line, length) && *rest)
      return false;
    words[i].act(linear, rest);
    return true;
  }
  return false;
}
