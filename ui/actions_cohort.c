/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "lang/facet.h"
#include "lang/formula.h"
#include "lang/token.h"
#include "report/report.h"
#include "ui/actions.h"
#include "ui/key_lines.h"
#include "verbs/describe.h"

/* Runs a line that was put together, and empties it. */
static void run(struct explorer *explorer, struct text *line)
{
  explorer_run(explorer, text_string(line));
  text_clear(line);
}

static bool at_level(struct explorer *explorer, const struct column **column, uint32_t *code)
{
  if (explorer_at_variable(explorer, column, code) && *code)
    return true;
  explorer_say(explorer, STYLE_DIM, "no level is under the cursor; Enter unfolds a variable's levels");
  return false;
}

/* ---- facets ---- */

void explorer_filter_levels(struct explorer *explorer, const struct column *column, const bool *included)
{
  struct text line = TEXT_INIT;
  if (key_line_levels(&line, session_state(explorer->session), column, included))
    run(explorer, &line);
  else
    explorer_say(explorer, STYLE_WARNING, "one level at least stays; a brings all back");
}

void explorer_choose_level(struct explorer *explorer, const struct column *column, uint32_t code)
{
  bool *included = memory_new(column->n_levels, sizeof *included);
  included[code - 1] = true;
  explorer_filter_levels(explorer, column, included);
  free(included);
}

enum explorer_wish act_toggle_level(struct explorer *explorer, uint32_t key)
{
  (void)key;
  const struct column *column;
  uint32_t code;
  if (!explorer_at_variable(explorer, &column, &code))
    return WISH_NONE;
  if (!code)
    return act_only_level(explorer, key);
  const bool *now = variables_included(&explorer->variables, explorer->variables.lines[explorer->variable_list.cursor].column);
  bool *included = memory_copy(now, column->n_levels, sizeof *included);
  included[code - 1] = !included[code - 1];
  explorer_filter_levels(explorer, column, included);
  free(included);
  return WISH_NONE;
}

enum explorer_wish act_only_level(struct explorer *explorer, uint32_t key)
{
  (void)key;
  const struct column *column;
  uint32_t code;
  if (!explorer_at_variable(explorer, &column, &code))
    return WISH_NONE;
  if (!code && column->kind == COLUMN_FACTOR) {
    variables_fold(&explorer->variables, column->name, !variables_is_unfolded(&explorer->variables, column->name));
  } else if (!code) {
    explorer_say(explorer, STYLE_DIM, "%s has no levels; [ and ] move a cut point, F counts its values", column->name);
  } else {
    explorer_choose_level(explorer, column, code);
  }
  return WISH_NONE;
}

enum explorer_wish act_all_levels(struct explorer *explorer, uint32_t key)
{
  (void)key;
  const struct column *column;
  uint32_t code;
  if (!explorer_at_variable(explorer, &column, &code) || column->kind != COLUMN_FACTOR)
    return WISH_NONE;
  bool *included = memory_new(column->n_levels, sizeof *included);
  memset(included, true, column->n_levels * sizeof *included);
  explorer_filter_levels(explorer, column, included);
  free(included);
  return WISH_NONE;
}

enum explorer_wish act_edit_filter(struct explorer *explorer, uint32_t key)
{
  (void)key;
  const char *filter = session_state(explorer->session)->filter;
  return explorer_ask(explorer, "\\", filter ? filter : "");
}

/* ---- cut points ---- */

enum { MOST_CUTS = 40 };

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Where a number can be cut: its distinct values on view but the smallest, at most MOST_CUTS of them, evenly chosen; the
 * caller frees them. */
static double *cut_points(const struct state *state, const struct column *column, size_t *n)
{
  double *values = memory_new(column_n_rows(column), sizeof *values);
  size_t count = 0, distinct = 0;
  for (size_t row = 0; row < column_n_rows(column); row++)
    if (bitmap_has(&state->members->rows, row) && isfinite(column_number(column, row)))
      values[count++] = column_number(column, row);
  qsort(values, count, sizeof *values, ascending);
  for (size_t i = 1; i < count; i++)
    if (values[i] > values[i - 1])
      values[distinct++] = values[i];
  *n = distinct < MOST_CUTS ? distinct : MOST_CUTS;
  for (size_t i = 0; distinct > MOST_CUTS && i < MOST_CUTS; i++)
    values[i] = values[(i + 1) * (distinct - 1) / (MOST_CUTS + 1)];
  return values;
}

