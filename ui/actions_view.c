/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/draw.h"
#include "ui/actions.h"
#include "ui/pane.h"
#include "ui/split.h"

static void run_setting(struct explorer *explorer, const char *name, const char *value)
{
  struct text line = TEXT_INIT;
  text_append_format(&line, "set %s=%s", name, value);
  explorer_run(explorer, text_string(&line));
  text_clear(&line);
}

static const struct settings *settings_of(const struct explorer *explorer)
{
  return &session_state(explorer->session)->settings;
}

/* ---- the look of the curves ---- */

enum explorer_wish act_band(struct explorer *explorer, uint32_t key)
{
  (void)key;
  static const char *const names[] = {"A", "B", "C", "D"};
  size_t n = explorer->results && explorer->results->has_curves ? explorer->results->curves.gathered.data.n_groups : 0;
  int band = settings_of(explorer)->band, last = (int)(n < 4 ? n : 4) - 1;
  if (band == BAND_ALL)
    run_setting(explorer, "band", "none");
  else if (band == BAND_NONE && last >= 0)
    run_setting(explorer, "band", names[0]);
  else if (band < last)
    run_setting(explorer, "band", names[band + 1]);
  else
    run_setting(explorer, "band", "all");
  return WISH_NONE;
}

enum explorer_wish act_risk_table(struct explorer *explorer, uint32_t key)
{
  (void)key;
  run_setting(explorer, "risk", settings_of(explorer)->risk_table ? "off" : "on");
  return WISH_NONE;
}

enum explorer_wish act_median_lines(struct explorer *explorer, uint32_t key)
{
  (void)key;
  run_setting(explorer, "median", settings_of(explorer)->median_lines ? "off" : "on");
  return WISH_NONE;
}

enum explorer_wish act_charset(struct explorer *explorer, uint32_t key)
{
  (void)key;
  static const char *const next[] = {[CHARSET_ASCII] = "box", [CHARSET_BOX] = "braille", [CHARSET_BRAILLE] = "ascii"};
  if (explorer->terminal_charset == CHARSET_ASCII)
    explorer_say(explorer, STYLE_DIM, "this terminal's character set is not UTF-8 (or --ascii was given): ASCII it stays");
  else
    run_setting(explorer, "charset", next[settings_of(explorer)->charset]);
  return WISH_NONE;
}

enum explorer_wish act_cursor(struct explorer *explorer, uint32_t key)
{
  (void)key;
  if (!isnan(explorer->cursor)) {
    explorer->cursor = NAN;
    state_set_string(&explorer->message, NULL);
    return WISH_NONE;
  }
  explorer->view_beneath = VIEW_NONE;
  explorer->wishes.view = VIEW_CURVES;
  explorer->wishes.focus = FOCUS_MAIN;
  explorer->cursor = explorer->geometry.last_time / 2;
  explorer_say(explorer, STYLE_DIM, "left and right move the read-off line, g and G go to its ends, x ends it");
  return WISH_NONE;
}

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
  explorer->view_beneath = VIEW_NONE;
  explorer->wishes.view = key == 'D' ? VIEW_LOG : (enum view)(key - '0');
  explorer->wishes.focus = FOCUS_MAIN;
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
