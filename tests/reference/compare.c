/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/reference/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Which columns tell a table's rows apart, and which rows may stand beyond the expected ones. */
enum extra_rows { EXTRA_NONE, EXTRA_TIME_ZERO, EXTRA_REFERENCE, EXTRA_ANY, EXTRA_OVERALL, EXTRA_CENSORINGS };

static const struct table_rule {
  const char *table, *keys[3];
  enum extra_rows extra;
} rules[] = {
    {"km_curve", {"group", "time"}, EXTRA_TIME_ZERO},
    {"km_summary", {"group"}, EXTRA_NONE},
    {"km_at", {"group", "time"}, EXTRA_NONE},
    {"logrank", {"test"}, EXTRA_ANY},
    {"logrank_groups", {"group"}, EXTRA_NONE},
    {"logrank_pairwise", {"group1", "group2"}, EXTRA_NONE},
    {"cox_terms", {"term", "level"}, EXTRA_REFERENCE},
    {"cox_fit", {NULL}, EXTRA_NONE},
    {"cox_baseline", {"stratum", "time"}, EXTRA_CENSORINGS},
    {"zph", {"term"}, EXTRA_NONE},
    {"screen_univariate", {"term", "level"}, EXTRA_REFERENCE},
    {"screen_multivariate", {"term", "level"}, EXTRA_REFERENCE},
    {"table2", {"variable", "level"}, EXTRA_ANY},
    {"stepwise_path", {"step", "term"}, EXTRA_NONE},
    {"table1", {"variable", "level", "group"}, EXTRA_OVERALL},
    {"table1_tests", {"variable", "test"}, EXTRA_ANY},
    {"forest", {"variable", "level"}, EXTRA_OVERALL},
    {"nomogram_points", {"term", "level", "value"}, EXTRA_REFERENCE},
    {"nomogram_survival", {"time", "survival"}, EXTRA_NONE},
    {"predict", {"time"}, EXTRA_NONE},
    {"validate", {"index"}, EXTRA_NONE},
    {"calibrate", {"time", "group"}, EXTRA_NONE},
    {"cif_curve", {"group", "cause", "time"}, EXTRA_TIME_ZERO},
    {"gray", {"cause"}, EXTRA_NONE},
    {"finegray_terms", {"term", "level"}, EXTRA_REFERENCE},
    {"rmst", {"group", "tau"}, EXTRA_NONE},
    {"rmst_contrast", {"group1", "group2", "measure"}, EXTRA_NONE},
    {"flow", {"step"}, EXTRA_NONE},
    {"flow_branches", {"branch", "group"}, EXTRA_NONE},
    {"lifetable", {"group", "start"}, EXTRA_NONE},
    {"pool", {"group"}, EXTRA_NONE},
};

enum { MAX_COLUMNS = 64 };

/* One comparison: the expected table, the table that came, and which column of the one is which of the other. */
struct comparison {
  const struct table_rule *rule;
  const struct tsv *expected;
  const struct json *rows;
  size_t place[MAX_COLUMNS]; /* of an expected column in a row that came */
  bool is_key[MAX_COLUMNS];
  struct tolerance tolerance;
  FILE *differences;
  size_t n_differences;
};

static bool is_one_of(const char *name, const char *const *names)
{
  for (; *names; names++)
    if (strcmp(name, *names) == 0)
      return true;
  return false;
}

static bool is_p_value(const char *column)
{
  static const char *const names[] = {"p_value", "p_adjusted", "lr_p",          "wald_p",
                                      "score_p", "logrank_p",  "interaction_p", "hr_p", "adjusted_p", NULL};
  return is_one_of(column, names);
}

static bool is_missing(const struct json *value)
{
  return value->kind == JSON_NULL;
}

static bool is_near(double got, double expected, double relative, double absolute)
{
  return got == expected || fabs(got - expected) <= fmax(absolute, relative * fabs(expected));
}

/* The field as a number; false where it is text. */
static bool field_number(const char *field, double *number)
{
  char *end;
  *number = strtod(field, &end);
  return end != field && *end == '\0';
}

static bool text_equals(const struct json *value, const char *field)
{
  char number[32];
  switch (value->kind) {
  case JSON_STRING:
    return strcmp(value->string, field) == 0;
  case JSON_BOOL:
    return strcmp(value->truth ? "true" : "false", field) == 0;
  case JSON_NUMBER:
    snprintf(number, sizeof number, "%.15g", value->number);
    return strcmp(number, field) == 0;
  default:
    return false;
  }
}

static bool key_matches(const struct json *value, const char *field)
{
  double number;
  if (strcmp(field, "NA") == 0)
    return is_missing(value) || (value->kind == JSON_STRING && *value->string == '\0');
  if (value->kind == JSON_NUMBER && field_number(field, &number))
    return is_near(value->number, number, 1e-9, 0);
  return text_equals(value, field);
}

