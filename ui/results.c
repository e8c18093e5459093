/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the screen shows of a state, computed in two steps: curves and test, then the model. */
#include "ui/results.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/render.h"
#include "verbs/execute.h"
#include "verbs/present.h"

/* Curves and test of a post: shown before the model is there, and with it. */
struct shared_curves {
  atomic_uint references;
  bool has_curves, has_logrank;
  struct km_analysis curves;
  struct logrank_result logrank;
  struct logrank_pair *pairs;
  size_t n_pairs;
  struct plot *plot; /* built once: a drawing takes it as it is */
};

/* "what; hint": one line for the pane that stays empty.  Empties the error. */
static char *error_line(struct error *error)
{
  struct text text = TEXT_INIT;
  text_append(&text, error->what ? error->what : "the computation failed");
  if (error->hint)
    text_append_format(&text, "; %s", error->hint);
  error_clear(error);
  return text_take(&text);
}

static struct screen_results *results_new(const struct state *state, unsigned long number)
{
  struct screen_results *results = memory_new(1, sizeof *results);
  results->state = state_retain(state);
  results->number = number;
  return results;
}

/* The statistics lie in the shared part; the results hold a view of them. */
static void share(struct screen_results *results, struct shared_curves *shared)
{
  atomic_fetch_add(&shared->references, 1);
  results->shared = shared;
  results->has_curves = shared->has_curves;
  results->curves = shared->curves;
  results->has_logrank = shared->has_logrank;
  results->logrank = shared->logrank;
  results->plot = shared->plot;
  results->pairs = shared->pairs;
  results->n_pairs = shared->n_pairs;
}

static void shared_release(struct shared_curves *shared)
{
  if (!shared || atomic_fetch_sub(&shared->references, 1) != 1)
    return;
  plot_free(shared->plot); /* whose arrays are the curves' */
  if (shared->has_curves)
    km_analysis_clear(&shared->curves);
  if (shared->has_logrank)
    logrank_result_clear(&shared->logrank);
  free(shared->pairs);
  free(shared);
}

/* By the rows, where the curves are not enough. */
static enum status compute_logrank_of_rows(struct shared_curves *shared, const struct logrank_options *options, bool pairs,
                                           struct task *task)
{
  const struct gathered *gathered = &shared->curves.gathered;
  struct error error = ERROR_INIT;
  enum status status = logrank_analyse(gathered, options, task, &shared->logrank, &error);
  shared->has_logrank = status == STATUS_OK;
  error_clear(&error);
  if (status == STATUS_CANCELLED)
    return status;
  return pairs ? logrank_pairs(&gathered->data, options, ADJUST_HOLM, LOGRANK_ALL_PAIRS, task, &shared->pairs, &shared->n_pairs)
               : STATUS_OK;
}

/* The log-rank test, and that of each two of three or four groups; of more they are many, and `logrank` lists them. */
static enum status compute_logrank(struct shared_curves *shared, struct task *task)
{
  const struct logrank_options options = {.weight = LOGRANK_PLAIN};
  const struct km_curve *curves[PLOT_OVERLAID];
  const size_t n_groups = shared->curves.gathered.data.n_groups;
  const bool few = n_groups <= PLOT_OVERLAID, pairs = few && n_groups > 2;
  if (n_groups < 2)
    return STATUS_OK;
  for (size_t g = 0; g < n_groups && few; g++)
    curves[g] = &shared->curves.curves[g];
  if (!few || !logrank_can_use_curves(curves, n_groups))
    return compute_logrank_of_rows(shared, &options, pairs, task);
  const enum status status = logrank_all_curves(curves, n_groups, &options, ADJUST_HOLM, task, &shared->logrank,
                                                pairs ? &shared->pairs : NULL, &shared->n_pairs);
  shared->has_logrank = status == STATUS_OK;
  return status;
}

/* The plot, with the panels that the state has. */
static enum status compute_plot(struct shared_curves *shared, const struct state *state, struct task *task,
                                struct error *error)
{
  struct km_panels panels = {.panels = NULL};
  if (state->panels) {
    enum status status = km_panels_analyse(state, state->panels, &shared->curves, task, &panels, error);
    if (status)
      return status;
  }
  shared->plot = present_km_plot(&shared->curves, state->panels ? &panels : NULL, state,
                                 shared->has_logrank ? &shared->logrank : NULL);
  km_panels_clear(&panels);
  return STATUS_OK;
}

