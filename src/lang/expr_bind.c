/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "data/date.h"
#include "lang/expr_bound.h"
#include "lang/expr_functions.h"

/* ---- making nodes ---- */

static struct bound *bound_alloc(enum bound_kind kind, enum value_kind value, const struct expr *expr)
{
  struct bound *bound = memory_new(1, sizeof *bound);
  bound->kind = kind;
  bound->value = value;
  bound->expr = expr;
  return bound;
}

static void adopt(struct bound *bound, struct bound *operand)
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

static enum status fail_at(const struct expr *expr, struct error *error)
{
  return error_in_command(error, expr->start, expr->length);
}

static const char *kind_words(enum value_kind kind)
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
    return fail_at(expr, error);
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

static struct bound *constant(const struct expr *expr, enum value_kind value, double number)
{
  struct bound *bound = bound_alloc(BOUND_NUMBER, value, expr);
  bound->number = number;
  return bound;
}

/* ---- comparisons ---- */

static char comparison_code(const char *text)
{
  switch (text[0]) {
  case '<':
    return text[1] ? 'l' : '<';
  case '>':
    return text[1] ? 'g' : '>';
  default:
    return text[0];
  }
}

static bool compare(double a, char operation, double b)
{
  switch (operation) {
  case '=':
    return a == b;
  case '!':
    return a != b;
  case '<':
    return a < b;
  case 'l':
    return a <= b;
  case '>':
    return a > b;
  default:
    return a >= b;
  }
}

static char mirrored(char operation)
{
  switch (operation) {
  case '<':
    return '>';
  case 'l':
    return 'g';
  case '>':
    return '<';
  case 'g':
    return 'l';
  default:
    return operation;
  }
}

static size_t find_level(const struct bound *text, const char *name)
{
  for (size_t i = 0; i < text->n_levels; i++)
    if (strcmp(text->levels[i], name) == 0)
      return i + 1;
  return 0;
}

static enum status no_such_level(const struct bound *text, const struct expr *string, struct error *error)
{
  struct text name = TEXT_INIT, levels = TEXT_INIT;
  expr_append(&name, text->expr);
  for (size_t i = 0; i < text->n_levels && i < 12; i++)
    text_append_format(&levels, "%s%s", i ? ", " : "", text->levels[i]);
  error_set(error, "%s has no level \"%s\"", text_string(&name), string->text);
  error_hint(error, "its levels are %s%s", text_string(&levels), text->n_levels > 12 ? ", …" : "");
  text_clear(&name);
  text_clear(&levels);
  return fail_at(string, error);
}

/* text OP "level": a truth for each code. */
static enum status compare_with_level(struct bound *text, char operation, const struct expr *string, struct bound **bound,
                                      struct error *error)
{
  size_t level = find_level(text, string->text);
  if (!level) {
    no_such_level(text, string, error);
    bound_free(text);
    return STATUS_ERROR;
  }
  *bound = bound_alloc(BOUND_TABLE, VALUE_TRUTH, text->expr);
  (*bound)->table = memory_new(text->n_levels + 1, sizeof *(*bound)->table);
  (*bound)->table[0] = NAN;
  for (size_t code = 1; code <= text->n_levels; code++)
    (*bound)->table[code] = compare((double)code, operation, (double)level);
  adopt(*bound, text);
  return STATUS_OK;
}

/* The numbers that a text's levels are, where all of them are; takes over `text`. */
static enum status text_as_numbers(struct bound *text, struct bound **bound, struct error *error)
{
  double *table = memory_new(text->n_levels + 1, sizeof *table);
  table[0] = NAN;
  for (size_t i = 0; i < text->n_levels; i++) {
    if (number_parse(text->levels[i], strlen(text->levels[i]), &table[i + 1]))
      continue;
    struct text name = TEXT_INIT;
    expr_append(&name, text->expr);
    error_set(error, "%s is a text (\"%s\") and is compared with a number", text_string(&name), text->levels[i]);
    error_hint(error, "write the level in double quotes: %s == \"%s\"", text_string(&name), text->levels[i]);
    text_clear(&name);
    fail_at(text->expr, error);
    free(table);
    bound_free(text);
    return STATUS_ERROR;
  }
  *bound = bound_alloc(BOUND_TABLE, VALUE_NUMBER, text->expr);
  (*bound)->table = table;
  adopt(*bound, text);
  return STATUS_OK;
}

/* A string beside a date: itself a date. */
static enum status string_as_date(const struct expr *string, struct bound **bound, struct error *error)
{
  double days;
  if (date_parse(string->text, strlen(string->text), &days)) {
    *bound = constant(string, VALUE_DATE, days);
    return STATUS_OK;
  }
  error_set(error, "\"%s\" is no date", string->text);
  error_hint(error, "a date is written \"YYYY-MM-DD\"");
  return fail_at(string, error);
}

