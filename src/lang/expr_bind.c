/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "data/date.h"
#include "lang/expr_bind.h"
#include "lang/expr_functions.h"

/* ---- making nodes ---- */

struct bound *bound_alloc(enum bound_kind kind, enum value_kind value, const struct expr *expr)
{
  struct bound *bound = memory_new(1, sizeof *bound);
  bound->kind = kind;
  bound->value = value;
  bound->expr = expr;
  return bound;
}

void bound_adopt(struct bound *bound, struct bound *operand)
{
  bound->operands = memory_resize(bound->operands, bound->n_operands + 1, sizeof *bound->operands);
  bound->operands[bound->n_operands++] = operand;
}

void bound_free(struct bound *bound)
{
  if (!bound)
    return;
  for (size_t i = 0; i < bound->n_operands; i++)
    bound_free(bound->operands[i]);
  for (size_t i = 0; i < bound->n_levels; i++)
    free(bound->levels[i]);
  free(bound->levels);
  free(bound->operands);
  free(bound->table);
  free(bound->codes);
  free(bound);
}

enum status bound_fail_at(const struct expr *expr, struct error *error)
{
  return error_in_command(error, expr->start, expr->length);
}

const char *bound_kind_words(enum value_kind kind)
{
  static const char *const words[] = {
      [VALUE_NUMBER] = "a number", [VALUE_DATE] = "a date", [VALUE_TRUTH] = "a yes or no", [VALUE_TEXT] = "a text"};
  return words[kind];
}

/* ---- leaves ---- */

static enum status bind_column(const struct expr *expr, const struct cohort *cohort, struct bound **bound,
                               struct error *error)
{
  const struct column *column = cohort_find_column(cohort, expr->text);
  if (!column) {
    const char *near = cohort_suggest_column(cohort, expr->text);
    error_set(error, "there is no column %s", expr->text);
    if (near)
      error_hint(error, "did you mean %s?", near);
    else
      error_hint(error, "help columns lists them; a text goes into double quotes");
    return bound_fail_at(expr, error);
  }
  static const enum value_kind values[] = {
      [COLUMN_NUMBER] = VALUE_NUMBER, [COLUMN_DATE] = VALUE_DATE, [COLUMN_FACTOR] = VALUE_TEXT};
  *bound = bound_alloc(BOUND_COLUMN, values[column->kind], expr);
  (*bound)->column = column;
  if (column->kind != COLUMN_FACTOR)
    return STATUS_OK;
  (*bound)->n_levels = column->n_levels;
  (*bound)->levels = memory_new(column->n_levels, sizeof *(*bound)->levels);
  for (size_t i = 0; i < column->n_levels; i++)
    (*bound)->levels[i] = memory_copy_string(column->levels[i].name);
  return STATUS_OK;
}

struct bound *bound_constant(const struct expr *expr, enum value_kind value, double number)
{
  struct bound *bound = bound_alloc(BOUND_NUMBER, value, expr);
  bound->number = number;
  return bound;
}

/* ---- arithmetic and logic ---- */

/* What + and - make of dates: date - date and number + number are numbers, date + number is a date. */
static enum status arithmetic_kind(const struct expr *expr, const struct bound *a, const struct bound *b,
                                   enum value_kind *kind, struct error *error)
{
  bool first = a->value == VALUE_DATE, second = b->value == VALUE_DATE;
  char operation = expr->text[0];
  *kind = VALUE_NUMBER;
  if (a->value == VALUE_TEXT || b->value == VALUE_TEXT) {
    error_set(error, "%s cannot be calculated with", a->value == VALUE_TEXT ? "the text on the left" : "the text on the right");
    error_hint(error, "a factor becomes a number with if(): if(x == \"yes\", 1, 0)");
    return bound_fail_at(expr, error);
  }
  if (!first && !second)
    return STATUS_OK;
  if (first && second && operation == '-')
    return STATUS_OK;
  if (first != second && (operation == '+' || (operation == '-' && first))) {
    *kind = VALUE_DATE;
    return STATUS_OK;
  }
  error_set(error, "dates can be subtracted, and a number of days added to one");
  error_hint(error, "months(from, to) gives the months between two dates");
  return bound_fail_at(expr, error);
}

