/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Cox model: terms with hazard ratios, and a forest column. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/label.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "ui/explorer_internal.h"
#include "ui/paint.h"
#include "verbs/present.h"

/* Columns: of labels, and of the intervals drawn. */
enum { NARROW_LABEL = 12, COMFORT_LABEL = 28, LEAST_FOREST = 10, FOREST = 14 };
/* From here on the residuals stand beside the table, which is at least so wide and leaves them so many columns. */
enum { BESIDE_COLUMNS = 130, TABLE_COLUMNS = 78, LEAST_BESIDE = 31 };
/* Rows of the table from which on it has headings: alone on the screen; under the curves, where the rule is the sixth row. */
enum { LEAST_WITH_HEAD_WHOLE = 3, LEAST_WITH_HEAD = 5 };
static const size_t NO_COLUMN = SIZE_MAX;

/* Hazard ratios and limits of the printed rows, NaN where a row has none. */
struct forest {
  double *hr, *low, *high;
  size_t *column; /* of the design; NO_COLUMN for headings and references */
  double least, most; /* of the axis, on the logarithmic scale */
  const struct printed_table *printed;
  size_t label_columns; /* in the table that is drawn */
  size_t widths[5];     /* of its columns 1 to 4 */
};

static bool has_model(const struct explorer *explorer)
{
  return explorer->results && explorer->results->has_model;
}

