/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of the data view, of a patient's card and of a column's frequency table. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "data/date.h"
#include "lang/token.h"
#include "ui/actions.h"
#include "ui/column_words.h"
#include "ui/pane.h"

/* The sheet as it is now, with a cell under the cursor; false, and said, where there is none. */
static bool has_cell(struct explorer *explorer)
{
  struct sheet *sheet = pane_data_sheet(explorer);
  if (sheet->n_rows && sheet->n_columns)
    return true;
  explorer_say(explorer, STYLE_DIM, sheet->state->cohort ? "no patient is on view" : "no cohort is loaded");
  return false;
}

/* ---- the sheet ---- */

enum explorer_wish act_sort(struct explorer *explorer, uint32_t key)
{
  if (!has_cell(explorer))
    return WISH_NONE;
  const char *name = sheet_at_column(&explorer->sheet)->column->name;
  const bool sorted = sheet_sort(&explorer->sheet, key == ']');
  pane_data_sheet(explorer);
  if (sorted && explorer->errands && errands_is_busy(explorer->errands, ERRAND_SORT))
    explorer_say(explorer, STYLE_TEXT, "sorting by %s, %s …", name, key == ']' ? "descending" : "ascending");
  else if (sorted)
    explorer_say(explorer, STYLE_TEXT, "sorted by %s, %s; missing last, ties as before", name,
                 key == ']' ? "descending" : "ascending");
  else
    explorer_say(explorer, STYLE_TEXT, "in the order of the file");
  return WISH_NONE;
}

enum explorer_wish act_tag(struct explorer *explorer, uint32_t key)
{
  (void)key;
  if (!has_cell(explorer))
    return WISH_NONE;
  sheet_toggle_tag(&explorer->sheet);
  explorer_say(explorer, STYLE_TEXT, "%zu tagged", sheet_count_tagged(&explorer->sheet));
  pane_data_move(explorer, MOTION_DOWN);
  return WISH_NONE;
}

enum explorer_wish act_end_columns(struct explorer *explorer, uint32_t key)
{
  struct sheet *sheet = &explorer->sheet;
  if (has_cell(explorer))
    sheet->column = key == '$' ? sheet->n_columns - 1 : 0;
  return WISH_NONE;
}

enum explorer_wish act_go_to_column(struct explorer *explorer, uint32_t key)
{
  (void)key;
  return has_cell(explorer) ? explorer_ask(explorer, COLUMN_PROMPT, "") : WISH_NONE;
}

void data_go_to_column(struct explorer *explorer, const char *typed)
{
  struct sheet *sheet = &explorer->sheet;
  const size_t length = strlen(typed);
  const bool quoted = length >= 2 && typed[0] == '`' && typed[length - 1] == '`';
  char *name = memory_copy_bytes(typed + quoted, length - 2 * (size_t)quoted);
  while (*name && name[strlen(name) - 1] == ' ' && !quoted)
    name[strlen(name) - 1] = '\0'; /* what completion put behind it */
  const size_t at = *name && has_cell(explorer) ? sheet_find_column(sheet, name) : sheet->n_columns;
  if (at < sheet->n_columns)
    sheet->column = at;
  else if (*name)
    explorer_say(explorer, STYLE_WARNING, "no column that is shown has %s in its name%s", name,
                 sheet->n_hidden ? "; + shows the hidden ones" : "");
  free(name);
}

enum explorer_wish act_hide_column(struct explorer *explorer, uint32_t key)
{
  (void)key;
  if (!has_cell(explorer))
    return WISH_NONE;
  struct sheet *sheet = &explorer->sheet;
  char *name = memory_copy_string(sheet_at_column(sheet)->column->name);
  if (sheet_hide_column(sheet))
    explorer_say(explorer, STYLE_TEXT, "%s is hidden, %zu in all; + shows them again", name, sheet->n_hidden);
  else
    explorer_say(explorer, STYLE_WARNING, "the last column stays");
  free(name);
  return WISH_NONE;
}

enum explorer_wish act_show_columns(struct explorer *explorer, uint32_t key)
{
  (void)key;
  if (!has_cell(explorer))
    return WISH_NONE;
  const size_t n = sheet_show_all(&explorer->sheet);
  explorer_say(explorer, n ? STYLE_TEXT : STYLE_DIM, n ? "%zu column%s shown again" : "no column is hidden", n,
               n == 1 ? "" : "s");
  return WISH_NONE;
}

