/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nomogram: the current model as points. */
#include "session/nomogram_reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/prediction.h"
#include "verbs/present_nomogram.h"
#include "verbs/printing.h"

static const double usual_survival[] = {0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05};

struct request {
  double *times, *survival;
  size_t n_times, n_survival;
  struct nomogram_steps steps;
};

static void request_clear(struct request *request)
{
  nomogram_steps_clear(&request->steps);
  free(request->times);
  free(request->survival);
}

static enum status read_survival(const struct command *command, struct request *request, struct error *error)
{
  const struct command_option *option = command_find_option(command, "survival");
  if (!option) {
    request->n_survival = sizeof usual_survival / sizeof *usual_survival;
    request->survival = memory_copy(usual_survival, request->n_survival, sizeof *usual_survival);
    return STATUS_OK;
  }
  if (arguments_numbers(command, "survival", &request->survival, &request->n_survival, error))
    return STATUS_ERROR;
  for (size_t i = 0; i < request->n_survival; i++) {
    if (request->survival[i] > 0 && request->survival[i] < 1)
      continue;
    error_set(error, "survival= wants probabilities between 0 and 1");
    error_hint(error, "survival=0.9,0.7,0.5");
    return error_in_command(error, option->start, option->length);
  }
  return STATUS_OK;
}

/* The linear predictor at 0 points; 0 where the sum of the axes' ends is not 0 by its last bits alone. */
static double at_no_points(const struct nomogram *nomogram)
{
  return fabs(nomogram->lowest * nomogram->points_per_unit) < 1e-9 ? 0 : nomogram->lowest;
}

static void add_points(const struct nomogram *nomogram, struct report *report)
{
  static const char *const columns[] = {"", "points", NULL};
  struct table *table = table_new("nomogram_points", "term level value points");
  struct printed_table *printed = printing_table("Nomogram", columns);
  for (size_t a = 0; a < nomogram->n_axes; a++) {
    const struct nomogram_axis *axis = &nomogram->axes[a];
    const bool is_factor = axis->column->kind == COLUMN_FACTOR;
    const bool interacts = strcmp(axis->term, axis->column->name) != 0;
    printed_table_begin_row(printed, PRINTED_HEADING);
    printed_table_set(printed, 0, "%s", interacts ? axis->term : column_display_name(axis->column));
    for (size_t k = 0; k < axis->n; k++) {
      const uint32_t code = is_factor ? (uint32_t)axis->value[k] : 0;
      table_add_text(table, axis->term);
      table_add_text(table, is_factor ? axis->column->levels[code - 1].name : NULL);
      table_add_number(table, is_factor ? (double)NAN : axis->value[k]);
      table_add_number(table, axis->points[k]);
      printed_table_begin_row(printed, PRINTED_ROW);
      if (is_factor)
        printed_table_set(printed, 0, "  %s", column_level_display_name(axis->column, code));
      else
        printed_table_set(printed, 0, "  %g", axis->value[k]);
      printing_fixed(printed, 1, axis->points[k], 0);
    }
  }
  printed_table_note(printed, "%.3f points for 1 of the linear predictor; 0 points in all are a linear predictor of %.4g.",
                     nomogram->points_per_unit, at_no_points(nomogram));
  report_add_table(report, table);
  report_add_printed(report, printed);
}

static void add_scale(const struct nomogram *nomogram, struct report *report)
{
  struct table *table = table_new("nomogram_scale", "points_per_unit units_per_point");
  table_add_number(table, nomogram->points_per_unit);
  table_add_number(table, 1 / nomogram->points_per_unit);
  report_add_table(report, table);
}

/* For each time (and stratum) the total points at which survival is what the axis marks. */
static void add_survival(const struct predictor *predictor, const struct nomogram *nomogram,
                         const struct request *request, struct report *report)
{
  struct table *table = table_new("nomogram_survival", "time survival total_points stratum");
  struct printed_table *printed = printed_table_new("Total points for survival");
  const struct gathered *gathered = &predictor->analysis->gathered;
  const size_t n_strata = predictor->published ? 1 : gathered->data.n_strata;
  printed_table_add_column(printed, "survival", ALIGN_LEFT);
  for (size_t i = 0; i < request->n_times * n_strata; i++) {
    struct text title = TEXT_INIT;
    text_append_format(&title, "at %g%s%s", request->times[i / n_strata], n_strata > 1 ? ", " : "",
                       n_strata > 1 ? gathered->stratum_names[i % n_strata] : "");
    printed_table_add_column(printed, text_string(&title), ALIGN_RIGHT);
    text_clear(&title);
  }
  for (size_t k = 0; k < request->n_survival; k++) {
    bool has_row = false;
    for (size_t i = 0; i < request->n_times * n_strata; i++) {
      const double time = request->times[i / n_strata];
      const double hazard = predictor_hazard(predictor, i % n_strata, time);
      const double points = nomogram_survival_points(nomogram, hazard, request->survival[k]);
      if (!present_nomogram_reaches(nomogram, points))
        continue;
      table_add_number(table, time);
      table_add_number(table, request->survival[k]);
      table_add_number(table, points);
      table_add_text(table, n_strata > 1 ? gathered->stratum_names[i % n_strata] : NULL);
      if (!has_row) {
        printed_table_begin_row(printed, PRINTED_ROW);
        printed_table_set(printed, 0, "%g", request->survival[k]);
      }
      has_row = true;
      printing_fixed(printed, i + 1, points, 0);
    }
  }
  report_add_table(report, table);
  report_add_printed(report, printed);
}

