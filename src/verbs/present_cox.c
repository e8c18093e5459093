/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/present.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "stats/distribution.h"
#include "verbs/printing.h"

struct cox_estimate present_estimate(const struct cox_analysis *analysis, size_t column)
{
  const double nan = (double)NAN;
  const struct cox_model *model = &analysis->model;
  if (column >= model->n_columns)
    return (struct cox_estimate){nan, nan, nan, nan, nan, nan, nan};
  const double half_width = normal_half_width(analysis->options.level);
  struct cox_estimate estimate = {.beta = model->beta[column], .std_error = model->std_error[column]};
  estimate.z = estimate.beta / estimate.std_error;
  estimate.p = normal_two_sided(estimate.z);
  estimate.hr = exp(estimate.beta);
  estimate.low = exp(estimate.beta - half_width * estimate.std_error);
  estimate.high = exp(estimate.beta + half_width * estimate.std_error);
  if (analysis->firth.beta) { /* profile likelihood instead of Wald */
    estimate.p = analysis->firth.p_value[column];
    estimate.low = exp(analysis->firth.conf_low[column]);
    estimate.high = exp(analysis->firth.conf_high[column]);
  }
  return estimate;
}

struct table *present_cox_terms_as(const char *id, const struct cox_analysis *analysis)
{
  struct table *table = table_new(id, "term level estimate std_error statistic p_value hr conf_low conf_high");
  for (size_t i = 0; i < analysis->design.n_columns; i++) {
    const struct design_column *column = &analysis->design.columns[i];
    const struct cox_estimate estimate = present_estimate(analysis, i);
    table_add_text(table, analysis->formula.terms[column->term].name);
    table_add_text(table, column->level);
    table_add_number(table, estimate.beta);
    table_add_number(table, estimate.std_error);
    table_add_number(table, estimate.z);
    table_add_number(table, estimate.p);
    table_add_number(table, estimate.hr);
    table_add_number(table, estimate.low);
    table_add_number(table, estimate.high);
  }
  return table;
}

struct table *present_cox_terms(const struct cox_analysis *analysis)
{
  return present_cox_terms_as("cox_terms", analysis);
}

struct table *present_cox_fit(const struct cox_analysis *analysis)
{
  const struct cox_model *model = &analysis->model;
  struct table *table =
      table_new("cox_fit", "n events loglik_null loglik lr_statistic lr_df lr_p wald_statistic wald_df wald_p "
                           "score_statistic score_df score_p concordance concordance_se aic bic converged");
  table_add_number(table, model->n);
  table_add_number(table, model->n_events);
  table_add_number(table, model->loglik_null);
  table_add_number(table, model->loglik);
  const double statistics[] = {model->lr_statistic, model->wald_statistic, model->score_statistic};
  for (size_t i = 0; i < 3; i++) {
    table_add_number(table, statistics[i]);
    table_add_number(table, model->df);
    table_add_number(table, chi_square_upper(statistics[i], model->df));
  }
  table_add_number(table, model->concordance.estimate);
  table_add_number(table, model->concordance.std_error);
  table_add_number(table, 2 * model->df - 2 * model->loglik);
  table_add_number(table, model->df * log(model->n_events) - 2 * model->loglik);
  table_add_truth(table, model->converged);
  return table;
}

struct table *present_cox_baseline(const struct cox_analysis *analysis)
{
  const struct survival_data *data = &analysis->gathered.data;
  struct table *table = table_new("cox_baseline", "stratum time hazard survival");
  struct cox_baseline *baselines = memory_new(data->n_strata, sizeof *baselines);
  struct error error = ERROR_INIT;
  if (!cox_baselines(data, &analysis->model, &analysis->options, baselines, &error)) {
    for (size_t s = 0; s < data->n_strata; s++) {
      for (size_t i = 0; i < baselines[s].n_times; i++) {
        table_add_text(table, analysis->gathered.stratum_names[s]);
        table_add_number(table, baselines[s].time[i]);
        table_add_number(table, baselines[s].hazard[i]);
        table_add_number(table, exp(-baselines[s].hazard[i]));
      }
      cox_baseline_clear(&baselines[s]);
    }
  }
  error_clear(&error);
  free(baselines);
  return table;
}

/* ---- printed ---- */

enum { COLUMN_TERM, COLUMN_N, COLUMN_EVENTS, COLUMN_HR, COLUMN_P, COLUMN_B };

static void print_counts(struct printed_table *printed, double n, double events)
{
  printing_count(printed, COLUMN_N, n);
  printing_count(printed, COLUMN_EVENTS, events);
}

static void print_estimate(struct printed_table *printed, const struct cox_analysis *analysis, size_t column)
{
  const struct cox_estimate estimate = present_estimate(analysis, column);
  printing_hazard_ratio(printed, COLUMN_HR, estimate.hr, estimate.low, estimate.high);
  printing_p(printed, COLUMN_P, estimate.p);
  if (printed->n_columns > COLUMN_B)
    printing_coefficient(printed, COLUMN_B, estimate.beta, estimate.std_error);
}

const char *present_term_label(const struct cox_analysis *analysis, const struct state *state, size_t t)
{
  const struct column *column = cohort_find_column(state->cohort, analysis->formula.terms[t].name);
  return column ? column_display_name(column) : analysis->formula.terms[t].name;
}

