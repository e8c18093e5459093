/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flow chart with a cursor on its boxes; the printed table where it was asked for or the window is too narrow. */
#include <stdlib.h>

#include "base/memory.h"
#include "lang/facet.h"
#include "report/draw_flow.h"
#include "ui/actions.h"
#include "ui/explorer_internal.h"
#include "ui/key_lines.h"
#include "ui/paint.h"
#include "ui/pane.h"

enum { BOX_ROWS = 4, NOTE_ROWS = 2 }; /* about so many rows a box takes: for pages; the most that the note on the filter takes */

static const struct flow_plot *plot_of(const struct explorer *explorer, size_t columns)
{
  const struct report_item *item = view_figure(explorer, ITEM_FLOW);
  return item && draw_flow_fits(columns) ? item->as.flow : NULL;
}

/* What the chart does not count: the filter, which all the other views obey.  The caller frees it; NULL: there is none. */
static char *filter_note(const struct explorer *explorer)
{
  const struct state *state = session_state(explorer->session);
  struct text text = TEXT_INIT;
  if (!state->cohort || !state->filter)
    return NULL;
  text_append_format(&text, "! the chart is of all %zu; the filter shows %zu of them: %s", state->members->count,
                     state->on_view->count, state->filter);
  return text_take(&text);
}

/* Rows at the foot of an area that the note takes: none where it would leave too few to the chart. */
static size_t note_rows(const struct explorer *explorer, struct area area)
{
  char *note = filter_note(explorer);
  size_t rows = note ? paint_wrapped_rows(note, area.columns) : 0;
  free(note);
  rows = rows < NOTE_ROWS ? rows : NOTE_ROWS;
  return area.rows > rows + BOX_ROWS ? rows : 0;
}

static void draw_note(const struct explorer *explorer, struct frame *frame, struct area area, size_t rows)
{
  if (!rows)
    return;
  char *note = filter_note(explorer);
  const struct area foot = {area.row + area.rows - rows, area.column, rows, area.columns};
  paint_wrapped(&frame->canvas, foot, note, STYLE_WARNING, explorer_charset(explorer));
  free(note);
}

/* Moves the window so that the box with the cursor is in it, its first row above all. */
static void follow(struct list *list, struct area box, size_t rows, size_t height)
{
  if (list->top + height < box.row + box.rows)
    list->top = box.row + box.rows - height;
  if (list->top > box.row)
    list->top = box.row;
  if (list->top + height > rows)
    list->top = rows > height ? rows - height : 0;
}

/* The window's rows of the drawing; the box with the cursor is reversed, and > stands at its left edge. */
static void draw_window(struct explorer *explorer, struct frame *frame, struct area area, const struct flow_plot *plot)
{
  const size_t n = flow_plot_n_boxes(plot);
  struct area *boxes = memory_new(n, sizeof *boxes);
  struct list *list = &explorer->view_list;
  struct canvas canvas;
  const size_t rows = draw_flow_layout(plot, area.columns, boxes);
  list->cursor = list->cursor < n ? list->cursor : n - 1;
  follow(list, boxes[list->cursor], rows, area.rows);
  canvas_init(&canvas, rows, area.columns);
  draw_flow(plot, explorer_charset(explorer), &canvas);
  if (explorer->wishes.focus != FOCUS_VARIABLES) {
    const struct area box = boxes[list->cursor];
    const size_t row = box.row + (box.rows > 2), shown = row > list->top ? row - list->top : 0;
    canvas_put(&canvas, row, box.column, '>', STYLE_TITLE);
    canvas_add_attributes(&canvas, box, ATTRIBUTE_REVERSE);
    frame->cursor_row = area.row + (shown < area.rows ? shown : area.rows - 1);
    frame->cursor_column = area.column + box.column;
  }
  const struct canvas window = {rows - list->top, canvas.columns, canvas.cells + list->top * canvas.columns};
  paint_copy(&frame->canvas, area, &window);
  canvas_clear(&canvas);
  free(boxes);
}

void pane_flow_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  const struct flow_plot *plot = plot_of(explorer, area.columns);
  const size_t rows = note_rows(explorer, area);
  draw_note(explorer, frame, area, rows);
  area.rows -= rows;
  if (!plot || area.rows < BOX_ROWS) {
    pane_text_draw(explorer, frame, area);
    return;
  }
  paint_blank(&frame->canvas, area);
  paint_rule(&frame->canvas, area_line(area, 0), explorer->view_line, explorer->wishes.focus != FOCUS_VARIABLES,
             explorer_charset(explorer));
  draw_window(explorer, frame, (struct area){area.row + 1, area.column, area.rows - 1, area.columns}, plot);
  if (explorer_is_late(explorer))
    view_draw_late(explorer, frame, area);
}

