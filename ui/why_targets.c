/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which numbers of the view w can derive, each as the command that a script would hold. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "lang/command.h"
#include "lang/token.h"
#include "report/report.h"
#include "ui/explorer_internal.h"
#include "ui/pane.h"
#include "ui/pane_why.h"
#include "verbs/execute.h"

enum { MOST_TARGETS = 64 };

static void add(struct why_targets *targets, struct text *line)
{
  if (targets->n < MOST_TARGETS)
    MEMORY_APPEND(targets->lines, targets->n, targets->capacity, text_take(line));
  text_clear(line);
}

void why_targets_clear(struct why_targets *targets)
{
  for (size_t i = 0; i < targets->n; i++)
    free(targets->lines[i]);
  free(targets->lines);
  *targets = (struct why_targets){.lines = NULL};
}

/* " surgery=\"PR\" sex=\"F\"" of a group, by the levels of its first row. */
static void append_group(struct text *line, const struct screen_results *results, size_t group)
{
  const struct gathered *gathered = &results->curves.gathered;
  const struct state *state = results->state;
  size_t i = 0;
  while (i < gathered->n_used && gathered->group[i] != group)
    i++;
  for (size_t c = 0; c < state->n_groups && i < gathered->n_used; c++) {
    const struct column *column = cohort_find_column(state->cohort, state->groups[c]);
    struct column *factor = column_as_factor(column);
    const uint32_t code = column_code(factor, gathered->rows[i]);
    text_append_char(line, ' ');
    token_append_name(line, column->name);
    text_append_char(line, '=');
    token_append_string(line, code ? factor->levels[code - 1].name : "");
    column_release(factor);
  }
}

/* S(t) of each curve at the read-off line, medians, the log-rank test. */
static void curve_targets(const struct explorer *explorer, struct why_targets *targets)
{
  const struct screen_results *results = explorer->results;
  struct text line = TEXT_INIT;
  if (!results || !results->has_curves || !results->curves.gathered.n_used)
    return;
  const size_t n = results->curves.gathered.data.n_groups;
  for (size_t g = 0; g < n && !isnan(explorer->cursor); g++) {
    const struct km_curve *curve = &results->curves.curves[g];
    if (!curve->n_times || explorer->cursor > curve->time[curve->n_times - 1])
      continue; /* beyond its last time: not estimable */
    text_append(&line, "why survival");
    append_group(&line, results, g);
    text_append_format(&line, ", at=%.10g", explorer->cursor);
    add(targets, &line);
  }
  for (size_t g = 0; g < n; g++) {
    text_append(&line, "why median");
    append_group(&line, results, g);
    add(targets, &line);
  }
  if (n < 2)
    return;
  text_append(&line, "why logrank");
  for (size_t c = 0; c < results->state->n_groups; c++) {
    text_append_char(&line, ' ');
    token_append_name(&line, results->state->groups[c]);
  }
  add(targets, &line);
}

/* Hazard ratios from the one under the cursor on, round to it; the concordance. */
static void model_targets(const struct explorer *explorer, struct why_targets *targets)
{
  const struct screen_results *results = explorer->results;
  struct text line = TEXT_INIT;
  if (!results || !results->has_model || !session_state(explorer->session)->model)
    return;
  const struct cox_analysis *model = results->model;
  const size_t n = model->design.n_columns;
  size_t first = 0;
  if (!pane_model_at(explorer, &first))
    first = 0;
  for (size_t i = 0; i < n; i++) {
    const size_t c = (first + i) % n;
    const struct design_column *column = &model->design.columns[c];
    if (model->model.state[c] == COEFFICIENT_ALIASED)
      continue;
    text_append(&line, "why hr ");
    token_append_string(&line, model->formula.terms[column->term].name);
    if (column->level) {
      text_append_char(&line, ' ');
      token_append_string(&line, column->level);
    }
    add(targets, &line);
  }
  if (!n)
    return;
  text_append(&line, "why concordance");
  add(targets, &line);
}

/* "age, sex=male" of an axis and a value on it: " age=60 sex=\"male\"". */
static void append_axis(struct text *line, const char *term, const char *value)
{
  bool first = true;
  while (*term) {
    const char *comma = strstr(term, ", ");
    const size_t length = comma ? (size_t)(comma - term) : strlen(term);
    char *part = memory_copy_bytes(term, length), *equals = first ? NULL : strchr(part, '=');
    if (equals)
      *equals = '\0';
    text_append_char(line, ' ');
    token_append_name(line, part);
    text_append_char(line, '=');
    if (equals)
      token_append_string(line, equals + 1);
    else
      text_append(line, value);
    free(part);
    first = false;
    term += length + (comma ? 2 : 0);
  }
}