/* How the reference level of a term's variable is displayed. */
const char *present_reference_label(const struct cox_analysis *analysis, const struct state *state, size_t t)
{
  const char *reference = analysis->design.terms[t].reference;
  const struct column *column = cohort_find_column(state->cohort, analysis->formula.terms[t].name);
  uint32_t code = column && column->kind == COLUMN_FACTOR ? column_find_level(column, reference) : 0;
  return code ? column_level_display_name(column, code) : reference;
}

/* A factor: its name over its levels, the reference first. */
static void print_factor(struct printed_table *printed, const struct cox_analysis *analysis, const struct state *state,
                         size_t t)
{
  const struct design_term *term = &analysis->design.terms[t];
  const struct design_column *columns = analysis->design.columns;
  double n = analysis->model.n, events = analysis->model.n_events; /* of the reference: what the other levels leave */
  for (size_t c = term->first; c < term->first + term->n_columns; c++) {
    n -= columns[c].n;
    events -= columns[c].n_events;
  }
  printed_table_begin_row(printed, PRINTED_HEADING);
  printed_table_set(printed, COLUMN_TERM, "%s", present_term_label(analysis, state, t));
  printed_table_begin_row(printed, PRINTED_ROW);
  printed_table_set(printed, COLUMN_TERM, "  %s", present_reference_label(analysis, state, t));
  print_counts(printed, n, events);
  printed_table_set(printed, COLUMN_HR, "reference");
  for (size_t c = term->first; c < term->first + term->n_columns; c++) {
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, COLUMN_TERM, "  %s", columns[c].label);
    print_counts(printed, columns[c].n, columns[c].n_events);
    print_estimate(printed, analysis, c);
  }
}

/* A numeric term in one row, an interaction in one row a column. */
static void print_plain(struct printed_table *printed, const struct cox_analysis *analysis, const struct state *state,
                        size_t t)
{
  const struct design_term *term = &analysis->design.terms[t];
  for (size_t c = term->first; c < term->first + term->n_columns; c++) {
    const struct design_column *column = &analysis->design.columns[c];
    double n = column->label ? column->n : analysis->model.n;
    double events = column->label ? column->n_events : analysis->model.n_events;
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, COLUMN_TERM, "%s%s%s%s", present_term_label(analysis, state, t), column->label ? " (" : "",
                      column->label ? column->label : "", column->label ? ")" : "");
    print_counts(printed, n, events);
    print_estimate(printed, analysis, c);
  }
}

static void note_fit(struct printed_table *printed, const struct cox_analysis *analysis, enum number_style style)
{
  const struct cox_model *model = &analysis->model;
  struct text text = TEXT_INIT;
  printing_append_counted(&text, model->n, "patient", "patients");
  text_append(&text, ", ");
  printing_append_counted(&text, model->n_events, "event", "events");
  if (analysis->n_incomplete)
    text_append_format(&text, "; %zu left out for missing values", analysis->n_incomplete);
  text_append_format(&text, ". Ties: %s. Limits and p: %s.", ties_name(analysis->options.ties),
                     analysis->firth.beta ? "Firth's profile likelihood" : model->robust ? "Wald, robust" : "Wald");
  printed_table_note(printed, "%s", text_string(&text));
  text_truncate(&text, 0);
  if (model->df > 0 && !isnan(model->lr_statistic)) {
    text_append_format(&text, "Likelihood ratio %.2f on %g df, ", model->lr_statistic, model->df);
    style_append_p_sentence(&text, style, chi_square_upper(model->lr_statistic, model->df));
    if (!isnan(model->concordance.estimate))
      text_append_format(&text, ". Concordance %.3f (SE %.3f)", model->concordance.estimate,
                         model->concordance.std_error);
    printed_table_note(printed, "%s.", text_string(&text));
  }
  text_clear(&text);
}

struct printed_table *present_cox_estimates(const char *title, const char *ratio, const struct cox_analysis *analysis,
                                            const struct state *state)
{
  struct printed_table *printed = printed_table_new(title);
  struct text text = TEXT_INIT;
  text_append_format(&text, "%s (%g %% CI)", ratio, analysis->options.level * 100);
  printed_table_add_column(printed, "", ALIGN_LEFT);
  printed_table_add_column(printed, "n", ALIGN_RIGHT);
  printed_table_add_column(printed, "events", ALIGN_RIGHT);
  printed_table_add_column(printed, text_string(&text), ALIGN_RIGHT);
  printed_table_add_column(printed, "p", ALIGN_RIGHT);
  if (state->settings.beta)
    printed_table_add_column(printed, "B (SE)", ALIGN_RIGHT);
  text_clear(&text);
  for (size_t t = 0; t < analysis->design.n_terms; t++) {
    if (analysis->design.terms[t].reference && analysis->design.terms[t].n_columns)
      print_factor(printed, analysis, state, t);
    else
      print_plain(printed, analysis, state, t);
  }
  return printed;
}

struct printed_table *present_cox_printed(const struct cox_analysis *analysis, const struct state *state)
{
  const struct endpoint *endpoint = state_endpoint(state);
  struct text title = TEXT_INIT;
  text_append_format(&title, "Cox model of %s", endpoint ? endpoint->name : "survival");
  struct printed_table *printed = present_cox_estimates(text_string(&title), "HR", analysis, state);
  text_clear(&title);
  note_fit(printed, analysis, state->settings.style);
  style_apply_table(state->settings.style, printed);
  return printed;
}
