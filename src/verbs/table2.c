/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table2: univariable and multivariable results in one table, as journals print it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/present_table2.h"

/* ---- the command ---- */

static enum status fail_option(const struct command_option *option, struct error *error)
{
  return error_in_command(error, option->start, option->length);
}

static enum status read_show(const struct command *command, struct table2_look *look, struct error *error)
{
  static const char *const names[] = {"n", "percent", "events", "median", "quartiles", "limits", "mean", "at", "statistic"};
  enum { N_NAMES = sizeof names / sizeof *names };
  const struct command_option *option = command_find_option(command, "show");
  if (!option)
    look->show = TABLE2_N | TABLE2_PERCENT | (look->n_times ? TABLE2_AT : TABLE2_MEDIAN | TABLE2_QUARTILES);
  for (size_t i = 0; option && i < option->n_items; i++) {
    size_t k = 0;
    while (k < N_NAMES && strcmp(names[k], option->items[i]) != 0)
      k++;
    if (k == N_NAMES) {
      error_set(error, "show= does not know %s", option->items[i]);
      error_hint(error, "n, percent, events, median, quartiles, limits, mean, at, statistic");
      return fail_option(option, error);
    }
    look->show |= 1u << k;
  }
  if (look->show & TABLE2_AT && !look->n_times) {
    error_set(error, "show=at wants the times: at=12,36,60");
    return fail_option(option, error);
  }
  return STATUS_OK;
}

static enum status read_look(const struct command *command, struct table2_look *look, struct error *error)
{
  const char *univariable = arguments_word(command, "univariable"), *percent = arguments_word(command, "percent");
  *look = (struct table2_look){.univariable = TABLE2_TEST, .percent_of_all = percent && strcmp(percent, "all") == 0};
  if (univariable && strcmp(univariable, "logrank") != 0)
    look->univariable = strcmp(univariable, "cox") == 0 ? TABLE2_COX : TABLE2_TEST | TABLE2_COX;
  if (arguments_numbers(command, "at", &look->times, &look->n_times, error))
    return STATUS_ERROR;
  for (size_t i = 0; i < look->n_times; i++) {
    if (isfinite(look->times[i]) && look->times[i] >= 0)
      continue;
    error_set(error, "at= wants times from 0 on");
    return fail_option(command_find_option(command, "at"), error);
  }
  return read_show(command, look, error);
}

/* The endpoints of endpoints=, as indices, or the current one; the caller frees *list. */
static enum status read_endpoints(const struct command *command, const struct state *state, size_t **list, size_t *n,
                                  struct error *error)
{
  const struct command_option *option = command_find_option(command, "endpoints");
  *n = option ? option->n_items : 1;
  *list = memory_new(*n, sizeof **list);
  (*list)[0] = state->endpoint;
  for (size_t i = 0; option && i < *n; i++) {
    size_t e = 0;
    while (e < state->n_endpoints && strcmp(state->endpoints[e]->name, option->items[i]) != 0)
      e++;
    if (e == state->n_endpoints) {
      error_set(error, "there is no endpoint %s", option->items[i]);
      error_hint(error, "endpoints= names endpoints that were defined: endpoint os = Surv(TIME, EVENT == 1)");
      return fail_option(option, error);
    }
    (*list)[i] = e;
  }
  return STATUS_OK;
}

/* ---- one endpoint ---- */

struct output {
  const struct table2_look *look;
  struct table *table, *at; /* `at` may be NULL */
};

static enum status count_outcomes(const struct screening *screening, size_t *n, struct error *error)
{
  const struct gather_request rows = {.condition = screening->condition};
  struct gathered gathered;
  if (gather(screening->state, &rows, &gathered, error))
    return STATUS_ERROR;
  *n = gathered.n_used;
  gathered_clear(&gathered);
  return STATUS_OK;
}

/* The joint model: its part of the table, its own tables and the state it changes where the endpoint is the current one. */
static enum status finish(struct verb_context *context, const struct screening *screening, struct table2 *table2,
                          struct error *error)
{
  struct cox_analysis joint;
  enum status status = screening_join(screening, &joint, error);
  if (status)
    return status;
  table2_join(table2, &joint);
  report_add_printed(context->report, table2_printed(table2, &joint));
  if (!screening->wants_no_joint)
    screening_warn(screening, &joint);
  if (screening->wants_no_joint) {
    report_set_cohort(context->report, joint.gathered.n_on_view, table2->n_outcomes);
  } else if (screening->state->endpoint == context->state->endpoint) {
    report_set_cohort(context->report, joint.gathered.n_on_view, joint.gathered.n_used);
    report_add_table(context->report, present_cox_fit(&joint));
    struct state *changed = screening_adopt(screening);
    session_propose(context->session, changed);
  }
  cox_analysis_clear(&joint);
  return STATUS_OK;
}

