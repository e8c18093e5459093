/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/formula.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { MAX_FACTORS = 8 };

static enum status fail_at(const struct token *token, const char *what, const char *hint, struct error *error)
{
  error_set(error, "%s", what);
  error_hint(error, "%s", hint);
  return error_in_command(error, token->start, token->length);
}

/* ---- variables ---- */

static void variable_clear(struct variable *variable)
{
  free(variable->name);
  free(variable->reference);
  expr_free(variable->expr);
}

/* The variable's place in the formula, taking it over: an equal one is shared, and a ref() sets its reference. */
static size_t add_variable(struct formula *formula, struct variable *variable)
{
  for (size_t i = 0; i < formula->n_variables; i++) {
    struct variable *known = &formula->variables[i];
    if (strcmp(known->name, variable->name) != 0)
      continue;
    if (variable->reference && !known->reference) {
      known->reference = variable->reference;
      variable->reference = NULL;
    }
    variable_clear(variable);
    return i;
  }
  MEMORY_APPEND(formula->variables, formula->n_variables, formula->variables_capacity, *variable);
  return formula->n_variables - 1;
}

/* The name that tables show: the column's, or the expression's canonical text. */
static char *variable_name(const struct expr *expr)
{
  if (expr->kind == EXPR_COLUMN)
    return memory_copy_string(expr->text);
  struct text text = TEXT_INIT;
  expr_append(&text, expr);
  return text_take(&text);
}

/* `ref(x, "level")`: the call's second operand is the level. */
static enum status read_reference(struct variable *variable, const struct token *token, struct error *error)
{
  struct expr *call = variable->expr;
  const struct expr *level = call->n_operands == 2 ? call->operands[1] : NULL;
  if (!level || (level->kind != EXPR_STRING && level->kind != EXPR_COLUMN && level->kind != EXPR_NUMBER))
    return fail_at(token, "ref() takes a factor and the level that is its reference", "ref(grade, \"NEC\")", error);
  struct text text = TEXT_INIT;
  if (level->kind == EXPR_NUMBER)
    expr_append(&text, level);
  else
    text_append(&text, level->text);
  variable->reference = text_take(&text);
  return STATUS_OK;
}

/* Takes the first operand of a call in the place of the call. */
static void unwrap(struct variable *variable)
{
  struct expr *call = variable->expr, *inner = call->operands[0];
  call->operands[0] = call->operands[--call->n_operands];
  expr_free(call);
  variable->expr = inner;
}

static enum status read_variable(const struct token_list *tokens, size_t begin, size_t end, struct variable *variable,
                                 struct error *error)
{
  const struct token *token = &tokens->tokens[begin], *last = &tokens->tokens[end - 1];
  *variable = (struct variable){.start = token->start, .length = last->start + last->length - token->start};
  if (expr_parse(tokens, begin, end, &variable->expr, error))
    return STATUS_ERROR;
  const struct expr *expr = variable->expr;
  enum status status = STATUS_OK;
  if (expr->kind == EXPR_NUMBER || expr->kind == EXPR_STRING || expr->kind == EXPR_MISSING)
    status = fail_at(token, "a term of a model is a column or a function of columns", "cox age + sex + log(bili)", error);
  else if (expr->kind == EXPR_CALL && strcmp(expr->text, "ref") == 0) {
    status = read_reference(variable, token, error);
    if (!status) {
      unwrap(variable);
      variable->name = variable_name(variable->expr);
    }
  } else if (expr->kind == EXPR_CALL && strcmp(expr->text, "factor") == 0) {
    if (expr->n_operands != 1)
      status = fail_at(token, "factor() takes one column", "factor(grade)", error);
    variable->is_factor = true;
    if (!status) {
      variable->name = variable_name(variable->expr);
      unwrap(variable);
    }
  } else if (expr->kind != EXPR_CALL && expr->kind != EXPR_COLUMN) {
    status = fail_at(token, "arithmetic in a model stands in I(…)", "cox I(age / 10) + sex; or derive a column", error);
  } else {
    variable->name = variable_name(variable->expr);
  }
  if (status)
    variable_clear(variable);
  return status;
}

/* ---- terms ---- */

static bool same_variables(const struct term *term, const size_t *variables, size_t n)
{
  if (term->n_variables != n)
    return false;
  size_t shared = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < n; k++)
      shared += term->variables[k] == variables[i];
  return shared == n;
}

