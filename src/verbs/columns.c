/* SPDX-License-Identifier: GPL-3.0-or-later */
/* derive, levels, needs, label: columns and how they are shown. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/outcome.h"
#include "verbs/arguments.h"
#include "verbs/describe.h"
#include "verbs/entries.h"

/* Proposes a state with the column in the cohort (takes over its reference).  What was computed from a column of that name
 * (endpoints, the filter) is computed anew. */
static enum status propose_column(struct verb_context *context, struct column *column, struct error *error)
{
  const bool replaces = cohort_find_column(context->state->cohort, column->name) != NULL;
  struct state *state = state_copy(context->state);
  state_set_cohort(state, cohort_with_column(state->cohort, column));
  if (replaces && state_refresh(state, column->name, error)) {
    state_release(state);
    return STATUS_ERROR;
  }
  session_propose(context->session, state);
  return STATUS_OK;
}

/* ---- derive ---- */

static enum status run_derive(struct verb_context *context, const struct command *command, struct error *error)
{
  const struct token *tokens = command->tokens.tokens;
  struct expr *expr;
  struct column *column;
  if (command->end - command->begin < 3 || tokens[command->begin].kind != TOKEN_NAME ||
      !token_is(&tokens[command->begin + 1], "=")) {
    error_set(error, "derive makes a column: derive NAME = EXPRESSION");
    error_hint(error, "derive large = size_cm > 5");
    return error_in_command(error, tokens[command->begin].start, tokens[command->begin].length);
  }
  if (expr_parse(&command->tokens, command->begin + 2, command->end, &expr, error))
    return STATUS_ERROR;
  enum status status = expr_evaluate(expr, context->state->cohort, tokens[command->begin].text, &column, error);
  expr_free(expr);
  if (status)
    return status;
  describe_column(context->state, column, context->report);
  return propose_column(context, column, error);
}

static const char *const derive_examples[] = {"derive age_group = if(age < 60, \"<60\", \">=60\")",
                                              "derive size_class = cut(primary_diameter_mm, 20, 40)", NULL};

const struct verb verb_derive = {
    .syntax = {"derive", ARGUMENTS_DEFINITION, false, NULL},
    .usage = "derive NAME = EXPR",
    .summary = "make a new column from an expression",
    .details = "A comparison gives 1 and 0.  A value from a missing one is missing.  A column of that name is replaced, and\n"
               "endpoints and filter that use it are computed anew.  help functions lists the functions.",
    .examples = derive_examples,
    .needs = NEEDS_COHORT,
    .run = run_derive,
};

/* ---- levels ---- */

/* Puts the listed levels first, the others behind in the order they had. */
static enum status order_levels(const struct column *factor, const struct command_word *words, size_t n_words,
                                uint32_t *order, struct error *error)
{
  bool *listed = memory_new(factor->n_levels + 1, sizeof *listed);
  enum status status = STATUS_OK;
  size_t n = 0;
  for (size_t i = 0; i < n_words && !status; i++) {
    uint32_t code = column_find_level(factor, words[i].text);
    if (code && !listed[code]) {
      listed[code] = true;
      order[n++] = code;
      continue;
    }
    struct text names = TEXT_INIT;
    for (size_t k = 0; k < factor->n_levels && k < 12; k++)
      text_append_format(&names, "%s%s", k ? ", " : "", factor->levels[k].name);
    if (code)
      error_set(error, "the level %s of %s is listed twice", words[i].text, factor->name);
    else
      error_set(error, "%s has no level %s", factor->name, words[i].text);
    error_hint(error, "its levels are %s%s", text_string(&names), factor->n_levels > 12 ? ", …" : "");
    text_clear(&names);
    status = error_in_command(error, words[i].start, words[i].length);
  }
  for (uint32_t code = 1; code <= factor->n_levels; code++)
    if (!status && !listed[code])
      order[n++] = code;
  free(listed);
  return status;
}

static enum status set_levels(struct verb_context *context, const struct command_word *words, size_t n_words,
                              struct error *error)
{
  const struct column *column;
  if (arguments_find_column(context->state, words[0].text, words[0].start, words[0].length, &column, error))
    return STATUS_ERROR;
  struct column *factor = column_as_factor(column);
  uint32_t *order = memory_new(factor->n_levels, sizeof *order);
  enum status status = order_levels(factor, words + 1, n_words - 1, order, error);
  if (!status) {
    struct column *ordered = column_with_level_order(factor, order);
    describe_column(context->state, ordered, context->report);
    status = propose_column(context, ordered, error);
  }
  free(order);
  column_release(factor);
  return status;
}

