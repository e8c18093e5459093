/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completion of the prompt: what can stand at the cursor, found from the words before it: verbs, columns, the levels of a
 * column, options and their values, endpoints, branches, files. */
#include "ui/complete.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ui/complete_internal.h"
#include "ui/explorer_internal.h"
#include "verbs/by.h"
#include "verbs/help.h"
#include "verbs/setting.h"
#include "verbs/verb.h"

/* ---- what stands before ---- */

static const struct token *token_back(const struct place *place, size_t back)
{
  return back <= place->n ? &place->tokens.tokens[place->n - back] : NULL;
}

static const struct column *column_at(const struct place *place, size_t i)
{
  if (!place->state->cohort || i >= place->n || place->tokens.tokens[i].kind != TOKEN_NAME)
    return NULL;
  return cohort_find_column(place->state->cohort, place->tokens.tokens[i].text);
}

/* The parenthesis that is still open last, or n. */
static size_t open_parenthesis(const struct place *place)
{
  int depth = 0;
  for (size_t i = place->n; i-- > 0;) {
    depth += token_is(&place->tokens.tokens[i], ")");
    if (token_is(&place->tokens.tokens[i], "(") && depth-- == 0)
      return i;
  }
  return place->n;
}

/* The column one of whose levels can stand here: after x ==, x !=, x =, in x in (…, and in ref(x, …; or NULL. */
static const struct column *column_of_level(const struct place *place)
{
  const struct token *last = token_back(place, 1);
  if (!last)
    return NULL;
  if (token_is(last, "==") || token_is(last, "!=") || token_is(last, "="))
    return place->n >= 2 ? column_at(place, place->n - 2) : NULL;
  const size_t open = open_parenthesis(place);
  if (open == place->n || open == 0 || !(token_is(last, ",") || token_is(last, "(")))
    return NULL;
  const struct token *before = &place->tokens.tokens[open - 1];
  if (token_is_name(before, "in") && open >= 2)
    return column_at(place, open - 2);
  if (token_is_name(before, "ref") && token_is(last, ","))
    return column_at(place, open + 1);
  return NULL;
}

/* The token of the comma that opens the options, or n. */
static size_t options_from(const struct place *place)
{
  int depth = 0;
  for (size_t i = 0; i < place->n; i++) {
    depth += token_is(&place->tokens.tokens[i], "(") - token_is(&place->tokens.tokens[i], ")");
    if (depth == 0 && token_is(&place->tokens.tokens[i], ","))
      return i;
  }
  return place->n;
}

/* The option whose value the cursor is in: the last NAME= whose value is not finished; or NULL. */
static const struct option_syntax *option_of_value(const struct place *place, const struct verb *verb, size_t from)
{
  const struct token *last = token_back(place, 1);
  const struct option_syntax *found = NULL;
  const size_t end = last->start + last->length;
  const bool ended = last->kind != TOKEN_OPERATOR || token_is(last, ")");
  if (ended && end < place->start)
    return NULL; /* a blank behind a value: the next option */
  for (size_t i = from; i + 1 < place->n; i++)
    for (const struct option_syntax *option = verb->syntax.options; option && option->name; option++)
      if (token_is_name(&place->tokens.tokens[i], option->name) && token_is(&place->tokens.tokens[i + 1], "="))
        found = option;
  return found;
}

/* ---- what can come ---- */

static bool is_in_list(const char *name, const char *const *list)
{
  for (; *list; list++)
    if (strcmp(name, *list) == 0)
      return true;
  return false;
}

/* The column that is named behind option=, or the first argument where option is NULL. */
static const struct column *named_column(const struct place *place, const char *option)
{
  if (!option)
    return column_at(place, 1);
  for (size_t i = 1; i + 2 < place->n; i++)
    if (token_is_name(&place->tokens.tokens[i], option) && token_is(&place->tokens.tokens[i + 1], "="))
      return column_at(place, i + 2);
  return NULL;
}

