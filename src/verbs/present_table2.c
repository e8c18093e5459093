/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/present_table2.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/selection.h"
#include "stats/distribution.h"

/* ---- taking down ---- */

/* The levels in the order of the column, where the formula put another one first as reference: order[i] is the group that
 * stands in place i. */
static void order_levels(const struct state *state, const struct screened_variable *variable, size_t *order)
{
  const struct cox_analysis *analysis = variable->analysis;
  const struct design *design = &analysis->design;
  const struct column *column = cohort_find_column(state->cohort, analysis->formula.terms[0].name);
  const char *reference = design->terms[0].reference;
  const uint32_t code = column && column->kind == COLUMN_FACTOR ? column_find_level(column, reference) : 0;
  size_t before = 0; /* levels that the column has before the reference */
  for (size_t c = 0; c < design->n_columns && code; c++)
    before += column_find_level(column, design->columns[c].level) < code;
  for (size_t i = 0; i < variable->n_levels; i++)
    order[i] = i < before ? i + 1 : i == before ? 0 : i;
}

static void describe_row(const struct table2 *table2, const struct screened_variable *variable, struct table2_row *row,
                         const struct km_curve *curve)
{
  const struct table2_look *look = table2->look;
  const double used = (double)variable->analysis->gathered.n_used;
  row->summary.tau = (double)NAN;
  km_summarise(&table2->screening->state->settings, &variable->analysis->gathered.data, curve, &row->summary);
  row->n = curve->n;
  row->events = curve->n_events;
  row->percent = 100 * row->n / (look->percent_of_all ? (double)table2->n_outcomes : used);
  row->points = look->n_times ? memory_new(look->n_times, sizeof *row->points) : NULL;
  for (size_t i = 0; i < look->n_times; i++)
    row->points[i] = km_at(curve, look->times[i]);
}

static void take_levels(const struct table2 *table2, const struct screened_variable *variable, struct table2_row *rows)
{
  const struct cox_analysis *analysis = variable->analysis;
  const struct design *design = &analysis->design;
  size_t *order = memory_new(variable->n_levels, sizeof *order);
  order_levels(table2->screening->state, variable, order);
  for (size_t i = 0; i < variable->n_levels; i++) {
    const size_t g = order[i];
    const char *label =
        g ? design->columns[g - 1].label : present_reference_label(analysis, table2->screening->state, 0);
    struct table2_row *row = &rows[i];
    row->level = memory_copy_string(g ? design->columns[g - 1].level : design->terms[0].reference);
    row->label = memory_copy_string(label);
    row->is_reference = g == 0;
    row->has_curve = true;
    row->alone = present_estimate(analysis, g ? g - 1 : design->n_columns);
    describe_row(table2, variable, row, &variable->curves[g]);
  }
  free(order);
}

static void take_columns(const struct table2 *table2, const struct screened_variable *variable, struct table2_row *rows)
{
  const struct design *design = &variable->analysis->design;
  for (size_t c = 0; c < design->n_columns; c++) {
    const struct design_column *column = &design->columns[c];
    struct table2_row *row = &rows[c];
    row->level = column->level ? memory_copy_string(column->level) : NULL;
    row->label = column->label ? memory_copy_string(column->label) : NULL;
    row->alone = present_estimate(variable->analysis, c);
    describe_row(table2, variable, row, &variable->curves[0]);
    if (column->label) {
      row->n = column->n;
      row->events = column->n_events;
    }
    row->percent = (double)NAN;
  }
}

/* The test beside the name: the log-rank test of a factor, of a number the one that decides or Wald's. */
static void take_test(const struct screened_variable *found, struct table2_variable *variable)
{
  const struct cox_model *model = &found->analysis->model;
  const struct score_test wald = cox_term_wald(model, 0, model->n_columns);
  variable->test = found->is_factor ? SCREENING_LOGRANK
                   : found->decided_by == SCREENING_LOGRANK ? SCREENING_SCORE : found->decided_by;
  variable->df = found->is_factor ? found->logrank_df : model->df;
  variable->statistic = variable->test == SCREENING_LOGRANK ? found->logrank
                        : variable->test == SCREENING_LR    ? model->lr_statistic
                        : variable->test == SCREENING_SCORE ? model->score_statistic
                                                            : wald.statistic;
  variable->p_value = found->is_factor ? found->logrank_p : chi_square_upper(variable->statistic, variable->df);
}

void table2_add(void *data, const struct screened_variable *found)
{
  struct table2 *table2 = data;
  const struct cox_analysis *analysis = found->analysis;
  struct table2_variable variable = {.is_factor = found->is_factor};
  variable.name = memory_copy_string(analysis->formula.n_terms ? analysis->formula.terms[0].name : "");
  variable.label = memory_copy_string(present_term_label(analysis, table2->screening->state, 0));
  variable.n_missing = table2->n_outcomes - analysis->gathered.n_used;
  variable.n_rows = found->is_factor ? found->n_levels : analysis->design.n_columns;
  variable.rows = memory_new(variable.n_rows, sizeof *variable.rows);
  take_test(found, &variable);
  if (found->is_factor)
    take_levels(table2, found, variable.rows);
  else
    take_columns(table2, found, variable.rows);
  MEMORY_APPEND(table2->variables, table2->n_variables, table2->variables_capacity, variable);
}

