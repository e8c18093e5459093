/* SPDX-License-Identifier: GPL-3.0-or-later */
/* While curves are cut at a number's value: the log-rank p of every cut, where one stands, and what the search for the best
 * costs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "ui/explorer_internal.h"
#include "ui/paint.h"

enum { PANE_ROWS = 8, PLOT_ROWS = 4, AXIS_COLUMNS = 7 };

double explorer_cut_of(const struct state *state, const char *name)
{
  const struct column *column = cohort_find_column(state->cohort, name);
  double cut = NAN;
  if (column && column->kind == COLUMN_FACTOR && column->n_levels && column->levels[0].name[0] == '<' &&
      !number_parse(column->levels[0].name + 1, strlen(column->levels[0].name + 1), &cut))
    cut = NAN;
  return cut;
}

const struct column *explorer_cut_column(const struct explorer *explorer, double *cut)
{
  static const char ending[] = "_cut";
  const struct state *state = session_state(explorer->session);
  const size_t end = sizeof ending - 1;
  const size_t length = state->n_groups == 1 ? strlen(state->groups[0]) : 0;
  if (length <= end || strcmp(state->groups[0] + length - end, ending) != 0)
    return NULL;
  char *name = memory_copy_bytes(state->groups[0], length - end);
  const struct column *column = cohort_find_column(state->cohort, name);
  free(name);
  *cut = explorer_cut_of(state, state->groups[0]);
  return column && column->kind == COLUMN_NUMBER && !isnan(*cut) ? column : NULL;
}

size_t pane_cuts_rows(const struct explorer *explorer)
{
  double cut;
  return explorer_cut_column(explorer, &cut) ? PANE_ROWS : 0;
}

/* The scan of all cuts: the command cutpoint gives rows at or below a value against those above; cut[i] is the next value above
 * it, so that the cut reads as the curves' labels do: "<54" against ">=54". */
struct scan {
  size_t n;
  double *cut, *depth; /* depth: -log10 of the p-value */
  enum number_style style; /* of what is told of them */
  double deepest;
  size_t now; /* the cut that the curves are parted by; n: it leaves too few on one side to be in the scan */
};

static double number_of(const struct table *table, size_t row, size_t column)
{
  const struct cell *cell = table_cell(table, row, column);
  return cell->kind == CELL_NUMBER ? cell->as.number : (double)NAN;
}

/* The curves are parted in "<now" and ">=now": that is at or below the greatest value under it. */
static struct scan read_scan(struct explorer *explorer, const struct table *table, const struct column *column, double now)
{
  const struct row_set *members = session_state(explorer->session)->members;
  struct scan scan = {.n = table_n_rows(table), .deepest = 2};
  scan.cut = memory_new(scan.n, sizeof *scan.cut);
  scan.depth = memory_new(scan.n, sizeof *scan.depth);
  scan.now = scan.n;
  for (size_t i = 0; i < scan.n; i++) {
    const double below = number_of(table, i, 0);
    scan.cut[i] = i + 1 < scan.n ? number_of(table, i + 1, 0) : next_value_above(&explorer->cut_end, column, members, below);
    scan.depth[i] = -log10(fmax(number_of(table, i, 4), 1e-300));
    scan.deepest = fmax(scan.deepest, scan.depth[i]);
    if (below < now)
      scan.now = i;
  }
  return scan;
}

/* "best of 31: <60, p = 0.025, corrected p = 0.331": the log-rank p of the best cut, and what is left of it. */
static void append_summary(const struct scan *scan, const struct table *table, const struct table *best, struct text *text)
{
  size_t at = 0;
  if (!table_n_rows(best) || isnan(number_of(best, 0, 1))) {
    text_append(text, "no cut leaves enough patients on each side");
    return;
  }
  while (at + 1 < scan->n && number_of(table, at, 0) < number_of(best, 0, 1))
    at++;
  text_append_format(text, "best of %zu: <", scan->n);
  number_append_short(text, scan->cut[at]);
  text_append(text, ", ");
  style_append_p_sentence(text, scan->style, number_of(best, 0, 9));
  text_append(text, ", corrected ");
  style_append_p_sentence(text, scan->style, number_of(best, 0, 6));
}

/* A bar for each cut, as high as its p is small; several cuts that share a column show the smallest p. */
static void draw_bars(const struct scan *scan, struct frame *frame, struct area plot, bool ascii)
{
  const size_t columns = scan->n < plot.columns ? scan->n : plot.columns;
  for (size_t c = 0; c < columns; c++) {
    const size_t from = c * scan->n / columns, to = (c + 1) * scan->n / columns;
    double depth = 0;
    bool is_now = false;
    for (size_t i = from; i < to; i++) {
      depth = fmax(depth, scan->depth[i]);
      is_now |= i == scan->now;
    }
    const enum canvas_style style = is_now ? STYLE_SERIES_2 : STYLE_SERIES_1;
    size_t eighths = (size_t)floor(depth / scan->deepest * PLOT_ROWS * 8 + 0.5);
    for (size_t r = 0; r < PLOT_ROWS && eighths; r++) {
      const size_t part = eighths < 8 ? eighths : 8;
      eighths -= part;
      if (!ascii || part >= 4)
        canvas_put(&frame->canvas, plot.row + PLOT_ROWS - 1 - r, plot.column + c, ascii ? '#' : 0x2580 + (uint32_t)part, style);
    }
    if (is_now)
      canvas_put(&frame->canvas, plot.row + PLOT_ROWS, plot.column + c, '^', STYLE_TITLE);
  }
}