static void complete_value(struct words *words, const struct place *place, const struct option_syntax *option)
{
  static const char *const of_columns[] = {"by",     "over",   "strata",    "force", "factors", "cluster", "weights", "freq",
                                           "study",  "tests",  "treatment", "exact", "step",    "range",   "panels",  NULL};
  const struct column *column = column_of_level(place);
  if (option->values)
    words_add_each(words, option->values);
  else if (column && option->kind == OPTION_EXPRESSION)
    words_add_levels(words, place, column);
  else if (option->kind == OPTION_EXPRESSION || is_in_list(option->name, of_columns))
    words_add_columns(words, place);
  else if (strcmp(option->name, "reference") == 0 && (column = named_column(place, NULL)))
    words_add_levels(words, place, column);
  else if ((strcmp(option->name, "treated") == 0 || strcmp(option->name, "control") == 0) &&
           (column = named_column(place, "treatment")))
    words_add_levels(words, place, column);
}

/* Options that stand not there yet. */
static void add_options(struct words *words, const struct place *place, const struct verb *verb, size_t from)
{
  for (const struct option_syntax *option = verb->syntax.options; option && option->name; option++) {
    struct text name = TEXT_INIT;
    if (place_has(place, from, option->name))
      continue;
    text_append_format(&name, "%s%s", option->name, option->kind == OPTION_FLAG ? "" : "=");
    words_add_taken(words, &name);
  }
}

static void complete_setting(struct words *words, const struct place *place)
{
  const struct token *last = token_back(place, 1), *name = token_back(place, 2);
  struct setting_words setting;
  for (size_t i = 0; setting_at(i, &setting); i++) {
    if (token_is(last, "=") && name && strcmp(name->text, setting.name) == 0)
      words_add_each(words, setting.is_choice ? setting.values : "");
    if (token_is(last, "="))
      continue;
    struct text word = TEXT_INIT;
    text_append_format(&word, "%s=", setting.name);
    words_add_taken(words, &word);
  }
}

/* What may stand in an expression or a formula; `functions` closed with NULL. */
static void complete_expression(struct words *words, const struct place *place, const char *functions)
{
  const struct column *column = column_of_level(place);
  if (column && column->kind == COLUMN_FACTOR) {
    words_add_levels(words, place, column);
    return;
  }
  if (place->quote != '"')
    words_add_columns(words, place);
  if (words->length && !place->quote)
    words_add_each(words, functions);
}

static const char expression_functions[] = "missing( if( cut( log( exp( sqrt( abs( min( max( round( date( days( months( years(";
static const char formula_functions[] = "ref( factor( strata( log( sqrt( I(";

static void add_branches(struct words *words, const struct place *place)
{
  for (size_t i = 0; i < place->state->n_branches; i++)
    words_add(words, place->state->branches[i].name);
  if (!place->quote)
    words_add(words, "off");
}

static void complete_arguments(struct words *words, const struct place *place, const struct verb *verb)
{
  static const char *const of_files[] = {"load", "source", "save", "export", "report", NULL};
  const char *name = verb->syntax.name;
  const bool names_levels = strcmp(name, "levels") == 0 || strcmp(name, "label") == 0;
  const struct column *first = names_levels ? column_at(place, 1) : NULL;
  const bool condition = place_has(place, 1, "if");
  if (is_in_list(name, of_files)) {
    words_add_files(words, place->quote != '\0');
  } else if (strcmp(name, "use") == 0) {
    for (size_t i = 0; i < place->state->n_endpoints; i++)
      words_add_name(words, place, place->state->endpoints[i]->name);
  } else if (strcmp(name, "help") == 0) {
    for (size_t i = 0; verbs[i]; i++)
      words_add(words, verbs[i]->syntax.name);
    words_add_each(words, HELP_PAGES);
  } else if (strcmp(name, "why") == 0 && place->n == 1) {
    words_add_each(words, "survival median logrank hr interaction concordance points table1 flow");
  } else if (strcmp(name, "set") == 0) {
    complete_setting(words, place);
  } else if (first) {
    words_add_levels_left(words, place, first);
  } else {
    const bool is_formula = verb->syntax.arguments == ARGUMENTS_TERMS && !condition;
    if (condition || verb->syntax.arguments != ARGUMENTS_NONE)
      complete_expression(words, place, is_formula ? formula_functions : expression_functions);
    if (strcmp(name, "filter") == 0 && place->n == 1)
      add_branches(words, place);
    if (verb->syntax.takes_condition && !condition && !place->quote && (words->length || words->n == 0))
      words_add(words, "if");
  }
}

