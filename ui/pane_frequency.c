/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often each value of a column occurs among those on view: counts, percent of the known, bars; missing last. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/utf8.h"
#include "data/date.h"
#include "ui/explorer_internal.h"
#include "ui/list_search.h"
#include "ui/paint.h"
#include "ui/pane.h"

enum { HEAD_ROWS = 2, MOST_VALUE = 28, MOST_BAR = 40, NUMBERS = 19 };

static void append_value(struct text *text, const struct column *column, const struct frequency_line *line)
{
  if (!line)
    text_append(text, "missing");
  else if (column->kind == COLUMN_FACTOR)
    text_append(text, *column->levels[line->code - 1].name ? column_level_display_name(column, line->code) : "\"\"");
  else if (column->kind == COLUMN_DATE)
    date_append(text, line->value);
  else
    number_append_short(text, line->value);
}

/* The lines that are shown decide how wide the values stand. */
static size_t value_width(const struct frequency_view *view, size_t height)
{
  const struct frequency *counted = view->counted;
  size_t width = 7;
  for (size_t i = 0; i < height && view->list.top + i < frequency_rows(counted); i++) {
    struct text value = TEXT_INIT;
    append_value(&value, counted->column, frequency_line_at(counted, view->list.top + i, view->by_level));
    const size_t needed = utf8_string_width(text_string(&value));
    width = needed > width ? needed : width;
    text_clear(&value);
  }
  return width < MOST_VALUE ? width : MOST_VALUE;
}

static void draw_line(struct explorer *explorer, struct frame *frame, struct area area, size_t i, size_t width)
{
  const struct frequency_view *view = &explorer->frequency;
  const struct frequency *frequency = view->counted;
  const struct frequency_line *line = frequency_line_at(frequency, i, view->by_level);
  const enum charset charset = explorer_charset(explorer);
  const size_t count = line ? line->count : frequency->n_missing;
  struct text value = TEXT_INIT, fitted = TEXT_INIT;
  append_value(&value, frequency->column, line);
  utf8_append_fitted(&fitted, text_string(&value), width, frequency->column->kind == COLUMN_NUMBER && line,
                     charset == CHARSET_ASCII);
  text_append_format(&fitted, " %8zu ", count);
  if (line)
    text_append_format(&fitted, "%5.1f %%  ", 100.0 * (double)count / (double)frequency->n_present);
  else
    text_append_repeated(&fitted, ' ', 9);
  const size_t room = area.columns > width + NUMBERS + 2 ? area.columns - width - NUMBERS - 2 : 0;
  const size_t longest = room < MOST_BAR ? room : MOST_BAR;
  const size_t filled = frequency->most ? (count * longest + frequency->most - 1) / frequency->most : 0;
  for (size_t k = 0; k < filled; k++)
    text_append(&fitted, charset == CHARSET_ASCII ? "#" : "█");
  paint_text(&frame->canvas, area_after(area, 2), text_string(&fitted), line ? STYLE_TEXT : STYLE_DIM, charset);
  text_clear(&value);
  text_clear(&fitted);
  if (i != view->list.cursor)
    return;
  canvas_put(&frame->canvas, area.row, area.column, '>', STYLE_TITLE);
  if (explorer->wishes.focus != FOCUS_MAIN)
    return;
  canvas_add_attributes(&frame->canvas, area, ATTRIBUTE_REVERSE);
  frame->cursor_row = area.row;
  frame->cursor_column = area.column;
}

/* ---- counting ---- */

/* What is to be counted, and what was. */
struct count {
  const struct column *column;
  const struct row_set *rows;
  struct frequency *found; /* NULL: not yet, or it was stopped */
};

static void do_count(void *data, struct task *task)
{
  struct count *count = data;
  count->found = frequency_count(count->column, count->rows, task);
}

static void release_count(void *data)
{
  struct count *count = data;
  column_release(count->column);
  row_set_release(count->rows);
  frequency_release(count->found);
  free(count);
}