/* For each stratum the total points at which half survive up to each of some round times. */
static void add_median(const struct nomogram_reader *reader, struct report *report)
{
  static const char *const columns[] = {"median survival", "total points", "stratum", NULL};
  static const char *const columns_alone[] = {"median survival", "total points", NULL};
  const struct gathered *gathered = &reader->predictor.analysis->gathered;
  const size_t n_strata = reader->predictor.published ? 1 : gathered->data.n_strata;
  struct table *table = table_new("nomogram_median", "time total_points stratum");
  struct printed_table *printed =
      printing_table("Total points for median survival", n_strata > 1 ? columns : columns_alone);
  for (size_t s = 0; s < n_strata; s++) {
    struct nomogram_median *medians;
    const size_t n = present_nomogram_medians(reader, s, &medians);
    for (size_t i = 0; i < n; i++) {
      table_add_number(table, medians[i].time);
      table_add_number(table, medians[i].points);
      table_add_text(table, n_strata > 1 ? gathered->stratum_names[s] : NULL);
      printed_table_begin_row(printed, PRINTED_ROW);
      printed_table_set(printed, 0, "%g", medians[i].time);
      printing_fixed(printed, 1, medians[i].points, 0);
      if (n_strata > 1)
        printed_table_set(printed, 2, "%s", gathered->stratum_names[s]);
    }
    free(medians);
  }
  report_add_table(report, table);
  report_add_printed(report, printed);
}

/* The drawing first, then the numbers it is made of; the reader stays with the report for a screen that moves patients. */
static void fill_report(struct nomogram_reader *reader, struct report *report, const struct request *request)
{
  report_add_nomogram(report, present_nomogram_plot(reader, NULL, NULL));
  add_points(&reader->nomogram, report);
  add_survival(&reader->predictor, &reader->nomogram, request, report);
  if (reader->has_median)
    add_median(reader, report);
  add_scale(&reader->nomogram, report);
  prediction_warn(&reader->predictor, request->times, request->n_times, report);
  if (reader->nomogram.left_out)
    report_warn(report, "the model has no value at the ticks %s: the axes do without them; range=COLUMN:LOW:HIGH sets the ends",
                reader->nomogram.left_out);
}

static struct nomogram_reader *make_reader(struct predictor *predictor, struct nomogram *nomogram,
                                           struct request *request, const struct command *command)
{
  struct nomogram_reader *reader = nomogram_reader_new(predictor, nomogram);
  reader->times = memory_copy(request->times, request->n_times, sizeof *reader->times);
  reader->n_times = request->n_times;
  reader->survival = memory_copy(request->survival, request->n_survival, sizeof *reader->survival);
  reader->n_survival = request->n_survival;
  reader->steps = request->steps;
  request->steps = (struct nomogram_steps){.n = 0};
  reader->has_median = arguments_flag(command, "median");
  return reader;
}

static enum status run_nomogram(struct verb_context *context, const struct command *command, struct error *error)
{
  struct request request = {.times = NULL};
  struct predictor predictor;
  struct nomogram nomogram;
  enum status status = prediction_steps(command, &request.steps, error);
  if (!status)
    status = read_survival(command, &request, error);
  if (!status)
    status = prediction_times(command, context->state, &request.times, &request.n_times, error);
  if (!status)
    status = predictor_init(&predictor, context->state, context->task, error);
  if (!status) {
    status = nomogram_build(&predictor, &request.steps, &nomogram, error);
    if (!status) {
      struct nomogram_reader *reader = make_reader(&predictor, &nomogram, &request, command);
      fill_report(reader, context->report, &request);
      report_set_sequel(context->report, reader, nomogram_reader_free);
    }
    predictor_clear(&predictor);
  }
  request_clear(&request);
  return status;
}

static const struct option_syntax nomogram_options[] = {
    {"at", OPTION_LIST, NULL, "times of the survival axes: at=12,36,60 (a published model has its own)"},
    PREDICTION_STEP_OPTIONS,
    {"survival", OPTION_LIST, NULL, "ticks of the survival axes: survival=0.9,0.7,0.5"},
    {"median", OPTION_FLAG, NULL, "a scale of median survival, too"},
    {.name = NULL},
};

static const char *const nomogram_examples[] = {"nomogram, at=12,36,60", "nomogram, at=36 step=age:5 survival=0.9,0.5",
                                                NULL};

const struct verb verb_nomogram = {
    .syntax = {"nomogram", ARGUMENTS_NONE, false, nomogram_options},
    .usage = "nomogram , at=T,… [step=COLUMN:STEP,… range=COLUMN:LOW:HIGH,… survival=P,… median]",
    .summary = "the current model drawn as scales of points, and the totals for survival",
    .details = "As rms's nomogram(): the term with the widest range of effect spans 0 to 100 points; numbers are tabulated\n"
               "over R's pretty(range, 10), or by step= and range=; a survival is listed where its total can be reached.  The\n"
               "model is the current Cox model, or a published one (see model).  Beyond a stratum's last time survival is not known.\n"
               "The drawing comes with --plot, in the explorer (view 5: the arrows move a patient along the scales), and as a\n"
               "figure with export \"nomogram.svg\".",
    .tables = "nomogram_points, nomogram_survival, nomogram_scale; median: nomogram_median",
    .examples = nomogram_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .draws = true,
    .run = run_nomogram,
};
