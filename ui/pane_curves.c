/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The curves, and the summary beneath or beside them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"
#include "ui/explorer_internal.h"
#include "ui/paint.h"
#include "verbs/present.h"

static bool has_curves(const struct explorer *explorer)
{
  return explorer->results && explorer->results->has_curves && explorer->results->plot;
}

/* Why there is nothing to see, and the way back. */
static void draw_reason(struct explorer *explorer, struct frame *frame, struct area area)
{
  const struct state *state = session_state(explorer->session);
  const bool is_known = explorer->results && explorer->results->curves_error && !explorer_is_stale(explorer);
  const char *why = is_known ? explorer->results->curves_error : "computing …";
  struct text running = TEXT_INIT;
  if (!state->cohort && explorer->job) {
    text_append_format(&running, "%s …\n\nEsc stops it.", job_line(explorer->job));
    why = text_string(&running);
  } else if (!state->cohort)
    why = "No cohort is loaded.\n\n  :load \"FILE.csv\"\n  :endpoint os = Surv(TIME, EVENT == 1)\n  :km GROUP\n\n"
          "? shows the keys, :help the commands.";
  else if (!state_endpoint(state))
    why = "No endpoint is defined: which column is the time, and which value is the event?\n\n"
          "  :endpoint os = Surv(TIME, EVENT == 1)\n\n:help columns lists the columns.\n\n"
          "A table without an outcome: 7 its rows, F how often each value is, 3 describes it; published results are pooled "
          "by :pool ESTIMATE LOW HIGH.";
  else if (!state->cohort->n_rows)
    why = "0 patients\n\nThe table has no rows: its file holds a header and nothing below it.\n\n  :load \"FILE.csv\"";
  else if (!state->members->count)
    why = "0 patients\n\nNo row is left in the cohort: u undoes what left the last ones out (keep, drop).";
  else if (!state->on_view->count)
    why = "0 patients\n\nThe filter leaves nobody: u undoes it, a brings back all levels of a variable,\n:filter off shows "
          "everybody.";
  paint_wrapped(&frame->canvas, area, why, STYLE_TEXT, explorer_charset(explorer));
  text_clear(&running);
}

/* The function's value with limits, in their order. */
static void append_value(struct text *text, enum plot_function function, const struct km_point *point,
                         enum number_style style)
{
  double value = plot_function_value(function, point->estimate), low = plot_function_value(function, point->conf_low),
         high = plot_function_value(function, point->conf_high);
  if (isnan(point->estimate))
    text_append(text, "NE");
  else if (!isfinite(value))
    text_append(text, value > 0 ? "inf" : "-inf");
  else
    style_append_interval(text, style, &(struct printed_value){.kind = PRINTED_INTERVAL,
                                                               .estimate = value,
                                                               .low = fmin(low, high),
                                                               .high = fmax(low, high),
                                                               .decimals = 2});
  text_append_format(text, " n %.10g", point->n_risk);
}

/* Each panel on view: "colorectal A .52 B .31": as many as the line has room for. */
static void append_panels(const struct explorer *explorer, enum plot_function function, struct text *text)
{
  const struct draw_geometry *geometry = &explorer->geometry;
  for (size_t p = 0; p < geometry->n_shown; p++) {
    const struct plot panel = plot_panel(explorer->results->plot, geometry->first_panel + p);
    text_append_format(text, "  %s", panel.title);
    for (size_t g = 0; g < panel.n_series && g < PLOT_OVERLAID; g++) {
      double value = plot_function_value(function, plot_series_value(&panel.series[g], explorer->cursor));
      if (panel.n_series > 1)
        text_append_format(text, " %c", (char)('A' + g));
      if (isfinite(value))
        text_append_format(text, " %.2f", value);
      else
        text_append(text, " NE");
    }
  }
}

/* The curves' values with limits and numbers at risk of each group, on the message lines. */
static void read_off(struct explorer *explorer)
{
  const struct km_analysis *analysis = &explorer->results->curves;
  const enum plot_function function = explorer->geometry.window.function;
  char *label = plot_function_label(function, "S");
  struct text text = TEXT_INIT;
  text_append_format(&text, "t = %.4g", explorer->cursor);
  if (label)
    text_append_format(&text, "  %s", label);
  if (explorer->geometry.n_shown)
    append_panels(explorer, function, &text);
  for (size_t g = 0; g < analysis->gathered.data.n_groups && g < PLOT_OVERLAID && !explorer->geometry.n_shown; g++) {
    struct km_point point = km_at(&analysis->curves[g], explorer->cursor);
    text_append_format(&text, "  %c ", (char)('A' + g));
    append_value(&text, function, &point, explorer->results->state->settings.style);
  }
  explorer_say(explorer, STYLE_TEXT, "%s", text_string(&text));
  explorer->cursor_told = explorer->cursor;
  free(label);
  text_clear(&text);
}

void pane_curves_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  const bool focused = explorer->wishes.focus == FOCUS_MAIN;
  if (focused)
    frame->cursor_row = area.row, frame->cursor_column = area.column;
  const struct state *state = session_state(explorer->session); /* maybe before the file was loaded, and the curves of after it */
  if (!has_curves(explorer) || !explorer->results->state->on_view->count || !state->cohort || !state->on_view->count) {
    draw_reason(explorer, frame, area);
    return;
  }
  const struct screen_results *results = explorer->results;
  struct draw_options options = settings_drawing(&session_state(explorer->session)->settings);
  options.charset = explorer_charset(explorer);
  options.cursor = explorer->cursor;
  options.first_panel = explorer->first_panel;
  draw_plot(results->plot, &options, &frame->canvas, area, &explorer->geometry);
  explorer->first_panel = explorer->geometry.first_panel;
  if (!isnan(explorer->cursor) && (!explorer->message || explorer->cursor != explorer->cursor_told))
    read_off(explorer);
  if (explorer_is_late(explorer))
    paint_dim(&frame->canvas, area);
}

