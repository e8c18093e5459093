/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/expr_functions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "data/date.h"

static enum status fail_at(const struct expr *expr, struct error *error)
{
  return error_in_command(error, expr->start, expr->length);
}

/* ---- functions of numbers: missing and what is not finite become missing ---- */

static double f_log(const double *x, size_t n)
{
  return n == 2 ? log(x[0]) / log(x[1]) : log(x[0]);
}

static double f_exp(const double *x, size_t n)
{
  (void)n;
  return exp(x[0]);
}

static double f_sqrt(const double *x, size_t n)
{
  (void)n;
  return sqrt(x[0]);
}

static double f_abs(const double *x, size_t n)
{
  (void)n;
  return fabs(x[0]);
}

static double f_min(const double *x, size_t n)
{
  double least = x[0];
  for (size_t i = 1; i < n; i++)
    least = x[i] < least ? x[i] : least;
  return least;
}

static double f_max(const double *x, size_t n)
{
  double greatest = x[0];
  for (size_t i = 1; i < n; i++)
    greatest = x[i] > greatest ? x[i] : greatest;
  return greatest;
}

/* Half to even at the given digits, as R's round(). */
static double f_round(const double *x, size_t n)
{
  double scale = n == 2 ? pow(10, rint(x[1])) : 1;
  return rint(x[0] * scale) / scale;
}

static double f_days(const double *x, size_t n)
{
  (void)n;
  return x[1] - x[0];
}

static double f_months(const double *x, size_t n)
{
  (void)n;
  return (x[1] - x[0]) / DAYS_PER_MONTH;
}

static double f_years(const double *x, size_t n)
{
  (void)n;
  return (x[1] - x[0]) / DAYS_PER_YEAR;
}

struct function {
  const char *name;
  size_t least, most;
  bool of_dates;
  double (*compute)(const double *arguments, size_t n);
  const char *usage;
};

static const struct function functions[] = {
    {"log", 1, 2, false, f_log, "log(x)"},
    {"exp", 1, 1, false, f_exp, "exp(x)"},
    {"sqrt", 1, 1, false, f_sqrt, "sqrt(x)"},
    {"abs", 1, 1, false, f_abs, "abs(x)"},
    {"min", 1, MAX_OPERANDS, false, f_min, "min(x, y, …)"},
    {"max", 1, MAX_OPERANDS, false, f_max, "max(x, y, …)"},
    {"round", 1, 2, false, f_round, "round(x, digits)"},
    {"days", 2, 2, true, f_days, "days(from, to)"},
    {"months", 2, 2, true, f_months, "months(from, to)"},
    {"years", 2, 2, true, f_years, "years(from, to)"},
};

static enum status wrong_count(const struct expr *expr, const char *usage, struct error *error)
{
  error_set(error, "%s has %zu argument%s", expr->text, expr->n_operands, expr->n_operands == 1 ? "" : "s");
  error_hint(error, "it is called as %s", usage);
  return fail_at(expr, error);
}

static struct bound *bound_call(enum bound_kind kind, enum value_kind value, const struct expr *expr)
{
  struct bound *bound = memory_new(1, sizeof *bound);
  bound->kind = kind;
  bound->value = value;
  bound->expr = expr;
  bound->operands = memory_new(expr->n_operands, sizeof *bound->operands);
  return bound;
}

/* Binds all arguments into `bound`; frees it on failure. */
static enum status bind_arguments(struct bound *bound, const struct cohort *cohort, struct error *error)
{
  for (size_t i = 0; i < bound->expr->n_operands; i++) {
    if (bound_new(bound->expr->operands[i], cohort, &bound->operands[i], error)) {
      bound_free(bound);
      return STATUS_ERROR;
    }
    bound->n_operands++;
  }
  return STATUS_OK;
}

static enum status bind_numeric(const struct function *function, const struct expr *expr, const struct cohort *cohort,
                                struct bound **bound, struct error *error)
{
  if (expr->n_operands < function->least || expr->n_operands > function->most)
    return wrong_count(expr, function->usage, error);
  *bound = bound_call(BOUND_FUNCTION, VALUE_NUMBER, expr);
  (*bound)->function = function->compute;
  if (bind_arguments(*bound, cohort, error))
    return STATUS_ERROR;
  bool dates = function->of_dates;
  for (size_t i = 0; i < expr->n_operands; i++) {
    enum value_kind kind = (*bound)->operands[i]->value;
    if (function->compute == f_min || function->compute == f_max)
      dates = (*bound)->operands[0]->value == VALUE_DATE;
    if (dates ? kind == VALUE_DATE : kind == VALUE_NUMBER || kind == VALUE_TRUTH)
      continue;
    error_set(error, dates ? "%s wants dates here" : "%s wants numbers here", expr->text);
    error_hint(error, dates ? "a date column, or date(\"2015-01-31\")" : "it is called as %s", function->usage);
    fail_at(expr->operands[i], error);
    bound_free(*bound);
    return STATUS_ERROR;
  }
  if (dates && !function->of_dates)
    (*bound)->value = VALUE_DATE;
  return STATUS_OK;
}