static void add_term(struct formula *formula, const size_t *variables, size_t n)
{
  for (size_t t = 0; t < formula->n_terms; t++)
    if (same_variables(&formula->terms[t], variables, n))
      return;
  struct text name = TEXT_INIT;
  for (size_t i = 0; i < n; i++)
    text_append_format(&name, "%s%s", i ? ":" : "", formula->variables[variables[i]].name);
  struct term term = {
      .name = text_take(&name), .variables = memory_copy(variables, n, sizeof *variables), .n_variables = n};
  MEMORY_APPEND(formula->terms, formula->n_terms, formula->terms_capacity, term);
}

static bool is_strata(const struct token_list *tokens, size_t begin)
{
  return token_is_name(&tokens->tokens[begin], "strata") && token_is(&tokens->tokens[begin + 1], "(");
}

static enum status read_strata(const struct token_list *tokens, size_t begin, size_t end, struct formula *formula,
                               struct error *error)
{
  struct expr *call;
  if (expr_parse(tokens, begin, end, &call, error))
    return STATUS_ERROR;
  if (call->kind != EXPR_CALL || !call->n_operands) {
    expr_free(call);
    return fail_at(&tokens->tokens[begin], "strata() takes the columns that tell the strata", "strata(center)", error);
  }
  for (size_t i = 0; i < call->n_operands; i++)
    MEMORY_APPEND(formula->strata, formula->n_strata, formula->strata_capacity, call->operands[i]);
  call->n_operands = 0;
  expr_free(call);
  return STATUS_OK;
}

/* The end of the piece that begins at `begin`: the next top-level token that is one of the operators. */
static size_t piece_end(const struct token_list *tokens, size_t begin, size_t end, const char *operators)
{
  int depth = 0;
  for (size_t i = begin; i < end; i++) {
    const struct token *token = &tokens->tokens[i];
    if (depth == 0 && token->kind == TOKEN_OPERATOR && token->length == 1 && strchr(operators, *token->text) &&
        !token_is(token, "(") && !token_is(token, ")"))
      return i;
    depth += token_is(token, "(") - token_is(token, ")");
  }
  return end;
}

/* Factors joined by : and *, as R: in a * b:c the parts a and b:c are crossed, so every union of parts is a term. */
struct crossing {
  size_t variables[MAX_FACTORS];
  size_t part[MAX_FACTORS]; /* which part each variable belongs to */
  size_t n, n_parts;
};

static enum status read_crossing(const struct token_list *tokens, size_t begin, size_t end, struct formula *formula,
                                 struct crossing *crossing, struct error *error)
{
  *crossing = (struct crossing){.n_parts = 1};
  for (size_t at = begin;; at++) {
    size_t stop = piece_end(tokens, at, end, ":*");
    const struct token *token = &tokens->tokens[stop < end ? stop : end - 1];
    struct variable variable;
    if (stop == at)
      return fail_at(token, "a variable is missing here", "cox age + sex + age:sex", error);
    if (crossing->n == MAX_FACTORS)
      return fail_at(token, "an interaction of so many variables cannot be fitted", "at most 8", error);
    if (is_strata(tokens, at))
      return fail_at(&tokens->tokens[at], "strata() cannot be part of an interaction", "cox age + strata(sex)", error);
    if (read_variable(tokens, at, stop, &variable, error))
      return STATUS_ERROR;
    crossing->part[crossing->n] = crossing->n_parts - 1;
    crossing->variables[crossing->n++] = add_variable(formula, &variable);
    if (stop == end)
      return STATUS_OK;
    crossing->n_parts += token_is(&tokens->tokens[stop], "*");
    at = stop;
  }
}

/* Adds the unions of the crossing's parts, those of few parts first. */
static void add_crossing(struct formula *formula, const struct crossing *crossing)
{
  for (size_t size = 1; size <= crossing->n_parts; size++) {
    for (unsigned parts = 1; parts < 1u << crossing->n_parts; parts++) {
      size_t variables[MAX_FACTORS], n = 0;
      if ((size_t)__builtin_popcount(parts) != size)
        continue;
      for (size_t i = 0; i < crossing->n; i++) {
        bool known = false;
        for (size_t k = 0; k < n; k++)
          known |= variables[k] == crossing->variables[i];
        if (parts >> crossing->part[i] & 1 && !known)
          variables[n++] = crossing->variables[i];
      }
      add_term(formula, variables, n);
    }
  }
}

