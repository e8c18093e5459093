/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/draw.h"
#include "ui/actions.h"

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
  explorer->wishes.view = VIEW_CURVES;
  explorer->wishes.focus = FOCUS_MAIN;
  explorer->cursor = explorer->geometry.last_time / 2;
  explorer_say(explorer, STYLE_DIM, "left and right move the read-off line, g and G go to its ends, x ends it");
  return WISH_NONE;
}

/* ---- panes and views ---- */

enum explorer_wish act_next_pane(struct explorer *explorer, uint32_t key)
{
  const bool model = explorer->wishes.view == VIEW_CURVES && explorer->wishes.model_rows;
  const int n = model ? 3 : 2;
  int focus = (int)explorer->wishes.focus;
  focus = (focus + (key == KEYS_TAB ? 1 : n - 1)) % n;
  explorer->wishes.focus = (enum focus)focus;
  return WISH_NONE;
}

enum explorer_wish act_view(struct explorer *explorer, uint32_t key)
{
  static const struct {
    uint32_t key;
    enum view view;
  } views[] = {{'1', VIEW_CURVES}, {'2', VIEW_MODEL}, {'3', VIEW_TABLE1}, {'4', VIEW_FOREST}, {'5', VIEW_NOMOGRAM},
               {'6', VIEW_FLOW},   {'7', VIEW_DATA},  {'8', VIEW_LOG},    {'D', VIEW_LOG}};
  for (size_t i = 0; i < sizeof views / sizeof *views; i++)
    if (views[i].key == key)
      explorer->wishes.view = views[i].view;
  explorer->wishes.focus = FOCUS_MAIN;
  if (explorer->wishes.view != VIEW_CURVES)
    explorer->cursor = NAN;
  explorer->view_column = 0;
  if (explorer->wishes.view == VIEW_LOG)
    explorer->log_list.cursor = session_log_count(explorer->session);
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
  const struct state *state = session_state(explorer->session);
  if (explorer->wishes.focus == FOCUS_VARIABLES)
    list_move(&explorer->variable_list, motion, explorer->variables.n_lines,
              layout->variables.rows > 1 ? layout->variables.rows - 1 : 1);
  else if (explorer->wishes.view == VIEW_DATA)
    list_move(&explorer->data_list, motion, state->on_view ? state->on_view->count : 0,
              layout->main.rows > 2 ? layout->main.rows - 2 : 1);
  else if (view_is_text(explorer->wishes.view))
    list_scroll(&explorer->view_list, motion, pane_text_rows(explorer), layout->main.rows > 1 ? layout->main.rows - 1 : 1);
  else if (explorer->wishes.view == VIEW_LOG)
    list_move(&explorer->log_list, motion, session_log_count(explorer->session),
              layout->main.rows > 1 ? layout->main.rows - 1 : 1);
  else if (explorer->wishes.focus == FOCUS_MODEL || explorer->wishes.view == VIEW_MODEL)
    list_scroll(&explorer->model_list, motion, pane_model_rows(explorer),
                explorer->wishes.view == VIEW_MODEL ? layout->main.rows : layout->model.rows);
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

/* The read-off line goes by columns of the grid. */
static void move_cursor(struct explorer *explorer, double columns)
{
  double last = explorer->geometry.last_time, dt = explorer->geometry.dt;
  explorer->cursor = fmin(fmax(explorer->cursor + columns * dt, 0), last);
}

enum explorer_wish act_ends(struct explorer *explorer, uint32_t key)
{
  const bool first = key == 'g' || key == KEYS_HOME;
  if (explorer->wishes.focus == FOCUS_MAIN && explorer->wishes.view == VIEW_CURVES && !isnan(explorer->cursor))
    explorer->cursor = first ? 0 : explorer->geometry.last_time;
  else
    move(explorer, first ? MOTION_HOME : MOTION_END);
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

enum { VIEW_STEP = 8 }; /* columns that a view's text moves sideways */

enum explorer_wish act_sideways(struct explorer *explorer, uint32_t key)
{
  const bool right = key == 'l' || key == KEYS_RIGHT;
  const struct state *state = session_state(explorer->session);
  if (explorer->wishes.focus == FOCUS_VARIABLES)
    fold(explorer, right);
  else if (explorer->wishes.view == VIEW_DATA && state->cohort)
    explorer->data_column = right ? explorer->data_column + (explorer->data_column + 1 < state->cohort->n_columns)
                                  : explorer->data_column - (explorer->data_column > 0);
  else if (view_is_text(explorer->wishes.view))
    explorer->view_column = right ? explorer->view_column + VIEW_STEP
                                  : explorer->view_column - (explorer->view_column < VIEW_STEP ? explorer->view_column : VIEW_STEP);
  else if (explorer->wishes.view == VIEW_CURVES && !isnan(explorer->cursor))
    move_cursor(explorer, right ? 1 : -1);
  return WISH_NONE;
}