static bool value_matches(const struct json *value, const char *field, const char *column, struct tolerance tolerance)
{
  double number;
  if (strcmp(field, "NA") == 0)
    return is_missing(value);
  if (!field_number(field, &number))
    return text_equals(value, field);
  if (value->kind != JSON_NUMBER)
    return false;
  if (is_p_value(column))
    return is_near(value->number, number, fmax(tolerance.relative, 1e-6), 0);
  return is_near(value->number, number, tolerance.relative, tolerance.absolute);
}

static void print_value(FILE *out, const struct json *value)
{
  switch (value->kind) {
  case JSON_NUMBER:
    fprintf(out, "%.17g", value->number);
    return;
  case JSON_STRING:
    fprintf(out, "\"%s\"", value->string);
    return;
  case JSON_BOOL:
    fputs(value->truth ? "true" : "false", out);
    return;
  default:
    fputs("null", out);
  }
}

static bool row_has_keys(const struct comparison *comparison, const struct json *row, size_t expected_row)
{
  for (size_t c = 0; c < comparison->expected->n_columns; c++)
    if (comparison->is_key[c] &&
        !key_matches(&row->items[comparison->place[c]], tsv_field(comparison->expected, expected_row, c)))
      return false;
  return true;
}

static void name_row(const struct comparison *comparison, size_t row)
{
  const char *comma = "";
  for (size_t c = 0; c < comparison->expected->n_columns; c++)
    if (comparison->is_key[c]) {
      fprintf(comparison->differences, "%s%s", comma, tsv_field(comparison->expected, row, c));
      comma = ", ";
    }
}

static void compare_row(struct comparison *comparison, const struct json *row, size_t expected_row)
{
  const struct tsv *expected = comparison->expected;
  for (size_t c = 0; c < expected->n_columns; c++) {
    const struct json *value = &row->items[comparison->place[c]];
    const char *column = expected->fields[c], *field = tsv_field(expected, expected_row, c);
    if (comparison->is_key[c] || value_matches(value, field, column, comparison->tolerance))
      continue;
    comparison->n_differences++;
    name_row(comparison, expected_row);
    fprintf(comparison->differences, ": %s is ", column);
    print_value(comparison->differences, value);
    fprintf(comparison->differences, ", expected %s\n", field);
  }
}

/* The cell of a row that came, by the column's name among the expected ones; NULL where that column is not looked at.
 */
static const struct json *cell(const struct comparison *comparison, const struct json *row, const char *column)
{
  size_t c = tsv_column(comparison->expected, column);
  return c < comparison->expected->n_columns ? &row->items[comparison->place[c]] : NULL;
}

/* A reference level: no standard error and a coefficient that is 0 or not given. */
static bool is_reference(const struct comparison *comparison, const struct json *row)
{
  const struct json *estimate = cell(comparison, row, "estimate"), *hazard_ratio = cell(comparison, row, "hr");
  const struct json *p_value = cell(comparison, row, "p_value");
  if (p_value && !is_missing(p_value))
    return false;
  if (estimate && !is_missing(estimate))
    return estimate->number == 0; /* NOLINT: exactly 0 is meant */
  return !hazard_ratio || is_missing(hazard_ratio) || hazard_ratio->number == 1;
}

/* A time at which no event was: the hazard stays where an expected row has it, or at 0. */
static bool is_censoring(const struct comparison *comparison, const struct json *row)
{
  const struct json *hazard = cell(comparison, row, "hazard");
  size_t column = tsv_column(comparison->expected, "hazard");
  if (!hazard || hazard->number == 0)
    return hazard;
  for (size_t r = 0; r < comparison->expected->n_rows; r++)
    if (value_matches(hazard, tsv_field(comparison->expected, r, column), "hazard", comparison->tolerance))
      return true;
  return false;
}

/* Whether an expected row has that value in the column. */
static bool is_expected(const struct comparison *comparison, const char *column_name, const struct json *value)
{
  size_t column = tsv_column(comparison->expected, column_name);
  for (size_t r = 0; r < comparison->expected->n_rows; r++)
    if (text_equals(value, tsv_field(comparison->expected, r, column)))
      return true;
  return false;
}

/* A row of all groups or patients together; or of a variable that another case of the same command looks at. */
static bool is_overall(const struct comparison *comparison, const struct json *row)
{
  static const char *const names[] = {"all", "overall", "total", NULL};
  const struct json *group = cell(comparison, row, "group"), *variable = cell(comparison, row, "variable");
  if (variable && !is_expected(comparison, "variable", variable))
    return true;
  return group && group->kind == JSON_STRING && is_one_of(group->string, names);
}

static bool may_be_extra(const struct comparison *comparison, const struct json *row)
{
  const struct json *time;
  switch (comparison->rule->extra) {
  case EXTRA_ANY:
    return true;
  case EXTRA_TIME_ZERO:
    time = cell(comparison, row, "time");
    return time && time->kind == JSON_NUMBER && time->number == 0;
  case EXTRA_REFERENCE:
    return is_reference(comparison, row);
  case EXTRA_CENSORINGS:
    return is_censoring(comparison, row);
  case EXTRA_OVERALL:
    return is_overall(comparison, row);
  default:
    return false;
  }
}

