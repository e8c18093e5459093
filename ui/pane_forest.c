/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The forest plot with a cursor on its rows; the printed table where it was asked for or the window is too narrow. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "lang/token.h"
#include "report/draw_forest.h"
#include "ui/actions.h"
#include "ui/explorer_internal.h"
#include "ui/key_lines.h"
#include "ui/paint.h"
#include "ui/pane.h"

/* The rule above, heads and axis; columns of the cursor's mark; warnings that are shown. */
enum { RULE = 1, HEADS_AND_AXIS = 3, MARK = 2, MOST_WARNINGS = 2 };

/* The plot of the view's report; NULL where the table is to be shown. */
static const struct forest_plot *plot_of(const struct explorer *explorer, size_t columns)
{
  const struct report_item *item = view_figure(explorer, ITEM_FOREST);
  if (!item || columns <= MARK || !draw_forest_fits(item->as.forest, columns - MARK, explorer_charset(explorer)))
    return NULL;
  return item->as.forest;
}

static size_t n_warnings(const struct explorer *explorer)
{
  const size_t n = explorer->view_results->view_report->n_warnings;
  return n < MOST_WARNINGS ? n : MOST_WARNINGS;
}

/* The first warnings, and how many more there are. */
static void draw_warnings(const struct explorer *explorer, struct frame *frame, struct area area)
{
  const struct report *report = explorer->view_results->view_report;
  for (size_t i = 0; i < n_warnings(explorer); i++) {
    struct text line = TEXT_INIT;
    const bool has_more = i + 1 == MOST_WARNINGS && report->n_warnings > MOST_WARNINGS;
    if (has_more)
      text_append_format(&line, "! and %zu more: t shows the table with all", report->n_warnings - i);
    else
      text_append_format(&line, "! %s", report->warnings[i]);
    paint_text(&frame->canvas, area_line(area, area.rows - n_warnings(explorer) + i), text_string(&line), STYLE_WARNING,
               explorer_charset(explorer));
    text_clear(&line);
  }
}

static void draw_cursor(const struct explorer *explorer, struct frame *frame, const struct forest_geometry *geometry)
{
  const size_t at = explorer->view_list.cursor - explorer->view_list.top;
  if (explorer->wishes.focus == FOCUS_VARIABLES || explorer->view_list.cursor < explorer->view_list.top ||
      at >= geometry->n_shown)
    return;
  const struct area line = {geometry->rows.row + at, geometry->rows.column - MARK, 1, geometry->rows.columns + MARK};
  canvas_put(&frame->canvas, line.row, line.column, '>', STYLE_TITLE);
  canvas_add_attributes(&frame->canvas, line, ATTRIBUTE_REVERSE);
  frame->cursor_row = line.row;
  frame->cursor_column = line.column;
}

/* Rows of the plot that an area shows. */
static size_t shown_rows(const struct explorer *explorer, size_t rows)
{
  const size_t others = RULE + HEADS_AND_AXIS + n_warnings(explorer);
  return rows > others ? rows - others : 1;
}

void pane_forest_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  const struct forest_plot *plot = plot_of(explorer, area.columns);
  struct forest_geometry geometry;
  if (!plot || area.rows < RULE + HEADS_AND_AXIS + n_warnings(explorer) + 1) {
    pane_text_draw(explorer, frame, area);
    return;
  }
  const size_t warnings = n_warnings(explorer);
  paint_blank(&frame->canvas, area);
  paint_rule(&frame->canvas, area_line(area, 0), explorer->view_line, explorer->wishes.focus != FOCUS_VARIABLES,
             explorer_charset(explorer));
  list_follow(&explorer->view_list, plot->n_rows, shown_rows(explorer, area.rows));
  draw_forest(plot, explorer_charset(explorer), explorer->view_list.top, &frame->canvas,
              (struct area){area.row + RULE, area.column + MARK, area.rows - RULE - warnings, area.columns - MARK}, &geometry);
  draw_warnings(explorer, frame, area);
  if (explorer_is_late(explorer))
    view_draw_late(explorer, frame, area);
  draw_cursor(explorer, frame, &geometry);
}

void pane_forest_move(struct explorer *explorer, enum motion motion)
{
  const struct forest_plot *plot = plot_of(explorer, explorer->layout.main.columns);
  if (!plot) {
    pane_text_move(explorer, motion);
    return;
  }
  list_move(&explorer->view_list, motion, plot->n_rows, shown_rows(explorer, explorer->layout.main.rows));
  const struct forest_row *row = plot->n_rows ? &plot->rows[explorer->view_list.cursor] : NULL;
  if (row && row->brief)
    explorer_say(explorer, STYLE_DIM, "%s", row->label);
  else
    state_set_string(&explorer->message, NULL);
}

/* A level of a number: no facet, so it is added to the filter as it is. */
static void choose_number(struct explorer *explorer, const struct forest_row *row)
{
  struct text line = TEXT_INIT, condition = TEXT_INIT;
  token_append_name(&condition, row->variable);
  text_append_format(&condition, " == %s", row->level);
  if (key_line_narrow(&line, session_state(explorer->session), text_string(&condition)))
    explorer_run(explorer, text_string(&line));
  text_clear(&condition);
  text_clear(&line);
}

enum explorer_wish act_subgroup(struct explorer *explorer, uint32_t key)
{
  (void)key;
  const struct forest_plot *plot = plot_of(explorer, explorer->layout.main.columns);
  const struct forest_row *row =
      plot && explorer->view_list.cursor < plot->n_rows ? &plot->rows[explorer->view_list.cursor] : NULL;
  const struct column *column =
      row && row->variable ? cohort_find_column(session_state(explorer->session)->cohort, row->variable) : NULL;
  const uint32_t code = column && column->kind == COLUMN_FACTOR ? column_find_level(column, row->level) : 0;
  if (explorer_is_stale(explorer))
    return WISH_NONE;
  if (code)
    explorer_choose_level(explorer, column, code);
  else if (column && column->kind == COLUMN_NUMBER)
    choose_number(explorer, row);
  else
    explorer_say(explorer, STYLE_DIM, "Enter on a subgroup looks at its patients alone; u undoes, t shows the table");
  return WISH_NONE;
}