static enum status number_against_string(const struct bound *number, const struct expr *string, struct error *error)
{
  struct text name = TEXT_INIT;
  expr_append(&name, number->expr);
  error_set(error, "%s is %s and is compared with the text \"%s\"", text_string(&name), kind_words(number->value),
            string->text);
  error_hint(error, "leave the quotes out");
  text_clear(&name);
  return fail_at(string, error);
}

/* Compares a bound operand with a string constant; takes over the operand. */
static enum status compare_with_string(struct bound *operand, char operation, const struct expr *string,
                                       const struct expr *expr, struct bound **bound, struct error *error)
{
  if (operand->value == VALUE_TEXT)
    return compare_with_level(operand, operation, string, bound, error);
  struct bound *date;
  enum status status = operand->value == VALUE_DATE ? string_as_date(string, &date, error)
                                                    : number_against_string(operand, string, error);
  if (status) {
    bound_free(operand);
    return status;
  }
  *bound = bound_alloc(BOUND_COMPARE, VALUE_TRUTH, expr);
  (*bound)->operation = operation;
  adopt(*bound, operand);
  adopt(*bound, date);
  return STATUS_OK;
}

/* Two texts: the right one's codes are turned into the left one's; a level that the left has not gets one behind. */
static enum status compare_texts(struct bound *left, struct bound *right, char operation, const struct expr *expr,
                                 struct bound **bound, struct error *error)
{
  if (operation != '=' && operation != '!') {
    error_set(error, "two text columns have no common order");
    error_hint(error, "compare them with == or !=, or one of them with a level in quotes");
    bound_free(left);
    bound_free(right);
    return fail_at(expr, error);
  }
  struct bound *left_number = bound_alloc(BOUND_TABLE, VALUE_NUMBER, left->expr);
  struct bound *right_number = bound_alloc(BOUND_TABLE, VALUE_NUMBER, right->expr);
  left_number->table = memory_new(left->n_levels + 1, sizeof *left_number->table);
  right_number->table = memory_new(right->n_levels + 1, sizeof *right_number->table);
  left_number->table[0] = right_number->table[0] = NAN;
  for (size_t code = 1; code <= left->n_levels; code++)
    left_number->table[code] = (double)code;
  for (size_t code = 1; code <= right->n_levels; code++) {
    size_t same = find_level(left, right->levels[code - 1]);
    right_number->table[code] = same ? (double)same : (double)(left->n_levels + code);
  }
  adopt(left_number, left);
  adopt(right_number, right);
  *bound = bound_alloc(BOUND_COMPARE, VALUE_TRUTH, expr);
  (*bound)->operation = operation;
  adopt(*bound, left_number);
  adopt(*bound, right_number);
  return STATUS_OK;
}

static enum status compare_mixed(struct bound *left, struct bound *right, char operation, const struct expr *expr,
                                 struct bound **bound, struct error *error)
{
  if (left->value == VALUE_TEXT && right->value == VALUE_TEXT)
    return compare_texts(left, right, operation, expr, bound, error);
  enum status status = STATUS_OK;
  if (left->value == VALUE_TEXT && (status = text_as_numbers(left, &left, error))) {
    bound_free(right);
    return status;
  }
  if (right->value == VALUE_TEXT && (status = text_as_numbers(right, &right, error))) {
    bound_free(left);
    return status;
  }
  if ((left->value == VALUE_DATE) != (right->value == VALUE_DATE)) {
    error_set(error, "%s cannot be compared with %s", kind_words(left->value), kind_words(right->value));
    error_hint(error, "a date is compared with a date: dx_date >= \"2015-01-01\"");
    bound_free(left);
    bound_free(right);
    return fail_at(expr, error);
  }
  *bound = bound_alloc(BOUND_COMPARE, VALUE_TRUTH, expr);
  (*bound)->operation = operation;
  adopt(*bound, left);
  adopt(*bound, right);
  return STATUS_OK;
}

static enum status bind_comparison(const struct expr *expr, const struct cohort *cohort, struct bound **bound,
                                   struct error *error)
{
  const struct expr *left = expr->operands[0], *right = expr->operands[1];
  char operation = comparison_code(expr->text);
  struct bound *a, *b;
  if (left->kind == EXPR_STRING && right->kind == EXPR_STRING) {
    *bound = constant(expr, VALUE_TRUTH, compare(strcmp(left->text, right->text), operation, 0));
    return STATUS_OK;
  }
  if (left->kind == EXPR_STRING) {
    const struct expr *swap = left;
    left = right;
    right = swap;
    operation = mirrored(operation);
  }
  if (bound_new(left, cohort, &a, error))
    return STATUS_ERROR;
  if (right->kind == EXPR_STRING)
    return compare_with_string(a, operation, right, expr, bound, error);
  if (bound_new(right, cohort, &b, error)) {
    bound_free(a);
    return STATUS_ERROR;
  }
  return compare_mixed(a, b, operation, expr, bound, error);
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
    return fail_at(expr, error);
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
  return fail_at(expr, error);
}