void frequency_ask(struct explorer *explorer, const struct column *column)
{
  struct frequency_view *view = &explorer->frequency;
  const struct row_set *rows = session_state(explorer->session)->on_view;
  if (view->column == column && view->rows == rows)
    return;
  if (!view->column || strcmp(view->column->name, column->name) != 0)
    frequency_view_clear(view);
  const struct column *before = view->column;
  const struct row_set *rows_before = view->rows;
  view->column = column_retain(column);
  view->rows = row_set_retain(rows);
  column_release(before);
  row_set_release(rows_before);
  struct count *count = memory_new(1, sizeof *count);
  count->column = column_retain(column);
  count->rows = row_set_retain(rows);
  explorer_errand(explorer, ERRAND_FREQUENCY, &(struct errand){count, do_count, release_count});
}

void frequency_take(struct explorer *explorer, struct errand *errand)
{
  struct count *count = errand->data;
  if (count->found) {
    frequency_release(explorer->frequency.counted);
    explorer->frequency.counted = count->found;
    count->found = NULL;
  }
  release_count(count);
}

bool frequency_is_of_now(const struct explorer *explorer)
{
  const struct frequency_view *view = &explorer->frequency;
  return view->counted && view->counted->column == view->column && view->counted->rows == view->rows;
}

/* The column that is counted, in the cohort as it is now; the endpoint's own columns by the sheet. */
static void follow(struct explorer *explorer)
{
  struct frequency_view *view = &explorer->frequency;
  const struct state *state = session_state(explorer->session);
  if (!view->column || !state->cohort)
    return;
  const struct column *column = cohort_find_column(state->cohort, view->column->name);
  if (!column)
    pane_data_sheet(explorer);
  for (size_t i = 0; !column && i < explorer->sheet.n_columns; i++)
    if (strcmp(explorer->sheet.columns[i].column->name, view->column->name) == 0)
      column = explorer->sheet.columns[i].column;
  if (column)
    frequency_ask(explorer, column);
  else
    frequency_view_clear(view);
}

/* ---- drawing ---- */

static void draw_title(struct explorer *explorer, struct frame *frame, struct area line)
{
  const struct frequency_view *view = &explorer->frequency;
  const struct frequency *counted = view->counted;
  struct text title = TEXT_INIT;
  if (!view->column)
    text_append(&title, "the column is gone; q goes back");
  else if (!counted)
    text_append_format(&title, "%s: counting, Esc stops it", column_display_name(view->column));
  else
    text_append_format(&title, "%s: %zu value%s, n %zu, %zu missing; by %s%s", column_display_name(view->column),
                       counted->n_lines, counted->n_lines == 1 ? "" : "s", counted->n_present, counted->n_missing,
                       view->by_level ? "value" : "count", frequency_is_of_now(explorer) ? "" : "; counting anew");
  paint_rule(&frame->canvas, line, text_string(&title), explorer->wishes.focus == FOCUS_MAIN, explorer_charset(explorer));
  text_clear(&title);
}

void pane_frequency_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  struct frequency_view *view = &explorer->frequency;
  const enum charset charset = explorer_charset(explorer);
  follow(explorer);
  paint_blank(&frame->canvas, area);
  draw_title(explorer, frame, area_line(area, 0));
  if (!view->counted)
    return;
  const size_t height = area.rows > HEAD_ROWS ? area.rows - HEAD_ROWS : 0, n = frequency_rows(view->counted);
  list_follow(&view->list, n, height);
  const size_t width = value_width(view, height);
  struct text head = TEXT_INIT;
  text_append_format(&head, "%-*s %8s %7s", (int)width, "value", "n", "%");
  paint_text(&frame->canvas, area_after(area_line(area, 1), 2), text_string(&head), STYLE_TITLE, charset);
  text_clear(&head);
  for (size_t i = 0; i < height && view->list.top + i < n; i++)
    draw_line(explorer, frame, area_line(area, i + HEAD_ROWS), view->list.top + i, width);
  if (!n)
    paint_text(&frame->canvas, area_line(area, HEAD_ROWS), "  0 patients on view", STYLE_DIM, charset);
}

/* ---- moving ---- */

static size_t n_rows(const struct explorer *explorer)
{
  return explorer->frequency.counted ? frequency_rows(explorer->frequency.counted) : 0;
}

void pane_frequency_move(struct explorer *explorer, enum motion motion)
{
  list_move(&explorer->frequency.list, motion, n_rows(explorer), pane_height(explorer, HEAD_ROWS));
}