/* Runs on a state whose current endpoint is the wanted one. */
static enum status run_endpoint(struct verb_context *context, const struct state *state, const struct command *command,
                                const struct output *output, struct error *error)
{
  const struct verb_context there = {.state = state, .task = context->task, .report = context->report};
  struct screening screening;
  struct table2 table2 = {.screening = &screening, .look = output->look};
  enum status status = screening_begin(&screening, &there, command, error);
  if (!status)
    status = count_outcomes(&screening, &table2.n_outcomes, error);
  if (!status)
    status = screening_each(&screening, table2_add, &table2, error);
  if (!status)
    status = finish(context, &screening, &table2, error);
  if (!status)
    table2_fill(&table2, output->table, output->at);
  table2_clear(&table2);
  screening_clear(&screening);
  return status;
}

static enum status run_table2(struct verb_context *context, const struct command *command, struct error *error)
{
  struct table2_look look;
  size_t *endpoints = NULL, n_endpoints = 0;
  enum status status = read_look(command, &look, error);
  if (!status)
    status = read_endpoints(command, context->state, &endpoints, &n_endpoints, error);
  struct output output = {.look = &look, .table = table2_table(), .at = look.n_times ? table2_at_table() : NULL};
  for (size_t i = 0; i < n_endpoints && !status; i++) {
    struct state *state = state_copy(context->state);
    state->endpoint = endpoints[i];
    status = run_endpoint(context, state, command, &output, error);
    state_release(state);
  }
  report_add_table(context->report, output.table);
  if (output.at)
    report_add_table(context->report, output.at);
  free(endpoints);
  free(look.times);
  return status;
}

static const struct option_syntax table2_options[] = {
    SCREENING_OPTIONS,
    {"univariable", OPTION_WORD, "logrank|cox|both", "p of the log-rank test, hazard ratios with limits, or both"},
    {"show", OPTION_LIST, NULL,
     "of a level: n, percent, events, median, quartiles, limits, mean, at, statistic (n,percent,median,quartiles)"},
    {"at", OPTION_LIST, NULL, "times at which survival is given, in per cent"},
    {"percent", OPTION_WORD, "known|all", "per cent of those with a value, or of all"},
    {"endpoints", OPTION_LIST, NULL, "a table for each of these endpoints; the current one's joint model stays"},
    {.name = NULL},
};

static const char *const table2_examples[] = {
    "table2 sex age_group hm_size ref(grade,\"NEC\") surgery, p=0.15",
    "table2 sex grade surgery, univariable=both show=n,events",
    "table2 grade surgery, at=12,36,60 show=n,at,limits", NULL};

const struct verb verb_table2 = {
    .syntax = {"table2", ARGUMENTS_TERMS, true, table2_options},
    .usage = "table2 VARIABLE … [if EXPR] [, p=P force=V,… select=RULE univariable=U show=S,… at=T,… endpoints=E,…]",
    .summary = "univariable and multivariable results in one table, as journals print it",
    .details = "Runs what screen runs.  A variable has a row with its p, and a row a level: number and per cent, median with\n"
               "quartiles as 122 (70–), which leaves open what is not reached, the joint model's hazard ratio with limits and\n"
               "p, 1 (reference), and a dash for what is not in the joint model.  show=mean gives the restricted mean ± SE,\n"
               "limits those of the median and of survival at the times of at=, statistic the test's chi-square.  The p of\n"
               "a number is that which decides (select=).  Beneath stand the tests, by mark where they differ, the joint\n"
               "model, the missing values of each variable and the abbreviations.  The joint model becomes the current one; p=0 wants none.\n"
               "set beta=on adds its coefficients, set style= prints p-values and limits as a journal wants them.",
    .tables = "table2, cox_fit; at=: table2_at",
    .examples = table2_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .changes_state = true,
    .run = run_table2,
};
