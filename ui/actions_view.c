/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "ui/actions.h"
#include "ui/pane.h"
#include "ui/pane_why.h"
#include "ui/split.h"
#include "ui/view_lines.h"

enum explorer_wish act_residuals(struct explorer *explorer, uint32_t key)
{
  (void)key;
  if (explorer->wishes.view == VIEW_RESIDUALS)
    pane_close(explorer);
  else if (pane_model_at(explorer, &explorer->residual_column))
    pane_open(explorer, VIEW_RESIDUALS);
  else
    explorer_say(explorer, STYLE_DIM, "no coefficient is under the cursor: j and k move it to one");
  return WISH_NONE;
}

/* The line that a key makes of the model goes into the prompt: Enter runs it, and it can be changed before. */
enum explorer_wish act_offer_line(struct explorer *explorer, uint32_t key)
{
  static const struct {
    uint32_t key;
    bool (*make)(const struct state *state, struct text *line);
    const char *lacking;
  } offers[] = {
      {'T', model_line_table2, "there is no outcome, or no variable; :endpoint os = Surv(TIME, EVENT == 1)"},
      {'W', model_line_stepwise, "there is no outcome, or no variable; :endpoint os = Surv(TIME, EVENT == 1)"},
      {'V', model_line_validate, "there is no model to validate; c on a variable puts it in"},
      {'K', model_line_calibrate, "there is no model to calibrate; c on a variable puts it in"},
  };
  const struct state *state = session_state(explorer->session);
  enum explorer_wish wish = WISH_NONE;
  for (size_t i = 0; i < sizeof offers / sizeof *offers; i++) {
    struct text line = TEXT_INIT;
    if (offers[i].key != key)
      continue;
    if (state->cohort && offers[i].make(state, &line))
      wish = explorer_ask(explorer, ":", text_string(&line));
    else
      explorer_say(explorer, STYLE_DIM, "%s", offers[i].lacking);
    text_clear(&line);
  }
  return wish;
}

/* ---- panes and views ---- */

enum explorer_wish act_split(struct explorer *explorer, uint32_t key)
{
  (void)key;
  split_toggle(explorer);
  return WISH_NONE;
}

/* Variables, left view, right view, and round. */
static void next_of_split(struct explorer *explorer, bool forward)
{
  const bool in_left = !explorer->split.is_left;
  if (explorer->wishes.focus == FOCUS_VARIABLES) {
    explorer->wishes.focus = FOCUS_MAIN;
    if (in_left != forward)
      split_swap(explorer);
  } else if (in_left == forward) {
    explorer->wishes.focus = FOCUS_MAIN;
    split_swap(explorer);
  } else {
    explorer->wishes.focus = FOCUS_VARIABLES;
  }
}

enum explorer_wish act_next_pane(struct explorer *explorer, uint32_t key)
{
  if (explorer->split.view && explorer->layout.beside.rows) {
    next_of_split(explorer, key == KEYS_TAB);
    return WISH_NONE;
  }
  const bool model = explorer->wishes.view == VIEW_CURVES && explorer->wishes.model_rows;
  const int n = model ? 3 : 2;
  int focus = (int)explorer->wishes.focus;
  focus = (focus + (key == KEYS_TAB ? 1 : n - 1)) % n;
  explorer->wishes.focus = (enum focus)focus;
  return WISH_NONE;
}

enum explorer_wish act_view(struct explorer *explorer, uint32_t key)
{
  const enum view before = explorer->view_beneath ? explorer->view_beneath : explorer->wishes.view;
  state_set_string(&explorer->message, NULL);
  explorer->view_beneath = VIEW_NONE;
  explorer->wishes.view = key == 'D' ? VIEW_LOG : (enum view)(key - '0');
  explorer->wishes.focus = FOCUS_MAIN;
  if (explorer->wishes.view != before && (explorer->wishes.view == VIEW_CURVES || explorer->wishes.view == VIEW_MODEL))
    explorer->model_list = (struct list){.cursor = 0}; /* the table under the curves and the view are of different heights */
  if (explorer->wishes.view != VIEW_CURVES)
    explorer->cursor = NAN;
  explorer->view_column = 0;
  if (pane_of(explorer->wishes.view)->enter)
    pane_of(explorer->wishes.view)->enter(explorer);
  return WISH_NONE;
}

