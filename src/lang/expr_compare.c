/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Binding of comparisons: texts against levels become a truth for each code, so that no string is compared row by row. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "data/date.h"
#include "lang/expr_bind.h"

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

bool bound_compare(double a, char operation, double b)
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
  return bound_fail_at(string, error);
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
    (*bound)->table[code] = bound_compare((double)code, operation, (double)level);
  bound_adopt(*bound, text);
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
    bound_fail_at(text->expr, error);
    free(table);
    bound_free(text);
    return STATUS_ERROR;
  }
  *bound = bound_alloc(BOUND_TABLE, VALUE_NUMBER, text->expr);
  (*bound)->table = table;
  bound_adopt(*bound, text);
  return STATUS_OK;
}

/* A string beside a date: itself a date. */
static enum status string_as_date(const struct expr *string, struct bound **bound, struct error *error)
{
  double days;
  if (date_parse(string->text, strlen(string->text), &days)) {
    *bound = bound_constant(string, VALUE_DATE, days);
    return STATUS_OK;
  }
  error_set(error, "\"%s\" is no date", string->text);
  error_hint(error, "a date is written \"YYYY-MM-DD\"");
  return bound_fail_at(string, error);
}

static enum status number_against_string(const struct bound *number, const struct expr *string, struct error *error)
{
  struct text name = TEXT_INIT;
  expr_append(&name, number->expr);
  error_set(error, "%s is %s and is compared with the text \"%s\"", text_string(&name), bound_kind_words(number->value),
            string->text);
  error_hint(error, "leave the quotes out");
  text_clear(&name);
  return bound_fail_at(string, error);
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
  bound_adopt(*bound, operand);
  bound_adopt(*bound, date);
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
    return bound_fail_at(expr, error);
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
  bound_adopt(left_number, left);
  bound_adopt(right_number, right);
  *bound = bound_alloc(BOUND_COMPARE, VALUE_TRUTH, expr);
  (*bound)->operation = operation;
  bound_adopt(*bound, left_number);
  bound_adopt(*bound, right_number);
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
    error_set(error, "%s cannot be compared with %s", bound_kind_words(left->value), bound_kind_words(right->value));
    error_hint(error, "a date is compared with a date: dx_date >= \"2015-01-01\"");
    bound_free(left);
    bound_free(right);
    return bound_fail_at(expr, error);
  }
  *bound = bound_alloc(BOUND_COMPARE, VALUE_TRUTH, expr);
  (*bound)->operation = operation;
  bound_adopt(*bound, left);
  bound_adopt(*bound, right);
  return STATUS_OK;
}

enum status bind_comparison(const struct expr *expr, const struct cohort *cohort, struct bound **bound,
                                   struct error *error)
{
  const struct expr *left = expr->operands[0], *right = expr->operands[1];
  char operation = comparison_code(expr->text);
  struct bound *a, *b;
  if (left->kind == EXPR_STRING && right->kind == EXPR_STRING) {
    *bound = bound_constant(expr, VALUE_TRUTH, bound_compare(strcmp(left->text, right->text), operation, 0));
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

/* ---- in ---- */

static enum status text_among(struct bound *text, const struct expr *expr, struct bound **bound, struct error *error)
{
  *bound = bound_alloc(BOUND_TABLE, VALUE_TRUTH, expr);
  double *table = (*bound)->table = memory_new(text->n_levels + 1, sizeof *table);
  table[0] = NAN;
  bound_adopt(*bound, text);
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
      return bound_fail_at(member, error);
    }
  }
  return STATUS_OK;
}

static enum status number_among(struct bound *number, const struct expr *expr, struct bound **bound, struct error *error)
{
  *bound = bound_alloc(BOUND_IN, VALUE_TRUTH, expr);
  (*bound)->table = memory_new(expr->n_operands, sizeof *(*bound)->table);
  bound_adopt(*bound, number);
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
      return bound_fail_at(member, error);
    }
    (*bound)->table[(*bound)->n_table++] = value;
  }
  return STATUS_OK;
}

enum status bind_in(const struct expr *expr, const struct cohort *cohort, struct bound **bound, struct error *error)
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
