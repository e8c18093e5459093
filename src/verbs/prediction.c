/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/prediction.h"

#include <math.h>

#include "base/memory.h"
#include "verbs/arguments.h"
#include "verbs/printing.h"

enum status prediction_times(const struct command *command, const struct state *state, double **times, size_t *n,
                             struct error *error)
{
  if (arguments_numbers(command, "at", times, n, error))
    return STATUS_ERROR;
  if (*n)
    return STATUS_OK;
  if (state->published) {
    *times = memory_copy(state->published->time, state->published->n_times, sizeof **times);
    *n = state->published->n_times;
    return STATUS_OK;
  }
  error_set(error, "%s wants the times at which survival is wanted", command->syntax->name);
  return error_hint(error, "%s …, at=12,36,60", command->syntax->name);
}

void prediction_warn(const struct predictor *predictor, const double *times, size_t n_times, struct report *report)
{
  const struct cox_analysis *analysis = &predictor->analysis;
  const size_t n_strata = predictor->published ? 1 : analysis->gathered.data.n_strata;
  printing_rows(report, &analysis->gathered);
  for (size_t i = 0; i < analysis->n_warnings; i++)
    report_warn(report, "%s", analysis->warnings[i]);
  for (size_t i = 0; i < n_times; i++) {
    for (size_t s = 0; s < n_strata; s++) {
      if (!isnan(predictor_hazard(predictor, s, times[i])))
        continue;
      report_warn(report, predictor->published ? "survival at %g is not known: the baseline has no time up to it"
                                               : "survival at %g is not known: it is beyond the last time on view",
                  times[i]);
      break;
    }
  }
}
