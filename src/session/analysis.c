/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/analysis.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/parallel.h"
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

/* What the groups share. */
struct summing {
  const struct state *state;
  const struct km_request *request;
  struct km_analysis *analysis;
};

static void summarise_group(void *context, size_t g)
{
  const struct summing *summing = context;
  const struct state *state = summing->state;
  const struct settings *settings = &state->settings;
  struct km_analysis *analysis = summing->analysis;
  const struct km_curve *curve = &analysis->curves[g];
  struct km_summary *summary = &analysis->summaries[g];
  struct km_curve followup;
  km_reverse(curve, &followup);
  summary->followup_median = km_quantile(&followup, 0.5, settings->quantiles, analysis->level).time;
  km_reverse_clear(&followup);
  summary->tau = summing->request->tau;
  km_summarise(settings, &analysis->gathered.data, curve, summary);
}

enum { ROWS_A_CREW = 1 << 14 }; /* from so many on groups are shared between the cores */

static void summarise(const struct state *state, const struct km_request *request, struct km_analysis *analysis)
{
  struct summing summing = {state, request, analysis};
  const size_t n_groups = analysis->gathered.data.n_groups;
  if (analysis->gathered.data.n >= ROWS_A_CREW)
    parallel_run(n_groups, summarise_group, &summing);
  for (size_t g = 0; g < n_groups && analysis->gathered.data.n < ROWS_A_CREW; g++)
    summarise_group(&summing, g);
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
  const struct km_options options = {.conf = request->conf, .level = analysis->level};
  analysis->curves = memory_new(n_groups, sizeof *analysis->curves);
  analysis->summaries = memory_new(n_groups, sizeof *analysis->summaries);
  status = km_fit(&analysis->gathered.data, &options, task, analysis->curves);
  if (!status)
    summarise(state, request, analysis);
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