static enum status run_levels(struct verb_context *context, const struct command *command, struct error *error)
{
  struct command_word *words;
  size_t n_words = command_words(command, &words);
  enum status status;
  if (n_words < 2) {
    error_set(error, "levels takes a column and its levels, the reference first");
    status = error_hint(error, "levels surgery NR PR PHR");
  } else {
    status = set_levels(context, words, n_words, error);
  }
  command_words_free(words, n_words);
  return status;
}

static const char *const levels_examples[] = {"levels surgery NR PR PHR", NULL};

const struct verb verb_levels = {
    .syntax = {"levels", ARGUMENTS_WORDS, false, NULL},
    .usage = "levels VARIABLE LEVEL …",
    .summary = "set the order of a factor's levels; the first is the reference",
    .details = "Levels that are not listed follow in the order they had.  A numeric column becomes a factor of its values.",
    .examples = levels_examples,
    .needs = NEEDS_COHORT,
    .run = run_levels,
};

/* ---- needs ---- */

/* "no, yes" */
static void append_codes(const struct command_word *codes, size_t n, struct text *text)
{
  for (size_t i = 0; i < n; i++)
    text_append_format(text, "%s%s", i ? ", " : "", codes[i].text);
}

/* How a rule's user mends what is missing. */
/* Beside a script of rules may be the one that makes the column, which bears its name. */
static void hint_at_maker(struct session *session, const char *column, struct error *error)
{
  struct text file = TEXT_INIT;
  text_append_format(&file, "%s.kap", column);
  char *path = strchr(column, '/') || session_is_secure(session) ? NULL : session_find_file(session, text_string(&file));
  if (path && access(path, R_OK) == 0)
    error_hint(error, "source \"%s\" makes it; or derive %s = YOUR_COLUMN", path, column);
  else
    error_hint(error, "derive %s = YOUR_COLUMN makes it of one that has another name", column);
  free(path);
  text_clear(&file);
}

static enum status no_such_column(struct session *session, const struct command_word *words, size_t n_words,
                                  struct error *error)
{
  struct text codes = TEXT_INIT;
  append_codes(words + 1, n_words - 1, &codes);
  error_set(error, "a column %s is needed%s%s, and there is none", words[0].text, codes.length ? " that holds " : "",
            text_string(&codes));
  text_clear(&codes);
  hint_at_maker(session, words[0].text, error);
  return error_in_command(error, words[0].start, words[0].length);
}

static bool is_among(const char *name, const struct command_word *codes, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (strcmp(codes[i].text, name) == 0)
      return true;
  return false;
}

/* A code that members have and that is not among those allowed is an error: it would be taken for none of them. */
static enum status check_codes(const struct state *state, const struct column *factor, const struct command_word *words,
                               size_t n_words, struct error *error)
{
  struct text codes = TEXT_INIT;
  enum status status = STATUS_OK;
  for (size_t row = 0; row < state->cohort->n_rows && !status; row++) {
    const uint32_t code = bitmap_has(&state->members->rows, row) ? column_code(factor, row) : 0;
    if (!code || is_among(factor->levels[code - 1].name, words + 1, n_words - 1))
      continue;
    append_codes(words + 1, n_words - 1, &codes);
    error_set(error, "%s has the value %s, and %s may be in it", factor->name, factor->levels[code - 1].name,
              text_string(&codes));
    error_hint(error, "derive %s = if(…, …, …) gives its values these names", factor->name);
    status = error_in_command(error, words[0].start, words[0].length);
  }
  text_clear(&codes);
  return status;
}

/* The factor with the codes that it lacks as further levels, which nobody has; the caller releases it. */
static struct column *with_codes(const struct column *factor, const struct command_word *codes, size_t n_codes)
{
  const size_t n_rows = column_n_rows(factor);
  char **names = memory_new(factor->n_levels + n_codes, sizeof *names);
  uint32_t *rows = memory_new(n_rows, sizeof *rows);
  size_t n = 0;
  for (; n < factor->n_levels; n++)
    names[n] = memory_copy_string(factor->levels[n].name);
  for (size_t i = 0; i < n_codes; i++)
    if (!column_find_level(factor, codes[i].text) && !is_among(codes[i].text, codes, i))
      names[n++] = memory_copy_string(codes[i].text);
  for (size_t row = 0; row < n_rows; row++)
    rows[row] = column_code(factor, row);
  struct column *column = column_new_factor(factor->name, rows, n_rows, names, n);
  free(rows);
  for (size_t i = 0; i <= factor->n_levels; i++) {
    const char *label = i ? factor->levels[i - 1].label : factor->label;
    struct column *labelled = !label ? column_retain(column)
                              : i    ? column_with_level_label(column, (uint32_t)i, label)
                                     : column_with_label(column, label);
    column_release(column);
    column = labelled;
  }
  return column;
}

