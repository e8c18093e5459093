/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scaled Schoenfeld residuals of one coefficient against time, with their running mean: what a coefficient does over time.
 * A level line speaks for proportional hazards. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/pretty.h"
#include "base/text.h"
#include "base/utf8.h"
#include "ui/explorer_internal.h"
#include "ui/paint.h"
#include "verbs/present.h"
#include "ui/pane.h"

enum { LABEL_COLUMNS = 8, AXIS_ROWS = 2, LEAST_ROWS = 6, LEAST_COLUMNS = 30 };

/* The points of one coefficient. */
struct residual_plot {
  double *time, *value;
  size_t n;
  double beta;
  double first, last, least, most; /* of the axes */
};

static int ascending(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The vertical axis leaves out the outermost hundredth at each end, where single residuals of rare levels lie far off. */
static void scale(struct residual_plot *plot)
{
  double *sorted = memory_copy(plot->value, plot->n, sizeof *sorted);
  qsort(sorted, plot->n, sizeof *sorted, ascending);
  const size_t beyond = plot->n / 100;
  plot->least = fmin(sorted[beyond], fmin(plot->beta, 0));
  plot->most = fmax(sorted[plot->n - 1 - beyond], fmax(plot->beta, 0));
  free(sorted);
  if (!(plot->most > plot->least))
    plot->most = plot->least + 1;
  plot->first = plot->time[0];
  plot->last = plot->time[0];
  for (size_t i = 0; i < plot->n; i++) {
    plot->first = fmin(plot->first, plot->time[i]);
    plot->last = fmax(plot->last, plot->time[i]);
  }
  if (!(plot->last > plot->first))
    plot->last = plot->first + 1;
}

/* The residuals of a column of the design out of zph's table, where they stand column after column. */
static bool take_points(const struct explorer *explorer, size_t column, struct residual_plot *plot)
{
  const struct report *report = explorer_view_report(explorer);
  const struct table *table = report ? report_find_table(report, "zph_residuals") : NULL;
  const struct cox_analysis *model = explorer->results->model;
  if (!table || !model->design.n_columns || table_n_rows(table) % model->design.n_columns)
    return false;
  const size_t n = table_n_rows(table) / model->design.n_columns;
  *plot = (struct residual_plot){.time = memory_new(n, sizeof(double)),
                                 .value = memory_new(n, sizeof(double)),
                                 .beta = model->model.beta[column]};
  for (size_t i = 0; i < n; i++) {
    const struct cell *time = table_cell(table, column * n + i, 2), *value = table_cell(table, column * n + i, 4);
    if (time->kind != CELL_NUMBER || value->kind != CELL_NUMBER)
      continue;
    plot->time[plot->n] = time->as.number;
    plot->value[plot->n++] = value->as.number;
  }
  if (plot->n && isfinite(plot->beta)) {
    scale(plot);
    return true;
  }
  free(plot->time);
  free(plot->value);
  return false;
}

static size_t row_of(const struct residual_plot *plot, double value, size_t rows)
{
  const double share = (plot->most - value) / (plot->most - plot->least);
  return (size_t)floor(fmin(fmax(share, 0), 1) * (double)(rows - 1) + 0.5);
}

static size_t column_of(const struct residual_plot *plot, double time, size_t columns)
{
  const double share = (time - plot->first) / (plot->last - plot->first);
  return (size_t)floor(fmin(fmax(share, 0), 1) * (double)(columns - 1) + 0.5);
}

/* The mean of the values around a time, weighted by a normal kernel whose width is a seventh of the axis. */
static double smooth_at(const struct residual_plot *plot, double time)
{
  const double width = (plot->last - plot->first) / 7;
  double sum = 0, weight = 0;
  for (size_t i = 0; i < plot->n; i++) {
    const double z = (plot->time[i] - time) / width, w = exp(-0.5 * z * z);
    sum += w * plot->value[i];
    weight += w;
  }
  return weight > 0 ? sum / weight : plot->beta;
}

static void draw_axes(const struct residual_plot *plot, struct frame *frame, struct area grid, enum charset charset)
{
  const bool ascii = charset == CHARSET_ASCII;
  size_t n;
  double *ticks = pretty_values(plot->least, plot->most, grid.rows > 10 ? 5 : 3, &n);
  for (size_t r = 0; r < grid.rows; r++)
    canvas_put(&frame->canvas, grid.row + r, grid.column - 1, ascii ? '|' : 0x2502, STYLE_DIM);
  for (size_t i = 0; i < n; i++) {
    struct text label = TEXT_INIT;
    if (ticks[i] < plot->least || ticks[i] > plot->most)
      continue;
    number_append_short(&label, ticks[i]);
    struct area line = area_line(grid, row_of(plot, ticks[i], grid.rows));
    canvas_put(&frame->canvas, line.row, grid.column - 1, ascii ? '+' : 0x2524, STYLE_DIM);
    line.column -= LABEL_COLUMNS;
    line.columns = LABEL_COLUMNS - 2;
    paint_text_right(&frame->canvas, line, text_string(&label), STYLE_DIM, charset);
    text_clear(&label);
  }
  free(ticks);
  struct area axis = {.row = grid.row + grid.rows, .column = grid.column, .rows = 1, .columns = grid.columns};
  canvas_fill(&frame->canvas, axis, ascii ? '-' : 0x2500, STYLE_DIM);
  ticks = pretty_values(plot->first, plot->last, grid.columns / 14 + 1, &n);
  for (size_t i = 0; i < n; i++) {
    struct text label = TEXT_INIT;
    if (ticks[i] < plot->first || ticks[i] > plot->last)
      continue;
    number_append_short(&label, ticks[i]);
    const size_t column = column_of(plot, ticks[i], grid.columns);
    canvas_put(&frame->canvas, axis.row, axis.column + column, ascii ? '+' : 0x252C, STYLE_DIM);
    if (column + utf8_string_width(text_string(&label)) <= grid.columns)
      paint_text(&frame->canvas, area_after((struct area){axis.row + 1, axis.column, 1, axis.columns}, column),
                 text_string(&label), STYLE_DIM, charset);
    text_clear(&label);
  }
  free(ticks);
}

/* The coefficient dotted, a dash line at none, the points, and over them the running mean. */
static void draw_points(const struct residual_plot *plot, struct frame *frame, struct area grid, enum charset charset)
{
  const bool ascii = charset == CHARSET_ASCII;
  struct canvas *canvas = &frame->canvas;
  canvas_fill(canvas, area_line(grid, row_of(plot, 0, grid.rows)), ascii ? '-' : 0x2504, STYLE_DIM);
  canvas_fill(canvas, area_line(grid, row_of(plot, plot->beta, grid.rows)), ascii ? '.' : 0x2508, STYLE_KEY);
  for (size_t i = 0; i < plot->n; i++)
    canvas_put(canvas, grid.row + row_of(plot, plot->value[i], grid.rows),
               grid.column + column_of(plot, plot->time[i], grid.columns), ascii ? 'o' : 0x2022, STYLE_TEXT);
  for (size_t c = 0; c < grid.columns; c++) {
    const double time = plot->first + (plot->last - plot->first) * (double)c / (double)(grid.columns - 1);
    canvas_put(canvas, grid.row + row_of(plot, smooth_at(plot, time), grid.rows), grid.column + c, ascii ? '#' : 0x2501,
               STYLE_SERIES_1);
  }
}

/* "grade G3: -1.26, zph p = 0.034": the coefficient, and the p of its term. */
static void append_title(const struct explorer *explorer, size_t column, double beta, struct text *text)
{
  const struct cox_analysis *model = explorer->results->model;
  const struct design_column *shown = &model->design.columns[column];
  const struct report *report = explorer_view_report(explorer);
  const struct table *zph = report_find_table(report, "zph");
  text_append_format(text, "%s%s%s: %.3f", model->formula.terms[shown->term].name, shown->level ? " " : "",
                     shown->level ? shown->level : "", beta);
  if (zph && shown->term < table_n_rows(zph) && table_cell(zph, shown->term, 3)->kind == CELL_NUMBER) {
    text_append(text, ", zph ");
    style_append_p_sentence(text, explorer->results->state->settings.style, table_cell(zph, shown->term, 3)->as.number);
  }
}

void pane_residuals_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  frame->cursor_row = area.row, frame->cursor_column = area.column;
  pane_residuals_draw_of(explorer, frame, area, explorer->residual_column);
}

