/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The curves, and the summary beneath or beside them. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "ui/explorer_internal.h"
#include "ui/paint.h"
#include "verbs/present.h"

static bool has_curves(const struct explorer *explorer)
{
  return explorer->results && explorer->results->has_curves;
}

/* Why there is nothing to see, and the way back. */
static void draw_reason(struct explorer *explorer, struct frame *frame, struct area area)
{
  const struct state *state = session_state(explorer->session);
  const char *why = explorer->results && explorer->results->curves_error ? explorer->results->curves_error : "computing …";
  struct text running = TEXT_INIT;
  if (!state->cohort && explorer->job) {
    text_append_format(&running, "%s …\n\nEsc stops it.", job_line(explorer->job));
    why = text_string(&running);
  } else if (!state->cohort)
    why = "No cohort is loaded.\n\n  :load \"FILE.csv\"\n  :endpoint os = Surv(TIME, EVENT == 1)\n  :km GROUP\n\n"
          "? shows the keys, :help the commands.";
  else if (!state_endpoint(state))
    why = "No endpoint is defined: which column is the time, and which value is the event?\n\n"
          "  :endpoint os = Surv(TIME, EVENT == 1)\n\n:help columns lists the columns.";
  else if (!state->on_view->count)
    why = "0 patients\n\nThe filter leaves nobody: u undoes it, a brings back all levels of a variable,\n:filter off shows "
          "everybody.";
  paint_wrapped(&frame->canvas, area, why, STYLE_TEXT, explorer_charset(explorer));
  text_clear(&running);
}

/* S(t) with limits and numbers at risk of each group, on the message lines. */
static void read_off(struct explorer *explorer)
{
  const struct km_analysis *analysis = &explorer->results->curves;
  struct text text = TEXT_INIT;
  text_append_format(&text, "t = %.4g", explorer->cursor);
  for (size_t g = 0; g < analysis->gathered.data.n_groups && g < 4; g++) {
    struct km_point point = km_at(&analysis->curves[g], explorer->cursor);
    text_append_format(&text, "  %c ", (char)('A' + g));
    if (isnan(point.estimate))
      text_append(&text, "NE");
    else
      printed_append_interval(&text, point.estimate, point.conf_low, point.conf_high, 2, false);
    text_append_format(&text, " n %.10g", point.n_risk);
  }
  explorer_say(explorer, STYLE_TEXT, "%s", text_string(&text));
  text_clear(&text);
}

void pane_curves_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  const bool focused = explorer->wishes.focus == FOCUS_MAIN;
  if (focused)
    frame->cursor_row = area.row, frame->cursor_column = area.column;
  if (!has_curves(explorer) || !explorer->results->state->on_view->count || !session_state(explorer->session)->on_view->count) {
    draw_reason(explorer, frame, area);
    return;
  }
  const struct screen_results *results = explorer->results;
  struct draw_options options = settings_drawing(&session_state(explorer->session)->settings);
  options.charset = explorer_charset(explorer);
  options.cursor = explorer->cursor;
  if (!isnan(explorer->cursor))
    read_off(explorer);
  struct plot *plot = present_km_plot(&results->curves, results->state, results->has_logrank ? &results->logrank : NULL);
  draw_plot(plot, &options, &frame->canvas, area, &explorer->geometry);
  plot_free(plot);
  if (explorer_is_late(explorer))
    paint_dim(&frame->canvas, area);
}

size_t pane_summary_rows(const struct explorer *explorer)
{
  return has_curves(explorer) ? explorer->results->curves.gathered.data.n_groups + 2 : 0;
}

/* One printed row in columns of the widths given. */
static void draw_row(struct explorer *explorer, struct frame *frame, struct area line, char *const *cells,
                     const struct printed_table *printed)
{
  static const size_t widths[] = {18, 6, 7, 17, 12, 15, 9};
  for (size_t c = 0; c < printed->n_columns && line.columns; c++) {
    struct area cell = line;
    cell.columns = c < 7 && widths[c] < line.columns ? widths[c] : line.columns;
    if (c == 0)
      paint_text(&frame->canvas, cell, cells[c] ? cells[c] : "", STYLE_TEXT, explorer_charset(explorer));
    else
      paint_text_right(&frame->canvas, cell, cells[c] ? cells[c] : "", STYLE_TEXT, explorer_charset(explorer));
    line = area_after(line, cell.columns + 1);
  }
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
  printed_table_free(printed);
  if (explorer_is_late(explorer))
    paint_dim(&frame->canvas, area);
}

/* Home and End of the read-off line; other motions are for lists. */
void pane_curves_move(struct explorer *explorer, enum motion motion)
{
  if (!isnan(explorer->cursor) && (motion == MOTION_HOME || motion == MOTION_END))
    explorer->cursor = motion == MOTION_HOME ? 0 : explorer->geometry.last_time;
}

/* The read-off line goes by columns of the grid. */
void pane_curves_sideways(struct explorer *explorer, int step)
{
  const double last = explorer->geometry.last_time, dt = explorer->geometry.dt;
  if (!isnan(explorer->cursor))
    explorer->cursor = fmin(fmax(explorer->cursor + step * dt, 0), last);
}
