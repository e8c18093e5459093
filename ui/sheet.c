/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "base/utf8.h"
#include "stats/survival_data.h"

/* ---- life ---- */

static void clear_columns(struct sheet *sheet)
{
  for (size_t i = 0; i < sheet->n_columns; i++)
    column_release(sheet->columns[i].column);
  free(sheet->columns);
  sheet->columns = NULL;
  sheet->n_columns = 0;
}

static void clear_keys(struct sheet *sheet)
{
  for (size_t i = 0; i < sheet->n_keys; i++)
    free(sheet->keys[i].name);
  sheet->n_keys = 0;
}

void sheet_clear(struct sheet *sheet)
{
  clear_columns(sheet);
  clear_keys(sheet);
  for (size_t i = 0; i < sheet->n_hidden; i++)
    free(sheet->hidden[i]);
  free(sheet->hidden);
  free(sheet->rows);
  bitmap_clear(&sheet->tagged);
  state_release(sheet->state);
  *sheet = (struct sheet){.state = NULL};
}

/* ---- columns ---- */

static bool is_hidden(const struct sheet *sheet, const char *name)
{
  for (size_t i = 0; i < sheet->n_hidden; i++)
    if (strcmp(sheet->hidden[i], name) == 0)
      return true;
  return false;
}

/* Takes over one reference. */
static void add_column(struct sheet *sheet, size_t *capacity, const struct column *column, bool derived)
{
  const struct sheet_column added = {.column = column, .derived = derived};
  if (is_hidden(sheet, column->name))
    column_release(column);
  else
    MEMORY_APPEND(sheet->columns, sheet->n_columns, *capacity, added);
}

static struct column *new_times(const struct endpoint *endpoint, const char *suffix, const double *times)
{
  struct text name = TEXT_INIT;
  text_append_format(&name, "%s %s", endpoint->name, suffix);
  struct column *column = column_new_numbers(text_string(&name), COLUMN_NUMBER,
                                             memory_copy(times, endpoint->n_rows, sizeof *times), endpoint->n_rows);
  text_clear(&name);
  return column;
}

static struct column *new_events(const struct endpoint *endpoint)
{
  static const char *const words[] = {"censored", "event", "competing"};
  const size_t n_levels = endpoint->competing ? 3 : 2;
  char **levels = memory_new(n_levels, sizeof *levels);
  uint32_t *codes = memory_new(endpoint->n_rows, sizeof *codes);
  struct text name = TEXT_INIT;
  for (size_t i = 0; i < n_levels; i++)
    levels[i] = memory_copy_string(words[i]);
  for (size_t row = 0; row < endpoint->n_rows; row++)
    if (endpoint->time[row] == endpoint->time[row] && endpoint->status[row] < n_levels)
      codes[row] = endpoint->status[row] + 1u;
  text_append_format(&name, "%s event", endpoint->name);
  struct column *column = column_new_factor(text_string(&name), codes, endpoint->n_rows, levels, n_levels);
  text_clear(&name);
  free(codes);
  return column;
}

static void list_columns(struct sheet *sheet)
{
  const struct cohort *cohort = sheet->state->cohort;
  const struct endpoint *endpoint = state_endpoint(sheet->state);
  size_t capacity = 0;
  clear_columns(sheet);
  if (!cohort)
    return;
  if (endpoint && endpoint->n_rows == cohort->n_rows) {
    if (endpoint->entry)
      add_column(sheet, &capacity, new_times(endpoint, "entry", endpoint->entry), true);
    add_column(sheet, &capacity, new_times(endpoint, "time", endpoint->time), true);
    add_column(sheet, &capacity, new_events(endpoint), true);
  }
  for (size_t i = 0; i < cohort->n_columns; i++)
    add_column(sheet, &capacity, column_retain(cohort->columns[i]), false);
}

const struct sheet_column *sheet_at_column(const struct sheet *sheet)
{
  return sheet->column < sheet->n_columns ? &sheet->columns[sheet->column] : NULL;
}

