/* SPDX-License-Identifier: GPL-3.0-or-later */
/* km: Kaplan–Meier curves by group. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/present.h"
#include "verbs/present_marks.h"
#include "verbs/printing.h"

static bool same_string(const char *a, const char *b)
{
  return a == b || (a && b && strcmp(a, b) == 0);
}

/* Grouping and panels are part of the state, so that filter and screen follow them; a copy is proposed only where they
 * change. */
static void remember_groups(struct verb_context *context, char *const *names, size_t n, const char *panels)
{
  const struct state *state = context->state;
  bool same = state->n_groups == n && same_string(state->panels, panels);
  for (size_t i = 0; same && i < n; i++)
    same = strcmp(state->groups[i], names[i]) == 0;
  if (same)
    return;
  struct state *changed = state_copy(state);
  state_set_groups(changed, names, n);
  state_set_string(&changed->panels, panels);
  session_propose(context->session, changed);
}

/* What was asked: conf= and tau= over the settings. */
static void read_request(const struct command *command, const struct state *state, struct km_request *request)
{
  const struct command_option *tau = command_find_option(command, "tau");
  const char *conf = arguments_word(command, "conf");
  request->conf = state->settings.conf;
  if (conf)
    conf_find(conf, &request->conf);
  request->tau = tau ? tau->number : (double)NAN;
}

static void warn_of_rows(struct report *report, const struct gathered *gathered)
{
  size_t left_out = gathered->n_on_view - gathered->n_used;
  if (left_out)
    report_warn(report, "%zu of %zu %s left out: no outcome, or no value of a grouping variable", left_out,
                gathered->n_on_view, printing_plural(gathered->n_on_view, "patient", "patients"));
  printing_merged(report, gathered);
  if (!gathered->n_used)
    report_warn(report, "no patient is on view; filter off shows all again");
}

/* The log-rank test that stands under the curves; false where there is nothing to compare. */
static bool compare(const struct gathered *gathered, struct task *task, struct logrank_result *result)
{
  const struct logrank_options options = {.weight = LOGRANK_PLAIN};
  struct error error = ERROR_INIT;
  bool compared = gathered->data.n_groups > 1 && !gathered->data.weight && !logrank_analyse(gathered, &options, task, result, &error);
  error_clear(&error);
  return compared;
}

/* What is to be told of the curves besides. */
struct extras {
  struct km_times at;
  bool differences;
  const struct km_panels *panels; /* or NULL */
};

static void fill_report(struct verb_context *context, const struct state *state, const struct km_analysis *analysis,
                        const struct extras *extras)
{
  const struct km_times *at = &extras->at;
  const struct km_panels *panels = extras->panels;
  struct report *report = context->report;
  struct logrank_result logrank;
  bool compared = !report->without_plots && compare(&analysis->gathered, context->task, &logrank);
  report_set_cohort(report, analysis->gathered.n_on_view, analysis->gathered.n_used);
  report_add_table(report, present_km_summary(analysis));
  if (!report->for_people)
    report_add_table(report, present_km_curve(analysis));
  report_add_printed(report, present_km_printed(analysis, state));
  if (at->n) {
    report_add_table(report, present_km_at(analysis, at));
    report_add_printed(report, present_km_at_printed(analysis, state, at));
    if (extras->differences)
      present_km_differences(analysis, at, report);
  }
  if (panels) {
    report_add_table(report, present_km_panels(analysis, panels));
    report_add_printed(report, present_km_panels_printed(analysis, panels, state));
    if (panels->n_missing)
      report_warn(report, "%zu %s no %s and %s in no panel", panels->n_missing,
                  printing_plural(panels->n_missing, "patient has", "patients have"), panels->label,
                  printing_plural(panels->n_missing, "is", "are"));
  }
  present_marks(analysis, state, report);
  if (!report->without_plots) {
    struct plot *plot = present_km_plot(analysis, panels, state, compared ? &logrank : NULL);
    plot_own(plot); /* the report outlives the analysis */
    report_add_plot(report, plot);
  }
  if (compared)
    logrank_result_clear(&logrank);
  warn_of_rows(report, &analysis->gathered);
}

/* Tells of an analysis, with its panels where they are wanted. */
static enum status tell(struct verb_context *context, const struct state *state, const struct km_analysis *analysis,
                        struct extras *extras, struct error *error)
{
  struct km_panels panels;
  if (state->panels) {
    enum status status = km_panels_analyse(state, state->panels, analysis, context->task, &panels, error);
    if (status)
      return status;
    extras->panels = &panels;
  }
  fill_report(context, state, analysis, extras);
  if (extras->panels)
    km_panels_clear(&panels);
  extras->panels = NULL;
  return STATUS_OK;
}

/* The place in the line of an error about the option. */
static enum status check_panels(const struct command *command, const struct state *state, struct error *error)
{
  const struct command_option *option = command_find_option(command, "panels");
  const struct column *column;
  if (!option || !state->cohort || !km_panels_find(state, option->value, &column, error))
    return STATUS_OK;
  return error_in_command(error, option->start, option->length);
}

