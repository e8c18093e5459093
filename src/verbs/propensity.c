/* SPDX-License-Identifier: GPL-3.0-or-later */
/* propensity: weights or matched sets that make two treatment groups alike. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/outcome.h"
#include "session/treatment.h"
#include "stats/distribution.h"
#include "verbs/arguments.h"
#include "verbs/describe.h"
#include "verbs/entries.h"
#include "verbs/printing.h"

/* ---- the command ---- */

static enum status fail_option(const struct command *command, const char *name, struct error *error)
{
  const struct command_option *option = command_find_option(command, name);
  return error_in_command(error, option->start, option->length);
}

static enum status check_column(const struct command *command, const struct state *state, const char *option_name,
                                const char **name, struct error *error)
{
  const struct command_option *option = command_find_option(command, option_name);
  const struct column *column;
  *name = option ? option->value : NULL;
  return option ? arguments_find_column(state, option->value, option->start, option->length, &column, error) : STATUS_OK;
}

static enum propensity_target read_target(const struct command *command)
{
  static const char *const names[] = {"ate", "stabilised", "att", "atc", "overlap"};
  const char *word = arguments_word(command, "weights");
  for (size_t i = 0; word && i < 5; i++)
    if (strcmp(names[i], word) == 0)
      return (enum propensity_target)i;
  return PROPENSITY_ATE_STABILISED;
}

static enum status check_ranges(const struct command *command, const struct treatment_request *request,
                                struct error *error)
{
  if (!(request->weighting.weight_quantile >= 0 && request->weighting.weight_quantile <= 1)) {
    error_set(error, "trim= wants a share from 0 to 1");
    error_hint(error, "trim=0.99 sets larger weights to the 99th percentile");
    return fail_option(command, "trim", error);
  }
  if (!(request->weighting.score_margin >= 0 && request->weighting.score_margin < 0.5)) {
    error_set(error, "margin= wants a share from 0 to 0.5");
    error_hint(error, "margin=0.1 leaves out those with a score under 0.1 or over 0.9");
    return fail_option(command, "margin", error);
  }
  if (request->matches && !(request->ratio >= 1 && request->ratio <= 100)) {
    error_set(error, "match= wants a whole number of controls for each treated");
    error_hint(error, "match=1");
    return fail_option(command, "match", error);
  }
  return STATUS_OK;
}

static enum status read_request(const struct command *command, const struct state *state,
                                struct treatment_request *request, struct error *error)
{
  const double ratio = arguments_number(command, "match", 0);
  request->treated = arguments_word(command, "treated");
  request->control = arguments_word(command, "control");
  request->matches = command_find_option(command, "match") != NULL;
  request->ratio = ratio >= 1 && ratio == floor(ratio) ? (size_t)ratio : 0;
  request->caliper = arguments_number(command, "caliper", 0.2);
  request->weighting = (struct propensity_options){
      .target = read_target(command),
      .score_margin = arguments_number(command, "margin", 0),
      .weight_quantile = arguments_number(command, "trim", 0),
  };
  if (check_column(command, state, "treatment", &request->treatment, error) ||
      check_column(command, state, "exact", &request->exact, error))
    return STATUS_ERROR;
  if (!request->treatment) {
    error_set(error, "propensity wants the treatment");
    return error_hint(error, "propensity age + grade, treatment=surgery treated=\"PHR\" control=\"NR\"");
  }
  return check_ranges(command, request, error);
}

/* ---- tables ---- */

static char *column_name(const struct treatment_analysis *analysis, size_t c, bool label)
{
  const struct design_column *column = &analysis->design.columns[c];
  struct text text = TEXT_INIT;
  text_append(&text, analysis->formula.terms[column->term].name);
  if (label && column->label)
    text_append_format(&text, ": %s", column->label);
  return text_take(&text);
}