/* The patient's value on each axis of the scales, that of the chosen variable first. */
static void patient_point_targets(const struct explorer *explorer, struct why_targets *targets)
{
  const char *term;
  struct text line = TEXT_INIT, value = TEXT_INIT;
  for (size_t i = 0; pane_nomogram_axis(explorer, i, &term, &value); i++) {
    text_append(&line, "why points");
    append_axis(&line, term, text_string(&value));
    add(targets, &line);
    text_clear(&value);
  }
}

/* Each tick of each axis of the nomogram whose table is shown. */
static void tick_targets(const struct explorer *explorer, struct why_targets *targets)
{
  const struct report *report = explorer->view_results ? explorer->view_results->view_report : NULL;
  const struct table *table = report ? report_find_table(report, "nomogram_points") : NULL;
  for (size_t r = 0; table && r < table_n_rows(table); r++) {
    const struct cell *term = table_cell(table, r, 0), *level = table_cell(table, r, 1), *value = table_cell(table, r, 2);
    struct text line = TEXT_INIT, at = TEXT_INIT;
    if (level->kind == CELL_TEXT)
      token_append_string(&at, level->as.text);
    else
      text_append_format(&at, "%.10g", value->as.number);
    /* the variable that is chosen on the nomogram comes first */
    if (!targets->at && explorer->nomogram_variable && strcmp(term->as.text, explorer->nomogram_variable) == 0)
      targets->at = targets->n;
    text_append(&line, "why points");
    append_axis(&line, term->as.text, text_string(&at));
    add(targets, &line);
    text_clear(&at);
  }
}

/* The pairs of the patient under the cursor, of which the concordance is made. */
static void patient_targets(struct explorer *explorer, struct why_targets *targets)
{
  const struct state *state = session_state(explorer->session);
  struct text line = TEXT_INIT;
  if (!state->cohort || !(state->model || state->published) || !state->on_view->count)
    return;
  text_append_format(&line, "why concordance, row=%zu", pane_data_row(explorer) + 1);
  add(targets, &line);
}

/* The rows of the forest from the one under the cursor on, round to it. */
static void forest_targets(const struct explorer *explorer, struct why_targets *targets)
{
  const struct report *report = explorer_view_report(explorer);
  const struct report_item *item = report ? report_find_item(report, ITEM_FOREST) : NULL;
  const struct forest_plot *plot = item ? item->as.forest : NULL;
  for (size_t i = 0; plot && i < plot->n_rows; i++) {
    const char *why = plot->rows[(explorer->view_list.cursor + i) % plot->n_rows].why;
    struct text line = TEXT_INIT;
    if (!why)
      continue;
    text_append(&line, why);
    add(targets, &line);
  }
}

/* ---- of a table 1 ---- */

static bool is_listed(const struct command *command, const char *option, const char *name)
{
  const struct command_option *found = command_find_option(command, option);
  bool is_in = false;
  for (size_t i = 0; found && i < found->n_items; i++)
    is_in |= strcmp(found->items[i], name) == 0;
  return is_in;
}

/* Whether tests= has an item "NAME:TEST" (or "`NAME`:TEST"). */
static bool has_own_test(const struct command *command, const char *name)
{
  const struct command_option *option = command_find_option(command, "tests");
  const size_t length = strlen(name);
  for (size_t i = 0; option && i < option->n_items; i++) {
    const char *item = option->items[i] + (option->items[i][0] == '`');
    if (strncmp(item, name, length) == 0 && (item[length] == ':' || strncmp(item + length, "`:", 2) == 0))
      return true;
  }
  return false;
}

/* One variable's test, `done`, as the table's command has it. */
static void append_test(const struct command *command, const char *name, const char *done, struct text *line)
{
  const struct command_option *test = command_find_option(command, "test"), *by = command_find_option(command, "by");
  const struct command_option *seed = command_find_option(command, "seed");
  text_append(line, "why table1 ");
  token_append_name(line, name);
  if (command->condition) {
    text_append(line, " if ");
    expr_append(line, command->condition);
  }
  text_append(line, ", by=");
  token_append_name(line, by->value);
  if (has_own_test(command, name))
    text_append_format(line, " test=%s", done);
  else if (test)
    text_append_format(line, " test=%s", test->value);
  if (is_listed(command, "factors", name))
    text_append(line, " factor");
  if (seed)
    text_append_format(line, " seed=%.10g", seed->number);
}

/* Whether a line of the printed table is that variable's first: "age, mean (SD) …"; its levels are indented. */
static bool begins_variable(const char *line, const struct column *column)
{
  const char *shown = column_display_name(column);
  const size_t length = strlen(shown);
  return strncmp(line, shown, length) == 0 && strchr(" ,\n", line[length]);
}

