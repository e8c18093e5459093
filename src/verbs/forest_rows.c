/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/forest_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "stats/distribution.h"
#include "verbs/printing.h"

enum { COLUMN_NAME, COLUMN_N, COLUMN_EVENTS, COLUMN_HR, COLUMN_P, COLUMN_INTERACTION };

void forest_output_init(struct forest_output *output, const struct cox_options *options, bool has_interaction)
{
  static const char *const columns[] = {"", "n", "events", "HR (limits)", "p", "interaction p", NULL};
  static const char *const model_columns[] = {"", "n", "events", "HR (limits)", "p", NULL};
  struct text title = TEXT_INIT;
  text_append_format(&title, "HR (%g %% CI)", 100 * options->level);
  *output = (struct forest_output){.options = *options};
  output->table = table_new("forest", "variable level n events hr conf_low conf_high p_value interaction_p");
  output->printed = printing_table(has_interaction ? "Hazard ratios in subgroups" : "Hazard ratios",
                                   has_interaction ? columns : model_columns);
  output->plot = forest_plot_new(NULL, true);
  output->plot->label_title = memory_copy_string(has_interaction ? "subgroup" : "");
  output->plot->counts_title = memory_copy_string("events/n");
  output->plot->numbers_title = text_take(&title);
  output->plot->axis_title = memory_copy_string("hazard ratio");
}

static char *copy_cell(const struct printed_table *printed, size_t column)
{
  const char *cell = printed->rows[printed->n_rows - 1].cells[column];
  return cell ? memory_copy_string(cell) : NULL;
}

static char *copy_or_null(const char *string)
{
  return string ? memory_copy_string(string) : NULL;
}

static char *counts_text(const struct forest_subject *subject)
{
  struct text text = TEXT_INIT;
  text_append_format(&text, "%.10g/%.10g", subject->events, subject->n);
  return text_take(&text);
}

/* Why a row has no hazard ratio. */
static const char *reason_of(const struct forest_subject *subject)
{
  if (!(subject->events > 0))
    return "no events";
  if (!subject->model || subject->column >= subject->model->n_columns)
    return "one treatment only";
  return subject->model->state[subject->column] == COEFFICIENT_INFINITE ? "may be infinite" : "not estimable";
}

static struct forest_row *draw_subject(struct forest_output *output, enum forest_row_kind kind,
                                       const struct forest_subject *subject)
{
  struct forest_row *row = forest_plot_add(output->plot, kind, subject->indent, subject->label);
  row->brief = copy_or_null(subject->brief);
  row->counts = counts_text(subject);
  row->why = copy_or_null(subject->why);
  row->variable = copy_or_null(subject->chosen ? subject->variable : NULL);
  row->level = copy_or_null(subject->chosen);
  return row;
}

void forest_output_add(struct forest_output *output, const struct forest_subject *subject)
{
  const struct cox_model *model = subject->model;
  const size_t column = subject->column;
  const bool is_fitted =
      model && column < model->n_columns && model->state[column] == COEFFICIENT_FINITE && subject->events > 0;
  const double beta = is_fitted ? model->beta[column] : (double)NAN;
  const double error = is_fitted ? model->std_error[column] : (double)NAN;
  const struct cox_firth *firth = is_fitted && subject->firth && subject->firth->beta ? subject->firth : NULL;
  const double z = normal_half_width(output->options.level);
  const double p = firth ? firth->p_value[column] : normal_two_sided(beta / error);
  const double low = exp(firth ? firth->conf_low[column] : beta - z * error);
  const double high = exp(firth ? firth->conf_high[column] : beta + z * error);
  output->is_firth |= firth != NULL;
  output->is_robust |= is_fitted && model->robust;
  table_add_text(output->table, subject->variable);
  table_add_text(output->table, subject->level);
  const double values[] = {subject->n, subject->events, exp(beta), low, high, p, subject->interaction_p};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    table_add_number(output->table, values[i]);
  printed_table_begin_row(output->printed, PRINTED_ROW);
  printed_table_set(output->printed, COLUMN_NAME, "%s%s", subject->indent ? "  " : "", subject->label);
  printing_count(output->printed, COLUMN_N, subject->n);
  printing_count(output->printed, COLUMN_EVENTS, subject->events);
  printing_hazard_ratio(output->printed, COLUMN_HR, exp(beta), low, high);
  printing_p(output->printed, COLUMN_P, p);
  struct forest_row *row = draw_subject(output, FOREST_ROW, subject);
  row->numbers = copy_cell(output->printed, COLUMN_HR);
  row->p = copy_cell(output->printed, COLUMN_P);
  row->p_value = p;
  row->estimate = exp(beta);
  row->low = low;
  row->high = high;
  row->weight = 1 / (error * error);
  if (!is_fitted)
    row->reason = memory_copy_string(reason_of(subject));
}

void forest_output_add_variable(struct forest_output *output, const char *label, double interaction_p,
                                const char *why)
{
  printed_table_begin_row(output->printed, isnan(interaction_p) ? PRINTED_HEADING : PRINTED_ROW);
  printed_table_set(output->printed, COLUMN_NAME, "%s", label);
  printing_p(output->printed, COLUMN_INTERACTION, interaction_p);
  struct forest_row *row = forest_plot_add(output->plot, FOREST_HEADING, 0, label);
  row->why = copy_or_null(why);
  if (isnan(interaction_p))
    return;
  struct text remark = TEXT_INIT;
  text_append(&remark, "interaction ");
  printed_append_p_sentence(&remark, interaction_p);
  row->remark = text_take(&remark);
  row->p_value = interaction_p;
}

void forest_output_add_reference(struct forest_output *output, const char *factor, const struct forest_subject *subject)
{
  forest_plot_add(output->plot, FOREST_HEADING, 0, factor);
  draw_subject(output, FOREST_REFERENCE, subject)->numbers = memory_copy_string("reference");
  printed_table_begin_row(output->printed, PRINTED_ROW);
  printed_table_set(output->printed, COLUMN_NAME, "%s: %s", factor, subject->label);
  printing_count(output->printed, COLUMN_N, subject->n);
  printing_count(output->printed, COLUMN_EVENTS, subject->events);
  printed_table_set(output->printed, COLUMN_HR, "reference");
}

void forest_output_name_reference(struct forest_output *output, const char *label, const char *brief)
{
  struct text text = TEXT_INIT;
  printed_table_note(output->printed, "Reference: %s.", label);
  text_append_format(&text, "reference: %s", label);
  output->plot->reference = text_take(&text);
  if (strcmp(label, brief) == 0)
    return;
  text_append_format(&text, "reference: %s", brief);
  output->plot->brief_reference = text_take(&text);
}

void forest_output_explain(struct forest_output *output, const char *brief, const char *label)
{
  if (brief && strcmp(brief, label) != 0)
    text_append_format(&output->brief_note, "%s%s: %s", output->brief_note.length ? "; " : "", brief, label);
}

void forest_output_hand_over(struct forest_output *output, struct report *report)
{
  printed_table_note(output->printed, "Limits: %g %%, %s; ties: %s.", 100 * output->options.level,
                     output->is_firth ? "Firth's profile likelihood" : output->is_robust ? "Wald, robust" : "Wald",
                     ties_name(output->options.ties));
  if (output->brief_note.length)
    output->plot->brief_note = text_take(&output->brief_note);
  text_clear(&output->brief_note);
  report_add_table(report, output->table);
  report_add_printed(report, output->printed);
  report_add_forest(report, output->plot);
}