static void compare_rows(struct comparison *comparison)
{
  const struct json *rows = comparison->rows;
  bool *taken = must_have(calloc(rows->n_items + 1, sizeof *taken));
  for (size_t r = 0; r < comparison->expected->n_rows; r++) {
    size_t i = 0;
    while (i < rows->n_items && (taken[i] || !row_has_keys(comparison, &rows->items[i], r)))
      i++;
    if (i < rows->n_items) {
      taken[i] = true;
      compare_row(comparison, &rows->items[i], r);
      continue;
    }
    comparison->n_differences++;
    name_row(comparison, r);
    fputs(": the row is missing\n", comparison->differences);
  }
  for (size_t i = 0; i < rows->n_items; i++)
    if (!taken[i] && !may_be_extra(comparison, &rows->items[i])) {
      comparison->n_differences++;
      fprintf(comparison->differences, "row %zu is more than was expected\n", i + 1);
    }
  free(taken);
}

/* Finds each expected column among those that came, and the keys; false where one is missing. */
static bool match_columns(struct comparison *comparison, const struct json *columns)
{
  for (size_t c = 0; c < comparison->expected->n_columns; c++) {
    const char *name = comparison->expected->fields[c];
    size_t i = 0;
    while (i < columns->n_items && !text_equals(&columns->items[i], name))
      i++;
    if (i == columns->n_items) {
      fprintf(comparison->differences, "column %s is missing\n", name);
      return false;
    }
    comparison->place[c] = i;
    for (size_t k = 0; k < 3 && comparison->rule->keys[k]; k++)
      comparison->is_key[c] |= strcmp(name, comparison->rule->keys[k]) == 0;
  }
  return true;
}

static bool is_rectangular(const struct json *rows, const struct json *columns)
{
  for (size_t i = 0; i < rows->n_items; i++)
    if (rows->items[i].kind != JSON_ARRAY || rows->items[i].n_items != columns->n_items)
      return false;
  return true;
}

static bool compare_table(struct comparison *comparison, const struct json *answer)
{
  const struct json *table = json_member(json_member(answer, "tables"), comparison->rule->table);
  const struct json *columns = json_member(table, "columns"), *rows = json_member(table, "rows");
  if (!columns || !rows || columns->kind != JSON_ARRAY || rows->kind != JSON_ARRAY) {
    fprintf(comparison->differences, "there is no table %s\n", comparison->rule->table);
    return false;
  }
  if (!is_rectangular(rows, columns)) {
    fprintf(comparison->differences, "a row of %s has another number of cells than columns\n", comparison->rule->table);
    return false;
  }
  comparison->rows = rows;
  if (!match_columns(comparison, columns))
    return false;
  compare_rows(comparison);
  return comparison->n_differences == 0;
}

/* The object's own counts: n, used, dropped. */
static bool compare_cohort(const struct json *answer, const struct tsv *expected, FILE *differences)
{
  const struct json *cohort = json_member(answer, "cohort");
  bool same = true;
  for (size_t c = 0; c < expected->n_columns; c++) {
    const struct json *value = json_member(cohort, expected->fields[c]);
    if (value && text_equals(value, tsv_field(expected, 0, c)))
      continue;
    fprintf(differences, "cohort: %s is not %s\n", expected->fields[c], tsv_field(expected, 0, c));
    same = false;
  }
  return same;
}

/* Each expected text must occur in one of the warnings. */
static bool compare_warnings(const struct json *answer, const struct tsv *expected, FILE *differences)
{
  const struct json *warnings = json_member(answer, "warnings");
  bool same = true;
  for (size_t r = 0; r < expected->n_rows; r++) {
    const char *wanted = tsv_field(expected, r, tsv_column(expected, "contains"));
    bool found = false;
    for (size_t i = 0; warnings && i < warnings->n_items; i++)
      found |= warnings->items[i].kind == JSON_STRING && strstr(warnings->items[i].string, wanted);
    if (!found)
      fprintf(differences, "no warning says \"%s\"\n", wanted);
    same &= found;
  }
  return same;
}

bool compare_answer(const struct json *answer, const char *table, const struct tsv *expected,
                    struct tolerance tolerance, FILE *differences)
{
  if (strcmp(table, "cohort") == 0)
    return compare_cohort(answer, expected, differences);
  if (strcmp(table, "warnings") == 0)
    return compare_warnings(answer, expected, differences);
  if (expected->n_columns > MAX_COLUMNS)
    give_up("%s: more than %d columns", table, MAX_COLUMNS);
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
    if (strcmp(rules[i].table, table) == 0) {
      struct comparison comparison = {
          .rule = &rules[i], .expected = expected, .tolerance = tolerance, .differences = differences};
      return compare_table(&comparison, answer);
    }
  give_up("%s: compare.c does not know the key columns of this table", table);
}
