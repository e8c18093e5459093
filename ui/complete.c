/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completion of the prompt: what can stand at the cursor, found from the words before it: verbs, columns, the levels of a
 * column, options and their values, endpoints, branches, files. */
#include "ui/complete.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "lang/token.h"
#include "ui/explorer_internal.h"
#include "verbs/by.h"
#include "verbs/help.h"
#include "verbs/setting.h"
#include "verbs/verb.h"

enum { MOST_WORDS = 500 };

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

/* ---- words ---- */

static size_t common_length(const char *a, const char *b)
{
  size_t same = 0;
  while (a[same] && a[same] == b[same])
    same++;
  return same;
}

/* Of more words than are kept, the last one kept is one that shares least with the first: what all have in common stays
 * true. */
static void take_word(struct words *words, const char *word)
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

static void add(struct words *words, const char *word)
{
  if (strncmp(word, words->start, words->length) == 0)
    take_word(words, word);
}

static void add_taken(struct words *words, struct text *word)
{
  add(words, text_string(word));
  text_clear(word);
}

/* The words of "a|b|c" or "a, b, c". */
static void add_each(struct words *words, const char *list)
{
  while (*list) {
    size_t length = strcspn(list, "|, ");
    struct text word = TEXT_INIT;
    text_append_bytes(&word, list, length);
    if (length)
      add(words, text_string(&word));
    text_clear(&word);
    list += length + (list[length] != '\0');
  }
}

/* A name as it must be typed; one that needs backticks is found by its own beginning, too. */
static void add_name(struct words *words, const struct place *place, const char *name)
{
  struct text typed = TEXT_INIT;
  if (strncmp(name, words->start, words->length) != 0)
    return;
  if (place->quote)
    text_append(&typed, name);
  else
    token_append_name(&typed, name);
  take_word(words, text_string(&typed));
  text_clear(&typed);
}

static void add_columns(struct words *words, const struct place *place)
{
  const struct cohort *cohort = place->state->cohort;
  for (size_t i = 0; cohort && i < cohort->n_columns; i++)
    add_name(words, place, cohort->columns[i]->name);
}

/* Levels in quotes, unless an opening one stands. */
static void add_levels(struct words *words, const struct place *place, const struct column *column)
{
  for (size_t i = 0; column->kind == COLUMN_FACTOR && i < column->n_levels; i++) {
    struct text level = TEXT_INIT;
    if (strncmp(column->levels[i].name, words->start, words->length) != 0)
      continue;
    if (place->quote)
      text_append(&level, column->levels[i].name);
    else
      token_append_string(&level, column->levels[i].name);
    take_word(words, text_string(&level));
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

static bool is_among(const struct place *place, size_t begin, const char *text)
{
  for (size_t i = begin; i < place->n; i++)
    if (strcmp(place->tokens.tokens[i].text, text) == 0)
      return true;
  return false;
}

/* The levels that stand not yet behind the column at token 1. */
static void add_levels_left(struct words *words, const struct place *place, const struct column *column)
{
  for (size_t i = 0; column->kind == COLUMN_FACTOR && i < column->n_levels; i++) {
    const char *name = column->levels[i].name;
    struct text level = TEXT_INIT;
    if (is_among(place, 2, name) || strncmp(name, words->start, words->length) != 0)
      continue;
    if (place->quote || is_plain_word(name))
      text_append(&level, name);
    else
      token_append_string(&level, name);
    take_word(words, text_string(&level));
    text_clear(&level);
  }
}

/* Files and folders that go on from what was typed; with an opening quote where none stands yet. */
static void add_files(struct words *words, bool in_quotes)
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
    take_word(words, text_string(&word));
    text_clear(&word);
  }
  if (listing)
    closedir(listing);
  text_clear(&folder);
}

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
    add_each(words, option->values);
  else if (column && option->kind == OPTION_EXPRESSION)
    add_levels(words, place, column);
  else if (option->kind == OPTION_EXPRESSION || is_in_list(option->name, of_columns))
    add_columns(words, place);
  else if (strcmp(option->name, "reference") == 0 && (column = named_column(place, NULL)))
    add_levels(words, place, column);
  else if ((strcmp(option->name, "treated") == 0 || strcmp(option->name, "control") == 0) &&
           (column = named_column(place, "treatment")))
    add_levels(words, place, column);
}