/* The rows that the pane under the curves could use. */
size_t pane_model_rows(const struct explorer *explorer)
{
  const struct state *state = session_state(explorer->session);
  if (!state->model)
    return 0;
  if (!has_model(explorer))
    return 3;
  const struct cox_analysis *model = explorer->results->model;
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
                          .column = memory_new(printed->n_rows, sizeof(size_t)),
                          .printed = printed,
                          .least = log(0.5),
                          .most = log(2)};
  struct table *terms = present_cox_terms(analysis);
  size_t next = 0;
  for (size_t r = 0; r < printed->n_rows; r++) {
    const char *cell = printed->rows[r].cells[3];
    forest.hr[r] = NAN;
    forest.column[r] = NO_COLUMN;
    if (!cell || strcmp(cell, "reference") == 0 || printed->rows[r].kind != PRINTED_ROW || next >= table_n_rows(terms))
      continue;
    const struct cell *hr = table_cell(terms, next, 6), *low = table_cell(terms, next, 7), *high = table_cell(terms, next, 8);
    forest.column[r] = next++;
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

static void forest_clear(struct forest *forest)
{
  free(forest->hr);
  free(forest->low);
  free(forest->high);
  free(forest->column);
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

/* The columns that the widest label takes. */
static size_t widest_label(const struct printed_table *printed)
{
  size_t widest = 0;
  for (size_t r = 0; r < printed->n_rows; r++) {
    const char *label = printed->rows[r].kind == PRINTED_HEADING ? NULL : printed->rows[r].cells[0];
    const size_t width = label ? utf8_string_width(label) : 0;
    widest = width > widest ? width : widest;
  }
  return widest;
}

/* The width of column 1 to 4: the usual one, or what its widest cell takes. */
static size_t cell_columns(const struct printed_table *printed, size_t column)
{
  static const size_t widths[] = {5, 6, 19, 7};
  size_t width = widths[column - 1];
  for (size_t r = 0; r < printed->n_rows; r++) {
    const char *cell = printed->rows[r].kind == PRINTED_ROW ? printed->rows[r].cells[column] : NULL;
    const size_t wanted = cell ? utf8_string_width(cell) : 0;
    width = wanted > width ? wanted : width;
  }
  return width;
}

/* Sets the widths, and returns what stands between the labels and the drawn intervals, with its gaps. */
static size_t set_widths(const struct printed_table *printed, size_t *widths)
{
  size_t columns = 5;
  for (size_t c = 1; c < 5 && c < printed->n_columns; c++)
    columns += widths[c] = cell_columns(printed, c);
  return columns;
}

/* The label's columns: what the widest wants as far as the drawn intervals can spare it. */
static size_t label_columns(size_t columns, size_t fixed, size_t widest)
{
  const size_t plain = columns > fixed + FOREST + NARROW_LABEL ? columns - fixed - FOREST : NARROW_LABEL;
  const size_t most = columns > fixed + LEAST_FOREST + 1 + plain ? columns - fixed - LEAST_FOREST - 1 : plain;
  const size_t least = plain < COMFORT_LABEL ? plain : COMFORT_LABEL;
  return widest < least ? least : widest < most ? widest : most;
}

/* A row's label, cut so that it is none of its variable's others. */
static char *row_label(const struct printed_table *printed, size_t row, size_t columns, bool ascii)
{
  size_t first = row, last = row + 1;
  while (first && printed->rows[first - 1].kind != PRINTED_HEADING)
    first--;
  while (last < printed->n_rows && printed->rows[last].kind != PRINTED_HEADING)
    last++;
  const char **labels = memory_new(last - first, sizeof *labels);
  for (size_t r = first; r < last; r++)
    labels[r - first] = printed->rows[r].cells[0];
  struct text text = TEXT_INIT;
  label_append_cut(&text, labels, last - first, row - first, columns, ascii);
  free(labels);
  return text_take(&text);
}

/* Label, n, events, HR, p, and the interval of a row, or the headings (NO_COLUMN); what does not fit is left out from the
 * right. */
static void draw_row(struct explorer *explorer, struct frame *frame, struct area line, const struct forest *forest, size_t row)
{
  const enum charset charset = explorer_charset(explorer);
  const bool is_head = row == NO_COLUMN;
  const enum canvas_style style = is_head ? STYLE_DIM : STYLE_TEXT;
  const struct printed_table *printed = forest->printed;
  struct area cell = line;
  cell.columns = forest->label_columns < line.columns ? forest->label_columns : line.columns;
  char *label = is_head ? NULL : row_label(printed, row, cell.columns, charset == CHARSET_ASCII);
  paint_text(&frame->canvas, cell, label ? label : "", style, charset);
  free(label);
  line = area_after(line, forest->label_columns + 1);
  for (size_t c = 1; c < 5 && c < printed->n_columns && line.columns; c++) {
    const char *text = is_head ? printed->columns[c].title : printed->rows[row].cells[c];
    cell = line;
    const size_t width = forest->widths[c];
    cell.columns = width < line.columns ? width : line.columns;
    paint_text_right(&frame->canvas, cell, text ? text : "", style, charset);
    line = area_after(line, width + 1);
  }
  if (!is_head)
    draw_forest(forest, row, frame, area_after(line, 1), charset == CHARSET_ASCII);
}

/* ---- the lines of the pane ---- */

/* A row of the table, or a text beneath it. */
struct model_line {
  size_t row; /* of the printed table; NO_COLUMN: a text */
  char *text;
  enum canvas_style style;
};

struct model_lines {
  struct model_line *lines;
  size_t n, capacity;
};

static void add_line(struct model_lines *lines, size_t row, const char *text, enum canvas_style style)
{
  struct model_line line = {row, text ? memory_copy_string(text) : NULL, style};
  MEMORY_APPEND(lines->lines, lines->n, lines->capacity, line);
}

static void add_wrapped(struct model_lines *lines, const char *text, size_t columns, enum canvas_style style)
{
  while (*text) {
    size_t next;
    char *line = paint_next_line(text, columns, &next);
    add_line(lines, NO_COLUMN, line, style);
    free(line);
    text += next;
  }
}

/* The tests of proportional hazards, as zph prints them. */
static void add_proportionality(struct explorer *explorer, struct model_lines *lines)
{
  const struct report *report = explorer_view_report(explorer);
  const struct table *zph = report ? report_find_table(report, "zph") : NULL;
  add_line(lines, NO_COLUMN, "", STYLE_TEXT);
  add_line(lines, NO_COLUMN, "Proportional hazards (zph)", STYLE_TITLE);
  if (!zph) {
    const struct screen_results *view = explorer->view_results;
    add_line(lines, NO_COLUMN, view && !view->view_report && !explorer_view_is_stale(explorer) ? view->view_text : "computing …",
             STYLE_DIM);
    return;
  }
  for (size_t r = 0; r < table_n_rows(zph); r++) {
    const struct cell *statistic = table_cell(zph, r, 1), *p = table_cell(zph, r, 3);
    struct text line = TEXT_INIT, sentence = TEXT_INIT;
    if (statistic->kind == CELL_NUMBER && p->kind == CELL_NUMBER) {
      style_append_p_sentence(&sentence, explorer->results->state->settings.style, p->as.number);
      text_append_format(&line, "%8.3f on %g df, %s  ", statistic->as.number, table_cell(zph, r, 2)->as.number,
                         text_string(&sentence));
      while (utf8_string_width(text_string(&line)) < 32)
        text_append_char(&line, ' ');
    } else {
      text_append(&line, "     not tested                 ");
    }
    text_append(&line, table_cell(zph, r, 0)->as.text);
    add_line(lines, NO_COLUMN, text_string(&line), STYLE_TEXT);
    text_clear(&line);
    text_clear(&sentence);
  }
}

static struct model_lines lines_of(struct explorer *explorer, const struct printed_table *printed, size_t columns, bool whole)
{
  const struct cox_analysis *analysis = explorer->results->model;
  struct model_lines lines = {.lines = NULL};
  for (size_t r = 0; r < printed->n_rows; r++)
    add_line(&lines, r, NULL, STYLE_TEXT);
  for (size_t i = 0; i < analysis->n_warnings; i++)
    add_wrapped(&lines, analysis->warnings[i], columns, STYLE_WARNING);
  for (size_t i = 0; i < printed->n_notes; i++)
    add_wrapped(&lines, printed->notes[i], columns, STYLE_DIM);
  if (whole)
    add_proportionality(explorer, &lines);
  return lines;
}

static void lines_clear(struct model_lines *lines)
{
  for (size_t i = 0; i < lines->n; i++)
    free(lines->lines[i].text);
  free(lines->lines);
}

/* The table with its cursor, and under it what was found. */
static void draw_table(struct explorer *explorer, struct frame *frame, struct area area, bool whole, bool focused)
{
  struct printed_table *printed = present_cox_printed(explorer->results->model, explorer->results->state);
  struct forest forest = forest_of(explorer->results->model, printed);
  struct list *list = &explorer->model_list;
  forest.label_columns = label_columns(area.columns, set_widths(printed, forest.widths), widest_label(printed));
  if (area.rows >= (whole ? LEAST_WITH_HEAD_WHOLE : LEAST_WITH_HEAD)) {
    draw_row(explorer, frame, area_line(area, 0), &forest, NO_COLUMN);
    area.row++, area.rows--;
  }
  struct model_lines lines = lines_of(explorer, printed, area.columns, whole);
  explorer->model_lines = lines.n;
  list_follow(list, lines.n, area.rows ? area.rows : 1);
  for (size_t i = list->top, row = 0; i < lines.n && row < area.rows; i++, row++) {
    const struct model_line *line = &lines.lines[i];
    const struct area place = area_line(area, row);
    const struct printed_row *shown = line->row == NO_COLUMN ? NULL : &printed->rows[line->row];
    if (shown && shown->kind != PRINTED_HEADING)
      draw_row(explorer, frame, place, &forest, line->row);
    else
      paint_text(&frame->canvas, place, shown ? (shown->cells[0] ? shown->cells[0] : "") : line->text,
                 shown ? STYLE_TITLE : line->style, explorer_charset(explorer));
    if (i == list->cursor && focused) {
      canvas_add_attributes(&frame->canvas, place, ATTRIBUTE_REVERSE);
      frame->cursor_row = place.row, frame->cursor_column = place.column;
    }
  }
  lines_clear(&lines);
  forest_clear(&forest);
  printed_table_free(printed);
}

/* The columns of the table beside which the residuals stand: more where a label wants them and the residuals have enough. */
static size_t table_columns(const struct explorer *explorer, size_t columns)
{
  struct printed_table *printed = present_cox_printed(explorer->results->model, explorer->results->state);
  size_t widths[5];
  const size_t wanted = set_widths(printed, widths) + LEAST_FOREST + 1 + widest_label(printed);
  const size_t most = columns > TABLE_COLUMNS + LEAST_BESIDE + 1 ? columns - LEAST_BESIDE - 1 : TABLE_COLUMNS;
  printed_table_free(printed);
  return wanted < TABLE_COLUMNS ? TABLE_COLUMNS : wanted < most ? wanted : most;
}

/* From a heading or a reference the next coefficient beneath it is meant. */
bool pane_model_at(const struct explorer *explorer, size_t *column)
{
  *column = NO_COLUMN;
  if (!has_model(explorer))
    return false;
  struct printed_table *printed = present_cox_printed(explorer->results->model, explorer->results->state);
  struct forest forest = forest_of(explorer->results->model, printed);
  for (size_t r = explorer->model_list.cursor; r < printed->n_rows && *column == NO_COLUMN; r++)
    *column = forest.column[r];
  forest_clear(&forest);
  printed_table_free(printed);
  return *column != NO_COLUMN;
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
  size_t column;
  if (whole && area.columns >= BESIDE_COLUMNS && pane_model_at(explorer, &column)) {
    const size_t table = table_columns(explorer, area.columns);
    pane_residuals_draw_of(explorer, frame, area_after(area, table + 1), column);
    area.columns = table;
  }
  struct area body = area;
  body.row++;
  body.rows = area.rows > 0 ? area.rows - 1 : 0;
  if (!state->model) {
    paint_wrapped(&frame->canvas, body, "No model yet: c on a variable puts it in, or type :cox age + sex", STYLE_TEXT, charset);
  } else if (has_model(explorer) && explorer->results->state->model) {
    draw_table(explorer, frame, body, whole, focused);
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
  const size_t rows = explorer->wishes.view == VIEW_MODEL ? layout->main.rows : layout->model.rows;
  list_move(&explorer->model_list, motion, explorer->model_lines, rows > 2 ? rows - 2 : 1);
}
