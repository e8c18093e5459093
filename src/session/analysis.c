/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/analysis.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/plot.h"

/* ---- curves ---- */

/* The last time of a curve, or of its last event; 0 where there is none. */
static double curve_last_time(const struct km_curve *curve, bool event)
{
  for (size_t i = curve->n_times; i-- > 0;)
    if (!event || curve->n_event[i] > 0)
      return curve->time[i];
  return 0;
}

static double mean_limit(const struct settings *settings, const struct survival_data *data, const struct km_curve *curve)
{
  switch (settings->mean_limit) {
  case MEAN_OWN_LAST_TIME:
    return curve_last_time(curve, false);
  case MEAN_OWN_LAST_EVENT:
    return curve_last_time(curve, true);
  case MEAN_COMMON:
    break;
  }
  return data->n ? data->time[data->n - 1] : 0;
}

void km_summarise(const struct settings *settings, const struct survival_data *data, const struct km_curve *curve,
                  struct km_summary *summary)
{
  summary->median = km_quantile(curve, 0.5, settings->quantiles, settings->level);
  summary->q25 = km_quantile(curve, 0.75, settings->quantiles, settings->level);
  summary->q75 = km_quantile(curve, 0.25, settings->quantiles, settings->level);
  if (isnan(summary->tau))
    summary->tau = mean_limit(settings, data, curve);
  summary->mean = km_restricted_mean(curve, summary->tau, settings->mean_bias_corrected);
}

static void summarise(const struct state *state, const struct km_request *request, struct km_analysis *analysis,
                      const struct km_curve *followup)
{
  const struct settings *settings = &state->settings;
  for (size_t g = 0; g < analysis->gathered.data.n_groups; g++) {
    struct km_summary *summary = &analysis->summaries[g];
    summary->tau = request->tau;
    km_summarise(settings, &analysis->gathered.data, &analysis->curves[g], summary);
    summary->followup_median = km_quantile(&followup[g], 0.5, settings->quantiles, analysis->level).time;
  }
}

static void clear_curves(struct km_curve *curves, size_t n)
{
  for (size_t i = 0; curves && i < n; i++)
    km_curve_clear(&curves[i]);
  free(curves);
}

static enum status fit_overall(struct km_analysis *analysis, struct task *task)
{
  const struct km_options options = {.conf = analysis->conf, .level = analysis->level};
  struct survival_data all = analysis->gathered.data;
  all.group = NULL;
  all.n_groups = 1;
  struct km_curve *overall = memory_new(1, sizeof *overall);
  enum status status = km_fit(&all, &options, task, overall);
  if (status)
    free(overall);
  else
    analysis->overall = overall;
  return status;
}

enum status km_analyse(const struct state *state, const struct km_request *request, struct task *task,
                       struct km_analysis *analysis, struct error *error)
{
  *analysis = (struct km_analysis){.conf = request->conf, .level = state->settings.level};
  enum status status = gather(state, &request->rows, &analysis->gathered, error);
  if (status)
    return status;
  const size_t n_groups = analysis->gathered.data.n_groups;
  struct km_options options = {.conf = request->conf, .level = analysis->level};
  analysis->curves = memory_new(n_groups, sizeof *analysis->curves);
  analysis->summaries = memory_new(n_groups, sizeof *analysis->summaries);
  struct km_curve *followup = memory_new(n_groups, sizeof *followup);
  status = km_fit(&analysis->gathered.data, &options, task, analysis->curves);
  options.reverse = true;
  if (!status)
    status = km_fit(&analysis->gathered.data, &options, task, followup);
  if (!status)
    summarise(state, request, analysis, followup);
  clear_curves(followup, n_groups);
  if (!status && n_groups > PLOT_OVERLAID)
    status = fit_overall(analysis, task);
  if (status)
    km_analysis_clear(analysis);
  return status;
}

void km_analysis_clear(struct km_analysis *analysis)
{
  clear_curves(analysis->curves, analysis->gathered.data.n_groups);
  free(analysis->summaries);
  clear_curves(analysis->overall, analysis->overall ? 1 : 0);
  gathered_clear(&analysis->gathered);
  *analysis = (struct km_analysis){.curves = NULL};
}

enum status logrank_analyse(const struct gathered *gathered, const struct logrank_options *options, struct task *task,
                            struct logrank_result *result, struct error *error)
{
  if (gathered->data.n_groups > LOGRANK_MAX_GROUPS) {
    error_set(error, "%zu groups are too many to be tested", gathered->data.n_groups);
    return error_hint(error, "at most %d; cut the variable into classes", (int)LOGRANK_MAX_GROUPS);
  }
  return logrank_test(&gathered->data, options, task, result);
}