static enum status not_a_truth(const struct bound *operand, struct error *error)
{
  struct text name = TEXT_INIT;
  expr_append(&name, operand->expr);
  error_set(error, "%s is %s, not a yes or no", text_string(&name), bound_kind_words(operand->value));
  error_hint(error, operand->value == VALUE_TEXT ? "compare it: %s == \"…\"" : "compare it: %s > 0, %s == 1",
             text_string(&name), text_string(&name));
  text_clear(&name);
  return bound_fail_at(operand->expr, error);
}

static enum status bind_binary(const struct expr *expr, const struct cohort *cohort, struct bound **bound,
                               struct error *error)
{
  if (strchr("=!<>", expr->text[0]))
    return bind_comparison(expr, cohort, bound, error);
  struct bound *a, *b;
  if (bound_new(expr->operands[0], cohort, &a, error))
    return STATUS_ERROR;
  if (bound_new(expr->operands[1], cohort, &b, error)) {
    bound_free(a);
    return STATUS_ERROR;
  }
  bool logic = expr->text[0] == '&' || expr->text[0] == '|';
  enum value_kind kind = VALUE_TRUTH;
  enum status status = STATUS_OK;
  if (logic && a->value != VALUE_TRUTH)
    status = not_a_truth(a, error);
  else if (logic && b->value != VALUE_TRUTH)
    status = not_a_truth(b, error);
  else if (!logic)
    status = arithmetic_kind(expr, a, b, &kind, error);
  if (status) {
    bound_free(a);
    bound_free(b);
    return status;
  }
  *bound = bound_alloc(logic ? BOUND_LOGIC : BOUND_ARITHMETIC, kind, expr);
  (*bound)->operation = expr->text[0];
  bound_adopt(*bound, a);
  bound_adopt(*bound, b);
  return STATUS_OK;
}

static enum status bind_unary(const struct expr *expr, const struct cohort *cohort, struct bound **bound,
                              struct error *error)
{
  struct bound *operand;
  bool negation = expr->text[0] == '!';
  if (bound_new(expr->operands[0], cohort, &operand, error))
    return STATUS_ERROR;
  enum status status = STATUS_OK;
  if (negation && operand->value != VALUE_TRUTH) {
    status = not_a_truth(operand, error);
  } else if (!negation && operand->value != VALUE_NUMBER && operand->value != VALUE_TRUTH) {
    error_set(error, "%s has no negative", bound_kind_words(operand->value));
    status = bound_fail_at(expr, error);
  }
  if (status) {
    bound_free(operand);
    return status;
  }
  *bound = bound_alloc(negation ? BOUND_NOT : BOUND_NEGATE, negation ? VALUE_TRUTH : VALUE_NUMBER, expr);
  bound_adopt(*bound, operand);
  return STATUS_OK;
}

enum status bound_new(const struct expr *expr, const struct cohort *cohort, struct bound **bound, struct error *error)
{
  switch (expr->kind) {
  case EXPR_NUMBER:
    *bound = bound_constant(expr, VALUE_NUMBER, expr->number);
    return STATUS_OK;
  case EXPR_MISSING:
    *bound = bound_constant(expr, VALUE_NUMBER, NAN);
    return STATUS_OK;
  case EXPR_STRING:
    *bound = bound_alloc(BOUND_CODES, VALUE_TEXT, expr);
    (*bound)->levels = memory_new(1, sizeof *(*bound)->levels);
    (*bound)->levels[(*bound)->n_levels++] = memory_copy_string(expr->text);
    return STATUS_OK;
  case EXPR_COLUMN:
    return bind_column(expr, cohort, bound, error);
  case EXPR_CALL:
    return bind_call(expr, cohort, bound, error);
  case EXPR_UNARY:
    return bind_unary(expr, cohort, bound, error);
  case EXPR_BINARY:
    return bind_binary(expr, cohort, bound, error);
  case EXPR_IN:
    break;
  }
  return bind_in(expr, cohort, bound, error);
}
