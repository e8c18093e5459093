/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/arguments.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "lang/formula.h"
#include "session/session.h"

enum status arguments_find_column(const struct state *state, const char *name, size_t start, size_t length,
                                  const struct column **column, struct error *error)
{
  *column = cohort_find_column(state->cohort, name);
  if (*column)
    return STATUS_OK;
  const char *near = cohort_suggest_column(state->cohort, name);
  error_set(error, "there is no column %s", name);
  if (near)
    error_hint(error, "did you mean %s?", near);
  else
    error_hint(error, "help columns lists them");
  return error_in_command(error, start, length);
}

/* A name that no column has but an option: it stands behind a comma. */
static void hint_option(const struct command *command, const struct command_word *words, size_t n_words, size_t at,
                        struct error *error)
{
  const char *name = words[at].text, *value = at + 1 < n_words ? words[at + 1].text : "…";
  for (const struct option_syntax *option = command->syntax->options; option && option->name; option++)
    if (strcmp(option->name, name) == 0) {
      if (option->kind == OPTION_FLAG)
        error_hint(error, "options stand behind a comma: …, %s", name);
      else
        error_hint(error, "options stand behind a comma: …, %s=%s", name, value);
      return;
    }
  if (strcmp(name, "by") == 0)
    error_hint(error, "groups are named alone: %s %s; an analysis in each level is by %s: %s …", command->syntax->name, value,
               value, command->syntax->name);
}

enum status arguments_columns(const struct command *command, const struct state *state, char ***names, size_t *n,
                              struct error *error)
{
  struct command_word *words;
  size_t n_words = command_words(command, &words);
  enum status status = STATUS_OK;
  *names = memory_new(n_words, sizeof **names);
  *n = 0;
  for (size_t i = 0; i < n_words && !status; i++) {
    const struct column *column;
    status = arguments_find_column(state, words[i].text, words[i].start, words[i].length, &column, error);
    if (status)
      hint_option(command, words, n_words, i, error);
    else
      (*names)[(*n)++] = memory_copy_string(words[i].text);
  }
  command_words_free(words, n_words);
  if (status)
    arguments_free_names(*names, *n);
  return status;
}

void arguments_free_names(char **names, size_t n)
{
  for (size_t i = 0; i < n; i++)
    free(names[i]);
  free(names);
}

enum status arguments_condition(const struct command *command, const struct state *state, struct bitmap **rows,
                                struct error *error)
{
  *rows = NULL;
  if (!command->condition)
    return STATUS_OK;
  struct bitmap *selected = memory_new(1, sizeof *selected);
  enum status status =
      expr_select(command->condition, state->cohort, &state->on_view->rows, selected, NULL, error);
  if (status)
    free(selected);
  else
    *rows = selected;
  return status;
}

void arguments_free_condition(struct bitmap *rows)
{
  if (rows)
    bitmap_clear(rows);
  free(rows);
}

enum status arguments_numbers(const struct command *command, const char *option, double **numbers, size_t *n,
                              struct error *error)
{
  const struct command_option *given = command_find_option(command, option);
  *numbers = NULL;
  *n = 0;
  if (!given)
    return STATUS_OK;
  *numbers = memory_new(given->n_items, sizeof **numbers);
  for (size_t i = 0; i < given->n_items; i++) {
    if (command_option_number(command, given, i, &(*numbers)[i], error)) {
      free(*numbers);
      *numbers = NULL;
      return STATUS_ERROR;
    }
  }
  *n = given->n_items;
  return STATUS_OK;
}

bool arguments_flag(const struct command *command, const char *option)
{
  return command_find_option(command, option) != NULL;
}

const char *arguments_word(const struct command *command, const char *option)
{
  const struct command_option *given = command_find_option(command, option);
  return given ? given->value : NULL;
}

double arguments_number(const struct command *command, const char *option, double otherwise)
{
  const struct command_option *given = command_find_option(command, option);
  return given ? given->number : otherwise;
}

enum status arguments_gather(const struct command *command, const struct state *state, struct gathered *gathered,
                             struct error *error)
{
  char **names;
  size_t n_names;
  struct bitmap *condition = NULL;
  if (arguments_columns(command, state, &names, &n_names, error))
    return STATUS_ERROR;
  enum status status = arguments_condition(command, state, &condition, error);
  const struct gather_request rows = {.groups = names, .n_groups = n_names, .condition = condition};
  if (!status)
    status = gather(state, &rows, gathered, error);
  arguments_free_condition(condition);
  arguments_free_names(names, n_names);
  return status;
}

enum status arguments_terms(const struct command *command, const char *option, const struct formula *formula,
                            bool **is_named, struct error *error)
{
  const struct command_option *given = command_find_option(command, option);
  *is_named = NULL;
  if (!given)
    return STATUS_OK;
  bool *named = memory_new(formula->n_terms, sizeof *named);
  for (size_t i = 0; i < given->n_items; i++) {
    size_t t = 0;
    while (t < formula->n_terms && strcmp(formula->terms[t].name, given->items[i]) != 0)
      t++;
    if (t < formula->n_terms) {
      named[t] = true;
      continue;
    }
    free(named);
    error_set(error, "%s= names %s, which is not among the variables", option, given->items[i]);
    error_hint(error, "name it before the comma, too");
    return error_in_command(error, given->start, given->length);
  }
  *is_named = named;
  return STATUS_OK;
}

enum cox_ties arguments_ties(const struct command *command, const struct state *state)
{
  enum cox_ties ties = state->settings.ties;
  const char *word = arguments_word(command, "ties");
  if (word)
    ties_find(word, &ties);
  return ties;
}

enum status arguments_refuse_when_secure(const struct session *session, struct error *error)
{
  if (!session_is_secure(session))
    return STATUS_OK;
  error_set(error, "no other file is opened in secure mode");
  return error_hint(error, "start kaplan with that file");
}

void arguments_keep_path(struct session *session, const struct command *command, const struct command_word *name,
                         const char *path)
{
  struct text line = TEXT_INIT;
  text_append_bytes(&line, command->line, name->start);
  token_append_string(&line, path);
  text_append(&line, command->line + name->start + name->length);
  session_propose_line(session, text_string(&line));
  text_clear(&line);
}
