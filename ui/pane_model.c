/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Cox model: terms with hazard ratios, and a forest column. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "ui/explorer_internal.h"
#include "ui/paint.h"
#include "verbs/present.h"

/* Hazard ratios and limits of the printed rows, NaN where a row has none. */
struct forest {
  double *hr, *low, *high;
  double least, most; /* of the axis, on the logarithmic scale */
};

static bool has_model(const struct explorer *explorer)
{
  return explorer->results && explorer->results->has_model;
}

size_t pane_model_rows(const struct explorer *explorer)
{
  const struct state *state = session_state(explorer->session);
  if (!state->model)
    return 0;
  if (!has_model(explorer))
    return 3;
  const struct cox_analysis *model = &explorer->results->model;
  size_t rows = 2 + model->n_warnings;
  for (size_t t = 0; t < model->design.n_terms; t++)
    rows += model->design.terms[t].n_columns + 2 * (model->design.terms[t].reference != NULL);
  return rows + 3;
}

/* The printed table's rows and the model's coefficients stand in the same order; references and headings have none. */
static struct forest forest_of(const struct cox_analysis *analysis, const struct printed_table *printed)
{
  struct forest forest = {.hr = memory_new(printed->n_rows, sizeof(double)),
                          .low = memory_new(printed->n_rows, sizeof(double)),
                          .high = memory_new(printed->n_rows, sizeof(double)),
                          .least = log(0.5),
                          .most = log(2)};
  struct table *terms = present_cox_terms(analysis);
  size_t next = 0;
  for (size_t r = 0; r < printed->n_rows; r++) {
    const char *cell = printed->rows[r].cells[3];
    forest.hr[r] = NAN;
    if (!cell || strcmp(cell, "reference") == 0 || printed->rows[r].kind != PRINTED_ROW || next >= table_n_rows(terms))
      continue;
    const struct cell *hr = table_cell(terms, next, 6), *low = table_cell(terms, next, 7), *high = table_cell(terms, next, 8);
    next++;
    if (hr->kind != CELL_NUMBER || low->kind != CELL_NUMBER || high->kind != CELL_NUMBER)
      continue;
    forest.hr[r] = log(hr->as.number);
    forest.low[r] = log(low->as.number);
    forest.high[r] = log(high->as.number);
    forest.least = fmax(fmin(forest.least, forest.low[r]), log(0.02));
    forest.most = fmin(fmax(forest.most, forest.high[r]), log(50));
  }
  table_free(terms);
  return forest;
}

static size_t forest_column(const struct forest *forest, double value, size_t columns)
{
  double share = (value - forest->least) / (forest->most - forest->least);
  share = fmin(fmax(share, 0), 1);
  return (size_t)floor(share * (double)(columns - 1) + 0.5);
}

/* ├──■──┤ on a logarithmic scale, a dotted line at 1. */
static void draw_forest(const struct forest *forest, size_t row, struct frame *frame, struct area area, bool ascii)
{
  if (area.columns < 8)
    return;
  size_t one = forest_column(forest, 0, area.columns);
  canvas_put(&frame->canvas, area.row, area.column + one, ascii ? ':' : 0x250A, STYLE_DIM);
  if (isnan(forest->hr[row]))
    return;
  size_t low = forest_column(forest, forest->low[row], area.columns);
  size_t high = forest_column(forest, forest->high[row], area.columns);
  for (size_t c = low; c <= high; c++)
    canvas_put(&frame->canvas, area.row, area.column + c, ascii ? '-' : 0x2500, STYLE_TEXT);
  canvas_put(&frame->canvas, area.row, area.column + low, ascii ? '|' : 0x251C, STYLE_TEXT);
  canvas_put(&frame->canvas, area.row, area.column + high, ascii ? '|' : 0x2524, STYLE_TEXT);
  canvas_put(&frame->canvas, area.row, area.column + forest_column(forest, forest->hr[row], area.columns),
             ascii ? '#' : 0x25A0, STYLE_TEXT);
}

static const char *cell_of(const struct printed_row *row, size_t column)
{
  return row->cells[column] ? row->cells[column] : "";
}

