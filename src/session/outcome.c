/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/outcome.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

enum { MAX_PARTS = 3 };

/* The tokens of Surv's arguments, cut at the commas of its own depth. */
struct part {
  size_t begin, end;
};

static enum status wrong_form(const struct token *at, struct error *error)
{
  error_set(error, "an endpoint is NAME = Surv(TIME, EVENT) or NAME = Surv(ENTRY, EXIT, EVENT)");
  error_hint(error, "endpoint os = Surv(os_months, death == 1)");
  return error_in_command(error, at->start, at->length);
}

/* Cuts at commas from `begin` (after the opening parenthesis); the parenthesis that closes must be the last token. */
static enum status cut_parts(const struct token_list *tokens, size_t begin, size_t end, struct part *parts, size_t *n,
                             struct error *error)
{
  int depth = 0;
  *n = 0;
  size_t start = begin;
  for (size_t i = begin; i < end; i++) {
    const struct token *token = &tokens->tokens[i];
    bool closes = depth == 0 && token_is(token, ")");
    if (closes || (depth == 0 && token_is(token, ","))) {
      if (*n == MAX_PARTS || i == start)
        return wrong_form(token, error);
      parts[(*n)++] = (struct part){.begin = start, .end = i};
      start = i + 1;
    }
    if (closes)
      return i + 1 == end && *n >= 2 ? STATUS_OK : wrong_form(token, error);
    depth += token_is(token, "(");
    depth -= token_is(token, ")");
  }
  return wrong_form(&tokens->tokens[end ? end - 1 : 0], error);
}

enum status outcome_define(const struct token_list *tokens, size_t begin, size_t end, const struct expr *competing,
                           const struct landmark *landmark, const struct cohort *cohort, struct endpoint **endpoint, struct error *error)
{
  const struct token *token = tokens->tokens + begin;
  struct part parts[MAX_PARTS];
  size_t n_parts;
  if (end - begin < 5 || token[0].kind != TOKEN_NAME || !token_is(&token[1], "=") || !token_is_name(&token[2], "Surv") ||
      !token_is(&token[3], "("))
    return wrong_form(token, error);
  if (cut_parts(tokens, begin + 4, end, parts, &n_parts, error))
    return STATUS_ERROR;
  struct expr *exprs[MAX_PARTS] = {NULL};
  enum status status = STATUS_OK;
  for (size_t i = 0; i < n_parts && !status; i++)
    status = expr_parse(tokens, parts[i].begin, parts[i].end, &exprs[i], error);
  if (!status) {
    struct endpoint_definition definition = {
        .name = token[0].text,
        .entry = n_parts == 3 ? exprs[0] : NULL,
        .time = exprs[n_parts - 2],
        .event = exprs[n_parts - 1],
        .competing = competing,
        .landmark = landmark ? *landmark : (struct landmark){.time = (double)NAN},
    };
    status = endpoint_new(&definition, cohort, endpoint, error);
  }
  for (size_t i = 0; i < n_parts; i++)
    expr_free(exprs[i]);
  return status;
}

/* An endpoint from its own texts. */
static enum status define_again(const struct endpoint *old, const struct cohort *cohort, struct endpoint **endpoint,
                                struct error *error)
{
  struct text line = TEXT_INIT;
  struct token_list tokens = TOKEN_LIST_INIT;
  struct expr *competing = NULL;
  token_append_name(&line, old->name);
  text_append_format(&line, " = %s", old->definition);
  enum status status = token_list_read(&tokens, text_string(&line), error);
  if (!status && old->competing)
    status = expr_parse_string(old->competing, &competing, error);
  if (!status)
    status = outcome_define(&tokens, 0, tokens.count - 1, competing, &old->landmark, cohort, endpoint, error);
  expr_free(competing);
  token_list_clear(&tokens);
  text_clear(&line);
  return status;
}

/* ---- what tells the outcome ---- */

struct wanted {
  const char *name;
  bool is_found;
};

static void look_at(const char *name, void *data)
{
  struct wanted *wanted = data;
  wanted->is_found = wanted->is_found || strcmp(name, wanted->name) == 0;
}

/* The operand of a time that was known when it began; n_operands where it has none. */
static size_t beginning_of(const struct expr *time)
{
  if (time->kind == EXPR_CALL && time->n_operands == 2 &&
      (strcmp(time->text, "days") == 0 || strcmp(time->text, "months") == 0 || strcmp(time->text, "years") == 0))
    return 0;
  return time->kind == EXPR_BINARY && strcmp(time->text, "-") == 0 ? 1 : time->n_operands;
}

static void look_at_time(const struct expr *time, struct wanted *wanted)
{
  const size_t beginning = beginning_of(time);
  if (time->kind == EXPR_COLUMN)
    look_at(time->text, wanted);
  for (size_t i = 0; i < time->n_operands; i++)
    if (i != beginning)
      look_at_time(time->operands[i], wanted);
}

bool outcome_tells(const struct endpoint *endpoint, const char *column)
{
  struct wanted wanted = {.name = column};
  struct expr *surv = NULL, *competing = NULL;
  struct error error = ERROR_INIT;
  if (!expr_parse_string(endpoint->definition, &surv, &error) && surv->n_operands >= 2) {
    look_at_time(surv->operands[surv->n_operands - 2], &wanted);
    expr_each_column(surv->operands[surv->n_operands - 1], look_at, &wanted);
  }
  if (endpoint->competing && !expr_parse_string(endpoint->competing, &competing, &error))
    expr_each_column(competing, look_at, &wanted);
  expr_free(surv);
  expr_free(competing);
  error_clear(&error);
  return wanted.is_found;
}

/* ---- a column was replaced ---- */

/* Whether an expression's text, or NULL, names the column; every text does where that is NULL. */
static bool text_uses(const char *text, const char *column)
{
  struct wanted wanted = {.name = column};
  struct expr *expr = NULL;
  struct error error = ERROR_INIT;
  if (!text || !column)
    return text != NULL;
  if (!expr_parse_string(text, &expr, &error))
    expr_each_column(expr, look_at, &wanted);
  expr_free(expr);
  error_clear(&error);
  return wanted.is_found;
}

enum status state_refresh(struct state *state, const char *column, struct error *error)
{
  for (size_t i = 0; i < state->n_endpoints; i++) {
    struct endpoint *again;
    if (!text_uses(state->endpoints[i]->definition, column) && !text_uses(state->endpoints[i]->competing, column))
      continue;
    if (define_again(state->endpoints[i], state->cohort, &again, error))
      return STATUS_ERROR;
    endpoint_release(state->endpoints[i]);
    state->endpoints[i] = again;
  }
  if (!text_uses(state->filter, column))
    return STATUS_OK;
  char *filter = memory_copy_string(state->filter);
  enum status status = state_set_filter(state, filter, error);
  free(filter);
  return status;
}
