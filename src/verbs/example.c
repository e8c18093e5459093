/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Examples of verbs on the cohort that is loaded: a pattern a verb, its places filled with columns, levels and times. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/sort.h"
#include "lang/formula.h"
#include "verbs/execute.h"
#include "verbs/help.h"

/* %f %g  two different factors of 2 to 6 levels, the first the one that curves are grouped by, where there is one
 * %l     a level of %f, in quotes        %n  a number that is not part of the endpoint
 * %m     its median                      %t  a time about half of the follow-up
 * %e     the endpoint's name             %d  its definition
 * %p     NAME=VALUE of each variable of the current model
 * A pattern that begins with * wants a current model. */
static const struct {
  const char *verb, *pattern;
} patterns[] = {
    {"endpoint", "endpoint %e = %d"},
    {"use", "use %e"},
    {"derive", "derive high = %n >= %m"},
    {"label", "label %f \"Group\""},
    {"keep", "keep if %n >= %m, because=\"too low\""},
    {"drop", "drop if missing(%n), because=\"not measured\""},
    {"filter", "filter %f == %l"},
    {"branch", "branch \"high\" if %n >= %m"},
    {"flow", "flow, by=%f"},
    {"table1", "table1 %n %g, by=%f"},
    {"km", "km %f, at=%t"},
    {"logrank", "logrank %f, pairwise=holm"},
    {"cox", "cox %n + %f"},
    {"zph", "*zph, transform=km"},
    {"residuals", "*residuals, type=deviance"},
    {"describe", "describe %n %f"},
    {"screen", "screen %n %g %f"},
    {"table2", "table2 %n %g %f"},
    {"stepwise", "stepwise %n + %g + %f, direction=backward"},
    {"forest", "forest %f, over=%g"},
    {"rmst", "rmst %f, tau=%t"},
    {"cif", "cif %f"},
    {"gray", "gray %f"},
    {"finegray", "finegray %n + %f"},
    {"lifetable", "lifetable %f"},
    {"nomogram", "*nomogram, at=%t"},
    {"predict", "*predict %p, at=%t"},
    {"score", "*score risk"},
    {"adjusted", "*adjusted %f, at=%t"},
    {"validate", "*validate, boot=20 seed=1"},
    {"calibrate", "*calibrate, at=%t boot=0"},
    {"propensity", "propensity %n + %g, treatment=%f"},
    {"cutpoint", "cutpoint %n"},
    {"by", "by %g: km %f"},
    {"why", "why survival %f=%l, at=%t"},
};

enum { MOST_LEVELS = 6, MOST_TRIED = 5000 };

/* What the places are filled with. */
struct filling {
  const struct state *state;
  const struct column *factor, *other, *number;
  double median, time;
  uint32_t level;
};

/* Levels that occur on view. */
static uint32_t count_levels(const struct state *state, const struct column *column, uint32_t *last)
{
  bool seen[MOST_LEVELS + 1] = {false};
  uint32_t n = 0;
  for (size_t row = 0; row < column_n_rows(column); row++) {
    const uint32_t code = bitmap_has(&state->on_view->rows, row) ? column_code(column, row) : 0;
    if (!code || seen[code])
      continue;
    seen[code] = true;
    n++;
    *last = code > *last ? code : *last;
  }
  return n;
}

static bool is_usable_factor(const struct state *state, const struct column *column, uint32_t *level)
{
  *level = 0;
  return column && column->kind == COLUMN_FACTOR && column->n_levels >= 2 && column->n_levels <= MOST_LEVELS &&
         count_levels(state, column, level) >= 2;
}

/* Whether the endpoint is made of a column: its name stands in the definition. */
static bool is_of_endpoint(const struct endpoint *endpoint, const char *name)
{
  return endpoint && (strstr(endpoint->definition, name) || (endpoint->competing && strstr(endpoint->competing, name)));
}

static double median_of(double *values, size_t n)
{
  sort_numbers(values, n);
  return n ? values[n / 2] : (double)NAN;
}

/* The median of a number on view; NaN where it has fewer than 3 different values. */
static double median_on_view(const struct state *state, const struct column *column)
{
  double *values = memory_new(column_n_rows(column) + 1, sizeof *values);
  size_t n = 0, distinct = 0;
  for (size_t row = 0; row < column_n_rows(column); row++)
    if (bitmap_has(&state->on_view->rows, row) && isfinite(column_number(column, row)))
      values[n++] = column_number(column, row);
  const double median = median_of(values, n);
  for (size_t i = 0; i < n; i++)
    distinct += i == 0 || values[i] != values[i - 1];
  free(values);
  return distinct >= 3 ? median : (double)NAN;
}

/* The median time on view in one or two digits: 36 for 37.4. */
static double typical_time(const struct state *state)
{
  const struct endpoint *endpoint = state_endpoint(state);
  double *times = memory_new(endpoint ? endpoint->n_valid + 1 : 1, sizeof *times);
  size_t n = 0;
  for (size_t i = 0; endpoint && i < endpoint->n_valid; i++)
    if (bitmap_has(&state->on_view->rows, endpoint->order[i]))
      times[n++] = endpoint->time[endpoint->order[i]];
  const double median = median_of(times, n);
  free(times);
  if (!(median > 0))
    return (double)NAN;
  const double step = pow(10, floor(log10(median)) - 1);
  return median >= 12 && median < 1000 && strcmp(endpoint->unit, "months") == 0 ? 12 * floor(median / 12)
                                                                                : step * floor(median / step);
}

