/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/view_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/pretty.h"
#include "lang/formula.h"
#include "lang/token.h"

enum { MOST_VARIABLES = 12, MOST_SUBGROUP_LEVELS = 6, MOST_LEVELS = 10 };

/* Columns that the outcome is made of, by name in the endpoint's text, describe nobody. */
static bool is_of_outcome(const struct state *state, const struct column *column)
{
  const struct endpoint *endpoint = state_endpoint(state);
  return endpoint && strstr(endpoint->definition, column->name) != NULL;
}

/* Whether a column describes patients: a number, or a factor of a few levels. */
static bool describes(const struct state *state, const struct column *column)
{
  if (is_of_outcome(state, column) || column->kind == COLUMN_DATE)
    return false;
  return column->kind == COLUMN_NUMBER || (column->n_levels >= 2 && column->n_levels <= MOST_LEVELS);
}

static bool is_group(const struct state *state, const struct column *column)
{
  return state->n_groups && strcmp(state->groups[0], column->name) == 0;
}

/* The formula of the current model, parsed; an empty one where there is none. */
static void parse_model(const struct state *state, struct formula *formula)
{
  struct error error = ERROR_INIT;
  *formula = (struct formula)FORMULA_INIT;
  if (state->model)
    (void)formula_parse_string(state->model, formula, &error);
  error_clear(&error);
}

/* Those of the model, or where there is none the first few that describe patients. */
static bool is_wanted(const struct state *state, const struct formula *formula, const struct column *column)
{
  if (is_group(state, column) || !describes(state, column))
    return false;
  return !formula->n_terms || formula_has_variable(formula, column->name);
}

static void append_group(struct text *line, const struct state *state, const char *option)
{
  if (!state->n_groups)
    return;
  text_append(line, option);
  token_append_name(line, state->groups[0]);
}

bool view_line_table1(const struct state *state, struct text *line)
{
  struct formula formula;
  size_t n = 0;
  parse_model(state, &formula);
  text_append(line, "table1");
  for (size_t c = 0; c < state->cohort->n_columns && n < MOST_VARIABLES; c++) {
    if (!is_wanted(state, &formula, state->cohort->columns[c]))
      continue;
    text_append_char(line, ' ');
    token_append_name(line, state->cohort->columns[c]->name);
    n++;
  }
  formula_clear(&formula);
  append_group(line, state, ", by=");
  return n > 0;
}

bool view_line_forest(const struct state *state, struct text *line)
{
  struct formula formula;
  size_t n = 0;
  parse_model(state, &formula);
  text_append(line, "forest");
  if (state->n_groups) {
    append_group(line, state, " ");
    for (size_t c = 0; c < state->cohort->n_columns && n < MOST_SUBGROUP_LEVELS; c++) {
      const struct column *column = state->cohort->columns[c];
      if (column->kind != COLUMN_FACTOR || column->n_levels > MOST_SUBGROUP_LEVELS || !is_wanted(state, &formula, column))
        continue;
      text_append(line, n ? "," : ", over=");
      token_append_name(line, column->name);
      n++;
    }
  }
  formula_clear(&formula);
  if (n)
    return true;
  text_truncate(line, 0);
  text_append(line, "forest");
  return state->model != NULL;
}

/* One, three and five years of months, or three round times within the follow-up, as a list; false where there is none. */
static bool append_times(struct text *line, const struct endpoint *endpoint)
{
  const double last = endpoint->time[endpoint->order[endpoint->n_valid - 1]];
  if (strcmp(endpoint->unit, "months") == 0 && last >= 60) {
    text_append(line, "12,36,60");
    return true;
  }
  size_t n, used = 0;
  double *times = pretty_values(0, last, 4, &n);
  for (size_t i = 0; i < n; i++)
    if (times[i] > 0 && times[i] < last && used < 3)
      text_append_format(line, "%s%g", used++ ? "," : "", times[i]);
  free(times);
  return used > 0;
}

/* "VERB, at=12,36,60" of the current model; without times where a published model has its own. */
static bool line_with_times(const struct state *state, const char *verb, struct text *line)
{
  const struct endpoint *endpoint = state_endpoint(state);
  if (!endpoint || !endpoint->n_valid || (!state->model && !state->published))
    return false;
  text_append(line, verb);
  if (state->published && state->published->n_times)
    return true;
  text_append(line, ", at=");
  return append_times(line, endpoint);
}

bool view_line_nomogram(const struct state *state, struct text *line)
{
  return line_with_times(state, "nomogram", line);
}

void view_line_flow(const struct state *state, struct text *line)
{
  text_append(line, "flow");
  append_group(line, state, ", by=");
}

/* ---- of the model ---- */

/* The terms of the model, or where there is none the first columns that describe patients, between separators. */
static bool append_candidates(const struct state *state, const char *separator, struct text *line)
{
  size_t n = 0;
  if (state->model)
    text_append(line, state->model);
  for (size_t c = 0; !state->model && c < state->cohort->n_columns && n < MOST_VARIABLES; c++) {
    if (!describes(state, state->cohort->columns[c]))
      continue;
    text_append(line, n++ ? separator : "");
    token_append_name(line, state->cohort->columns[c]->name);
  }
  return state->model || n > 0;
}

bool model_line_table2(const struct state *state, struct text *line)
{
  text_append(line, "table2 ");
  const bool made = state_endpoint(state) && append_candidates(state, " ", line);
  text_append(line, ", p=0.05");
  return made;
}

bool model_line_stepwise(const struct state *state, struct text *line)
{
  text_append(line, "stepwise ");
  const bool made = state_endpoint(state) && append_candidates(state, " + ", line);
  text_append(line, ", direction=forward criterion=wald enter=0.05 remove=0.10");
  return made;
}

bool model_line_validate(const struct state *state, struct text *line)
{
  text_append(line, "validate, boot=200 seed=1");
  return state_endpoint(state) && (state->model || state->published);
}

bool model_line_calibrate(const struct state *state, struct text *line)
{
  const bool made = line_with_times(state, "calibrate", line);
  const bool has_times = made && strchr(text_string(line), ',') != NULL;
  text_append(line, has_times ? " groups=3" : ", groups=3");
  if (!state->published)
    text_append(line, " boot=200 seed=1");
  return made;
}