/* ---- the joint model ---- */

static bool same_level(const char *a, const char *b)
{
  return a == b || (a && b && strcmp(a, b) == 0);
}

static void join_row(const struct cox_analysis *joint, const struct design_term *term, struct table2_row *row)
{
  row->is_joint_reference = term->reference && same_level(term->reference, row->level);
  row->is_joint |= row->is_joint_reference;
  for (size_t c = term->first; c < term->first + term->n_columns; c++) {
    if (!same_level(joint->design.columns[c].level, row->level))
      continue;
    row->adjusted = present_estimate(joint, c);
    row->is_joint = true;
  }
}

void table2_join(struct table2 *table2, const struct cox_analysis *joint)
{
  for (size_t v = 0; v < table2->n_variables; v++) {
    struct table2_variable *variable = &table2->variables[v];
    for (size_t r = 0; r < variable->n_rows; r++)
      variable->rows[r].adjusted = present_estimate(joint, joint->model.n_columns); /* none */
    for (size_t t = 0; t < joint->design.n_terms; t++)
      for (size_t r = 0; r < variable->n_rows && strcmp(joint->formula.terms[t].name, variable->name) == 0; r++)
        join_row(joint, &joint->design.terms[t], &variable->rows[r]);
  }
}

void table2_clear(struct table2 *table2)
{
  for (size_t v = 0; v < table2->n_variables; v++) {
    struct table2_variable *variable = &table2->variables[v];
    for (size_t r = 0; r < variable->n_rows; r++) {
      free(variable->rows[r].level);
      free(variable->rows[r].label);
      free(variable->rows[r].points);
    }
    free(variable->rows);
    free(variable->name);
    free(variable->label);
  }
  free(table2->variables);
  *table2 = (struct table2){.screening = NULL};
}

/* ---- data ---- */

struct table *table2_table(void)
{
  return table_new("table2", "variable level n percent events median median_low median_high q25 q75 mean mean_se statistic df "
                             "p_value hr conf_low conf_high hr_p adjusted_hr adjusted_conf_low adjusted_conf_high adjusted_p "
                             "missing endpoint");
}

struct table *table2_at_table(void)
{
  return table_new("table2_at", "variable level time n_risk estimate std_error conf_low conf_high endpoint");
}

static void add_row(const struct table2_variable *variable, const struct table2_row *row, const char *endpoint,
                    struct table *table)
{
  const double nan = (double)NAN;
  const struct km_summary *summary = &row->summary;
  const struct cox_estimate *alone = &row->alone, *adjusted = &row->adjusted;
  const bool curve = row->has_curve;
  const double values[] = {row->n,
                           row->percent,
                           row->events,
                           curve ? summary->median.time : nan,
                           curve ? summary->median.low : nan,
                           curve ? summary->median.high : nan,
                           curve ? summary->q25.time : nan,
                           curve ? summary->q75.time : nan,
                           curve ? summary->mean.mean : nan,
                           curve ? summary->mean.std_error : nan,
                           variable->statistic,
                           variable->df,
                           variable->p_value,
                           row->is_reference ? 1 : alone->hr,
                           alone->low,
                           alone->high,
                           alone->p,
                           row->is_joint_reference ? 1 : adjusted->hr,
                           adjusted->low,
                           adjusted->high,
                           adjusted->p,
                           (double)variable->n_missing};
  table_add_text(table, variable->name);
  table_add_text(table, row->level);
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    table_add_number(table, values[i]);
  table_add_text(table, endpoint);
}

static void add_points(const struct table2 *table2, const struct table2_variable *variable, const struct table2_row *row,
                       struct table *table)
{
  for (size_t i = 0; i < table2->look->n_times && row->has_curve; i++) {
    const struct km_point *point = &row->points[i];
    const double values[] = {table2->look->times[i], point->n_risk,   point->estimate,
                             point->std_error,       point->conf_low, point->conf_high};
    table_add_text(table, variable->name);
    table_add_text(table, row->level);
    for (size_t k = 0; k < sizeof values / sizeof *values; k++)
      table_add_number(table, values[k]);
    table_add_text(table, state_endpoint(table2->screening->state)->name);
  }
}

void table2_fill(const struct table2 *table2, struct table *table, struct table *at)
{
  const char *endpoint = state_endpoint(table2->screening->state)->name;
  for (size_t v = 0; v < table2->n_variables; v++) {
    for (size_t r = 0; r < table2->variables[v].n_rows; r++) {
      add_row(&table2->variables[v], &table2->variables[v].rows[r], endpoint, table);
      if (at)
        add_points(table2, &table2->variables[v], &table2->variables[v].rows[r], at);
    }
  }
}
