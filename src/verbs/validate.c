/* SPDX-License-Identifier: GPL-3.0-or-later */
/* validate, calibrate: how well the current model does, corrected for optimism by the bootstrap. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/validation.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/prediction.h"
#include "verbs/printing.h"

enum { USUAL_RESAMPLES = 200, MOST_RESAMPLES = 1000000, MOST_GROUPS = 100 };

/* ---- what both read ---- */

/* A whole number of an option from `least` to `most`. */
static enum status read_count(const struct command *command, const char *name, double otherwise, double least,
                              double most, size_t *count, struct error *error)
{
  const double value = arguments_number(command, name, otherwise);
  *count = value >= 0 ? (size_t)value : 0;
  if (value >= least && value <= most && value == floor(value))
    return STATUS_OK;
  const struct command_option *option = command_find_option(command, name);
  error_set(error, "%s= wants a whole number from %g to %.0f", name, least, most);
  return error_in_command(error, option->start, option->length);
}

static enum status read_request(const struct command *command, const struct state *state,
                                struct validation_request *request, struct error *error)
{
  size_t seed;
  *request = (struct validation_request){.level = state->settings.level};
  if (read_count(command, "boot", USUAL_RESAMPLES, 0, MOST_RESAMPLES, &request->n_resamples, error) ||
      read_count(command, "seed", 1, 0, 4294967295.0, &seed, error))
    return STATUS_ERROR;
  request->seed = (uint32_t)seed;
  return STATUS_OK;
}

/* The place of each gathered row among them in the order of the file: what a resample's draws count. */
static uint32_t *file_ranks(const struct predictor *predictor)
{
  const struct gathered *gathered = &predictor->analysis->gathered;
  const size_t n_rows = predictor->state->cohort->n_rows;
  uint32_t *rank_of_row = memory_new(n_rows, sizeof *rank_of_row);
  uint32_t *rank = memory_new(gathered->n_used, sizeof *rank), next = 0;
  for (size_t i = 0; i < gathered->n_used; i++)
    rank_of_row[gathered->rows[i]] = 1;
  for (size_t row = 0; row < n_rows; row++)
    if (rank_of_row[row])
      rank_of_row[row] = next++;
  for (size_t i = 0; i < gathered->n_used; i++)
    rank[i] = rank_of_row[gathered->rows[i]];
  free(rank_of_row);
  return rank;
}

static struct validation_input input_of(const struct predictor *predictor, const uint32_t *rank)
{
  const struct cox_analysis *analysis = predictor->analysis;
  return (struct validation_input){
      .data = &analysis->gathered.data,
      .design = predictor->published ? NULL : analysis->design.x,
      .n_columns = analysis->design.n_columns,
      .score = predictor->linear_predictor,
      .options = &analysis->options,
      .state = predictor->published ? NULL : analysis->model.state,
      .rank = rank,
  };
}

/* Rows that stand for many, or count for parts, cannot be drawn as patients. */
static enum status check_weights(const struct predictor *predictor, const struct validation_request *request,
                                 struct error *error)
{
  if (!request->n_resamples || !predictor->analysis->gathered.data.weight)
    return STATUS_OK;
  error_set(error, "a weighted model cannot be validated by drawing patients");
  return error_hint(error, "boot=0 gives the apparent figures; or fit the model without weights= and freq=");
}

/* ---- validate ---- */

static const char *const index_ids[] = {"concordance", "dxy", "r2", "slope", "d", "u", "q", "g"};

static void add_index(struct table *table, const struct validation *validation, int i)
{
  table_add_text(table, index_ids[i]);
  table_add_number(table, validation->apparent[i]);
  table_add_number(table, validation->training[i]);
  table_add_number(table, validation->test[i]);
  table_add_number(table, validation->optimism[i]);
  table_add_number(table, validation->corrected[i]);
  table_add_number(table, validation->low[i]);
  table_add_number(table, validation->high[i]);
  table_add_number(table, (double)validation->n_resamples);
}