static enum status not_a_truth(const struct bound *operand, struct error *error)
{
  struct text name = TEXT_INIT;
  expr_append(&name, operand->expr);
  error_set(error, "%s is %s, not a yes or no", text_string(&name), kind_words(operand->value));
  error_hint(error, operand->value == VALUE_TEXT ? "compare it: %s == \"…\"" : "compare it: %s > 0, %s == 1",
             text_string(&name), text_string(&name));
  text_clear(&name);
  return fail_at(operand->expr, error);
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
  adopt(*bound, a);
  adopt(*bound, b);
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
    error_set(error, "%s has no negative", kind_words(operand->value));
    status = fail_at(expr, error);
  }
  if (status) {
    bound_free(operand);
    return status;
  }
  *bound = bound_alloc(negation ? BOUND_NOT : BOUND_NEGATE, negation ? VALUE_TRUTH : VALUE_NUMBER, expr);
  adopt(*bound, operand);
  return STATUS_OK;
}

/* ---- in ---- */

static enum status text_among(struct bound *text, const struct expr *expr, struct bound **bound, struct error *error)
{
  *bound = bound_alloc(BOUND_TABLE, VALUE_TRUTH, expr);
  double *table = (*bound)->table = memory_new(text->n_levels + 1, sizeof *table);
  table[0] = NAN;
  adopt(*bound, text);
  for (size_t i = 1; i < expr->n_operands; i++) {
    const struct expr *member = expr->operands[i];
    size_t level = member->kind == EXPR_STRING ? find_level(text, member->text) : 0;
    if (member->kind == EXPR_NUMBER) { /* grades coded 1, 2, 3 beside a text */
      struct text name = TEXT_INIT;
      number_append_short(&name, member->number);
      level = find_level(text, text_string(&name));
      text_clear(&name);
    }
    if (level) {
      table[level] = 1;
    } else if (member->kind == EXPR_STRING) {
      return no_such_level(text, member, error);
    } else {
      error_set(error, "this is no level of a text");
      error_hint(error, "in (\"a\", \"b\")");
      return fail_at(member, error);
    }
  }
  return STATUS_OK;
}

static enum status number_among(struct bound *number, const struct expr *expr, struct bound **bound, struct error *error)
{
  *bound = bound_alloc(BOUND_IN, VALUE_TRUTH, expr);
  (*bound)->table = memory_new(expr->n_operands, sizeof *(*bound)->table);
  adopt(*bound, number);
  for (size_t i = 1; i < expr->n_operands; i++) {
    const struct expr *member = expr->operands[i];
    const bool negative = member->kind == EXPR_UNARY && member->text[0] == '-' && member->operands[0]->kind == EXPR_NUMBER;
    double value = negative ? -member->operands[0]->number : member->number;
    if (member->kind == EXPR_STRING && number->value == VALUE_DATE) {
      struct bound *date;
      if (string_as_date(member, &date, error))
        return STATUS_ERROR;
      value = date->number;
      bound_free(date);
    } else if (member->kind == EXPR_STRING) {
      return number_against_string(number, member, error);
    } else if (member->kind != EXPR_NUMBER && !negative) {
      error_set(error, "the members of a list are numbers or texts in quotes");
      return fail_at(member, error);
    }
    (*bound)->table[(*bound)->n_table++] = value;
  }
  return STATUS_OK;
}

static enum status bind_in(const struct expr *expr, const struct cohort *cohort, struct bound **bound, struct error *error)
{
  struct bound *operand;
  if (bound_new(expr->operands[0], cohort, &operand, error))
    return STATUS_ERROR;
  enum status status = operand->value == VALUE_TEXT ? text_among(operand, expr, bound, error)
                                                    : number_among(operand, expr, bound, error);
  if (status)
    bound_free(*bound);
  return status;
}

enum status bound_new(const struct expr *expr, const struct cohort *cohort, struct bound **bound, struct error *error)
{
  switch (expr->kind) {
  case EXPR_NUMBER:
    *bound = constant(expr, VALUE_NUMBER, expr->number);
    return STATUS_OK;
  case EXPR_MISSING:
    *bound = constant(expr, VALUE_NUMBER, NAN);
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