enum explorer_wish act_card(struct explorer *explorer, uint32_t key)
{
  (void)key;
  if (has_cell(explorer))
    pane_open(explorer, VIEW_CARD);
  return WISH_NONE;
}

enum explorer_wish act_leave_card(struct explorer *explorer, uint32_t key)
{
  (void)key;
  if (explorer->card_list.cursor < explorer->sheet.n_columns)
    explorer->sheet.column = explorer->card_list.cursor;
  pane_close(explorer);
  return WISH_NONE;
}

/* ---- filters ---- */

/* Runs the filter that is, and the condition. */
static void filter_also(struct explorer *explorer, const char *condition)
{
  const struct state *state = session_state(explorer->session);
  struct text line = TEXT_INIT;
  if (!state->filter)
    text_append_format(&line, "filter %s", condition);
  else if (strchr(state->filter, '|'))
    text_append_format(&line, "filter (%s) & %s", state->filter, condition);
  else
    text_append_format(&line, "filter %s & %s", state->filter, condition);
  explorer_run(explorer, text_string(&line));
  text_clear(&line);
}

static void append_number(struct text *text, const struct column *column, double value)
{
  if (column->kind == COLUMN_DATE) {
    text_append(text, "date(\"");
    date_append(text, value);
    text_append(text, "\")");
  } else {
    number_append_short(text, value);
  }
}

static void filter_to_level(struct explorer *explorer, const struct column *column, uint32_t code)
{
  bool *included = memory_new(column->n_levels, sizeof *included);
  included[code - 1] = true;
  explorer_filter_levels(explorer, column, included);
  free(included);
}

enum explorer_wish act_only_value(struct explorer *explorer, uint32_t key)
{
  (void)key;
  const struct frequency_view *view = &explorer->frequency;
  const struct frequency *frequency = view->counted;
  const struct state *state = session_state(explorer->session);
  if (!frequency || view->list.cursor >= frequency_rows(frequency))
    return WISH_NONE;
  if (!frequency_is_of_now(explorer)) {
    explorer_say(explorer, STYLE_DIM, "still counting");
    return WISH_NONE;
  }
  const struct column *column = cohort_find_column(state->cohort, frequency->column->name);
  if (!column) {
    explorer_say(explorer, STYLE_WARNING, "%s is made by the endpoint, it is no column: filter by those it is made of",
                 frequency->column->name);
    return WISH_NONE;
  }
  const struct frequency_line *line = frequency_line_at(frequency, view->list.cursor, view->by_level);
  struct text condition = TEXT_INIT;
  if (!line) {
    text_append(&condition, "missing(");
    token_append_name(&condition, column->name);
    text_append_char(&condition, ')');
  } else if (column->kind != COLUMN_FACTOR) {
    token_append_name(&condition, column->name);
    text_append(&condition, " == ");
    append_number(&condition, column, line->value);
  }
  if (condition.length)
    filter_also(explorer, text_string(&condition));
  else
    filter_to_level(explorer, column, line->code);
  text_clear(&condition);
  return WISH_NONE;
}

enum { MOST_TAGGED = 100 };

static bool same_value(const struct column *column, size_t a, size_t b)
{
  return column->kind == COLUMN_FACTOR ? column_code(column, a) == column_code(column, b)
                                       : column_number(column, a) == column_number(column, b);
}

/* Whether no patient of the cohort that is not tagged has a value that a tagged one has: then the values name the
 * tagged. */
static bool tells_apart(const struct sheet *sheet, const struct column *column, const size_t *tagged, size_t n)
{
  const struct bitmap *members = &sheet->state->members->rows;
  for (size_t i = 0; i < n; i++)
    if (column_is_missing(column, tagged[i]))
      return false;
  for (size_t row = 0; row < members->n; row++) {
    if (!bitmap_has(members, row) || sheet_is_tagged(sheet, row) || column_is_missing(column, row))
      continue;
    for (size_t i = 0; i < n; i++)
      if (same_value(column, row, tagged[i]))
        return false;
  }
  return true;
}

/* The column under the cursor if it tells the tagged apart, else the first that does; NULL where none does. */
static const struct column *telling_column(const struct sheet *sheet, const size_t *tagged, size_t n)
{
  const struct sheet_column *at = sheet_at_column(sheet);
  if (at && !at->derived && tells_apart(sheet, at->column, tagged, n))
    return at->column;
  for (size_t i = 0; i < sheet->state->cohort->n_columns; i++)
    if (tells_apart(sheet, sheet->state->cohort->columns[i], tagged, n))
      return sheet->state->cohort->columns[i];
  return NULL;
}