/* `validate` holds the concordance and, where there are resamples, the slope; `validate_indexes` all of rms's rows. */
static void add_validation_tables(const struct validation *validation, struct report *report)
{
  static const char columns[] = "index apparent training test optimism corrected conf_low conf_high boot";
  struct table *table = table_new("validate", columns), *all = table_new("validate_indexes", columns);
  add_index(table, validation, INDEX_C);
  if (validation->n_resamples)
    add_index(table, validation, INDEX_SLOPE);
  for (int i = 0; i < N_INDEXES; i++)
    add_index(all, validation, i);
  report_add_table(report, table);
  report_add_table(report, all);
}

static void present_validation(const struct validation *validation, const struct validation_request *request,
                               const struct predictor *predictor, struct report *report)
{
  static const char *const labels[] = {"Concordance",       "Dxy", "R2 (Nagelkerke)", "Calibration slope",
                                       "Discrimination D",  "Unreliability U", "Quality Q",
                                       "Gini's g"};
  static const char *const columns[] = {"index", "apparent (limits)", "training", "test", "optimism", "corrected", NULL};
  struct printed_table *printed = printing_table("Validation", columns);
  for (int i = 0; i < N_INDEXES; i++) {
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%s", labels[i]);
    if (validation->n_resamples && i != INDEX_U && (i != INDEX_SLOPE || predictor->published))
      printing_interval(printed, 1, validation->apparent[i], validation->low[i], validation->high[i], 3);
    else
      printing_fixed(printed, 1, validation->apparent[i], 3);
    const double rest[] = {validation->training[i], validation->test[i], validation->optimism[i],
                           validation->corrected[i]};
    for (size_t k = 0; k < 4; k++)
      if (isfinite(rest[k]))
        printing_fixed(printed, k + 2, rest[k], 3);
  }
  if (validation->n_resamples)
    printed_table_note(printed, "%zu resamples of the patients (seed %u).  Limits: %g %%, percentiles of the %s.",
                       validation->n_resamples, (unsigned)request->seed, 100 * request->level,
                       predictor->published ? "index in the resamples" : "training index");
  if (validation->n_resamples && validation->n_resamples < request->n_resamples)
    printed_table_note(printed, "Limits of concordance and Dxy: of all %zu resamples, those left out of the means, too.",
                       request->n_resamples);
  if (predictor->published)
    printed_table_note(printed, "%s, a published model, applied to these patients: there is no optimism to correct.",
                       predictor->published->name);
  prediction_note_model(predictor, printed);
  add_validation_tables(validation, report);
  report_add_printed(report, printed);
}

static enum status run_validate(struct verb_context *context, const struct command *command, struct error *error)
{
  struct validation_request request;
  struct predictor predictor;
  if (read_request(command, context->state, &request, error) ||
      predictor_init(&predictor, context->state, context->task, error))
    return STATUS_ERROR;
  enum status status = check_weights(&predictor, &request, error);
  if (!status) {
    uint32_t *rank = file_ranks(&predictor);
    const struct validation_input input = input_of(&predictor, rank);
    struct validation validation;
    status = validation_compute(&input, &request, context->task, &validation, error);
    if (!status) {
      present_validation(&validation, &request, &predictor, context->report);
      prediction_warn(&predictor, NULL, 0, context->report);
      if (validation.n_resamples < request.n_resamples)
        report_warn(context->report, "%zu of %zu resamples %s left out: %s (rms: divergence or singularity)",
                    request.n_resamples - validation.n_resamples, request.n_resamples,
                    printing_plural(request.n_resamples - validation.n_resamples, "is", "are"),
                    "the fit diverged there, or a coefficient could not be estimated");
    }
    free(rank);
  }
  predictor_clear(&predictor);
  return status;
}

static const struct option_syntax validate_options[] = {
    {"boot", OPTION_NUMBER, NULL, "number of bootstrap resamples (200; 0: the apparent figures alone)"},
    {"seed", OPTION_NUMBER, NULL, "seed of the draws (1)"},
    {.name = NULL},
};

