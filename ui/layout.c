/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/layout.h"

enum {
  LINE_ROWS = 4,
  LINE_COLUMNS = 20,
  CURVE_ROWS = 12,
  CURVE_COLUMNS = 60,
  TABS_ROWS = 30,      /* from here on the views have a line of their own */
  SQUEEZE_COLUMNS = 80, /* from here on focused variables stand beside the rest */
  ASIDE_COLUMNS = 100, /* from here on they always do */
  ASIDE_WIDTH = 26,
  ASIDE_WIDE = 28,
  WIDE_COLUMNS = 160,
  RIGHT_FROM = 150, /* a main part that wide is parted in curves and, to the right, model and summary */
  RIGHT_LEAST = 60,
  RIGHT_MOST = 80,
  CURVES_LEAST = 16,  /* rows of curves before the model gets more than a strip */
  CURVES_COMFORT = 20,
  CUT_CURVES = 12, /* rows of curves that the pane of cut points leaves */
  STRIP_ROWS = 4,
  STRIP_LEAST = 3
};

static size_t least(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* One line, the message's when something is being typed. */
static void lay_line(size_t rows, size_t columns, const struct layout_wishes *wishes, struct layout *layout)
{
  layout->size = LAYOUT_LINE;
  struct area line = {.rows = 1, .columns = columns};
  if (rows == 1 && wishes->prompting) {
    layout->message = line;
    return;
  }
  layout->bar = line;
  if (rows > 1)
    layout->message = (struct area){.row = rows - 1, .rows = 1, .columns = columns};
}

/* The message stands over the key bar (or at the bottom); its further rows cover what is above. */
static void lay_message(struct layout *layout, size_t bottom, size_t columns, const struct layout_wishes *wishes)
{
  size_t wanted = wishes->message_rows < 1 ? 1 : least(wishes->message_rows, 3);
  size_t message_rows = bottom >= 12 ? wanted : 1;
  layout->message = (struct area){.row = bottom - message_rows, .rows = message_rows, .columns = columns};
}

static void lay_curve(size_t rows, size_t columns, const struct layout_wishes *wishes, struct layout *layout)
{
  layout->size = LAYOUT_CURVE;
  size_t top = rows >= 6, bottom = rows;
  if (top)
    layout->bar = (struct area){.rows = 1, .columns = columns};
  if (rows >= 10)
    layout->keys = (struct area){.row = --bottom, .rows = 1, .columns = columns};
  lay_message(layout, bottom, columns, wishes);
  struct area body = {.row = top, .rows = bottom - 1 - top, .columns = columns};
  if (wishes->focus == FOCUS_VARIABLES)
    layout->variables = body;
  else if (wishes->focus == FOCUS_MODEL && wishes->view == VIEW_CURVES && wishes->model_rows)
    layout->model = body;
  else
    layout->main = body;
}

/* Takes the variables' columns off the body's left, and one for the line between. */
static void lay_variables(size_t columns, const struct layout_wishes *wishes, struct area *body, struct layout *layout)
{
  const bool focused = wishes->focus == FOCUS_VARIABLES;
  if (columns < ASIDE_COLUMNS && !focused)
    return;
  layout->variables = *body;
  layout->variables.columns = columns >= WIDE_COLUMNS ? ASIDE_WIDE : ASIDE_WIDTH;
  layout->overlaid = columns < SQUEEZE_COLUMNS;
  if (layout->overlaid)
    return;
  body->column += layout->variables.columns + 1;
  body->columns -= layout->variables.columns + 1;
}

/* Model and summary to the right of the curves. */
static void lay_right(struct area body, const struct layout_wishes *wishes, struct layout *layout)
{
  struct area right = body;
  right.columns = body.columns * 2 / 5;
  right.columns = right.columns < RIGHT_LEAST ? RIGHT_LEAST : least(right.columns, RIGHT_MOST);
  right.column += body.columns - right.columns;
  layout->main = body;
  layout->main.columns -= right.columns + 1;
  layout->model = layout->summary = right;
  if (!wishes->model_rows) {
    layout->model.rows = 0;
  } else if (wishes->summary_rows && wishes->model_rows + wishes->summary_rows <= right.rows) {
    layout->model.rows = right.rows - wishes->summary_rows;
    layout->summary.row += layout->model.rows;
    layout->summary.rows = wishes->summary_rows;
  } else {
    layout->summary.rows = 0;
  }
}

/* Model and summary under the curves: a strip where there is little room, more of it while it has the focus. */
static void lay_stacked(struct area body, const struct layout_wishes *wishes, struct layout *layout)
{
  size_t model = 0, summary = 0;
  if (wishes->model_rows) {
    size_t strip = body.rows >= CURVES_LEAST + STRIP_LEAST ? STRIP_ROWS : 0;
    size_t comfort = body.rows > CURVES_COMFORT + strip ? body.rows - CURVES_COMFORT : strip;
    size_t room = wishes->focus == FOCUS_MODEL && comfort < body.rows / 2 ? body.rows / 2 : comfort;
    model = least(wishes->model_rows, room);
  }
  if (wishes->summary_rows && body.rows >= model + wishes->summary_rows + CURVES_COMFORT + 2)
    summary = wishes->summary_rows;
  layout->main = body;
  layout->main.rows -= model + summary;
  layout->summary = body;
  layout->summary.row += layout->main.rows;
  layout->summary.rows = summary;
  layout->model = body;
  layout->model.row += layout->main.rows + summary;
  layout->model.rows = model;
}

/* Parts the body in two, left and right of a line; `body` becomes the main view's part. */
static void lay_beside(const struct layout_wishes *wishes, struct area *body, struct layout *layout)
{
  struct area left = *body, right = *body;
  left.columns = (body->columns - 1) / 2;
  right.column += left.columns + 1;
  right.columns -= left.columns + 1;
  layout->beside = wishes->beside_left ? left : right;
  *body = wishes->beside_left ? right : left;
}

static void lay_full(size_t rows, size_t columns, const struct layout_wishes *wishes, struct layout *layout)
{
  layout->size = LAYOUT_FULL;
  layout->bar = (struct area){.rows = 1, .columns = columns};
  layout->keys = (struct area){.row = rows - 1, .rows = 1, .columns = columns};
  lay_message(layout, rows - 1, columns, wishes);
  struct area body = {.row = 1, .rows = rows - 3, .columns = columns};
  if (wishes->zoomed && wishes->focus == FOCUS_VARIABLES) {
    layout->variables = body;
    return;
  }
  if (!wishes->zoomed)
    lay_variables(columns, wishes, &body, layout);
  if (rows >= TABS_ROWS) {
    layout->tabs = body;
    layout->tabs.rows = 1;
    body.row++;
    body.rows--;
  }
  if (wishes->split && !wishes->zoomed && body.columns >= LAYOUT_SPLIT_LEAST)
    lay_beside(wishes, &body, layout);
  if (wishes->view == VIEW_CURVES && !wishes->zoomed && wishes->cut_rows && body.rows >= wishes->cut_rows + CUT_CURVES) {
    body.rows -= wishes->cut_rows;
    layout->cuts = body;
    layout->cuts.row += body.rows;
    layout->cuts.rows = wishes->cut_rows;
  }
  if (wishes->view != VIEW_CURVES || (wishes->zoomed && (wishes->focus == FOCUS_MAIN || !wishes->model_rows)))
    layout->main = body;
  else if (wishes->zoomed)
    layout->model = body;
  else if (body.columns >= RIGHT_FROM && (wishes->model_rows || wishes->summary_rows))
    lay_right(body, wishes, layout);
  else
    lay_stacked(body, wishes, layout);
}

struct layout layout_of(size_t rows, size_t columns, const struct layout_wishes *wishes)
{
  struct layout layout = {.size = LAYOUT_LINE};
  if (rows == 0 || columns == 0)
    return layout;
  if (rows < LINE_ROWS || columns < LINE_COLUMNS)
    lay_line(rows, columns, wishes, &layout);
  else if (rows < CURVE_ROWS || columns < CURVE_COLUMNS)
    lay_curve(rows, columns, wishes, &layout);
  else
    lay_full(rows, columns, wishes, &layout);
  return layout;
}