/* Options that mean nothing without at=. */
static enum status check_needs_times(const struct command *command, struct error *error)
{
  static const char *const names[] = {"difference", "extend"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const struct command_option *option = command_find_option(command, names[i]);
    if (!option)
      continue;
    error_set(error, "%s is of survival at times, and none is given", names[i]);
    error_hint(error, "km surgery, at=12,36 %s", names[i]);
    return error_in_command(error, option->start, option->length);
  }
  return STATUS_OK;
}

static enum status run_km(struct verb_context *context, const struct command *command, struct error *error)
{
  struct km_request request = {.conf = CONF_LOG};
  char **names;
  size_t n_names;
  struct extras extras = {.at.extend = arguments_flag(command, "extend"),
                          .differences = arguments_flag(command, "difference")};
  const char *panels = arguments_word(command, "panels");
  struct bitmap *condition = NULL;
  struct km_analysis analysis;
  if (arguments_columns(command, context->state, &names, &n_names, error))
    return STATUS_ERROR;
  read_request(command, context->state, &request);
  enum status status = arguments_numbers(command, "at", &extras.at.times, &extras.at.n, error);
  if (!status)
    status = check_panels(command, context->state, error);
  if (!status && !extras.at.n)
    status = check_needs_times(command, error);
  if (!status)
    status = arguments_condition(command, context->state, &condition, error);
  request.rows = (struct gather_request){.groups = names, .n_groups = n_names, .condition = condition,
                                         .weights = arguments_word(command, "weights")};
  if (!status)
    status = km_analyse(context->state, &request, context->task, &analysis, error);
  if (!status) {
    struct state *grouped = state_copy(context->state);
    state_set_groups(grouped, names, n_names);
    state_set_string(&grouped->panels, panels);
    status = tell(context, grouped, &analysis, &extras, error);
    state_release(grouped);
    km_analysis_clear(&analysis);
    if (!status)
      remember_groups(context, names, n_names, panels);
  }
  arguments_free_condition(condition);
  free(extras.at.times);
  arguments_free_names(names, n_names);
  return status;
}

/* Grouping and panels alone. */
static enum status apply_km(struct verb_context *context, const struct command *command, struct error *error)
{
  char **names;
  size_t n_names;
  if (arguments_columns(command, context->state, &names, &n_names, error))
    return STATUS_ERROR;
  enum status status = check_panels(command, context->state, error);
  if (!status)
    remember_groups(context, names, n_names, arguments_word(command, "panels"));
  arguments_free_names(names, n_names);
  return status;
}

static const struct option_syntax km_options[] = {
    {"at", OPTION_LIST, NULL, "times at which to give survival: at=12,36,60"},
    {"conf", OPTION_WORD, "log|plain|log-log|logit|arcsin", "type of the confidence limits"},
    {"tau", OPTION_NUMBER, NULL, "upper limit of the restricted mean"},
    {"extend", OPTION_FLAG, NULL, "at these times, beyond a group's last one its last value (R's extend = TRUE)"},
    {"difference", OPTION_FLAG, NULL, "at these times, the differences of survival from the first group"},
    {"panels", OPTION_WORD, NULL, "a variable: the same curves in each of its levels, side by side; or branches: in all and in each branch"},
    {"weights", OPTION_WORD, NULL, "column of weights: whole ones count patients, others weigh them"},
    {.name = NULL},
};

static const char *const km_examples[] = {"km surgery", "km surgery, at=12,36,60 conf=log-log", "km surgery, panels=grade",
                                          NULL};

const struct verb verb_km = {
    .syntax = {"km", ARGUMENTS_NAMES, true, km_options},
    .usage = "km [VARIABLE …] [if EXPR] [, at=T,… extend difference conf=TYPE panels=V tau=T weights=V]",
    .summary = "Kaplan–Meier curves, medians and means, by group",
    .details = "The variables' combinations are the groups, the first varying slowest; without any, the whole cohort on\n"
               "view.  Limits are Greenwood's, of the type `conf` (R's survfit(conf.type=)).  Quantiles and their limits\n"
               "invert the curve and its limits as R's quantile.survfit.  The mean is restricted to tau, the largest time\n"
               "on view unless tau= says otherwise (R's rmean=\"common\").  Follow-up is the reverse Kaplan–Meier median.\n"
               "With weights that are not whole, errors are those of the infinitesimal jackknife (robust), as R's; counts are\n"
               "sums of weights, and the test under the curves is left out.  With difference at= also gives the differences of\n"
               "survival from the first group, with normal limits; with extend at= runs a group's last value on, where it is not\n"
               "estimable otherwise.  The grouping stays: curves on the screen follow it.\n"
               "panels= gives the same groups in each level of another variable, with n and log-rank p of each (table km_panels);\n"
               "panels=branches gives them for all on view and in each branch (see branch).  They stay like the grouping, and km\n"
               "without panels= takes them away.  More than four groups have a panel each, before the curve of all.",
    .tables = "km_summary, km_curve; at=: km_at, with difference km_difference; panels=: km_panels; with marks: km_marks",
    .examples = km_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .draws = true,
    .run = run_km,
    .apply = apply_km,
};