static const char *const validate_examples[] = {"validate, boot=1000 seed=1", NULL};

const struct verb verb_validate = {
    .syntax = {"validate", ARGUMENTS_NONE, false, validate_options},
    .usage = "validate [, boot=N seed=S]",
    .summary = "optimism-corrected concordance and calibration slope of the current model",
    .details = "As rms's validate(): each resample is fitted anew and tried on the original patients; corrected = apparent -\n"
               "(training - test).  Resamples are those that R draws after set.seed(S) with sample(n, n, TRUE); one whose fit\n"
               "diverges, or where a coefficient cannot be estimated, is left out of the means and counted, as there.  Limits\n"
               "are percentiles of the index over the resamples, those of the concordance over all of them.  A published\n"
               "model is applied, not fitted: its indexes are those of its linear predictor on these patients.",
    .tables = "validate, validate_indexes",
    .examples = validate_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .run = run_validate,
};

/* ---- calibrate ---- */

struct calibration_output {
  struct calibration_plot *plot;
  struct table *table;
  struct printed_table *printed;
};

/* Numbers the groups that have patients from 1; returns how many there are. */
static size_t add_groups(struct calibration_output *output, double time, const struct calibration_group *groups, size_t n)
{
  size_t number = 0;
  for (size_t g = 0; g < n; g++) {
    const struct calibration_group *group = &groups[g];
    if (!(group->n > 0))
      continue;
    number++;
    calibration_plot_add_point(output->plot, (struct calibration_point){group->predicted, group->observed, group->low,
                                                                        group->high, group->corrected});
    table_add_number(output->table, time);
    table_add_number(output->table, (double)number);
    table_add_number(output->table, group->n);
    table_add_number(output->table, group->predicted);
    table_add_number(output->table, group->observed);
    table_add_number(output->table, group->low);
    table_add_number(output->table, group->high);
    table_add_number(output->table, group->corrected);
    printed_table_begin_row(output->printed, PRINTED_ROW);
    printed_table_set(output->printed, 0, "%g", time);
    printed_table_set(output->printed, 1, "%zu", number);
    printing_count(output->printed, 2, group->n);
    printing_fixed(output->printed, 3, group->predicted, 3);
    printing_interval(output->printed, 4, group->observed, group->low, group->high, 3);
    if (isfinite(group->corrected))
      printing_fixed(output->printed, 5, group->corrected, 3);
  }
  return number;
}

/* A time at which survival is not known. */
static void add_unknown(struct calibration_output *output, double time)
{
  table_add_number(output->table, time);
  for (size_t i = 1; i < output->table->n_columns; i++)
    table_add_missing(output->table);
  printed_table_begin_row(output->printed, PRINTED_ROW);
  printed_table_set(output->printed, 0, "%g", time);
  printed_table_set(output->printed, 3, "NE");
}

static enum status calibrate_at(struct verb_context *context, const struct validation_input *input,
                                const struct predictor *predictor, const struct validation_request *request, double time,
                                size_t n_groups, struct calibration_output *output, struct error *error)
{
  const size_t n_strata = input->data->n_strata;
  double *hazard = memory_new(n_strata, sizeof *hazard);
  struct calibration_group *groups = memory_new(n_groups, sizeof *groups);
  bool known = true;
  for (size_t s = 0; s < n_strata; s++) {
    hazard[s] = predictor_hazard(predictor, s, time);
    known &= !isnan(hazard[s]);
  }
  enum status status = STATUS_OK;
  if (known)
    status = calibration_compute(input, request, time, hazard, n_groups, context->task, groups, error);
  struct text label = TEXT_INIT;
  text_append_format(&label, "at %g", time);
  calibration_plot_add(output->plot, text_string(&label));
  text_clear(&label);
  const size_t n_made = known && !status ? add_groups(output, time, groups, n_groups) : n_groups;
  if (n_made < n_groups)
    report_warn(context->report, "at %g there are %zu group%s instead of %zu: many patients have the same prediction", time,
                n_made, n_made == 1 ? "" : "s", n_groups);
  if (!known)
    add_unknown(output, time);
  free(groups);
  free(hazard);
  return status;
}