static enum status need(struct verb_context *context, const struct command_word *words, size_t n_words,
                        struct error *error)
{
  const struct column *column = cohort_find_column(context->state->cohort, words[0].text);
  size_t n_lacking = 0;
  if (!column)
    return no_such_column(context->session, words, n_words, error);
  if (n_words == 1)
    return STATUS_OK;
  struct column *factor = column_as_factor(column);
  enum status status = check_codes(context->state, factor, words, n_words, error);
  for (size_t i = 1; i < n_words; i++)
    n_lacking += column_find_level(factor, words[i].text) == 0;
  if (!status && (n_lacking || factor != column))
    status = propose_column(context, with_codes(factor, words + 1, n_words - 1), error);
  column_release(factor);
  return status;
}

static enum status run_needs(struct verb_context *context, const struct command *command, struct error *error)
{
  struct command_word *words;
  const size_t n_words = command_words(command, &words);
  enum status status;
  if (!n_words) {
    error_set(error, "needs takes a column, and perhaps all values that may be in it");
    status = error_hint(error, "needs differentiation well poor");
  } else {
    status = need(context, words, n_words, error);
  }
  command_words_free(words, n_words);
  return status;
}

static const char *const needs_examples[] = {"needs ki67_percent", "needs differentiation well poor", NULL};

const struct verb verb_needs = {
    .syntax = {"needs", ARGUMENTS_WORDS, false, NULL},
    .usage = "needs VARIABLE [VALUE …]",
    .summary = "what a script stands on: a column, and the values that may be in it",
    .details = "Fails where the column is not there, or where somebody in the cohort has another value.  A value that nobody has is\n"
               "known from then on, so that a rule may ask for it.  It opens rules that others source (source): the error\n"
               "names the rule's file and line, and derive NAME = YOUR_COLUMN mends it.",
    .examples = needs_examples,
    .needs = NEEDS_COHORT,
    .run = run_needs,
};

/* ---- label ---- */

static enum status set_label(struct verb_context *context, const struct command_word *words, size_t n_words,
                             struct error *error)
{
  const struct column *column;
  if (arguments_find_column(context->state, words[0].text, words[0].start, words[0].length, &column, error))
    return STATUS_ERROR;
  if (n_words == 2)
    return propose_column(context, column_with_label(column, words[1].text), error);
  uint32_t code = column->kind == COLUMN_FACTOR ? column_find_level(column, words[1].text) : 0;
  if (!code) {
    error_set(error, "%s has no level %s", column->name, words[1].text);
    error_hint(error, column->kind == COLUMN_FACTOR ? "label VARIABLE LEVEL \"TEXT\""
                                                    : "it is no factor; levels makes it one");
    return error_in_command(error, words[1].start, words[1].length);
  }
  return propose_column(context, column_with_level_label(column, code, words[2].text), error);
}

static enum status run_label(struct verb_context *context, const struct command *command, struct error *error)
{
  struct command_word *words;
  size_t n_words = command_words(command, &words);
  enum status status;
  if (n_words < 2 || n_words > 3) {
    error_set(error, "label takes a column, perhaps a level, and a text in quotes");
    status = error_hint(error, "label surgery NR \"No resection\"");
  } else {
    status = set_label(context, words, n_words, error);
  }
  command_words_free(words, n_words);
  return status;
}

static const char *const label_examples[] = {"label surgery \"Surgical treatment\"", "label surgery NR \"No resection\"",
                                             NULL};

const struct verb verb_label = {
    .syntax = {"label", ARGUMENTS_WORDS, false, NULL},
    .usage = "label VARIABLE [LEVEL] \"TEXT\"",
    .summary = "how a column or a level is displayed",
    .details = "Data tables keep the names of the file; what people read shows the labels.",
    .examples = label_examples,
    .needs = NEEDS_COHORT,
    .run = run_label,
};