/* ---- date("…") ---- */

static enum status bind_date(const struct expr *expr, struct bound **bound, struct error *error)
{
  const struct expr *operand = expr->n_operands == 1 ? expr->operands[0] : NULL;
  double days;
  if (!operand || operand->kind != EXPR_STRING)
    return wrong_count(expr, "date(\"YYYY-MM-DD\"); a column of dates is read with load …, date=\"COLUMN\"", error);
  if (!date_parse(operand->text, strlen(operand->text), &days)) {
    error_set(error, "\"%s\" is no date", operand->text);
    error_hint(error, "a date is written \"YYYY-MM-DD\"");
    return fail_at(operand, error);
  }
  *bound = bound_call(BOUND_NUMBER, VALUE_DATE, expr);
  (*bound)->number = days;
  return STATUS_OK;
}

/* ---- missing(x) ---- */

static enum status bind_missing(const struct expr *expr, const struct cohort *cohort, struct bound **bound,
                                struct error *error)
{
  if (expr->n_operands != 1)
    return wrong_count(expr, "missing(x)", error);
  *bound = bound_call(BOUND_MISSING, VALUE_TRUTH, expr);
  return bind_arguments(*bound, cohort, error);
}

/* ---- if(c, a, b) ---- */

/* A text whose codes are those of `levels`: takes over the inner text, maps its codes. */
static struct bound *recode(struct bound *inner, char *const *levels, size_t n_levels)
{
  struct bound *bound = memory_new(1, sizeof *bound);
  bound->kind = BOUND_CODES;
  bound->value = VALUE_TEXT;
  bound->expr = inner->expr;
  bound->codes = memory_new(inner->n_levels + 1, sizeof *bound->codes);
  for (size_t code = 1; code <= inner->n_levels; code++)
    for (size_t i = 0; i < n_levels; i++)
      if (strcmp(levels[i], inner->levels[code - 1]) == 0)
        bound->codes[code] = (uint32_t)i + 1;
  bound->operands = memory_new(1, sizeof *bound->operands);
  bound->operands[bound->n_operands++] = inner;
  return bound;
}

static bool is_missing_constant(const struct bound *bound)
{
  return bound->kind == BOUND_NUMBER && isnan(bound->number);
}

static void add_levels(struct bound *choice, const struct bound *branch)
{
  for (size_t i = 0; i < branch->n_levels; i++) {
    size_t k = 0;
    while (k < choice->n_levels && strcmp(choice->levels[k], branch->levels[i]) != 0)
      k++;
    if (k < choice->n_levels)
      continue;
    choice->levels = memory_resize(choice->levels, choice->n_levels + 1, sizeof *choice->levels);
    choice->levels[choice->n_levels++] = memory_copy_string(branch->levels[i]);
  }
}

