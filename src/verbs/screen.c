/* SPDX-License-Identifier: GPL-3.0-or-later */
/* screen: one-variable models, then the joint model of those that pass. */
#include <math.h>

#include "base/text.h"
#include "verbs/entries.h"
#include "verbs/present.h"
#include "verbs/printing.h"
#include "verbs/screening.h"

struct output {
  const struct state *state;
  struct table *table;
  struct printed_table *printed;
};

enum { COLUMN_NAME, COLUMN_N, COLUMN_EVENTS, COLUMN_MEDIAN, COLUMN_LOGRANK, COLUMN_HR, COLUMN_P };

/* ---- rows of the table ---- */

/* What a level of a factor shows. */
struct level_counts {
  double n, events, median;
};

static void add_row(struct output *output, const struct screened_variable *variable, const char *level,
                    const char *label, const struct level_counts *counts, size_t column)
{
  const struct cox_analysis *analysis = variable->analysis;
  const bool has_estimate = column < analysis->model.n_columns;
  const struct cox_estimate estimate = present_estimate(analysis, column);
  struct table *table = output->table;
  table_add_text(table, analysis->formula.terms[0].name);
  table_add_text(table, level);
  const double values[] = {counts->n,  counts->events, counts->median, estimate.beta, estimate.std_error,
                           estimate.p, estimate.hr,    estimate.low,   estimate.high, variable->logrank_p};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    table_add_number(table, values[i]);

  struct printed_table *printed = output->printed;
  struct text median = TEXT_INIT;
  printed_table_begin_row(printed, PRINTED_ROW);
  printed_table_set(printed, COLUMN_NAME, "%s", label);
  printing_count(printed, COLUMN_N, counts->n);
  printing_count(printed, COLUMN_EVENTS, counts->events);
  if (counts->n > 0)
    printed_append_time(&median, counts->median, 2);
  printed_table_set(printed, COLUMN_MEDIAN, "%s", text_string(&median));
  text_clear(&median);
  if (!has_estimate) {
    printed_table_set(printed, COLUMN_HR, "reference");
    return;
  }
  printing_hazard_ratio(printed, COLUMN_HR, estimate.hr, estimate.low, estimate.high);
  printing_p(printed, COLUMN_P, estimate.p);
}

static struct level_counts counts_of(const struct output *output, const struct km_curve *curve)
{
  const struct settings *settings = &output->state->settings;
  return (struct level_counts){curve->n, curve->n_events,
                               km_quantile(curve, 0.5, settings->quantiles, settings->level).time};
}

/* A factor: its name with the log-rank p, then the reference and the other levels. */
static void add_factor(struct output *output, const struct screened_variable *variable)
{
  const struct cox_analysis *analysis = variable->analysis;
  const struct design *design = &analysis->design;
  printed_table_begin_row(output->printed, isnan(variable->logrank_p) ? PRINTED_HEADING : PRINTED_ROW);
  printed_table_set(output->printed, COLUMN_NAME, "%s", present_term_label(analysis, output->state, 0));
  printing_p(output->printed, COLUMN_LOGRANK, variable->logrank_p);
  for (size_t g = 0; g < variable->n_levels; g++) {
    const struct level_counts counts = counts_of(output, &variable->curves[g]);
    struct text label = TEXT_INIT;
    text_append_format(&label, "  %s",
                       g ? design->columns[g - 1].label : present_reference_label(analysis, output->state, 0));
    add_row(output, variable, g ? design->columns[g - 1].level : design->terms[0].reference, text_string(&label), &counts,
            g ? g - 1 : design->n_columns);
    text_clear(&label);
  }
}

static void add_others(struct output *output, const struct screened_variable *variable)
{
  const struct design *design = &variable->analysis->design;
  for (size_t c = 0; c < design->n_columns; c++) {
    const struct design_column *column = &design->columns[c];
    struct text label = TEXT_INIT;
    struct level_counts counts = counts_of(output, &variable->curves[0]);
    text_append(&label, present_term_label(variable->analysis, output->state, 0));
    if (column->label) {
      text_append_format(&label, " (%s)", column->label);
      counts = (struct level_counts){column->n, column->n_events, (double)NAN};
    }
    add_row(output, variable, column->level, text_string(&label), &counts, c);
    text_clear(&label);
  }
}

static void add_variable(void *data, const struct screened_variable *variable)
{
  struct output *output = data;
  if (variable->is_factor)
    add_factor(output, variable);
  else
    add_others(output, variable);
}

/* ---- the joint model ---- */

static void note_rule(const struct screening *screening, struct printed_table *printed)
{
  printed_table_note(printed, "To the joint model: %s at or under %g%s.", screening_rule_name(screening->rule),
                     screening->limit, screening->is_forced ? ", and what is forced" : "");
  printed_table_note(printed, "Each variable on its own complete patients.  Limits: %g %%, Wald; ties: %s.",
                     100 * screening->options.level, ties_name(screening->options.ties));
}

static enum status join(const struct screening *screening, struct session *session, struct error *error)
{
  struct report *report = screening->report;
  struct cox_analysis analysis;
  enum status status = screening_join(screening, &analysis, error);
  if (status)
    return status;
  struct state *changed = screening_adopt(screening);
  report_set_cohort(report, analysis.gathered.n_on_view, analysis.gathered.n_used);
  report_add_table(report, present_cox_terms_as("screen_multivariate", &analysis));
  report_add_table(report, present_cox_fit(&analysis));
  if (analysis.formula.n_terms)
    report_add_printed(report, present_cox_printed(&analysis, changed));
  screening_warn(screening, &analysis);
  cox_analysis_clear(&analysis);
  session_propose(session, changed);
  return STATUS_OK;
}

/* ---- the command ---- */

static enum status run_screen(struct verb_context *context, const struct command *command, struct error *error)
{
  static const char *const columns[] = {"", "n", "events", "median", "log-rank p", "HR (limits)", "p", NULL};
  struct screening screening;
  enum status status = screening_begin(&screening, context, command, error);
  if (!status) {
    struct output output = {.state = context->state, .printed = printing_table("One variable at a time", columns)};
    output.table = table_new("screen_univariate", "term level n events median estimate std_error p_value hr conf_low "
                                                  "conf_high logrank_p");
    status = screening_each(&screening, add_variable, &output, error);
    note_rule(&screening, output.printed);
    report_add_table(context->report, output.table);
    report_add_printed(context->report, output.printed);
  }
  if (!status)
    status = join(&screening, context->session, error);
  screening_clear(&screening);
  return status;
}

static const struct option_syntax screen_options[] = {
    SCREENING_OPTIONS,
    {.name = NULL},
};

static const char *const screen_examples[] = {
    "screen age sex ref(grade,\"NEC\") surgery, p=0.15 force=surgery select=logrank", NULL};

const struct verb verb_screen = {
    .syntax = {"screen", ARGUMENTS_TERMS, true, screen_options},
    .usage = "screen VARIABLE … [if EXPR] [, p=P force=V,… select=RULE ties=METHOD]",
    .summary = "one-variable models for each, then the joint model of those that pass",
    .details = "For each variable its levels' numbers, events and medians, the log-rank p, and the hazard ratios of a model\n"
               "of it alone, on its own complete patients.  Those with a p at or under p= make the joint model, which\n"
               "becomes the current one.  Variables stand with blanks or + between them; each is a term as in cox.",
    .tables = "screen_univariate, screen_multivariate, cox_fit",
    .examples = screen_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .changes_state = true,
    .run = run_screen,
};