size_t sheet_at_row(const struct sheet *sheet)
{
  return sheet->rows[sheet->list.cursor < sheet->n_rows ? sheet->list.cursor : sheet->n_rows - 1];
}

static bool begins_with(const char *name, const char *wanted)
{
  return strncasecmp(name, wanted, strlen(wanted)) == 0;
}

static bool holds(const char *name, const char *wanted)
{
  return strcasestr(name, wanted) != NULL;
}

static bool is_called(const char *name, const char *wanted)
{
  return strcmp(name, wanted) == 0;
}

size_t sheet_find_column(const struct sheet *sheet, const char *name)
{
  static bool (*const ways[])(const char *, const char *) = {is_called, begins_with, holds};
  for (size_t way = 0; way < sizeof ways / sizeof *ways; way++)
    for (size_t i = 0; i < sheet->n_columns; i++)
      if (ways[way](sheet->columns[i].column->name, name))
        return i;
  return sheet->n_columns;
}

/* Puts the columns together anew, the cursor where it was or where that column's follower is. */
static void relist(struct sheet *sheet)
{
  const struct sheet_column *at = sheet_at_column(sheet);
  char *name = at ? memory_copy_string(at->column->name) : NULL;
  sheet->order++;
  list_columns(sheet);
  for (size_t i = 0; name && i < sheet->n_columns; i++)
    if (strcmp(sheet->columns[i].column->name, name) == 0)
      sheet->column = i;
  if (sheet->column >= sheet->n_columns)
    sheet->column = sheet->n_columns ? sheet->n_columns - 1 : 0;
  free(name);
}

bool sheet_hide_column(struct sheet *sheet)
{
  const struct sheet_column *at = sheet_at_column(sheet);
  if (!at || sheet->n_columns < 2)
    return false;
  MEMORY_APPEND(sheet->hidden, sheet->n_hidden, sheet->hidden_capacity, memory_copy_string(at->column->name));
  relist(sheet);
  return true;
}

size_t sheet_show_all(struct sheet *sheet)
{
  const size_t n = sheet->n_hidden;
  for (size_t i = 0; i < n; i++)
    free(sheet->hidden[i]);
  sheet->n_hidden = 0;
  if (n)
    relist(sheet);
  return n;
}

/* ---- following the state ---- */

const struct column *sheet_key_column(const struct sheet *sheet, const char *name)
{
  for (size_t i = 0; i < sheet->n_columns; i++)
    if (strcmp(sheet->columns[i].column->name, name) == 0)
      return sheet->columns[i].column;
  return sheet->state->cohort ? cohort_find_column(sheet->state->cohort, name) : NULL;
}

void sheet_snapshot(const struct sheet *sheet, struct sheet *snapshot)
{
  *snapshot = (struct sheet){.state = state_retain(sheet->state),
                             .rows = memory_copy(sheet->rows, sheet->n_rows, sizeof *sheet->rows),
                             .n_rows = sheet->n_rows,
                             .columns = memory_copy(sheet->columns, sheet->n_columns, sizeof *sheet->columns),
                             .n_columns = sheet->n_columns,
                             .list = sheet->list,
                             .column = sheet->column,
                             .order = sheet->order};
  for (size_t i = 0; i < sheet->n_columns; i++)
    column_retain(sheet->columns[i].column);
}

uint32_t *sheet_rows_of(const struct row_set *set)
{
  uint32_t *rows = memory_resize(NULL, set->count, sizeof *rows);
  size_t n = 0;
  for (size_t word = 0; set->count && word * 64 < set->rows.n; word++)
    for (uint64_t bits = set->rows.words[word]; bits; bits &= bits - 1)
      rows[n++] = (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits));
  return rows;
}

void sheet_list_rows(struct sheet *sheet)
{
  const struct state *state = sheet->state;
  size_t kept = 0;
  sheet->order++;
  free(sheet->rows);
  sheet->n_rows = state->cohort ? state->on_view->count : 0;
  sheet->rows = state->cohort ? sheet_rows_of(state->on_view) : NULL;
  for (size_t i = 0; i < sheet->n_keys; i++) {
    if (!sheet_key_column(sheet, sheet->keys[i].name))
      free(sheet->keys[i].name);
    else
      sheet->keys[kept++] = sheet->keys[i];
  }
  sheet->n_keys = kept;
  sheet_sort_by_keys(sheet, true);
}