size_t pane_summary_rows(const struct explorer *explorer)
{
  return has_curves(explorer) ? explorer->results->curves.gathered.data.n_groups + 2 + (explorer->results->n_pairs > 0) : 0;
}

/* A column's width: the usual one, or what its widest cell takes. */
static size_t summary_width(const struct printed_table *printed, size_t column)
{
  static const size_t widths[] = {18, 6, 7, 17, 12, 15, 9};
  size_t width = column < sizeof widths / sizeof *widths ? widths[column] : SIZE_MAX;
  for (size_t r = 0; r < printed->n_rows && column > 0; r++) {
    const char *cell = printed->rows[r].cells[column];
    const size_t wanted = cell ? utf8_string_width(cell) : 0;
    width = wanted > width ? wanted : width;
  }
  return width;
}

/* One printed row in these columns. */
static void draw_row(struct explorer *explorer, struct frame *frame, struct area line, char *const *cells,
                     const struct printed_table *printed)
{
  for (size_t c = 0; c < printed->n_columns && line.columns; c++) {
    const size_t width = summary_width(printed, c);
    struct area cell = line;
    cell.columns = width < line.columns ? width : line.columns;
    if (c == 0)
      paint_text(&frame->canvas, cell, cells[c] ? cells[c] : "", STYLE_TEXT, explorer_charset(explorer));
    else
      paint_text_right(&frame->canvas, cell, cells[c] ? cells[c] : "", STYLE_TEXT, explorer_charset(explorer));
    line = area_after(line, cell.columns + 1);
  }
}

char *curves_pairs_text(const struct explorer *explorer)
{
  const struct screen_results *results = explorer->results;
  if (!has_curves(explorer) || !results->n_pairs)
    return NULL;
  struct text text = TEXT_INIT;
  text_append(&text, "log-rank p of pairs (Holm):");
  for (size_t i = 0; i < results->n_pairs; i++) {
    text_append_format(&text, "  %c–%c ", (char)('A' + results->pairs[i].group1), (char)('A' + results->pairs[i].group2));
    style_append_p(&text, results->state->settings.style, results->pairs[i].p_adjusted);
  }
  return text_take(&text);
}

void pane_summary_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  if (!has_curves(explorer))
    return;
  struct printed_table *printed = present_km_printed(&explorer->results->curves, explorer->results->state);
  paint_rule(&frame->canvas, area_line(area, 0), "Summary", false, explorer_charset(explorer));
  char *titles[8] = {NULL};
  for (size_t c = 0; c < printed->n_columns && c < 8; c++)
    titles[c] = printed->columns[c].title;
  draw_row(explorer, frame, area_line(area, 1), titles, printed);
  for (size_t r = 0; r < printed->n_rows && r + 2 < area.rows; r++)
    draw_row(explorer, frame, area_line(area, r + 2), printed->rows[r].cells, printed);
  char *pairs = curves_pairs_text(explorer);
  if (pairs && printed->n_rows + 2 < area.rows)
    paint_text(&frame->canvas, area_line(area, printed->n_rows + 2), pairs, STYLE_TEXT, explorer_charset(explorer));
  free(pairs);
  printed_table_free(printed);
  if (explorer_is_late(explorer))
    paint_dim(&frame->canvas, area);
}

/* Home and End of the read-off line; pages are of panels. */
void pane_curves_move(struct explorer *explorer, enum motion motion)
{
  const struct draw_geometry *geometry = &explorer->geometry;
  const size_t n = has_curves(explorer) ? plot_n_panels(explorer->results->plot) : 0;
  if (!isnan(explorer->cursor) && (motion == MOTION_HOME || motion == MOTION_END))
    explorer->cursor = motion == MOTION_HOME ? geometry->window.first : geometry->window.last;
  else if (motion == MOTION_HOME)
    explorer->first_panel = 0;
  else if (motion == MOTION_END && geometry->n_shown)
    explorer->first_panel = n - (n - 1) % geometry->n_shown - 1;
  else if (motion == MOTION_PAGE_DOWN && geometry->first_panel + geometry->n_shown < n)
    explorer->first_panel = geometry->first_panel + geometry->n_shown;
  else if (motion == MOTION_PAGE_UP)
    explorer->first_panel -= explorer->first_panel < geometry->n_shown ? explorer->first_panel : geometry->n_shown;
}

/* The read-off line goes by columns of the grid; without it a window that is a part of the times moves. */
void pane_curves_sideways(struct explorer *explorer, int step)
{
  const struct plot_window *window = &explorer->geometry.window;
  const double columns = (double)explorer->geometry.grid.columns;
  if (isnan(explorer->cursor)) {
    curves_scroll(explorer, step);
  } else if (columns > 0) {
    const double column = fmin(floor(plot_window_position(window, explorer->cursor) * columns), columns - 1);
    explorer->cursor = plot_window_short_time(window, column + step, explorer->geometry.grid.columns);
  }
}