static enum status run_calibration(struct verb_context *context, const struct predictor *predictor,
                                   const struct validation_request *request, const double *times, size_t n_times,
                                   size_t n_groups, struct error *error)
{
  static const char *const columns[] = {"time", "group", "n", "predicted", "observed (limits)", "corrected", NULL};
  uint32_t *rank = file_ranks(predictor);
  const struct validation_input input = input_of(predictor, rank);
  struct calibration_output output = {
      .plot = calibration_plot_new("Calibration"),
      .table = table_new("calibrate", "time group n predicted observed observed_low observed_high corrected"),
      .printed = printing_table("Calibration", columns),
  };
  enum status status = STATUS_OK;
  for (size_t i = 0; i < n_times && !status && input.data->n; i++)
    status = calibrate_at(context, &input, predictor, request, times[i], n_groups, &output, error);
  printed_table_note(output.printed, "Groups by predicted survival, 1 the lowest.  Observed: Kaplan–Meier.  Limits: %g %%, log.",
                     100 * request->level);
  if (request->n_resamples && !predictor->published)
    printed_table_note(output.printed, "Corrected for optimism by %zu resamples (seed %u).", request->n_resamples,
                       (unsigned)request->seed);
  prediction_note_model(predictor, output.printed);
  report_add_table(context->report, output.table);
  report_add_printed(context->report, output.printed);
  report_add_calibration(context->report, output.plot);
  prediction_warn(predictor, times, n_times, context->report);
  free(rank);
  return status;
}

static enum status run_calibrate(struct verb_context *context, const struct command *command, struct error *error)
{
  struct validation_request request;
  struct predictor predictor;
  double *times;
  size_t n_times, n_groups;
  if (read_request(command, context->state, &request, error) ||
      read_count(command, "groups", 3, 1, MOST_GROUPS, &n_groups, error) ||
      prediction_times(command, context->state, &times, &n_times, error))
    return STATUS_ERROR;
  enum status status = predictor_init(&predictor, context->state, context->task, error);
  if (!status) {
    status = check_weights(&predictor, &request, error);
    if (!status)
      status = run_calibration(context, &predictor, &request, times, n_times, n_groups, error);
    predictor_clear(&predictor);
  }
  free(times);
  return status;
}

static const struct option_syntax calibrate_options[] = {
    {"at", OPTION_LIST, NULL, "times at which prediction is held against observation: at=12,36,60 (a published model has its own)"},
    {"groups", OPTION_NUMBER, NULL, "number of groups by predicted survival (3)"},
    {"boot", OPTION_NUMBER, NULL, "number of bootstrap resamples (200; 0: no correction)"},
    {"seed", OPTION_NUMBER, NULL, "seed of the draws (1)"},
    {.name = NULL},
};

static const char *const calibrate_examples[] = {"calibrate, at=36 groups=3 boot=200 seed=1", NULL};

const struct verb verb_calibrate = {
    .syntax = {"calibrate", ARGUMENTS_NONE, false, calibrate_options},
    .usage = "calibrate , at=T,… [groups=N boot=N seed=S]",
    .summary = "predicted against observed survival, in groups by prediction",
    .details = "Groups of equal size by predicted survival (R's quantiles of type 7), 1 the lowest, as rms's groupkm():\n"
               "mean prediction against Kaplan–Meier with log limits.  corrected takes off the optimism, as rms's\n"
               "calibrate(cmethod = \"KM\").  A published model needs baseline= and is not corrected.\n"
               "The figure comes with --plot, in the explorer, in a report, and with export \"calibration.svg\".",
    .tables = "calibrate",
    .examples = calibrate_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .draws = true,
    .run = run_calibrate,
};
