/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The look of the curves: limits, numbers at risk, window, function, panels.  Each key is a command; none of those of `set`
 * computes anything anew. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lang/token.h"
#include "session/panels.h"
#include "ui/actions.h"

void explorer_set(struct explorer *explorer, const char *name, const char *value)
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

/* The plot on view, or NULL with a word about it. */
static const struct plot *plot_of(struct explorer *explorer)
{
  const struct plot *plot = explorer->results && explorer->results->has_curves ? explorer->results->plot : NULL;
  if (!plot)
    explorer_say(explorer, STYLE_DIM, "there are no curves");
  return plot;
}

enum explorer_wish act_band(struct explorer *explorer, uint32_t key)
{
  (void)key;
  static const char *const names[] = {"A", "B", "C", "D"};
  size_t n = explorer->results && explorer->results->has_curves ? explorer->results->curves.gathered.data.n_groups : 0;
  if (n > PLOT_OVERLAID)
    n = 1; /* a panel each: the limits of all, or of none */
  int band = settings_of(explorer)->band, last = (int)n - 1;
  if (band == BAND_ALL)
    explorer_set(explorer, "band", "none");
  else if (band == BAND_NONE && last >= 0)
    explorer_set(explorer, "band", names[0]);
  else if (band < last)
    explorer_set(explorer, "band", names[band + 1]);
  else
    explorer_set(explorer, "band", "all");
  return WISH_NONE;
}

enum explorer_wish act_risk_table(struct explorer *explorer, uint32_t key)
{
  (void)key;
  explorer_set(explorer, "risk", settings_of(explorer)->risk_table ? "off" : "on");
  return WISH_NONE;
}

enum explorer_wish act_median_lines(struct explorer *explorer, uint32_t key)
{
  (void)key;
  explorer_set(explorer, "median", settings_of(explorer)->median_lines ? "off" : "on");
  return WISH_NONE;
}

enum explorer_wish act_charset(struct explorer *explorer, uint32_t key)
{
  (void)key;
  static const char *const next[] = {[CHARSET_ASCII] = "box", [CHARSET_BOX] = "braille", [CHARSET_BRAILLE] = "ascii"};
  const struct plot *plot = explorer->results && explorer->results->has_curves ? explorer->results->plot : NULL;
  const bool many = plot && plot->n_series > 2 && plot->n_series <= PLOT_OVERLAID;
  if (explorer->terminal_charset == CHARSET_ASCII)
    explorer_say(explorer, STYLE_DIM, "the terminal is not in UTF-8 (or --ascii was given): ASCII it stays");
  else
    explorer_set(explorer, "charset", next[settings_of(explorer)->charset]);
  if (many && explorer_charset(explorer) == CHARSET_BRAILLE)
    explorer_say(explorer, STYLE_DIM, ":set charset=braille  (dots are for one or two curves; more stay lines)");
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
  struct plot_window window = explorer->geometry.window;
  if (explorer->results && explorer->results->has_curves && explorer->results->plot)
    window = plot_window_of(explorer->results->plot, &settings_of(explorer)->view);
  const size_t drawn = explorer->geometry.grid.columns, columns = drawn ? drawn : 60; /* not drawn yet: as in 80 */
  explorer->cursor = plot_window_short_time(&window, (double)columns / 2 - 0.5, columns); /* the middle */
  explorer_say(explorer, STYLE_DIM, "left and right move the read-off line, g and G go to its ends, x ends it");
  return WISH_NONE;
}

enum explorer_wish act_function(struct explorer *explorer, uint32_t key)
{
  (void)key;
  enum plot_function next = (settings_of(explorer)->view.function + 1) % PLOT_FUNCTION_COUNT;
  explorer_set(explorer, "function", plot_function_name(next));
  return WISH_NONE;
}

/* ---- the window ---- */

/* Times are rounded to tenths of the window's width or less: they stand in commands that people read. */
static double rounded(double time, double width)
{
  double unit = pow(10, floor(log10(width)) - 1);
  return floor(time / unit + 0.5) * unit;
}

/* The whole of the times, or the window from `first` on, as far as there are times. */
static void set_window(struct explorer *explorer, double first, double width, double all)
{
  first = rounded(fmin(fmax(first, 0), all - width), width);
  const double last = fmin(rounded(first + width, width), all);
  struct text line = TEXT_INIT;
  if (width >= all * (1 - 1e-9) || !(first < last)) {
    text_append(&line, "off");
  } else {
    text_append_format(&line, "%.10g,%.10g", first, last);
  }
  explorer_set(explorer, "xlim", text_string(&line));
  text_clear(&line);
}

/* First time and width of what is asked for (a key may come before the last one's frame); of a window of log time, too, what is
 * asked for begins at 0. */
static void asked_window(const struct explorer *explorer, const struct plot *plot, double *first, double *width)
{
  const struct plot_view *view = &settings_of(explorer)->view;
  *first = view->first_time;
  *width = plot_window_of(plot, view).last - *first;
}