void pane_flow_move(struct explorer *explorer, enum motion motion)
{
  const struct flow_plot *plot = plot_of(explorer, explorer->layout.main.columns);
  if (!plot) {
    list_scroll(&explorer->view_list, motion, pane_text_rows(explorer),
                pane_height(explorer, 1 + note_rows(explorer, explorer->layout.main)));
    return;
  }
  struct list list = {.cursor = explorer->view_list.cursor}; /* its top counts boxes, the view's rows */
  list_move(&list, motion, flow_plot_n_boxes(plot), pane_height(explorer, 1 + note_rows(explorer, explorer->layout.main)) / BOX_ROWS + 1);
  explorer->view_list.cursor = list.cursor;
}

void pane_flow_sideways(struct explorer *explorer, int step)
{
  if (plot_of(explorer, explorer->layout.main.columns))
    pane_flow_move(explorer, step > 0 ? MOTION_DOWN : MOTION_UP);
  else
    pane_text_sideways(explorer, step);
}

/* The step in full: what was typed, why, and what it did. */
static void show_step(struct explorer *explorer, const struct flow_plot_step *step)
{
  struct text text = TEXT_INIT;
  text_append_format(&text, "%s\n\n", step->reason);
  if (step->command)
    text_append_format(&text, "  %s\n\n", step->command);
  text_append_format(&text, "%zu excluded, %zu kept", step->excluded, step->kept);
  explorer_show_prose(explorer, "Excluded", text_take(&text));
}

/* The column whose levels a condition chooses, and nothing else; NULL: it does more than that. */
static const struct column *column_of_levels(const struct state *state, const struct expr *condition)
{
  for (size_t i = 0; i < state->cohort->n_columns; i++) {
    const struct column *column = state->cohort->columns[i];
    if (column->kind != COLUMN_FACTOR || !column->n_levels)
      continue;
    bool *all = memory_new(column->n_levels, sizeof *all);
    facet_read(NULL, column, all);
    char *rest = facet_write(condition, column, all);
    const bool is_it = rest && !*rest;
    free(rest);
    free(all);
    if (is_it)
      return column;
  }
  return NULL;
}

/* A level's box chooses it as the variable's check boxes do: the filter's other parts stay.  False: it is no such box. */
static bool choose_level(struct explorer *explorer, const char *condition)
{
  struct expr *expr = NULL;
  struct error error = ERROR_INIT;
  if (expr_parse_string(condition, &expr, &error))
    expr = NULL;
  error_clear(&error);
  const struct column *column = expr ? column_of_levels(session_state(explorer->session), expr) : NULL;
  if (column) {
    bool *included = memory_new(column->n_levels, sizeof *included);
    facet_read(expr, column, included);
    explorer_filter_levels(explorer, column, included);
    free(included);
  }
  expr_free(expr);
  return column != NULL;
}

/* Adds a branch's condition to the filter: who is looked at then is the branch's part of those on view. */
static void choose_branch(struct explorer *explorer, const char *condition)
{
  struct text line = TEXT_INIT;
  if (!session_state(explorer->session)->n_branches && choose_level(explorer, condition))
    return;
  if (key_line_narrow(&line, session_state(explorer->session), condition))
    explorer_run(explorer, text_string(&line));
  else
    explorer_say(explorer, STYLE_DIM, "these are its patients; u undoes, \\ edits the filter");
  text_clear(&line);
}

enum explorer_wish act_box(struct explorer *explorer, uint32_t key)
{
  (void)key;
  const struct flow_plot *plot = plot_of(explorer, explorer->layout.main.columns);
  const size_t box = explorer->view_list.cursor;
  const struct flow_plot_step *step = plot ? flow_plot_excluded(plot, box) : NULL;
  const struct flow_plot_branch *branch = plot ? flow_plot_branch(plot, box) : NULL;
  if (step) {
    show_step(explorer, step);
  } else if (branch && branch->filter) {
    choose_branch(explorer, branch->filter);
  } else {
    explorer_say(explorer, STYLE_DIM, "Enter: who was excluded; on a branch, its patients alone; t: the table");
  }
  return WISH_NONE;
}