/* Options that stand not there yet. */
static void add_options(struct words *words, const struct place *place, const struct verb *verb, size_t from)
{
  for (const struct option_syntax *option = verb->syntax.options; option && option->name; option++) {
    struct text name = TEXT_INIT;
    if (is_among(place, from, option->name))
      continue;
    text_append_format(&name, "%s%s", option->name, option->kind == OPTION_FLAG ? "" : "=");
    add_taken(words, &name);
  }
}

static void complete_setting(struct words *words, const struct place *place)
{
  const struct token *last = token_back(place, 1), *name = token_back(place, 2);
  const char *setting, *values;
  for (size_t i = 0; (setting = setting_at(i, &values)); i++) {
    if (token_is(last, "=") && name && strcmp(name->text, setting) == 0)
      add_each(words, values);
    if (token_is(last, "="))
      continue;
    struct text word = TEXT_INIT;
    text_append_format(&word, "%s=", setting);
    add_taken(words, &word);
  }
}

/* What may stand in an expression or a formula; `functions` closed with NULL. */
static void complete_expression(struct words *words, const struct place *place, const char *functions)
{
  const struct column *column = column_of_level(place);
  if (column && column->kind == COLUMN_FACTOR) {
    add_levels(words, place, column);
    return;
  }
  if (place->quote != '"')
    add_columns(words, place);
  if (words->length && !place->quote)
    add_each(words, functions);
}

static const char expression_functions[] = "missing( if( cut( log( exp( sqrt( abs( min( max( round( date( days( months( years(";
static const char formula_functions[] = "ref( factor( strata( log( sqrt( I(";

static void add_branches(struct words *words, const struct place *place)
{
  for (size_t i = 0; i < place->state->n_branches; i++)
    add(words, place->state->branches[i].name);
  if (!place->quote)
    add(words, "off");
}

static void complete_arguments(struct words *words, const struct place *place, const struct verb *verb)
{
  static const char *const of_files[] = {"load", "source", "save", "export", NULL};
  const char *name = verb->syntax.name;
  const bool names_levels = strcmp(name, "levels") == 0 || strcmp(name, "label") == 0;
  const struct column *first = names_levels ? column_at(place, 1) : NULL;
  const bool condition = is_among(place, 1, "if");
  if (is_in_list(name, of_files)) {
    add_files(words, place->quote != '\0');
  } else if (strcmp(name, "use") == 0) {
    for (size_t i = 0; i < place->state->n_endpoints; i++)
      add_name(words, place, place->state->endpoints[i]->name);
  } else if (strcmp(name, "help") == 0) {
    for (size_t i = 0; verbs[i]; i++)
      add(words, verbs[i]->syntax.name);
    add_each(words, HELP_PAGES);
  } else if (strcmp(name, "why") == 0 && place->n == 1) {
    add_each(words, "survival median logrank hr concordance points");
  } else if (strcmp(name, "set") == 0) {
    complete_setting(words, place);
  } else if (first) {
    add_levels_left(words, place, first);
  } else {
    const bool is_formula = verb->syntax.arguments == ARGUMENTS_TERMS && !condition;
    if (condition || verb->syntax.arguments != ARGUMENTS_NONE)
      complete_expression(words, place, is_formula ? formula_functions : expression_functions);
    if (strcmp(name, "filter") == 0 && place->n == 1)
      add_branches(words, place);
    if (verb->syntax.takes_condition && !condition && !place->quote && (words->length || words->n == 0))
      add(words, "if");
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
      add(words, verbs[i]->syntax.name);
    add_each(words, of_explorer);
    return;
  }
  const char *name = place->tokens.tokens[0].text;
  const struct verb *verb = verb_find(name, strlen(name));
  if (verb)
    complete_in_verb(words, place, verb);
  else if (strcmp(name, "tutorial") == 0)
    add_each(words, "back skip off");
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
    add_columns(&words, &place);
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