/* Main effects before interactions, of equal order as they came. */
static void order_terms(struct formula *formula)
{
  for (size_t i = 1; i < formula->n_terms; i++) {
    struct term term = formula->terms[i];
    size_t k = i;
    for (; k > 0 && formula->terms[k - 1].n_variables > term.n_variables; k--)
      formula->terms[k] = formula->terms[k - 1];
    formula->terms[k] = term;
  }
}

/* Two operands side by side, where a formula wants a sign between them. */
static enum status check_signs(const struct token_list *tokens, size_t begin, size_t end, struct error *error)
{
  int depth = 0;
  for (size_t i = begin; i < end; i++) {
    const struct token *token = &tokens->tokens[i];
    if (i > begin && depth == 0 && token->kind == TOKEN_NAME && !token_is_name(token, "in") &&
        !token_is_name(&token[-1], "in") && (token[-1].kind == TOKEN_NAME || token_is(&token[-1], ")")))
      return fail_at(token, "two terms stand side by side", "join terms with +: age + sex", error);
    depth += token_is(token, "(");
    depth -= token_is(token, ")");
  }
  return STATUS_OK;
}

static enum status read_term(const struct token_list *tokens, size_t begin, size_t end, struct formula *formula,
                             struct error *error)
{
  struct crossing crossing;
  if (check_signs(tokens, begin, end, error))
    return STATUS_ERROR;
  if (is_strata(tokens, begin) && piece_end(tokens, begin, end, ":*") == end)
    return read_strata(tokens, begin, end, formula, error);
  if (end - begin == 1 && tokens->tokens[begin].kind == TOKEN_NUMBER && tokens->tokens[begin].number == 1)
    return STATUS_OK; /* the intercept, which a Cox model has not */
  if (read_crossing(tokens, begin, end, formula, &crossing, error))
    return STATUS_ERROR;
  add_crossing(formula, &crossing);
  return STATUS_OK;
}

/* The end of the piece from `at` in a list: where a + or a blank between two operands stands. */
static size_t list_piece_end(const struct token_list *tokens, size_t at, size_t end)
{
  const size_t stop = piece_end(tokens, at, end, "+-");
  int depth = 0;
  for (size_t i = at; i < stop; i++) {
    const struct token *token = &tokens->tokens[i];
    if (i > at && depth == 0 && token->kind == TOKEN_NAME && !token_is_name(token, "in") &&
        (token[-1].kind != TOKEN_OPERATOR || token_is(&token[-1], ")")))
      return i;
    depth += token_is(token, "(");
    depth -= token_is(token, ")");
  }
  return stop;
}

/* Reads terms, each up to a +; in a list a blank between two operands separates them, too. */
static enum status read_terms(const struct token_list *tokens, size_t begin, size_t end, bool is_list,
                              struct formula *formula, struct error *error)
{
  *formula = (struct formula)FORMULA_INIT;
  enum status status = STATUS_OK;
  for (size_t at = begin; at < end && !status;) {
    const size_t stop = is_list ? list_piece_end(tokens, at, end) : piece_end(tokens, at, end, "+-");
    const bool at_sign = stop < end && (token_is(&tokens->tokens[stop], "+") || token_is(&tokens->tokens[stop], "-"));
    if (at_sign && token_is(&tokens->tokens[stop], "-"))
      status = fail_at(&tokens->tokens[stop], "terms are added, none is taken away", "cox age + sex", error);
    else if (stop == at || (at_sign && stop + 1 == end))
      status = fail_at(&tokens->tokens[stop < end ? stop : end - 1], "a term is missing here", "cox age + sex", error);
    else
      status = read_term(tokens, at, stop, formula, error);
    at = stop + at_sign;
  }
  if (status)
    formula_clear(formula);
  else
    order_terms(formula);
  return status;
}

enum status formula_parse(const struct token_list *tokens, size_t begin, size_t end, struct formula *formula,
                          struct error *error)
{
  return read_terms(tokens, begin, end, false, formula, error);
}

enum status formula_parse_list(const struct token_list *tokens, size_t begin, size_t end, struct formula *formula,
                               struct error *error)
{
  return read_terms(tokens, begin, end, true, formula, error);
}

enum status formula_parse_string(const char *string, struct formula *formula, struct error *error)
{
  struct token_list tokens;
  *formula = (struct formula)FORMULA_INIT;
  enum status status = token_list_read(&tokens, string, error);
  if (status)
    return status;
  status = formula_parse(&tokens, 0, tokens.count - 1, formula, error);
  token_list_clear(&tokens);
  return status;
}

