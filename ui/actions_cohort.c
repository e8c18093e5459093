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

/* Cuts the curves at a value: a derived variable, and curves by it. */
static void cut_at(struct explorer *explorer, const struct column *column, const char *derived, double value)
{
  const struct state *state = session_state(explorer->session);
  const bool grouped = state->n_groups == 1 && strcmp(state->groups[0], derived) == 0;
  struct text line = TEXT_INIT, number = TEXT_INIT;
  number_append_short(&number, value);
  text_append(&line, "derive ");
  token_append_name(&line, derived);
  text_append(&line, " = if(");
  token_append_name(&line, column->name);
  text_append_format(&line, " < %s, \"<%s\", \">=%s\")", text_string(&number), text_string(&number), text_string(&number));
  run(explorer, &line);
  if (!grouped) {
    text_append(&line, "km ");
    token_append_name(&line, derived);
    key_line_append_panels(&line, session_state(explorer->session));
    run(explorer, &line);
  }
  text_clear(&number);
}

/* Goes the steps that were pressed, from the cut that is. */
static void take_steps(struct explorer *explorer)
{
  struct cut_points *cuts = &explorer->cuts;
  struct text name = TEXT_INIT;
  text_append_format(&name, "%s_cut", cuts->column->name);
  const double now = explorer_cut_of(session_state(explorer->session), text_string(&name));
  const double next = cut_points_step(cuts, now, cuts->steps);
  cuts->steps = 0;
  if (isnan(next) || next == now)
    explorer_say(explorer, STYLE_DIM, "%s cannot be cut further that way", cuts->column->name);
  else
    cut_at(explorer, cuts->column, text_string(&name), next);
  text_clear(&name);
}

static void do_cuts(void *data, struct task *task)
{
  cut_points_find(data, task);
}

static void release_cuts(void *data)
{
  cut_points_clear(data);
  free(data);
}

void cuts_take(struct explorer *explorer, struct errand *errand)
{
  struct cut_points *found = errand->data, *cuts = &explorer->cuts;
  const struct state *state = session_state(explorer->session);
  if (found->points && cut_points_are_of(cuts, found->column, state) && found->members == cuts->members && !cuts->points &&
      cohort_find_column(state->cohort, found->column->name) == found->column) {
    cuts->points = found->points;
    cuts->n = found->n;
    found->points = NULL;
    take_steps(explorer);
  } else if (!cuts->points) {
    cut_points_clear(cuts); /* nothing is under way any more: the next key asks anew */
  }
  release_cuts(found);
}

static void find_cuts(struct explorer *explorer, const struct column *column)
{
  const struct state *state = session_state(explorer->session);
  struct cut_points *wanted = memory_new(1, sizeof *wanted);
  cut_points_init(wanted, column, state->members);
  explorer_say(explorer, STYLE_DIM, "finding where %s can be cut …", column->name);
  explorer_errand(explorer, ERRAND_CUTS, &(struct errand){wanted, do_cuts, release_cuts});
}

enum explorer_wish act_cut(struct explorer *explorer, uint32_t key)
{
  const struct state *state = session_state(explorer->session);
  struct cut_points *cuts = &explorer->cuts;
  const struct column *column;
  uint32_t code;
  if (!explorer_at_variable(explorer, &column, &code))
    return WISH_NONE;
  if (column->kind != COLUMN_NUMBER) {
    explorer_say(explorer, STYLE_DIM, "%s is no number: only numbers have cut points", column->name);
    return WISH_NONE;
  }
  const bool is_known = cut_points_are_of(cuts, column, state);
  if (!is_known) {
    cut_points_clear(cuts);
    cut_points_init(cuts, column, state->members);
  }
  cuts->steps += key == ']' ? 1 : -1;
  if (!is_known)
    find_cuts(explorer, column);
  else if (cuts->points)
    take_steps(explorer);
  return WISH_NONE;
}

/* ---- grouping ---- */

enum { MOST_GROUPS_OF_NUMBER = 8 };

/* A curve for each value of a number says nothing: it is cut at its median instead. */
enum explorer_wish act_group(struct explorer *explorer, uint32_t key)
{
  const struct state *state = session_state(explorer->session);
  const struct column *column;
  uint32_t code;
  struct text line = TEXT_INIT;
  if (!explorer_at_variable(explorer, &column, &code))
    return WISH_NONE;
  if (column->kind == COLUMN_NUMBER && column_has_values(column, state->members, MOST_GROUPS_OF_NUMBER + 1))
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