/* The next point above or below the current one; from none, the median. */
static double next_cut(const double *points, size_t n, double now, bool up)
{
  if (isnan(now))
    return points[n / 2];
  for (size_t i = 0; i < n; i++) {
    size_t at = up ? i : n - 1 - i;
    if (up ? points[at] > now : points[at] < now)
      return points[at];
  }
  return now;
}

enum explorer_wish act_cut(struct explorer *explorer, uint32_t key)
{
  const struct state *state = session_state(explorer->session);
  const struct column *column;
  uint32_t code;
  size_t n;
  if (!explorer_at_variable(explorer, &column, &code))
    return WISH_NONE;
  if (column->kind != COLUMN_NUMBER) {
    explorer_say(explorer, STYLE_DIM, "%s is no number: only numbers have cut points", column->name);
    return WISH_NONE;
  }
  double *points = cut_points(state, column, &n);
  struct text name = TEXT_INIT, line = TEXT_INIT, value = TEXT_INIT;
  text_append_format(&name, "%s_cut", column->name);
  double now = explorer_cut_of(state, text_string(&name)), next = n ? next_cut(points, n, now, key == ']') : (double)NAN;
  free(points);
  if (!n || next == now) {
    explorer_say(explorer, STYLE_DIM, "%s cannot be cut further that way", column->name);
  } else {
    bool grouped = state->n_groups == 1 && strcmp(state->groups[0], text_string(&name)) == 0;
    number_append_short(&value, next);
    text_append(&line, "derive ");
    token_append_name(&line, text_string(&name));
    text_append(&line, " = if(");
    token_append_name(&line, column->name);
    text_append_format(&line, " < %s, \"<%s\", \">=%s\")", text_string(&value), text_string(&value), text_string(&value));
    run(explorer, &line);
    if (!grouped) {
      text_append(&line, "km ");
      token_append_name(&line, text_string(&name));
      key_line_append_panels(&line, session_state(explorer->session));
      run(explorer, &line);
    }
  }
  text_clear(&name);
  text_clear(&value);
  return WISH_NONE;
}

/* ---- grouping ---- */

enum { MOST_GROUPS_OF_NUMBER = 8 };

/* Whether a number has more distinct values among the members than anybody would draw curves of. */
static bool has_many_values(const struct state *state, const struct column *column)
{
  size_t n;
  if (column->kind == COLUMN_FACTOR)
    return false;
  free(cut_points(state, column, &n));
  return n >= MOST_GROUPS_OF_NUMBER;
}

/* A curve for each value of a number says nothing: it is cut at its median instead. */
enum explorer_wish act_group(struct explorer *explorer, uint32_t key)
{
  const struct state *state = session_state(explorer->session);
  const struct column *column;
  uint32_t code;
  struct text line = TEXT_INIT;
  if (!explorer_at_variable(explorer, &column, &code))
    return WISH_NONE;
  if (column->kind == COLUMN_NUMBER && has_many_values(state, column))
    return act_cut(explorer, key == 'b' ? ']' : key);
  key_line_group(&line, state, column);
  run(explorer, &line);
  return WISH_NONE;
}

/* ---- the model ---- */

enum explorer_wish act_model(struct explorer *explorer, uint32_t key)
{
  (void)key;
  const struct column *column;
  uint32_t code;
  if (!explorer_at_variable(explorer, &column, &code))
    return WISH_NONE;
  struct text line = TEXT_INIT;
  key_line_model(&line, session_state(explorer->session), column);
  run(explorer, &line);
  return WISH_NONE;
}

enum explorer_wish act_reference(struct explorer *explorer, uint32_t key)
{
  (void)key;
  const struct column *column;
  uint32_t code;
  if (!at_level(explorer, &column, &code))
    return WISH_NONE;
  struct text line = TEXT_INIT;
  key_line_reference(&line, session_state(explorer->session), column, code);
  run(explorer, &line);
  return WISH_NONE;
}
