/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/prediction.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "verbs/arguments.h"
#include "verbs/printing.h"

enum status prediction_times(const struct command *command, const struct state *state, double **times, size_t *n,
                             struct error *error)
{
  if (arguments_numbers(command, "at", times, n, error))
    return STATUS_ERROR;
  if (*n)
    return STATUS_OK;
  if (state->published && !state->published->n_times && strcmp(command->syntax->name, "nomogram") != 0) {
    error_set(error, "%s has no baseline, so that %s has no survival to show", state->published->name,
              command->syntax->name);
    return error_hint(error, "model \"NAME\" = …, survival=12:0.95,36:0.9; score NAME gives its linear predictor");
  }
  if (state->published) {
    *times = memory_copy(state->published->time, state->published->n_times, sizeof **times);
    *n = state->published->n_times;
    return STATUS_OK;
  }
  error_set(error, "%s wants the times at which survival is wanted", command->syntax->name);
  return error_hint(error, "%s …, at=12,36,60", command->syntax->name);
}

/* The axis that an item "size:…" is about, added where it is new; the numbers behind the colons go into values[n]. */
static struct nomogram_step *read_axis(struct nomogram_steps *steps, const char *item, double *values, size_t n)
{
  struct text name = TEXT_INIT;
  const char *end = item + strlen(item);
  for (size_t i = n; i-- > 0;) { /* from behind: a column's name may hold colons */
    const char *colon = end - (end > item);
    while (colon > item && *colon != ':')
      colon--;
    if (colon == item || !number_parse(colon + 1, (size_t)(end - colon - 1), &values[i]))
      return NULL;
    end = colon;
  }
  const bool is_quoted = item[0] == '`' && end > item + 1 && end[-1] == '`';
  text_append_bytes(&name, item + is_quoted, (size_t)(end - item) - 2 * (size_t)is_quoted);
  for (size_t i = 0; i < steps->n; i++) {
    if (strcmp(steps->items[i].column, text_string(&name)) != 0)
      continue;
    text_clear(&name);
    return &steps->items[i];
  }
  steps->items = memory_resize(steps->items, steps->n + 1, sizeof *steps->items);
  steps->items[steps->n] = (struct nomogram_step){text_take(&name), 0, (double)NAN, (double)NAN};
  return &steps->items[steps->n++];
}

enum status prediction_steps(const struct command *command, struct nomogram_steps *steps, struct error *error)
{
  static const char *const names[] = {"step", "range"}, *const forms[] = {"COLUMN:STEP", "COLUMN:LOW:HIGH"};
  for (size_t o = 0; o < 2; o++) {
    const struct command_option *option = command_find_option(command, names[o]);
    for (size_t i = 0; option && i < option->n_items; i++) {
      double values[2] = {0, 1};
      struct nomogram_step *step = read_axis(steps, option->items[i], values, o + 1);
      if (!step || (o == 0 ? !(values[0] > 0) : !(values[0] < values[1]))) {
        error_set(error, "%s= wants %s, and %s is none", names[o], forms[o], option->items[i]);
        error_hint(error, "step=size:1 range=size:0:9");
        return error_in_command(error, option->start, option->length);
      }
      if (o == 0) {
        step->step = values[0];
      } else {
        step->low = values[0];
        step->high = values[1];
      }
    }
  }
  return STATUS_OK;
}

/* A published baseline is known at its own times alone: says where it is not, and where an earlier one stands in. */
static void warn_of_published(const struct published *published, const double *times, size_t n_times,
                              struct report *report)
{
  for (size_t i = 0; i < n_times; i++) {
    const double known = published_time(published, times[i]);
    if (!published->n_times)
      report_warn(report, "survival at %g is not known: the model has no baseline; model …, survival=TIME:SURVIVAL,…",
                  times[i]);
    else if (isnan(known))
      report_warn(report, "survival at %g is not known: the baseline of %s is given %s %g", times[i], published->name,
                  times[i] < published->time[0] ? "only from" : "only up to",
                  times[i] < published->time[0] ? published->time[0] : published->time[published->n_times - 1]);
    else if (known != times[i])
      report_warn(report, "survival at %g is that at %g: the baseline of %s is a step function of the times given", times[i],
                  known, published->name);
  }
}

void prediction_warn(const struct predictor *predictor, const double *times, size_t n_times, struct report *report)
{
  const struct cox_analysis *analysis = predictor->analysis;
  const size_t n_strata = analysis->gathered.data.n_strata;
  printing_rows(report, &analysis->gathered);
  for (size_t i = 0; i < analysis->n_warnings; i++)
    report_warn(report, "%s", analysis->warnings[i]);
  if (predictor->published) {
    warn_of_published(predictor->published, times, n_times, report);
    return;
  }
  for (size_t i = 0; i < n_times; i++) {
    for (size_t s = 0; s < n_strata; s++) {
      if (!isnan(predictor_hazard(predictor, s, times[i])))
        continue;
      report_warn(report, "survival at %g is not known: it is beyond the last time on view", times[i]);
      break;
    }
  }
}

void prediction_note_model(const struct predictor *predictor, struct printed_table *printed)
{
  const struct endpoint *endpoint = state_endpoint(predictor->state);
  if (predictor->published)
    return; /* whose name each verb gives with what it means there */
  const struct model_settings *settings = &predictor->state->model_settings;
  printed_table_note(printed, "Model: cox %s%s%s%s.",
                     *predictor->state->model ? predictor->state->model : "without terms", settings->condition ? " if " : "",
                     settings->condition ? settings->condition : "", settings->firth ? ", firth" : "");
  if (endpoint && endpoint->competing)
    printed_table_note(printed, "Those with the competing event (%s) count as censored: this is no cumulative incidence, nor of "
                                "finegray.", endpoint->competing);
}