enum explorer_wish act_table(struct explorer *explorer, uint32_t key)
{
  (void)key;
  explorer->view_as_table = !explorer->view_as_table;
  explorer->view_list = (struct list){.cursor = 0};
  return WISH_NONE;
}

enum explorer_wish act_zoom(struct explorer *explorer, uint32_t key)
{
  (void)key;
  explorer->wishes.zoomed = !explorer->wishes.zoomed;
  return WISH_NONE;
}

/* ---- moving ---- */

static void move(struct explorer *explorer, enum motion motion)
{
  const struct layout *layout = &explorer->layout;
  if (explorer->wishes.focus == FOCUS_VARIABLES)
    list_move(&explorer->variable_list, motion, explorer->variables.n_lines,
              layout->variables.rows > 1 ? layout->variables.rows - 1 : 1);
  else if (explorer->wishes.view == VIEW_CURVES && explorer->wishes.focus == FOCUS_MODEL)
    pane_model_move(explorer, motion);
  else if (pane_of(explorer->wishes.view)->move)
    pane_of(explorer->wishes.view)->move(explorer, motion);
}

enum explorer_wish act_move(struct explorer *explorer, uint32_t key)
{
  move(explorer, key == 'j' || key == KEYS_DOWN ? MOTION_DOWN : MOTION_UP);
  return WISH_NONE;
}

enum explorer_wish act_page(struct explorer *explorer, uint32_t key)
{
  move(explorer, key == KEYS_PAGE_DOWN || key == KEYS_CTRL_F ? MOTION_PAGE_DOWN : MOTION_PAGE_UP);
  return WISH_NONE;
}

enum explorer_wish act_half_page(struct explorer *explorer, uint32_t key)
{
  move(explorer, key == KEYS_CTRL_D ? MOTION_HALF_DOWN : MOTION_HALF_UP);
  return WISH_NONE;
}

enum explorer_wish act_ends(struct explorer *explorer, uint32_t key)
{
  move(explorer, key == 'g' || key == KEYS_HOME ? MOTION_HOME : MOTION_END);
  return WISH_NONE;
}

static void fold(struct explorer *explorer, bool unfolded)
{
  const struct column *column;
  uint32_t code;
  if (!explorer_at_variable(explorer, &column, &code) || column->kind != COLUMN_FACTOR)
    return;
  size_t of_column = explorer->variables.lines[explorer->variable_list.cursor].column;
  variables_fold(&explorer->variables, column->name, unfolded);
  if (!unfolded)
    explorer->variable_list.cursor = variables_find(&explorer->variables, of_column, 0);
}

enum explorer_wish act_sideways(struct explorer *explorer, uint32_t key)
{
  const bool right = key == 'l' || key == KEYS_RIGHT;
  if (explorer->wishes.focus == FOCUS_VARIABLES)
    fold(explorer, right);
  else if (explorer->wishes.focus == FOCUS_MAIN && pane_of(explorer->wishes.view)->sideways)
    pane_of(explorer->wishes.view)->sideways(explorer, right ? 1 : -1);
  return WISH_NONE;
}

enum explorer_wish act_why(struct explorer *explorer, uint32_t key)
{
  (void)key;
  pane_why_open(explorer);
  return WISH_NONE;
}

enum explorer_wish act_why_turn(struct explorer *explorer, uint32_t key)
{
  pane_why_turn(explorer, key == '>' || key == KEYS_TAB ? 1 : -1);
  return WISH_NONE;
}