static struct filling filling_of(const struct state *state)
{
  struct filling filling = {.state = state, .median = (double)NAN, .time = typical_time(state)};
  const struct column *grouped = state->n_groups ? cohort_find_column(state->cohort, state->groups[0]) : NULL;
  uint32_t level;
  if (is_usable_factor(state, grouped, &filling.level))
    filling.factor = grouped;
  for (size_t i = 0; i < state->cohort->n_columns; i++) {
    const struct column *column = state->cohort->columns[i];
    if (is_of_endpoint(state_endpoint(state), column->name) || column == filling.factor)
      continue;
    if (!filling.number && column->kind == COLUMN_NUMBER && isfinite(filling.median = median_on_view(state, column)))
      filling.number = column;
    if (!is_usable_factor(state, column, &level))
      continue;
    if (!filling.factor) {
      filling.factor = column;
      filling.level = level;
    } else if (!filling.other) {
      filling.other = column;
    }
  }
  if (filling.number)
    filling.median = median_on_view(state, filling.number);
  return filling;
}

static bool append_name(struct text *text, const struct column *column)
{
  if (column)
    token_append_name(text, column->name);
  return column != NULL;
}

static bool append_number(struct text *text, double number)
{
  if (isfinite(number))
    number_append_short(text, number);
  return isfinite(number);
}

/* surgery="PHR" age=54: a value for each column of the model; false where a variable is no plain column. */
static bool append_patient(struct text *text, const struct state *state)
{
  struct formula formula = FORMULA_INIT;
  struct error error = ERROR_INIT;
  bool complete = state->model && !formula_parse_string(state->model, &formula, &error);
  for (size_t i = 0; complete && i < formula.n_variables; i++) {
    const struct expr *expr = formula.variables[i].expr;
    const struct column *column = expr->kind == EXPR_COLUMN ? cohort_find_column(state->cohort, expr->text) : NULL;
    text_append(text, i ? " " : "");
    complete = append_name(text, column);
    text_append_char(text, '=');
    if (column && column->kind == COLUMN_FACTOR && column->n_levels)
      token_append_string(text, column->levels[column->n_levels - 1].name);
    else
      complete = complete && column->kind == COLUMN_NUMBER && append_number(text, median_on_view(state, column));
  }
  formula_clear(&formula);
  error_clear(&error);
  return complete;
}

/* What stands for a place; false where the cohort has nothing for it. */
static bool append_place(struct text *text, char place, const struct filling *filling)
{
  const struct endpoint *endpoint = state_endpoint(filling->state);
  switch (place) {
  case 'f':
    return append_name(text, filling->factor);
  case 'g':
    return append_name(text, filling->other);
  case 'n':
    return append_name(text, filling->number);
  case 'm':
    return append_number(text, filling->median);
  case 't':
    return append_number(text, filling->time);
  case 'l':
    if (filling->factor)
      token_append_string(text, filling->factor->levels[filling->level - 1].name);
    return filling->factor != NULL;
  case 'p':
    return append_patient(text, filling->state);
  case 'e':
    if (endpoint)
      token_append_name(text, endpoint->name);
    return endpoint != NULL;
  default:
    if (endpoint)
      text_append_format(text, "%s%s%s", endpoint->definition, endpoint->competing ? ", competing=" : "",
                         endpoint->competing ? endpoint->competing : "");
    return endpoint && isnan(endpoint->landmark.time);
  }
}

static bool fill(struct text *text, const char *pattern, const struct filling *filling)
{
  bool complete = true;
  if (*pattern == '*' && !filling->state->model)
    return false;
  for (pattern += *pattern == '*'; *pattern && complete; pattern++) {
    if (*pattern == '%')
      complete = append_place(text, *++pattern, filling);
    else
      text_append_char(text, *pattern);
  }
  return complete;
}

/* Runs a line in a session of its own on the state. */
static bool succeeds(const struct state *state, const char *line)
{
  struct session *session = session_new();
  struct report report = REPORT_INIT;
  struct error error = ERROR_INIT;
  session_propose(session, state_copy(state));
  session_commit(session, "");
  const bool fine = !command_execute(session, line, NULL, &report, &error);
  report_clear(&report);
  error_clear(&error);
  session_free(session);
  return fine;
}

bool help_append_example(struct text *text, const struct verb *verb, const struct state *state)
{
  struct text line = TEXT_INIT;
  bool found = false;
  if (!state->cohort || state->cohort->n_rows == 0)
    return false;
  for (size_t i = 0; i < sizeof patterns / sizeof *patterns && !found; i++) {
    if (strcmp(patterns[i].verb, verb->syntax.name) != 0)
      continue;
    const struct filling filling = filling_of(state);
    struct error error = ERROR_INIT;
    found = (verb->needs < NEEDS_ENDPOINT || state_endpoint(state)) && fill(&line, patterns[i].pattern, &filling) &&
            !command_check(text_string(&line), &error) &&
            (state->cohort->n_rows > MOST_TRIED || succeeds(state, text_string(&line)));
    error_clear(&error);
  }
  if (found)
    text_append(text, text_string(&line));
  text_clear(&line);
  return found;
}