void pane_residuals_draw_of(struct explorer *explorer, struct frame *frame, struct area area, size_t column)
{
  const enum charset charset = explorer_charset(explorer);
  struct residual_plot plot;
  struct text title = TEXT_INIT;
  const bool alone = explorer->wishes.view == VIEW_RESIDUALS;
  paint_blank(&frame->canvas, area);
  const bool known = explorer->results && explorer->results->has_model && column < explorer->results->model->design.n_columns;
  if (!known || !take_points(explorer, column, &plot)) {
    paint_rule(&frame->canvas, area_line(area, 0), "Residuals", alone, charset);
    const bool too_many = known && explorer->results->model->model.n_events *
                                           (double)explorer->results->model->design.n_columns > ZPH_MOST_RESIDUALS;
    paint_text(&frame->canvas, area_line(area, 1),
               !known                             ? "no coefficient is chosen"
               : explorer_view_is_stale(explorer) ? "computing …"
               : too_many ? "drawn up to a million residuals (events times coefficients); the tests are beneath the table"
                          : "no residuals: the coefficient is not estimable",
               STYLE_DIM, charset);
    return;
  }
  append_title(explorer, column, plot.beta, &title);
  paint_rule(&frame->canvas, area_line(area, 0), text_string(&title), alone, charset);
  text_clear(&title);
  if (area.rows >= LEAST_ROWS && area.columns >= LEAST_COLUMNS) {
    const struct area grid = {.row = area.row + 1, .column = area.column + LABEL_COLUMNS,
                              .rows = area.rows - 2 - AXIS_ROWS, .columns = area.columns - LABEL_COLUMNS - 1};
    draw_axes(&plot, frame, grid, charset);
    draw_points(&plot, frame, grid, charset);
  }
  paint_text(&frame->canvas, area_line(area, area.rows ? area.rows - 1 : 0),
             charset == CHARSET_ASCII ? "o residual (scaled Schoenfeld)  # running mean  . coefficient  h l next one"
                                      : "• residual (scaled Schoenfeld)  ━ running mean  ┈ coefficient  h l next one",
             STYLE_DIM, charset);
  free(plot.time);
  free(plot.value);
}

void pane_residuals_sideways(struct explorer *explorer, int step)
{
  const size_t n = explorer->results && explorer->results->has_model ? explorer->results->model->design.n_columns : 0;
  if (n)
    explorer->residual_column = (explorer->residual_column + (step > 0 ? 1 : n - 1)) % n;
}