/* Label, n, events, HR, p, forest: what does not fit is left out from the right. */
static void draw_row(struct explorer *explorer, struct frame *frame, struct area line, const struct printed_row *row,
                     const struct forest *forest, size_t index)
{
  static const size_t widths[] = {5, 6, 19, 7};
  const enum charset charset = explorer_charset(explorer);
  size_t fixed = 5 + 6 + 19 + 7 + 5;
  size_t label = line.columns > fixed + 36 ? 28 : line.columns > fixed + 14 ? line.columns - fixed - 14 : 12;
  if (row->kind == PRINTED_HEADING) {
    paint_text(&frame->canvas, line, cell_of(row, 0), STYLE_TITLE, charset);
    return;
  }
  struct area cell = line;
  cell.columns = label < line.columns ? label : line.columns;
  paint_text(&frame->canvas, cell, cell_of(row, 0), STYLE_TEXT, charset);
  line = area_after(line, label + 1);
  for (size_t c = 0; c < 4 && line.columns; c++) {
    cell = line;
    cell.columns = widths[c] < line.columns ? widths[c] : line.columns;
    paint_text_right(&frame->canvas, cell, cell_of(row, c + 1), STYLE_TEXT, charset);
    line = area_after(line, widths[c] + 1);
  }
  if (forest)
    draw_forest(forest, index, frame, area_after(line, 1), charset == CHARSET_ASCII);
}

/* The lines after the table: findings first, then the fit. */
static size_t draw_notes(struct explorer *explorer, struct frame *frame, struct area area, const struct printed_table *printed,
                         size_t row)
{
  const struct cox_analysis *analysis = &explorer->results->model;
  for (size_t i = 0; i < analysis->n_warnings && row < area.rows; i++) {
    struct area rest = area_line(area, row);
    rest.rows = area.rows - row;
    row += paint_wrapped(&frame->canvas, rest, analysis->warnings[i], STYLE_WARNING, explorer_charset(explorer));
  }
  for (size_t i = 0; i < printed->n_notes && row < area.rows; i++) {
    struct area rest = area_line(area, row);
    rest.rows = area.rows - row;
    row += paint_wrapped(&frame->canvas, rest, printed->notes[i], STYLE_DIM, explorer_charset(explorer));
  }
  return row;
}

static void draw_table(struct explorer *explorer, struct frame *frame, struct area area)
{
  struct printed_table *printed = present_cox_printed(&explorer->results->model, explorer->results->state);
  struct forest forest = forest_of(&explorer->results->model, printed);
  const size_t rows = area.rows ? area.rows : 1;
  size_t most_top = printed->n_rows + 3 > rows ? printed->n_rows + 3 - rows : 0;
  if (explorer->model_list.top > most_top)
    explorer->model_list.top = most_top;
  size_t row = 0;
  for (size_t r = explorer->model_list.top; r < printed->n_rows && row < area.rows; r++, row++)
    draw_row(explorer, frame, area_line(area, row), &printed->rows[r], &forest, r);
  if (row < area.rows)
    draw_notes(explorer, frame, area, printed, row);
  free(forest.hr);
  free(forest.low);
  free(forest.high);
  printed_table_free(printed);
}

void pane_model_draw(struct explorer *explorer, struct frame *frame, struct area area, bool whole)
{
  const struct state *state = session_state(explorer->session);
  const enum charset charset = explorer_charset(explorer);
  const bool focused = explorer->wishes.focus == FOCUS_MODEL || (whole && explorer->wishes.focus == FOCUS_MAIN);
  struct text title = TEXT_INIT;
  text_append_format(&title, "Cox  %s", state->model ? state->model : "no model");
  paint_rule(&frame->canvas, area_line(area, 0), text_string(&title), focused, charset);
  text_clear(&title);
  if (focused)
    frame->cursor_row = area.row, frame->cursor_column = area.column;
  struct area body = area;
  body.row++;
  body.rows = area.rows > 0 ? area.rows - 1 : 0;
  if (!state->model) {
    paint_wrapped(&frame->canvas, body, "No model yet: c on a variable puts it in, or type :cox age + sex", STYLE_TEXT, charset);
  } else if (has_model(explorer) && explorer->results->state->model) {
    draw_table(explorer, frame, body);
  } else {
    paint_wrapped(&frame->canvas, body,
                  explorer->results && explorer->results->model_error ? explorer->results->model_error : "computing …",
                  STYLE_WARNING, charset);
  }
  if (explorer_is_late(explorer))
    paint_dim(&frame->canvas, body);
}

void pane_model_move(struct explorer *explorer, enum motion motion)
{
  const struct layout *layout = &explorer->layout;
  list_scroll(&explorer->model_list, motion, pane_model_rows(explorer),
              explorer->wishes.view == VIEW_MODEL ? layout->main.rows : layout->model.rows);
}
