/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The patients on view as a sheet. */
#include <string.h>

#include "base/utf8.h"
#include "ui/explorer_internal.h"
#include "ui/paint.h"
#include "ui/pane.h"

enum { MOST_CELL = 24, ROW_NUMBER = 8 };

/* The row of the cohort that is the n-th on view. */
static size_t row_on_view(const struct state *state, size_t n)
{
  const struct bitmap *rows = &state->on_view->rows;
  for (size_t word = 0; word * 64 < rows->n; word++) {
    size_t in_word = (size_t)__builtin_popcountll(rows->words[word]);
    if (n >= in_word) {
      n -= in_word;
      continue;
    }
    for (size_t bit = 0;; bit++)
      if (rows->words[word] >> bit & 1 && n-- == 0)
        return word * 64 + bit;
  }
  return rows->n;
}

/* The width of a column among the rows that are shown. */
static size_t column_width(const struct column *column, const size_t *rows, size_t n)
{
  size_t width = utf8_string_width(column->name);
  for (size_t i = 0; i < n; i++) {
    struct text cell = TEXT_INIT;
    column_append_cell(column, rows[i], &cell);
    size_t needed = utf8_string_width(text_string(&cell));
    width = needed > width ? needed : width;
    text_clear(&cell);
  }
  return width < MOST_CELL ? width : MOST_CELL;
}

static void draw_column(struct explorer *explorer, struct frame *frame, struct area area, const struct column *column,
                        const size_t *rows, size_t n)
{
  const enum charset charset = explorer_charset(explorer);
  paint_text(&frame->canvas, area_line(area, 0), column->name, STYLE_TITLE, charset);
  for (size_t i = 0; i < n; i++) {
    struct text cell = TEXT_INIT;
    column_append_cell(column, rows[i], &cell);
    if (column->kind == COLUMN_NUMBER)
      paint_text_right(&frame->canvas, area_line(area, i + 1), text_string(&cell), STYLE_TEXT, charset);
    else
      paint_text(&frame->canvas, area_line(area, i + 1), text_string(&cell), STYLE_TEXT, charset);
    text_clear(&cell);
  }
}

enum { MOST_ROWS = 512 };

void pane_data_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  const struct state *state = session_state(explorer->session);
  struct list *list = &explorer->data_list;
  size_t rows[MOST_ROWS], n = 0;
  if (!state->cohort || area.rows < 2) {
    paint_text(&frame->canvas, area_line(area, 0), "no cohort is loaded", STYLE_TEXT, explorer_charset(explorer));
    return;
  }
  size_t count = state->on_view->count, height = area.rows - 1 < MOST_ROWS ? area.rows - 1 : MOST_ROWS;
  list_follow(list, count, height);
  for (; n < height && list->top + n < count; n++)
    rows[n] = row_on_view(state, list->top + n);
  for (size_t i = 0; i < n; i++) {
    struct text number = TEXT_INIT;
    struct area line = area_line(area, i + 1);
    text_append_format(&number, "%s%zu", list->top + i == list->cursor ? ">" : " ", rows[i] + 1);
    line.columns = line.columns < ROW_NUMBER ? line.columns : ROW_NUMBER;
    paint_text(&frame->canvas, line, text_string(&number), STYLE_DIM, explorer_charset(explorer));
    text_clear(&number);
  }
  struct area rest = area_after(area, ROW_NUMBER);
  for (size_t c = explorer->data_column; c < state->cohort->n_columns && rest.columns; c++) {
    const struct column *column = state->cohort->columns[c];
    struct area part = rest;
    size_t width = column_width(column, rows, n);
    part.columns = width < rest.columns ? width : rest.columns;
    draw_column(explorer, frame, part, column, rows, n);
    rest = area_after(rest, width + 2);
  }
  if (list->cursor < list->top || list->cursor - list->top >= n)
    return;
  struct area line = area_line(area, list->cursor - list->top + 1);
  if (explorer->wishes.focus == FOCUS_MAIN) {
    canvas_add_attributes(&frame->canvas, line, ATTRIBUTE_REVERSE);
    frame->cursor_row = line.row;
    frame->cursor_column = line.column;
  }
}

void pane_data_move(struct explorer *explorer, enum motion motion)
{
  const struct state *state = session_state(explorer->session);
  list_move(&explorer->data_list, motion, state->on_view ? state->on_view->count : 0, pane_height(explorer, 2));
}

void pane_data_sideways(struct explorer *explorer, int step)
{
  const struct state *state = session_state(explorer->session);
  if (step < 0 && explorer->data_column > 0)
    explorer->data_column--;
  else if (step > 0 && state->cohort && explorer->data_column + 1 < state->cohort->n_columns)
    explorer->data_column++;
}