static void complete_in_verb(struct words *words, const struct place *place, const struct verb *verb)
{
  const size_t from = options_from(place);
  const struct option_syntax *option = from < place->n ? option_of_value(place, verb, from) : NULL;
  if (option)
    complete_value(words, place, option);
  else if (from < place->n)
    add_options(words, place, verb, from);
  else
    complete_arguments(words, place, verb);
}

/* Ends the array; NULL where it is empty. */
static char **finish(struct words *words)
{
  if (!words->n)
    return NULL;
  MEMORY_APPEND(words->items, words->n, words->capacity, NULL);
  return words->items;
}

static void complete_command(struct words *words, const struct place *place)
{
  static const char of_explorer[] = "tutorial mouse";
  if (place->n == 0) {
    for (size_t i = 0; verbs[i]; i++)
      words_add(words, verbs[i]->syntax.name);
    words_add_each(words, of_explorer);
    return;
  }
  const char *name = place->tokens.tokens[0].text;
  const struct verb *verb = verb_find(name, strlen(name));
  if (verb)
    complete_in_verb(words, place, verb);
  else if (strcmp(name, "tutorial") == 0)
    words_add_each(words, "back skip off");
}

/* Reads the words before byte `start` of a line; false where they cannot be read (an open quote). */
static bool place_init(struct place *place, const struct state *state, char kind, const char *line, size_t start)
{
  struct error error = ERROR_INIT;
  struct text head = TEXT_INIT;
  const char before = start ? line[start - 1] : ' ';
  size_t skipped = 0;
  if (kind != '\\' && (!by_is_prefix(line, &skipped) || skipped > start))
    skipped = 0;
  *place = (struct place){
      .state = state,
      .line = line + skipped,
      .start = start - skipped,
      .quote = before == '"' || before == '`' ? before : '\0',
      .tokens = TOKEN_LIST_INIT,
  };
  text_append_bytes(&head, place->line, place->start - (place->quote != '\0'));
  const bool readable = !token_list_read(&place->tokens, text_string(&head), &error);
  if (readable)
    place->n = place->tokens.count - 1;
  error_clear(&error);
  text_clear(&head);
  return readable;
}

char **complete_words(const struct state *state, char kind, const char *line, size_t start, size_t end)
{
  struct place place;
  struct words words = {.start = line + start, .length = end - start};
  if (!place_init(&place, state, kind, line, start))
    return NULL;
  if (kind == ':')
    complete_command(&words, &place);
  else if (kind == '\\')
    complete_expression(&words, &place, expression_functions);
  else
    words_add_columns(&words, &place);
  if (kind == '\\' && place.n == 0 && !place.quote)
    add_branches(&words, &place);
  token_list_clear(&place.tokens);
  return finish(&words);
}

char **explorer_complete(const char *line, size_t start, size_t end, void *data)
{
  const struct explorer *explorer = data;
  return complete_words(session_state(explorer->session), explorer->prompt_kind, line, start, end);
}

const struct option_syntax *explorer_option_at(const struct explorer *explorer, const char *line, size_t point)
{
  const struct option_syntax *option = NULL;
  struct place place;
  while (point && !strchr(" ,=(", line[point - 1]))
    point--; /* to the beginning of the word */
  if (!place_init(&place, session_state(explorer->session), explorer->prompt_kind, line, point))
    return NULL;
  const size_t from = options_from(&place);
  const char *name = place.n ? place.tokens.tokens[0].text : "";
  const struct verb *verb = verb_find(name, strlen(name));
  if (verb && from < place.n)
    option = option_of_value(&place, verb, from);
  token_list_clear(&place.tokens);
  return option;
}