static bool same_text(const char *a, const char *b)
{
  return a == b || (a && b && strcmp(a, b) == 0);
}

void sheet_follow(struct sheet *sheet, const struct state *state)
{
  struct state *before = sheet->state;
  if (before == state)
    return;
  const bool same_cohort = before && before->cohort == state->cohort;
  const bool same_columns = same_cohort && state_endpoint(before) == state_endpoint(state);
  const size_t n_rows = state->cohort ? state->cohort->n_rows : 0;
  sheet->state = state_retain(state);
  if (!before || !same_text(before->source, state->source) || sheet->tagged.n != n_rows) {
    bitmap_clear(&sheet->tagged);
    bitmap_init(&sheet->tagged, n_rows, false);
  }
  if (!same_columns)
    relist(sheet);
  if (!same_columns || before->on_view != state->on_view)
    sheet_list_rows(sheet);
  state_release(before);
}

/* ---- cells and widths ---- */

void sheet_append_cell(const struct column *column, size_t row, struct text *text)
{
  const size_t start = text->length;
  if (column_is_missing(column, row))
    text_append_char(text, '.');
  else
    column_append_cell(column, row, text);
  if (text->length == start)
    text_append(text, "\"\"");
}

void sheet_append_brief_cell(const struct column *column, size_t row, struct text *text)
{
  const bool is_number = column->kind == COLUMN_NUMBER && !column_is_missing(column, row);
  const double value = is_number ? column_number(column, row) : 0;
  if (value == trunc(value)) /* an identifier keeps all its digits */
    sheet_append_cell(column, row, text);
  else if (fabs(value) < 1e7)
    text_append_format(text, "%.7g", value);
  else
    number_append_fixed(text, value, 0);
}

enum { MEASURED_ROWS = 1000, NARROWEST = 3 };

size_t sheet_width(struct sheet *sheet, size_t column)
{
  struct sheet_column *measured = &sheet->columns[column];
  const size_t n = column_n_rows(measured->column), step = n / MEASURED_ROWS + 1;
  if (measured->width)
    return measured->width;
  size_t width = utf8_string_width(measured->column->name);
  width = width < SHEET_NAME_WIDTH ? width : SHEET_NAME_WIDTH;
  for (size_t row = 0; row < n && width < SHEET_WIDEST; row += step) {
    struct text cell = TEXT_INIT;
    sheet_append_brief_cell(measured->column, row, &cell);
    const size_t needed = utf8_string_width(text_string(&cell));
    width = needed > width ? needed : width;
    text_clear(&cell);
  }
  width = width < NARROWEST ? NARROWEST : width;
  return measured->width = width < SHEET_WIDEST ? width : SHEET_WIDEST;
}

void sheet_show_column(struct sheet *sheet, size_t columns)
{
  if (!sheet->n_columns)
    return;
  size_t first = sheet->column, used = sheet_width(sheet, first);
  while (first && used + sheet_width(sheet, first - 1) + 2 <= columns)
    used += sheet_width(sheet, --first) + 2;
  if (sheet->first_column < first)
    sheet->first_column = first;
  if (sheet->first_column > sheet->column)
    sheet->first_column = sheet->column;
}

/* ---- tags ---- */

void sheet_toggle_tag(struct sheet *sheet)
{
  const size_t row = sheet_at_row(sheet);
  if (bitmap_has(&sheet->tagged, row))
    bitmap_remove(&sheet->tagged, row);
  else
    bitmap_add(&sheet->tagged, row);
}

bool sheet_is_tagged(const struct sheet *sheet, size_t row)
{
  return bitmap_has(&sheet->tagged, row);
}

size_t sheet_count_tagged(const struct sheet *sheet)
{
  return sheet->n_rows ? bitmap_count_both(&sheet->tagged, &sheet->state->on_view->rows) : 0;
}