static void add_model(const struct treatment_analysis *analysis, double level, struct report *report)
{
  struct table *table = table_new("propensity_terms", "term level estimate std_error statistic p_value or conf_low conf_high");
  const double z = normal_half_width(level);
  for (size_t c = 0; c < analysis->design.n_columns; c++) {
    const double beta = analysis->model.beta[c + 1], error = analysis->model.std_error[c + 1];
    const double values[] = {beta, error, beta / error, normal_two_sided(beta / error), exp(beta), exp(beta - z * error),
                             exp(beta + z * error)};
    table_add_text(table, analysis->formula.terms[analysis->design.columns[c].term].name);
    table_add_text(table, analysis->design.columns[c].level);
    for (size_t k = 0; k < 7; k++)
      table_add_number(table, values[k]);
  }
  report_add_table(report, table);
}

static void add_balance(const struct treatment_analysis *analysis, struct report *report)
{
  static const char *const columns[] = {"", "control", "treated", "SMD", "control, adjusted", "treated, adjusted",
                                        "SMD, adjusted", NULL};
  struct table *table = table_new("balance", "variable level mean_control mean_treated smd adjusted_control "
                                             "adjusted_treated smd_adjusted");
  struct printed_table *printed = printing_table("Balance", columns);
  for (size_t c = 0; c < analysis->design.n_columns; c++) {
    const struct treatment_balance *balance = &analysis->balance[c];
    const double values[] = {balance->mean[0],          balance->mean[1],          balance->before,
                             balance->adjusted_mean[0], balance->adjusted_mean[1], balance->after};
    char *name = column_name(analysis, c, true);
    table_add_text(table, analysis->formula.terms[analysis->design.columns[c].term].name);
    table_add_text(table, analysis->design.columns[c].level);
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%s", name);
    for (size_t k = 0; k < 6; k++) {
      table_add_number(table, values[k]);
      printing_fixed(printed, k + 1, values[k], k % 3 == 2 ? 3 : 2);
    }
    free(name);
  }
  printed_table_note(printed, "SMD: treated less control, in standard deviations of the unadjusted groups; under 0.1 is "
                              "usually called balanced.");
  report_add_table(report, table);
  report_add_printed(report, printed);
}

static void add_summary(const struct treatment_analysis *analysis, struct report *report)
{
  static const char *const sides[] = {"control", "treated"};
  struct table *table = table_new("propensity", "group n n_used n_effective");
  double n[2] = {0, 0};
  for (size_t i = 0; i < analysis->n; i++)
    n[analysis->treated[i]]++;
  for (size_t k = 0; k < 2; k++) {
    const double used = analysis->matched ? (double)analysis->matching.n_matched[k] : (double)analysis->weights.n_kept[k];
    const double effective = analysis->matched ? used : analysis->weights.n_effective[k];
    table_add_text(table, sides[k]);
    table_add_number(table, n[k]);
    table_add_number(table, used);
    table_add_number(table, effective);
    report_add_text(report, "%s: %g %s, %g %s", sides[k], n[k],
                    n[k] > 1 || n[k] < 1 ? "patients" : "patient", used, analysis->matched ? "matched" : "weighed");
  }
  report_add_table(report, table);
  if (analysis->matched && !analysis->matching.n_sets)
    report_add_text(report, "no set: nobody is within the caliper of anybody (%.3g on the logit of the score)",
                    analysis->matching.caliper);
  else if (analysis->matched)
    report_add_text(report, "%zu sets; largest distance %.3g, caliper %.3g on the logit of the score",
                    analysis->matching.n_sets, analysis->matching.largest_distance, analysis->matching.caliper);
  else if (isnan(analysis->weights.largest))
    report_add_text(report, "nobody is left with a weight");
  else
    report_add_text(report, "effective sizes: control %.1f, treated %.1f; largest weight %.2f",
                    analysis->weights.n_effective[0], analysis->weights.n_effective[1], analysis->weights.largest);
}