void formula_clear(struct formula *formula)
{
  for (size_t i = 0; i < formula->n_variables; i++)
    variable_clear(&formula->variables[i]);
  for (size_t i = 0; i < formula->n_terms; i++) {
    free(formula->terms[i].name);
    free(formula->terms[i].variables);
  }
  for (size_t i = 0; i < formula->n_strata; i++)
    expr_free(formula->strata[i]);
  free(formula->variables);
  free(formula->terms);
  free(formula->strata);
  *formula = (struct formula)FORMULA_INIT;
}

/* ---- writing ---- */

static void append_variable(struct text *text, const struct variable *variable)
{
  const char *call = variable->reference ? "ref(" : variable->is_factor ? "factor(" : "";
  text_append(text, call);
  expr_append(text, variable->expr);
  if (variable->reference) {
    text_append(text, ", ");
    token_append_string(text, variable->reference);
  }
  if (*call)
    text_append_char(text, ')');
}

static void append_term(struct text *text, const struct formula *formula, const struct term *term)
{
  for (size_t i = 0; i < term->n_variables; i++) {
    if (i)
      text_append_char(text, ':');
    append_variable(text, &formula->variables[term->variables[i]]);
  }
}

static void append_plus(struct text *text, size_t from)
{
  if (text->length > from)
    text_append(text, " + ");
}

/* Appends the terms that are in, and the strata. */
void formula_append_terms(struct text *text, const struct formula *formula, const bool *is_in)
{
  size_t from = text->length;
  for (size_t t = 0; t < formula->n_terms; t++) {
    if (!is_in[t])
      continue;
    append_plus(text, from);
    append_term(text, formula, &formula->terms[t]);
  }
  if (!formula->n_strata)
    return;
  append_plus(text, from);
  text_append(text, "strata(");
  for (size_t i = 0; i < formula->n_strata; i++) {
    if (i)
      text_append(text, ", ");
    expr_append(text, formula->strata[i]);
  }
  text_append_char(text, ')');
}

/* Appends the formula without the terms that have the variable `left_out` (n_variables: none). */
static void append_without(struct text *text, const struct formula *formula, size_t left_out)
{
  bool *is_in = memory_new(formula->n_terms, sizeof *is_in);
  for (size_t t = 0; t < formula->n_terms; t++) {
    is_in[t] = true;
    for (size_t i = 0; i < formula->terms[t].n_variables; i++)
      is_in[t] &= formula->terms[t].variables[i] != left_out;
  }
  formula_append_terms(text, formula, is_in);
  free(is_in);
}

void formula_append(struct text *text, const struct formula *formula)
{
  append_without(text, formula, formula->n_variables);
}

/* The variable that is the bare column, or n_variables. */
static size_t find_variable(const struct formula *formula, const char *column)
{
  for (size_t i = 0; i < formula->n_variables; i++)
    if (formula->variables[i].expr->kind == EXPR_COLUMN && strcmp(formula->variables[i].expr->text, column) == 0)
      return i;
  return formula->n_variables;
}

bool formula_has_variable(const struct formula *formula, const char *column)
{
  size_t variable = find_variable(formula, column);
  for (size_t t = 0; t < formula->n_terms; t++)
    if (formula->terms[t].n_variables == 1 && formula->terms[t].variables[0] == variable)
      return true;
  return false;
}

char *formula_toggled(const struct formula *formula, const char *column)
{
  struct text text = TEXT_INIT;
  if (formula_has_variable(formula, column)) {
    append_without(&text, formula, find_variable(formula, column));
    return text_take(&text);
  }
  formula_append(&text, formula);
  append_plus(&text, 0);
  token_append_name(&text, column);
  return text_take(&text);
}

char *formula_with_reference(const struct formula *formula, const char *column, const char *level)
{
  struct text text = TEXT_INIT;
  size_t at = find_variable(formula, column);
  if (formula_has_variable(formula, column)) {
    struct variable *variable = &formula->variables[at];
    char *before = variable->reference;
    variable->reference = memory_copy_string(level); /* for the writing alone */
    formula_append(&text, formula);
    free(variable->reference);
    variable->reference = before;
    return text_take(&text);
  }
  formula_append(&text, formula);
  append_plus(&text, 0);
  text_append(&text, "ref(");
  token_append_name(&text, column);
  text_append(&text, ", ");
  token_append_string(&text, level);
  text_append_char(&text, ')');
  return text_take(&text);
}
