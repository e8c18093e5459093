/* SPDX-License-Identifier: GPL-3.0-or-later */
/* list: the rows themselves. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "data/sort_rows.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/printing.h"

enum { MOST_ROWS = 100 };

/* The rows on view that the condition keeps, in the file's order; the caller frees them. */
static uint32_t *rows_of(const struct state *state, const struct bitmap *condition, size_t *n)
{
  uint32_t *rows = memory_new(state->cohort->n_rows, sizeof *rows);
  *n = 0;
  for (size_t row = 0; row < state->cohort->n_rows; row++)
    if (bitmap_has(&state->on_view->rows, row) && (!condition || bitmap_has(condition, row)))
      rows[(*n)++] = (uint32_t)row;
  return rows;
}

/* The columns named, or all; the caller frees the array. */
static enum status read_columns(const struct command *command, const struct state *state, const struct column ***columns,
                                size_t *n, struct error *error)
{
  char **names;
  size_t n_names;
  if (arguments_columns(command, state, &names, &n_names, error))
    return STATUS_ERROR;
  const bool all = n_names == 0;
  *n = all ? state->cohort->n_columns : n_names;
  *columns = memory_new(*n, sizeof **columns);
  for (size_t i = 0; i < *n; i++)
    (*columns)[i] = all ? state->cohort->columns[i] : cohort_find_column(state->cohort, names[i]);
  arguments_free_names(names, n_names);
  return STATUS_OK;
}

/* By sort=, in which the first column counts most. */
static enum status sort(const struct command *command, const struct state *state, uint32_t *rows, size_t n,
                        struct error *error)
{
  const struct command_option *option = command_find_option(command, "sort");
  for (size_t i = option ? option->n_items : 0; i-- > 0;) {
    const struct column *column;
    if (arguments_find_column(state, option->items[i], option->start, option->length, &column, error))
      return STATUS_ERROR;
    sort_rows(column, arguments_flag(command, "descending"), rows, n);
  }
  return STATUS_OK;
}

static void add_cell(const struct column *column, size_t row, struct table *table, struct printed_table *printed, size_t place)
{
  struct text cell = TEXT_INIT;
  if (column->kind == COLUMN_NUMBER)
    table_add_number(table, column_number(column, row));
  if (!column_is_missing(column, row)) {
    column_append_cell(column, row, &cell);
    printed_table_set(printed, place, "%s", text_string(&cell));
  }
  if (column->kind != COLUMN_NUMBER)
    table_add_text(table, cell.length ? text_string(&cell) : NULL);
  text_clear(&cell);
}

/* Names of the table's columns are separated by blanks: a column's own blanks become underscores. */
static struct table *new_table(const struct column *const *columns, size_t n)
{
  struct text names = TEXT_INIT;
  text_append(&names, "line");
  for (size_t i = 0; i < n; i++) {
    text_append_char(&names, ' ');
    for (const char *at = columns[i]->name; *at; at++)
      text_append_char(&names, strchr(" \t\n", *at) ? '_' : *at);
  }
  struct table *table = table_new("list", text_string(&names));
  text_clear(&names);
  return table;
}

static void tell(struct report *report, const struct column *const *columns, size_t n_columns, const uint32_t *rows, size_t n)
{
  struct table *table = new_table(columns, n_columns);
  struct printed_table *printed = printed_table_new(NULL);
  printed_table_add_column(printed, "row", ALIGN_RIGHT);
  for (size_t c = 0; c < n_columns; c++)
    printed_table_add_column(printed, column_display_name(columns[c]),
                             columns[c]->kind == COLUMN_NUMBER ? ALIGN_RIGHT : ALIGN_LEFT);
  for (size_t i = 0; i < n; i++) {
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%zu", (size_t)rows[i] + 1);
    table_add_number(table, rows[i] + 1.0);
    for (size_t c = 0; c < n_columns; c++)
      add_cell(columns[c], rows[i], table, printed, c + 1);
  }
  report_add_table(report, table);
  report_add_printed(report, printed);
}

static enum status run_list(struct verb_context *context, const struct command *command, struct error *error)
{
  const struct state *state = context->state;
  const double most = arguments_number(command, "rows", MOST_ROWS);
  const struct column **columns = NULL;
  struct bitmap *condition = NULL;
  size_t n_columns, n;
  if (read_columns(command, state, &columns, &n_columns, error))
    return STATUS_ERROR;
  if (arguments_condition(command, state, &condition, error)) {
    free(columns);
    return STATUS_ERROR;
  }
  uint32_t *rows = rows_of(state, condition, &n);
  enum status status = sort(command, state, rows, n, error);
  if (!status) {
    const size_t shown = most >= 0 && most < (double)n ? (size_t)most : n;
    tell(context->report, columns, n_columns, rows, shown);
    report_set_cohort(context->report, n, n);
    if (shown < n)
      report_warn(context->report, "%zu of %zu rows are listed; rows=%zu lists all", shown, n, n);
    if (!n)
      report_warn(context->report, "no row on view fits");
  }
  free(rows);
  free(columns);
  arguments_free_condition(condition);
  return status;
}

static const struct option_syntax list_options[] = {
    {"sort", OPTION_LIST, NULL, "columns to sort by, the first counting most; missing values last"},
    {"descending", OPTION_FLAG, NULL, "the greatest first"},
    {"rows", OPTION_NUMBER, NULL, "how many rows at the most (100)"},
    {.name = NULL},
};

static const char *const list_examples[] = {"list patient_id grade os_months death if grade == \"NEC\", sort=os_months rows=10",
                                            NULL};

const struct verb verb_list = {
    .syntax = {"list", ARGUMENTS_NAMES, true, list_options},
    .usage = "list [VARIABLE …] [if EXPR] [, sort=V,… descending rows=N]",
    .summary = "the rows on view, as they are",
    .details = "Without variables all columns.  The row is its place in the file.  In the explorer view 7 shows the same, to move in.",
    .tables = "list",
    .examples = list_examples,
    .needs = NEEDS_COHORT,
    .is_analysis = true,
    .run = run_list,
};