/* The largest absolute difference that is known, before or after. */
static double largest_difference(const struct treatment_analysis *analysis, bool after)
{
  double largest = 0;
  for (size_t c = 0; c < analysis->design.n_columns; c++)
    largest = fmax(largest, fabs(after ? analysis->balance[c].after : analysis->balance[c].before));
  return largest;
}

static void warn_of_balance(const struct treatment_analysis *analysis, struct report *report)
{
  const double before = largest_difference(analysis, false), after = largest_difference(analysis, true);
  if (after > before * (1 + 1e-9))
    report_warn(report, "the groups are less alike than before: the largest |SMD| was %.3f and is %.3f", before, after);
}

static void warn(const struct treatment_analysis *analysis, bool has_caliper, struct report *report)
{
  report_set_cohort(report, analysis->n_on_view, analysis->n);
  if (analysis->n < analysis->n_on_view)
    report_warn(report, "%zu of %zu patients of the two groups left out for missing values", analysis->n_on_view - analysis->n,
                analysis->n_on_view);
  for (size_t i = 0; i < analysis->design.n_warnings; i++)
    report_warn(report, "%s", analysis->design.warnings[i]);
  if (analysis->model.separated)
    report_warn(report, "the covariates tell some treated from all controls (separation): scores of 0 or 1, and nobody to "
                        "compare them with");
  if (!analysis->matched && analysis->weights.n_left_out)
    report_warn(report, "%zu %s without a weight: a score outside the margin, or of 0 or 1", analysis->weights.n_left_out,
                printing_plural(analysis->weights.n_left_out, "patient is", "patients are"));
  if (!analysis->matched && analysis->weights.n_cut)
    report_warn(report, "%zu %s cut to the quantile of trim=", analysis->weights.n_cut,
                printing_plural(analysis->weights.n_cut, "weight was", "weights were"));
  if (analysis->matched && analysis->matching.n_unmatched[1])
    report_warn(report, "%zu treated %s no match within the caliper: the comparison is of those who have",
                analysis->matching.n_unmatched[1], printing_plural(analysis->matching.n_unmatched[1], "has", "have"));
  if (analysis->model.separated && analysis->matched && has_caliper)
    report_warn(report, "the caliper means little here: separation makes logits of the score as large as the fit let them grow, "
                        "and the standard deviation that the caliper is measured in with them");
  warn_of_balance(analysis, report);
}

/* ---- columns ---- */

static enum status propose_columns(struct verb_context *context, const struct treatment_analysis *analysis,
                                   const char *name, struct error *error)
{
  struct state *state = state_copy(context->state);
  const size_t n_rows = state->cohort->n_rows;
  double *score = memory_new(n_rows, sizeof *score), *other = memory_new(n_rows, sizeof *other);
  struct text second = TEXT_INIT;
  for (size_t row = 0; row < n_rows; row++)
    score[row] = other[row] = (double)NAN;
  for (size_t i = 0; i < analysis->n; i++) {
    const double weight = treatment_weight(analysis, i);
    score[analysis->rows[i]] = analysis->model.probability[i];
    if (weight > 0)
      other[analysis->rows[i]] = analysis->matched ? (double)analysis->matching.set[i] : weight;
  }
  text_append_format(&second, "%s_%s", name, analysis->matched ? "match" : "weight");
  bool replaces = describe_replaced(state, name, context->report);
  replaces |= describe_replaced(state, text_string(&second), context->report);
  state_set_cohort(state, cohort_with_column(state->cohort, column_new_numbers(name, COLUMN_NUMBER, score, n_rows)));
  state_set_cohort(state, cohort_with_column(state->cohort, column_new_numbers(text_string(&second), COLUMN_NUMBER, other,
                                                                               n_rows)));
  if (analysis->matched)
    report_add_text(context->report, "New columns: %s, the score; %s, the number of the set.  Next: filter !missing(%s), and "
                                     "cox …, cluster=%s", name, text_string(&second), text_string(&second),
                    text_string(&second));
  else
    report_add_text(context->report, "New columns: %s, the score; %s, the weight.  Next: km …, weights=%s and cox …, "
                                     "weights=%s robust", name, text_string(&second), text_string(&second),
                    text_string(&second));
  text_clear(&second);
  if (replaces && state_refresh(state, NULL, error)) {
    state_release(state);
    return STATUS_ERROR;
  }
  session_propose(context->session, state);
  return STATUS_OK;
}