/* ---- searching ---- */

/* A search among many lines, beside the keys. */
struct search {
  struct frequency *frequency; /* retained */
  bool by_level;
  char *needle;
  size_t start; /* the first line tried */
  bool backwards;
  size_t cursor;            /* where the cursor was left: moved since, it stays where it is */
  size_t at, number, found; /* the line found (their number: none), which it is, of how many */
  bool is_done;
};

enum { FEW_LINES = 5000, LINES_A_LOOK = 1024 }; /* lines that are searched at once; between two looks at the task */

static bool holds(const struct frequency *frequency, size_t line, bool by_level, const char *needle)
{
  struct text value = TEXT_INIT;
  append_value(&value, frequency->column, frequency_line_at(frequency, line, by_level));
  const bool matches = strcasestr(text_string(&value), needle) != NULL;
  text_clear(&value);
  return matches;
}

static bool line_matches(const struct explorer *explorer, size_t line, const char *needle)
{
  return holds(explorer->frequency.counted, line, explorer->frequency.by_level, needle);
}

/* Goes round once from `start`; the first that matches is the one, and its number is how many match up to it from the top. */
static void do_search(void *data, struct task *task)
{
  struct search *search = data;
  const size_t n = frequency_rows(search->frequency);
  size_t passed = 0; /* matches before the top was come round to */
  search->at = n;
  for (size_t i = 0; i < n; i++) {
    const size_t line = (search->start + (search->backwards ? n - i : i)) % n;
    if (i % LINES_A_LOOK == 0 && task_is_cancelled(task))
      return;
    if (!holds(search->frequency, line, search->by_level, search->needle))
      continue;
    search->at = search->found++ ? search->at : line;
    passed += line <= search->at;
  }
  search->number = passed;
  search->is_done = true;
}

static void release_search(void *data)
{
  struct search *search = data;
  frequency_release(search->frequency);
  free(search->needle);
  free(search);
}

void frequency_search_take(struct explorer *explorer, struct errand *errand)
{
  struct search *search = errand->data;
  struct frequency_view *view = &explorer->frequency;
  const struct list_search_result result = {search->found > 0, search->number, search->found};
  if (search->is_done && view->counted == search->frequency && view->by_level == search->by_level &&
      view->list.cursor == search->cursor) {
    view->list.cursor = search->found ? search->at : search->cursor;
    list_search_tell(explorer, search->needle, &result);
  }
  release_search(search);
}

static void search_beside(struct explorer *explorer, const char *needle, int step)
{
  const struct frequency_view *view = &explorer->frequency;
  const size_t n = n_rows(explorer);
  struct search *search = memory_new(1, sizeof *search);
  *search = (struct search){.frequency = frequency_retain(view->counted),
                            .by_level = view->by_level,
                            .needle = memory_copy_string(needle),
                            .start = (view->list.cursor + (step < 0 ? n - 1 : (size_t)step)) % n,
                            .backwards = step < 0,
                            .cursor = view->list.cursor};
  explorer_say(explorer, STYLE_TEXT, "/%s: searching …", needle);
  if (explorer->prompting)
    state_set_string(&explorer->preview, "searching …");
  explorer_errand(explorer, ERRAND_FREQUENCY_SEARCH, &(struct errand){search, do_search, release_search});
}

static struct list_search frequency_search(struct explorer *explorer)
{
  follow(explorer);
  return (struct list_search){&explorer->frequency.list, n_rows(explorer), line_matches};
}

void pane_frequency_search(struct explorer *explorer, int step)
{
  const struct list_search search = frequency_search(explorer);
  explorer_forget_errand(explorer, ERRAND_FREQUENCY_SEARCH);
  if (search.n > FEW_LINES && explorer->search)
    search_beside(explorer, explorer->search, step);
  else
    list_search(explorer, &search, step);
}

void pane_frequency_search_live(struct explorer *explorer, const char *needle)
{
  const struct list_search search = frequency_search(explorer);
  const bool many = search.n > FEW_LINES;
  explorer_forget_errand(explorer, ERRAND_FREQUENCY_SEARCH);
  list_search_live(explorer, &search, many ? NULL : needle);
  if (many && needle && *needle)
    search_beside(explorer, needle, 0);
}