enum explorer_wish act_zoom_time(struct explorer *explorer, uint32_t key)
{
  const struct plot *plot = plot_of(explorer);
  if (!plot)
    return WISH_NONE;
  const double all = plot_last_time(plot), cursor = explorer->cursor, factor = key == '+' ? 0.5 : 2;
  double first, width;
  asked_window(explorer, plot, &first, &width);
  if (!(all > 0) || !(width > 0) || (key == '+' && width < all * 1e-6)) {
    explorer_say(explorer, STYLE_DIM, "there is nothing nearer to see");
  } else if (key == '-' && width >= all * (1 - 1e-9)) {
    explorer_say(explorer, STYLE_DIM, "all times are on view");
  } else {
    if (!isnan(cursor)) /* it keeps its place on the screen */
      first = cursor - (cursor - first) * factor;
    set_window(explorer, first, fmin(width * factor, all), all);
  }
  return WISH_NONE;
}

enum explorer_wish act_fit(struct explorer *explorer, uint32_t key)
{
  (void)key;
  const struct plot_view *view = &settings_of(explorer)->view;
  if (view->last_time > 0 || view->low < view->high)
    explorer_run(explorer, "set xlim=off ylim=off");
  else
    explorer_say(explorer, STYLE_DIM, "all is on view");
  return WISH_NONE;
}

void curves_scroll(struct explorer *explorer, int step)
{
  const struct plot *plot = plot_of(explorer);
  double first, width;
  if (!plot)
    return;
  if (settings_of(explorer)->view.last_time <= 0) {
    explorer_say(explorer, STYLE_DIM, "all times are on view; + looks nearer, x reads the curves off");
    return;
  }
  asked_window(explorer, plot, &first, &width);
  const double all = plot_last_time(plot), wanted = fmin(fmax(first + step * width / 10, 0), fmax(all - width, 0));
  if (rounded(wanted, width) != first)
    set_window(explorer, wanted, width, all);
  else
    explorer_say(explorer, STYLE_DIM, step > 0 ? "these are the last times" : "these are the first times");
}

/* All; from what the curves come down to on view; between the least and the greatest on view. */
enum explorer_wish act_zoom_values(struct explorer *explorer, uint32_t key)
{
  (void)key;
  const struct plot *plot = plot_of(explorer);
  const struct plot_view *view = &settings_of(explorer)->view;
  if (!plot)
    return WISH_NONE;
  if (view->function > PLOT_EVENT) {
    explorer_say(explorer, STYLE_DIM, "the axis of this function fits the curves already");
    return WISH_NONE;
  }
  const struct plot_window window = plot_window_of(plot, view);
  double least = 0, greatest = 1;
  plot_window_range(plot, &window, &least, &greatest);
  const double step = greatest - least > 0.2 ? 0.05 : 0.01;
  const double low = fmax(floor(least / step + 1e-9) * step, 0), high = fmin(ceil(greatest / step - 1e-9) * step, 1);
  const bool survival = view->function == PLOT_SURVIVAL;
  const double fits[2][2] = {{survival ? low : 0, survival ? 1 : high}, {low, high}};
  struct text line = TEXT_INIT;
  const bool whole = !(view->low < view->high);
  for (size_t i = 0; i < 2 && !line.length; i++) {
    bool after = whole || (i == 1 && fabs(view->low - fits[0][0]) + fabs(view->high - fits[0][1]) < 1e-9);
    if (!after || !(fits[i][0] < fits[i][1]) || fits[i][1] - fits[i][0] >= (whole ? 1 : view->high - view->low))
      continue;
    text_append_format(&line, "%.10g,%.10g", fits[i][0], fits[i][1]);
  }
  if (line.length || !whole)
    explorer_set(explorer, "ylim", line.length ? text_string(&line) : "off");
  else
    explorer_say(explorer, STYLE_DIM, "the curves take the whole axis");
  text_clear(&line);
  return WISH_NONE;
}

/* ---- panels and pairs ---- */

/* Runs km with the grouping there is, and panels of a variable or (NULL) none. */
static void run_panels(struct explorer *explorer, const char *variable)
{
  const struct state *state = session_state(explorer->session);
  struct text line = TEXT_INIT;
  text_append(&line, "km");
  for (size_t i = 0; i < state->n_groups; i++) {
    text_append_char(&line, ' ');
    token_append_name(&line, state->groups[i]);
  }
  if (variable) {
    text_append(&line, ", panels=");
    token_append_name(&line, variable);
  }
  explorer_run(explorer, text_string(&line));
  text_clear(&line);
}

/* The variable under the cursor, from the curves the branches; a second time none. */
enum explorer_wish act_panels(struct explorer *explorer, uint32_t key)
{
  (void)key;
  const struct column *column;
  uint32_t code;
  const char *now = session_state(explorer->session)->panels;
  explorer->first_panel = 0;
  if (explorer->wishes.focus != FOCUS_VARIABLES) {
    const bool has_branches = session_state(explorer->session)->n_branches > 0;
    if (now || has_branches)
      run_panels(explorer, now ? NULL : PANELS_OF_BRANCHES);
    else
      explorer_say(explorer, STYLE_DIM, "p on a variable (Tab goes there): the same curves in each of its levels");
  } else if (explorer_at_variable(explorer, &column, &code)) {
    run_panels(explorer, now && strcmp(now, column->name) == 0 ? NULL : column->name);
  }
  return WISH_NONE;
}

enum explorer_wish act_pairs(struct explorer *explorer, uint32_t key)
{
  (void)key;
  char *pairs = curves_pairs_text(explorer);
  explorer_say(explorer, pairs ? STYLE_TEXT : STYLE_DIM, "%s",
               pairs ? pairs : "pairs are tested of three or four curves; :logrank lists all");
  free(pairs);
  return WISH_NONE;
}
