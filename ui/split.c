/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/split.h"

#include <stdlib.h>

#include "ui/paint.h"
#include "ui/pane.h"

/* Exchanges the focused view's fields with those put by. */
static void exchange(struct explorer *explorer)
{
  const struct split split = explorer->split;
  explorer->split = (struct split){
      .view = explorer->wishes.view,
      .beneath = explorer->view_beneath,
      .is_left = !split.is_left,
      .worker = explorer->view_worker,
      .results = explorer->view_results,
      .state = explorer->view_state,
      .line = explorer->view_line,
      .columns = explorer->view_columns,
      .wanted = explorer->view_wanted,
      .first_column = explorer->view_column,
      .list = explorer->view_list,
  };
  explorer->wishes.view = split.view;
  explorer->view_beneath = split.beneath;
  explorer->view_worker = split.worker;
  explorer->view_results = split.results;
  explorer->view_state = split.state;
  explorer->view_line = split.line;
  explorer->view_columns = split.columns;
  explorer->view_wanted = split.wanted;
  explorer->view_column = split.first_column;
  explorer->view_list = split.list;
}

void split_swap(struct explorer *explorer)
{
  exchange(explorer);
  explorer->wishes.beside_left = explorer->split.is_left;
}

void split_toggle(struct explorer *explorer)
{
  if (explorer->split.view) {
    explorer->split.view = VIEW_NONE;
    explorer->wishes.split = false;
    explorer_say(explorer, STYLE_TEXT, "one view");
    return;
  }
  const struct layout *layout = &explorer->layout;
  if (layout->bar.columns < LAYOUT_SPLIT_LEAST + (layout->variables.rows ? layout->variables.columns + 1 : 0)) {
    explorer_say(explorer, STYLE_DIM, "two views need a wider window: %d columns beside the variables (z hides them)",
                 (int)LAYOUT_SPLIT_LEAST);
    return;
  }
  explorer->split.view = explorer->wishes.view == VIEW_CURVES ? VIEW_MODEL : VIEW_CURVES;
  explorer->split.is_left = explorer->split.view == VIEW_CURVES;
  explorer->wishes.split = true;
  explorer->wishes.beside_left = explorer->split.is_left;
  explorer->wishes.focus = FOCUS_MAIN;
  explorer_say(explorer, STYLE_TEXT, "two views: Tab changes, 1 to 8 choose what it shows, | closes the other");
}

/* With the other view as the explorer's own, in its area and without the focus. */
static void as_the_other(struct explorer *explorer, struct layout *layout, struct layout_wishes *wishes)
{
  *layout = explorer->layout;
  *wishes = explorer->wishes;
  exchange(explorer);
  explorer->layout.main = layout->beside;
  explorer->wishes.focus = FOCUS_VARIABLES;
}

static void as_before(struct explorer *explorer, const struct layout *layout, const struct layout_wishes *wishes)
{
  explorer->layout = *layout;
  exchange(explorer);
  explorer->wishes = *wishes;
}

void split_draw(struct explorer *explorer, struct frame *frame)
{
  struct layout layout;
  struct layout_wishes wishes;
  const struct frame before = *frame;
  const struct area area = explorer->layout.beside;
  if (!explorer->split.view || !area.rows)
    return;
  as_the_other(explorer, &layout, &wishes);
  paint_blank(&frame->canvas, area);
  pane_of(explorer->wishes.view)->draw(explorer, frame, area);
  as_before(explorer, &layout, &wishes);
  frame->cursor_row = before.cursor_row;
  frame->cursor_column = before.cursor_column;
  const struct area right = explorer->split.is_left ? layout.main : area;
  paint_divider(&frame->canvas, (struct area){right.row, right.column - 1, right.rows, 1}, explorer_charset(explorer));
}

void split_refresh(struct explorer *explorer, void (*refresh_view)(struct explorer *explorer))
{
  struct layout layout;
  struct layout_wishes wishes;
  if (!explorer->split.view)
    return;
  as_the_other(explorer, &layout, &wishes);
  refresh_view(explorer);
  as_before(explorer, &layout, &wishes);
}

bool split_take(struct explorer *explorer, struct screen_results *results)
{
  if (!results->is_view || !results->worker || results->worker != explorer->split.worker)
    return false;
  if (results->number < explorer->split.wanted) {
    explorer_discard(explorer, results);
    return true;
  }
  explorer_discard(explorer, explorer->split.results);
  explorer->split.results = results;
  return true;
}

void split_clear(struct explorer *explorer)
{
  screen_results_free(explorer->split.results);
  state_release(explorer->split.state);
  free(explorer->split.line);
}