/* All that the curves' pane shows; without panels that cannot be, there are no curves, and *error says why. */
static enum status compute_curves(struct shared_curves *shared, const struct state *state, struct task *task,
                                  struct error *error)
{
  const struct km_request request = {.rows = {.groups = state->groups, .n_groups = state->n_groups},
                                     .conf = state->settings.conf,
                                     .tau = (double)NAN};
  enum status status = km_analyse(state, &request, task, &shared->curves, error);
  if (status)
    return status;
  shared->has_curves = true;
  status = compute_logrank(shared, task);
  return status ? status : compute_plot(shared, state, task, error);
}

struct screen_results *results_curves(const struct state *state, unsigned long number, struct task *task)
{
  struct screen_results *results = results_new(state, number);
  struct shared_curves *shared = memory_new(1, sizeof *shared);
  struct error error = ERROR_INIT;
  enum status status = compute_curves(shared, state, task, &error);
  share(results, shared);
  if (status == STATUS_CANCELLED || task_is_cancelled(task)) {
    error_clear(&error);
    screen_results_free(results);
    return NULL;
  }
  if (status)
    results->curves_error = error_line(&error);
  results->model_pending = state->model != NULL;
  return results;
}

struct screen_results *results_copy(const struct screen_results *curves)
{
  struct screen_results *results = results_new(curves->state, curves->number);
  share(results, curves->shared);
  if (curves->curves_error)
    results->curves_error = memory_copy_string(curves->curves_error);
  results->model_pending = curves->model_pending;
  return results;
}

struct screen_results *results_model(const struct screen_results *curves, struct task *task)
{
  struct screen_results *results = results_copy(curves);
  results->model_pending = false;
  struct error error = ERROR_INIT;
  enum status status = cox_analyse_current(curves->state, task, &results->model, &error);
  results->has_model = status == STATUS_OK;
  if (status == STATUS_CANCELLED || task_is_cancelled(task)) {
    error_clear(&error);
    screen_results_free(results);
    return NULL;
  }
  if (!results->has_model)
    results->model_error = error_line(&error);
  results->model_failed = !results->has_model;
  return results;
}

struct screen_results *results_view(const struct state *state, const struct view_wish *wish, unsigned long number,
                                    struct task *task)
{
  struct screen_results *results = results_new(state, number);
  struct report report = REPORT_INIT;
  struct error error = ERROR_INIT;
  struct text text = TEXT_INIT;
  enum status status = command_analyse(state, wish->line, task, &report, &error);
  results->nomogram = report_take_sequel(&report, nomogram_reader_free);
  if (results->nomogram && nomogram_reader_prepare(results->nomogram, task))
    status = STATUS_CANCELLED;
  if (status == STATUS_CANCELLED || task_is_cancelled(task)) {
    report_clear(&report);
    error_clear(&error);
    screen_results_free(results);
    return NULL;
  }
  if (status) {
    results->view_text = error_line(&error);
  } else {
    struct render_options options = RENDER_OPTIONS_INIT;
    options.charset = wish->charset;
    options.columns = wish->columns;
    for (size_t i = 0; i < report.n_warnings; i++)
      text_append_format(&text, "! %s\n", report.warnings[i]);
    render_text(&text, &report, &options);
    results->view_text = text_take(&text);
    results->view_report = memory_copy(&report, 1, sizeof report);
    report = (struct report)REPORT_INIT;
  }
  results->is_view = true;
  report_clear(&report);
  return results;
}

struct screen_results *screen_results_view(const struct state *state, const struct view_wish *wish, unsigned long number)
{
  return results_view(state, wish, number, NULL);
}

struct screen_results *results_cancelled(const struct state *state, const struct screen_results *curves,
                                         unsigned long number)
{
  const char *why = "the computation was cancelled; the next change starts it again";
  struct screen_results *results = curves ? results_copy(curves) : results_new(state, number);
  results->model_pending = false;
  if (!curves)
    results->curves_error = memory_copy_string(why);
  if (state->model)
    results->model_error = memory_copy_string(why);
  return results;
}

struct screen_results *screen_results_compute(const struct state *state, unsigned long number)
{
  struct screen_results *curves = results_curves(state, number, NULL);
  if (!curves->model_pending)
    return curves;
  struct screen_results *all = results_model(curves, NULL);
  screen_results_free(curves);
  return all;
}

void screen_results_free(struct screen_results *results)
{
  if (!results)
    return;
  if (results->has_model)
    cox_analysis_release(results->model);
  shared_release(results->shared);
  state_release(results->state);
  free(results->curves_error);
  free(results->model_error);
  if (results->view_report)
    report_clear(results->view_report);
  free(results->view_report);
  free(results->view_text);
  nomogram_reader_free(results->nomogram);
  free(results);
}