static int by_code_point(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Texts of both branches become one table of levels; NA fits either kind. */
static void join_texts(struct bound *choice)
{
  for (size_t i = 1; i <= 2; i++)
    if (choice->operands[i]->value == VALUE_TEXT)
      add_levels(choice, choice->operands[i]);
  if (choice->n_levels)
    qsort(choice->levels, choice->n_levels, sizeof *choice->levels, by_code_point);
  for (size_t i = 1; i <= 2; i++) {
    struct bound *branch = choice->operands[i];
    if (branch->value != VALUE_TEXT) { /* NA */
      branch->kind = BOUND_CODES;
      branch->value = VALUE_TEXT;
      branch->codes = memory_new(1, sizeof *branch->codes);
      branch->n_levels = 0;
      branch->number = 0;
      branch->operation = 'N';
      continue;
    }
    choice->operands[i] = recode(branch, choice->levels, choice->n_levels);
  }
  choice->value = VALUE_TEXT;
}

static enum status bind_if(const struct expr *expr, const struct cohort *cohort, struct bound **bound, struct error *error)
{
  if (expr->n_operands != 3)
    return wrong_count(expr, "if(condition, then, else)", error);
  *bound = bound_call(BOUND_CHOICE, VALUE_NUMBER, expr);
  if (bind_arguments(*bound, cohort, error))
    return STATUS_ERROR;
  struct bound **operands = (*bound)->operands;
  if (operands[0]->value != VALUE_TRUTH) {
    error_set(error, "the condition of if() is no yes or no");
    error_hint(error, "if(age < 60, \"<60\", \">=60\")");
    fail_at(expr->operands[0], error);
    bound_free(*bound);
    return STATUS_ERROR;
  }
  bool text = operands[1]->value == VALUE_TEXT || operands[2]->value == VALUE_TEXT;
  for (size_t i = 1; i <= 2; i++) {
    if (is_missing_constant(operands[i]) || (operands[i]->value == VALUE_TEXT) == text)
      continue;
    error_set(error, "the two values of if() are of different kinds");
    error_hint(error, "both numbers, both dates or both texts in quotes");
    fail_at(expr, error);
    bound_free(*bound);
    return STATUS_ERROR;
  }
  if (text)
    join_texts(*bound);
  else if (operands[1]->value == operands[2]->value)
    (*bound)->value = operands[1]->value;
  else if (operands[1]->value == VALUE_DATE || operands[2]->value == VALUE_DATE)
    (*bound)->value = VALUE_DATE;
  return STATUS_OK;
}

/* ---- cut(x, b1, b2 …) ---- */

static void name_classes(struct bound *cut)
{
  cut->levels = memory_new(cut->n_table + 1, sizeof *cut->levels);
  for (size_t i = 0; i <= cut->n_table; i++) {
    struct text name = TEXT_INIT;
    if (i == 0) {
      text_append(&name, "<");
      number_append_short(&name, cut->table[0]);
    } else if (i == cut->n_table) {
      text_append(&name, ">=");
      number_append_short(&name, cut->table[i - 1]);
    } else {
      number_append_short(&name, cut->table[i - 1]);
      text_append(&name, " to <");
      number_append_short(&name, cut->table[i]);
    }
    cut->levels[cut->n_levels++] = text_take(&name);
  }
}

static enum status bind_cut(const struct expr *expr, const struct cohort *cohort, struct bound **bound,
                            struct error *error)
{
  if (expr->n_operands < 2 || expr->n_operands > MAX_OPERANDS)
    return wrong_count(expr, "cut(x, bound, bound, …)", error);
  *bound = bound_call(BOUND_CUT, VALUE_TEXT, expr);
  if (bind_arguments(*bound, cohort, error))
    return STATUS_ERROR;
  struct bound **operands = (*bound)->operands;
  (*bound)->table = memory_new(expr->n_operands, sizeof *(*bound)->table);
  enum status status = STATUS_OK;
  if (operands[0]->value == VALUE_TEXT || operands[0]->value == VALUE_DATE) {
    error_set(error, "cut() divides a number into classes");
    status = fail_at(expr->operands[0], error);
  }
  for (size_t i = 1; i < expr->n_operands && !status; i++) {
    double number = operands[i]->kind == BOUND_NEGATE ? -operands[i]->operands[0]->number : operands[i]->number;
    bool is_constant = operands[i]->kind == BOUND_NUMBER ||
                       (operands[i]->kind == BOUND_NEGATE && operands[i]->operands[0]->kind == BOUND_NUMBER);
    if (is_constant && !isnan(number) && (i == 1 || number > (*bound)->table[i - 2])) {
      (*bound)->table[(*bound)->n_table++] = number;
      continue;
    }
    error_set(error, "the bounds of cut() are numbers, each greater than the one before");
    error_hint(error, "cut(size, 20, 40) makes <20, 20 to <40, >=40");
    status = fail_at(expr->operands[i], error);
  }
  if (status)
    bound_free(*bound);
  else
    name_classes(*bound);
  return status;
}

/* I(x) is x: R's way to put arithmetic into a formula. */
static enum status bind_identity(const struct expr *expr, const struct cohort *cohort, struct bound **bound,
                                 struct error *error)
{
  if (expr->n_operands != 1)
    return wrong_count(expr, "I(x)", error);
  return bound_new(expr->operands[0], cohort, bound, error);
}

enum status bind_call(const struct expr *expr, const struct cohort *cohort, struct bound **bound, struct error *error)
{
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
    if (strcmp(functions[i].name, expr->text) == 0)
      return bind_numeric(&functions[i], expr, cohort, bound, error);
  if (strcmp(expr->text, "date") == 0)
    return bind_date(expr, bound, error);
  if (strcmp(expr->text, "missing") == 0)
    return bind_missing(expr, cohort, bound, error);
  if (strcmp(expr->text, "if") == 0)
    return bind_if(expr, cohort, bound, error);
  if (strcmp(expr->text, "cut") == 0)
    return bind_cut(expr, cohort, bound, error);
  if (strcmp(expr->text, "I") == 0)
    return bind_identity(expr, cohort, bound, error);
  error_set(error, "there is no function %s", expr->text);
  error_hint(error, "the functions are missing if cut log exp sqrt abs min max round date days months years");
  return fail_at(expr, error);
}