static enum status run_propensity(struct verb_context *context, const struct command *command, struct error *error)
{
  struct formula formula;
  struct treatment_request request = {.formula = &formula};
  struct treatment_analysis analysis;
  struct bitmap *condition = NULL;
  const char *name = arguments_word(command, "as");
  if (formula_parse_list(&command->tokens, command->begin, command->end, &formula, error))
    return STATUS_ERROR;
  enum status status = read_request(command, context->state, &request, error);
  if (!status)
    status = arguments_condition(command, context->state, &condition, error);
  request.condition = condition;
  if (!status)
    status = treatment_analyse(context->state, &request, context->task, &analysis, error);
  if (!status) {
    add_summary(&analysis, context->report);
    add_balance(&analysis, context->report);
    add_model(&analysis, context->state->settings.level, context->report);
    status = propose_columns(context, &analysis, name ? name : "ps", error);
    warn(&analysis, request.caliper > 0, context->report);
    treatment_analysis_clear(&analysis);
  }
  arguments_free_condition(condition);
  formula_clear(&formula);
  return status;
}

static const struct option_syntax propensity_options[] = {
    {"treatment", OPTION_WORD, NULL, "the column of the treatment"},
    {"treated", OPTION_WORD, NULL, "its level that counts as treated (the second of two)"},
    {"control", OPTION_WORD, NULL, "the level it is compared with (all others)"},
    {"weights", OPTION_WORD, "ate|stabilised|att|atc|overlap", "what the weights are for (stabilised)"},
    {"trim", OPTION_NUMBER, NULL, "larger weights are set to this quantile: trim=0.99"},
    {"margin", OPTION_NUMBER, NULL, "scores under this, or over one less this, are left out: margin=0.1"},
    {"match", OPTION_NUMBER, NULL, "match so many controls to each treated instead of weighing"},
    {"caliper", OPTION_NUMBER, NULL, "largest distance of a match, in SD of the logit of the score (0.2; 0: none)"},
    {"exact", OPTION_WORD, NULL, "match only within the levels of this column"},
    {"as", OPTION_WORD, NULL, "name of the new columns (ps)"},
    {.name = NULL},
};

static const char *const propensity_examples[] = {
    "propensity age + sex + grade, treatment=surgery treated=PHR control=NR",
    "propensity age + grade, treatment=surgery treated=PHR control=NR match=1 caliper=0.2", NULL};

const struct verb verb_propensity = {
    .syntax = {"propensity", ARGUMENTS_TERMS, true, propensity_options},
    .usage = "propensity TERM + … [if EXPR] , treatment=V [treated=L control=L] [weights=W trim=Q margin=A | match=K caliper=C "
             "exact=V] [as=NAME]",
    .summary = "weights or matched sets that make two treatment groups alike",
    .details = "The score is the probability of treatment by logistic regression (R's glm, binomial).  Weights: 1/p and\n"
               "1/(1-p) (ate), the same times the share of each group (stabilised), those for the treated (att) or the\n"
               "controls (atc), 1-p and p (overlap).  match= takes the nearest controls without replacement, treated in\n"
               "descending order of score, as R's MatchIt.  New columns hold score and weight, or set.  The balance is\n"
               "given before and after, in standard deviations of the unadjusted groups.",
    .tables = "propensity, balance, propensity_terms",
    .examples = propensity_examples,
    .needs = NEEDS_COHORT,
    .is_analysis = true,
    .changes_state = true,
    .run = run_propensity,
};