/* `filter patient_id in ("XU-001", "XU-004")`: in place of what was the filter, since the tagged were on view in it. */
static void filter_to(struct explorer *explorer, const struct column *column, const size_t *tagged, size_t n)
{
  struct text line = TEXT_INIT;
  text_append(&line, "filter ");
  token_append_name(&line, column->name);
  text_append(&line, " in (");
  for (size_t i = 0; i < n; i++) {
    bool again = false;
    for (size_t k = 0; k < i && !again; k++)
      again = same_value(column, tagged[i], tagged[k]);
    if (again)
      continue;
    text_append(&line, i ? ", " : "");
    if (column->kind == COLUMN_FACTOR)
      token_append_string(&line, column->levels[column_code(column, tagged[i]) - 1].name);
    else
      append_number(&line, column, column_number(column, tagged[i]));
  }
  text_append_char(&line, ')');
  explorer_run(explorer, text_string(&line));
  text_clear(&line);
}

enum explorer_wish act_filter_tagged(struct explorer *explorer, uint32_t key)
{
  (void)key;
  if (!has_cell(explorer))
    return WISH_NONE;
  const struct sheet *sheet = &explorer->sheet;
  const size_t count = sheet_count_tagged(sheet);
  size_t tagged[MOST_TAGGED], n = 0;
  if (!count || count > MOST_TAGGED) {
    explorer_say(explorer, STYLE_DIM,
                 count ? "more than 100 are tagged: too many for a filter" : "no patient is tagged; Space tags one");
    return WISH_NONE;
  }
  for (size_t row = 0; row < sheet->tagged.n; row++)
    if (sheet_is_tagged(sheet, row) && bitmap_has(&sheet->state->on_view->rows, row))
      tagged[n++] = row;
  const struct column *column = telling_column(sheet, tagged, n);
  if (column)
    filter_to(explorer, column, tagged, n);
  else
    explorer_say(explorer, STYLE_WARNING,
                 "no column tells the tagged patients from the others: no filter names them");
  return WISH_NONE;
}

/* ---- looking at a column ---- */

/* The column that the focus is on: of the variables, the sheet, the card, the frequency table. */
static const struct column *focused_column(struct explorer *explorer)
{
  const struct column *column = NULL;
  const struct sheet *sheet = &explorer->sheet;
  uint32_t code;
  if (explorer->wishes.focus == FOCUS_VARIABLES)
    return explorer_at_variable(explorer, &column, &code) ? column : NULL;
  if (explorer->wishes.view == VIEW_FREQUENCY)
    return explorer->frequency.column;
  if (!has_cell(explorer))
    return NULL;
  const size_t at = explorer->wishes.view == VIEW_CARD ? explorer->card_list.cursor : sheet->column;
  return at < sheet->n_columns ? sheet->columns[at].column : NULL;
}

enum explorer_wish act_frequencies(struct explorer *explorer, uint32_t key)
{
  (void)key;
  const struct column *column = focused_column(explorer);
  if (!column)
    return WISH_NONE;
  frequency_view_clear(&explorer->frequency);
  frequency_ask(explorer, column);
  pane_open(explorer, VIEW_FREQUENCY);
  return WISH_NONE;
}

enum explorer_wish act_order_values(struct explorer *explorer, uint32_t key)
{
  explorer->frequency.by_level = key == '[';
  explorer->frequency.list = (struct list){.cursor = 0};
  return WISH_NONE;
}

/* A column that is put in words, and the words. */
struct description {
  struct state *state;
  const struct column *column;
  struct text words;
};

static void do_describe(void *data, struct task *task)
{
  (void)task;
  struct description *description = data;
  column_append_words(description->state, description->column, &description->words);
}

static void release_description(void *data)
{
  struct description *description = data;
  state_release(description->state);
  column_release(description->column);
  text_clear(&description->words);
  free(description);
}

void description_take(struct explorer *explorer, struct errand *errand)
{
  struct description *description = errand->data;
  explorer_show(explorer, column_display_name(description->column), text_take(&description->words));
  release_description(description);
}

enum explorer_wish act_describe(struct explorer *explorer, uint32_t key)
{
  (void)key;
  const struct column *column = focused_column(explorer);
  if (!column)
    return WISH_NONE;
  struct description *description = memory_new(1, sizeof *description);
  *description = (struct description){state_retain(session_state(explorer->session)), column_retain(column), TEXT_INIT};
  explorer_errand(explorer, ERRAND_DESCRIPTION, &(struct errand){description, do_describe, release_description});
  return WISH_NONE;
}