/* p at the top of the bars, and where 0.05 is. */
static void draw_axis(const struct scan *scan, struct frame *frame, struct area area, struct area plot, enum charset charset)
{
  const bool ascii = charset == CHARSET_ASCII;
  const double usual = -log10(0.05);
  const size_t level = (size_t)fmin(floor(usual / scan->deepest * PLOT_ROWS), PLOT_ROWS - 1);
  struct text top = TEXT_INIT;
  style_append_p(&top, scan->style, pow(10, -scan->deepest));
  struct area label = {.row = plot.row, .column = area.column, .rows = 1, .columns = AXIS_COLUMNS - 1};
  paint_text_right(&frame->canvas, label, text_string(&top), STYLE_DIM, charset);
  text_clear(&top);
  for (size_t c = 0; c < plot.columns; c++)
    canvas_put(&frame->canvas, plot.row + PLOT_ROWS - 1 - level, plot.column + c, ascii ? '.' : 0x2508, STYLE_DIM);
  if (level + 1 == PLOT_ROWS)
    return;
  label.row = plot.row + PLOT_ROWS - 1 - level;
  paint_text_right(&frame->canvas, label, "0.05", STYLE_DIM, charset);
}

static void draw_ends(const struct scan *scan, struct frame *frame, struct area plot, enum charset charset)
{
  struct text first = TEXT_INIT, last = TEXT_INIT;
  const size_t columns = scan->n < plot.columns ? scan->n : plot.columns;
  struct area line = {.row = plot.row + PLOT_ROWS, .column = plot.column, .rows = 1, .columns = plot.columns};
  number_append_short(&first, scan->cut[0]);
  number_append_short(&last, scan->cut[scan->n - 1]);
  paint_text(&frame->canvas, line, text_string(&first), STYLE_DIM, charset);
  if (columns > first.length + last.length + 2)
    paint_text(&frame->canvas, area_after(line, columns - last.length), text_string(&last), STYLE_DIM, charset);
  text_clear(&first);
  text_clear(&last);
}

static void draw_scan(const struct scan *scan, struct frame *frame, struct area area, enum charset charset)
{
  struct area plot = area_after(area, AXIS_COLUMNS);
  plot.row += 2;
  plot.rows = PLOT_ROWS;
  if (!scan->n || plot.columns < 4)
    return;
  draw_ends(scan, frame, plot, charset);
  draw_axis(scan, frame, area, plot, charset);
  draw_bars(scan, frame, plot, charset == CHARSET_ASCII);
}

/* The longest form that fits: cut off it would not say what to do. */
static void draw_warning(struct frame *frame, struct area line, enum charset charset)
{
  static const char *const forms[] = {"A search finds small p by chance: report the corrected one.",
                                      "Chance finds small p: report the corrected one.", "Report the corrected p."};
  size_t form = 0;
  while (form + 1 < sizeof forms / sizeof *forms && strlen(forms[form]) > line.columns)
    form++;
  paint_text(&frame->canvas, line, forms[form], STYLE_WARNING, charset);
}

void pane_cuts_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  const enum charset charset = explorer_charset(explorer);
  const struct report *report = explorer_view_report(explorer);
  const struct table *table = report ? report_find_table(report, "cutpoint_scan") : NULL;
  const struct table *best = report ? report_find_table(report, "cutpoint") : NULL;
  double now;
  const struct column *column = explorer_cut_column(explorer, &now);
  paint_blank(&frame->canvas, area);
  struct text title = TEXT_INIT;
  text_append_format(&title, "p of every cut of %s", column ? column->name : "");
  if (column) {
    text_append(&title, ", now <");
    number_append_short(&title, now);
  }
  text_append(&title, " ([ ] move it)");
  paint_rule(&frame->canvas, area_line(area, 0), text_string(&title), false, charset);
  text_clear(&title);
  if (!column)
    return;
  if (!table || !best) {
    const struct screen_results *view = explorer->view_results;
    const bool failed = view && !view->view_report && view->view_text && !explorer_view_is_stale(explorer);
    paint_wrapped(&frame->canvas, area_line(area, 1), failed ? view->view_text : "computing …", STYLE_DIM, charset);
    return;
  }
  struct scan scan = read_scan(explorer, table, column, now);
  scan.style = session_state(explorer->session)->settings.style;
  struct text summary = TEXT_INIT;
  append_summary(&scan, table, best, &summary);
  paint_text(&frame->canvas, area_line(area, 1), text_string(&summary), STYLE_TEXT, charset);
  text_clear(&summary);
  draw_scan(&scan, frame, area, charset);
  draw_warning(frame, area_line(area, PANE_ROWS - 1), charset);
  free(scan.cut);
  free(scan.depth);
}