/* The row of table1_tests whose variable stands at the top of the window, or began above it. */
static size_t at_top(const struct explorer *explorer, const struct table *tests)
{
  const struct cohort *cohort = session_state(explorer->session)->cohort;
  const char *line = explorer->view_results->view_text;
  size_t found = 0;
  for (size_t i = 0; i <= explorer->view_list.top && line && *line; i++) {
    for (size_t r = 0; r < table_n_rows(tests); r++) {
      const struct column *column = cohort_find_column(cohort, table_cell(tests, r, 0)->as.text);
      if (column && begins_variable(line, column))
        found = r;
    }
    line += strcspn(line, "\n");
    line += *line == '\n';
  }
  return found;
}

/* Each variable's test; the one at the top of the window first. */
static void table1_targets(const struct explorer *explorer, struct why_targets *targets)
{
  const struct report *report = explorer_view_report(explorer);
  const struct table *tests = report ? report_find_table(report, "table1_tests") : NULL;
  struct command command;
  struct error error = ERROR_INIT;
  if (!tests || !explorer->view_line)
    return;
  const enum status status = command_read(explorer->view_line, &command, &error);
  const bool is_compared = !status && command_find_option(&command, "by");
  const size_t top = is_compared ? at_top(explorer, tests) : 0;
  for (size_t r = 0; is_compared && r < table_n_rows(tests); r++) {
    const struct cell *test = table_cell(tests, r, 1);
    struct text line = TEXT_INIT;
    if (test->kind != CELL_TEXT)
      continue;
    if (r <= top)
      targets->at = targets->n;
    append_test(&command, table_cell(tests, r, 0)->as.text, test->as.text, &line);
    add(targets, &line);
  }
  command_clear(&command);
  error_clear(&error);
}

/* The steps and branches of the flow chart; the one whose box has the cursor first.  A box may hold several steps. */
static void flow_targets(const struct explorer *explorer, struct why_targets *targets)
{
  const struct report *report = explorer_view_report(explorer);
  const struct report_item *item = report ? report_find_item(report, ITEM_FLOW) : NULL;
  const struct flow_plot *plot = item ? item->as.flow : NULL;
  const size_t box = explorer->view_list.cursor;
  struct text line = TEXT_INIT;
  size_t number = 0;
  for (size_t s = 0; plot && s < plot->n_steps; s++) {
    if (box == 2 * s + 1 || box == 2 * s + 2)
      targets->at = targets->n;
    for (size_t i = 0; i < plot->steps[s].n_reasons; i++) {
      text_append_format(&line, "why flow %zu", ++number);
      add(targets, &line);
    }
  }
  for (size_t b = 0; plot && b < plot->n_branches; b++) {
    if (!plot->branches[b].filter)
      continue;
    if (flow_plot_branch(plot, box) == &plot->branches[b])
      targets->at = targets->n;
    text_append_format(&line, "why flow if %s", plot->branches[b].filter);
    add(targets, &line);
  }
}

const char *why_targets_find(struct explorer *explorer, struct why_targets *targets)
{
  const enum view view = explorer->wishes.view;
  *targets = (struct why_targets){.lines = NULL};
  if (view == VIEW_MODEL || view == VIEW_RESIDUALS || (view == VIEW_CURVES && explorer->wishes.focus == FOCUS_MODEL)) {
    model_targets(explorer, targets);
    return "there is no hazard ratio here: c puts a variable into the Cox model";
  }
  if (view == VIEW_NOMOGRAM) {
    patient_point_targets(explorer, targets);
    if (!targets->n)
      tick_targets(explorer, targets);
    return "there are no points here yet";
  }
  if (view == VIEW_TABLE1) {
    table1_targets(explorer, targets);
    return "no test here: by= names the groups that are compared (b groups the curves, and this table)";
  }
  if (view == VIEW_FLOW) {
    flow_targets(explorer, targets);
    return "nobody was kept or dropped yet, and there is no branch: :keep if …, because=\"…\"";
  }
  if (view == VIEW_FOREST) {
    forest_targets(explorer, targets);
    return "no number here is of a model of these patients: :forest TREATMENT, over=VARIABLE";
  }
  if (view == VIEW_DATA) {
    patient_targets(explorer, targets);
    return "the pairs of a patient are of a model: c puts a variable into it";
  }
  if (view != VIEW_CURVES)
    return "w is for the views 1 to 7 and 8 (what a command did); :why derives others";
  curve_targets(explorer, targets);
  return "there is no curve here whose numbers could be derived";
}
