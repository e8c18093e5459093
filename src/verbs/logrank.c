/* SPDX-License-Identifier: GPL-3.0-or-later */
/* logrank: comparison of curves, stratified, weighted, for trend and in pairs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "session/analysis.h"
#include "stats/distribution.h"
#include "stats/resample.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/printing.h"

/* A test by its name in commands: "tarone", "fh(0.5,0.5)". */
struct named_test {
  const char *name;
  struct logrank_options options;
};

static const struct named_test simple_tests[] = {
    {"logrank", {.weight = LOGRANK_PLAIN}},  {"wilcoxon", {.weight = LOGRANK_GEHAN}},
    {"tarone", {.weight = LOGRANK_TARONE}},  {"peto", {.weight = LOGRANK_PETO}},
    {"modpeto", {.weight = LOGRANK_MODIFIED_PETO}},
};

/* Reads "fh(p,q)". */
static bool read_fleming_harrington(const char *name, struct logrank_options *options)
{
  const char *comma = strchr(name, ',');
  size_t length = strlen(name);
  if (strncmp(name, "fh(", 3) != 0 || name[length - 1] != ')' || !comma)
    return false;
  const char *q = comma + 1;
  while (*q == ' ')
    q++;
  options->weight = LOGRANK_FLEMING_HARRINGTON;
  return number_parse(name + 3, (size_t)(comma - name - 3), &options->p) &&
         number_parse(q, (size_t)(name + length - 1 - q), &options->q) && options->p >= 0 && options->q >= 0;
}

static bool find_test(const char *name, struct logrank_options *options)
{
  for (size_t i = 0; i < sizeof simple_tests / sizeof *simple_tests; i++) {
    if (strcmp(simple_tests[i].name, name) != 0)
      continue;
    *options = simple_tests[i].options;
    return true;
  }
  *options = (struct logrank_options){.weight = LOGRANK_PLAIN};
  return read_fleming_harrington(name, options);
}

/* Everything that the command asks for. */
struct request {
  char **groups;
  size_t n_groups;
  struct column **strata;
  size_t n_strata;
  struct named_test *tests;
  size_t n_tests;
  bool trend, pairwise;
  enum p_adjustment adjustment;
  const char *reference; /* level, or NULL: all pairs */
  enum cox_ties ties;    /* of the pairs' hazard ratios */
  double level;
  struct bitmap *condition;
};

static void request_clear(struct request *request)
{
  arguments_free_names(request->groups, request->n_groups);
  for (size_t i = 0; i < request->n_strata; i++)
    column_release(request->strata[i]);
  free(request->strata);
  free(request->tests);
  arguments_free_condition(request->condition);
}

static enum status read_tests(const struct command *command, struct request *request, struct error *error)
{
  const struct command_option *option = command_find_option(command, "test");
  request->tests = memory_new(option ? option->n_items : 1, sizeof *request->tests);
  request->n_tests = option ? option->n_items : 1;
  request->tests[0] = simple_tests[0];
  for (size_t i = 0; option && i < option->n_items; i++) {
    request->tests[i].name = option->items[i];
    if (find_test(option->items[i], &request->tests[i].options))
      continue;
    error_set(error, "there is no test %s", option->items[i]);
    error_hint(error, "the tests are logrank, wilcoxon, tarone, fh(p,q), peto and modpeto");
    return error_in_command(error, option->start, option->length);
  }
  return STATUS_OK;
}

static enum status read_strata(const struct command *command, const struct state *state, struct request *request,
                               struct error *error)
{
  const struct command_option *option = command_find_option(command, "strata");
  request->strata = memory_new(option ? option->n_items : 0, sizeof *request->strata);
  for (size_t i = 0; option && i < option->n_items; i++) {
    const struct column *column;
    if (arguments_find_column(state, option->items[i], option->start, option->length, &column, error))
      return STATUS_ERROR;
    request->strata[request->n_strata++] = column_as_factor(column);
  }
  return STATUS_OK;
}

static void read_pairwise(const struct command *command, struct request *request)
{
  static const char *const names[] = {
      [ADJUST_NONE] = "none",         [ADJUST_HOLM] = "holm",       [ADJUST_BH] = "BH",
      [ADJUST_BONFERRONI] = "bonferroni", [ADJUST_HOCHBERG] = "hochberg", [ADJUST_HOMMEL] = "hommel",
      [ADJUST_BY] = "BY"};
  const char *word = arguments_word(command, "pairwise");
  request->pairwise = word != NULL;
  for (size_t i = 0; word && i < sizeof names / sizeof *names; i++)
    if (strcmp(word, names[i]) == 0)
      request->adjustment = (enum p_adjustment)i;
}

static enum status request_read(const struct command *command, const struct state *state, struct request *request,
                                struct error *error)
{
  *request = (struct request){.trend = arguments_flag(command, "trend"),
                              .reference = arguments_word(command, "reference"),
                              .ties = state->settings.ties,
                              .level = state->settings.level};
  if (arguments_columns(command, state, &request->groups, &request->n_groups, error)) {
    request->groups = NULL;
    request->n_groups = 0;
    return STATUS_ERROR;
  }
  if (!request->n_groups) {
    error_set(error, "logrank compares the groups of a variable, and none is named");
    return error_hint(error, "logrank surgery");
  }
  read_pairwise(command, request);
  if (read_tests(command, request, error) || read_strata(command, state, request, error))
    return STATUS_ERROR;
  return arguments_condition(command, state, &request->condition, error);
}

/* ---- results ---- */

struct output {
  struct table *tests, *groups, *pairs;
  struct printed_table *printed_groups, *printed_tests, *printed_pairs;
};

static void add_test(struct output *output, const char *name, double statistic, double df, double p)
{
  table_add_text(output->tests, name);
  table_add_number(output->tests, statistic);
  table_add_number(output->tests, df);
  table_add_number(output->tests, p);
  printed_table_begin_row(output->printed_tests, PRINTED_ROW);
  printed_table_set(output->printed_tests, 0, "%s", name);
  if (isnan(statistic)) {
    printed_table_set(output->printed_tests, 1, "NE");
    return;
  }
  printed_table_set(output->printed_tests, 1, "%.2f", statistic);
  printed_table_set(output->printed_tests, 2, "%g", df);
  printed_table_set_p(output->printed_tests, 3, p);
}

static void add_groups(struct output *output, const struct gathered *gathered, const struct logrank_result *result)
{
  for (size_t g = 0; g < result->n_groups; g++) {
    table_add_text(output->groups, gathered->group_names[g]);
    table_add_number(output->groups, result->n[g]);
    table_add_number(output->groups, result->observed[g]);
    table_add_number(output->groups, result->expected[g]);
    printed_table_begin_row(output->printed_groups, PRINTED_ROW);
    printed_table_set(output->printed_groups, 0, "%s", gathered->group_labels[g]);
    printed_table_set(output->printed_groups, 1, "%.10g", result->n[g]);
    printed_table_set(output->printed_groups, 2, "%.10g", result->observed[g]);
    printed_table_set(output->printed_groups, 3, "%.2f", result->expected[g]);
  }
}

/* The hazard ratio of the pair's second group against its first, by a Cox model of those two alone, within the strata. */
static enum status fit_pair(const struct gathered *gathered, const struct request *request,
                            const struct logrank_pair *pair, struct task *task, double *beta, double *std_error)
{
  const struct survival_data *data = &gathered->data;
  uint32_t *counts = memory_new(data->n, sizeof *counts);
  double *design = memory_new(data->n, sizeof *design);
  struct resample both;
  struct cox_model model;
  struct error error = ERROR_INIT;
  const struct cox_options options = {.ties = request->ties == TIES_EXACT ? TIES_EFRON : request->ties,
                                      .weight_kind = WEIGHT_FREQUENCY, .level = request->level};
  for (size_t i = 0; i < data->n; i++) {
    counts[i] = data->group[i] == pair->group1 || data->group[i] == pair->group2;
    design[i] = data->group[i] == pair->group2;
  }
  resample_init(&both, data, design, 1, counts);
  *beta = *std_error = (double)NAN;
  enum status status = cox_fit(&both.data, both.design, 1, &options, task, &model, &error);
  if (!status) {
    if (model.state[0] == COEFFICIENT_FINITE && model.n_events > 0) {
      *beta = model.beta[0];
      *std_error = model.std_error[0];
    }
    cox_model_clear(&model);
  }
  error_clear(&error);
  resample_clear(&both);
  free(counts);
  free(design);
  return status == STATUS_CANCELLED ? status : STATUS_OK;
}

static enum status add_pairs(struct output *output, const struct gathered *gathered, const struct request *request,
                             const struct logrank_pair *pairs, size_t n, struct task *task)
{
  const double z = normal_half_width(request->level);
  for (size_t i = 0; i < n; i++) {
    double beta, error;
    if (fit_pair(gathered, request, &pairs[i], task, &beta, &error))
      return STATUS_CANCELLED;
    const double values[] = {pairs[i].statistic, pairs[i].p_value, pairs[i].p_adjusted, exp(beta), exp(beta - z * error),
                             exp(beta + z * error)};
    table_add_text(output->pairs, gathered->group_names[pairs[i].group1]);
    table_add_text(output->pairs, gathered->group_names[pairs[i].group2]);
    for (size_t k = 0; k < 6; k++)
      table_add_number(output->pairs, values[k]);
    printed_table_begin_row(output->printed_pairs, PRINTED_ROW);
    printed_table_set(output->printed_pairs, 0, "%s – %s", gathered->group_labels[pairs[i].group1],
                      gathered->group_labels[pairs[i].group2]);
    printing_fixed(output->printed_pairs, 1, values[0], 2);
    printing_p(output->printed_pairs, 2, values[1]);
    printing_p(output->printed_pairs, 3, values[2]);
    printing_hazard_ratio(output->printed_pairs, 4, values[3], values[4], values[5]);
  }
  printed_table_note(output->printed_pairs, "HR: the second group against the first, in a Cox model of the two; limits: %g %%, "
                                            "Wald.", 100 * request->level);
  return STATUS_OK;
}

static struct printed_table *printed_with_columns(const char *title, const char *first, const char *const *rest)
{
  struct printed_table *printed = printed_table_new(title);
  printed_table_add_column(printed, first, ALIGN_LEFT);
  for (; *rest; rest++)
    printed_table_add_column(printed, *rest, ALIGN_RIGHT);
  return printed;
}

static void output_init(struct output *output, const struct request *request)
{
  static const char *const group_columns[] = {"n", "observed", "expected", NULL};
  static const char *const test_columns[] = {"chi-square", "df", "p", NULL};
  static const char *const pair_columns[] = {"chi-square", "p", "p adjusted", "HR (limits)", NULL};
  *output = (struct output){
      .tests = table_new("logrank", "test statistic df p_value"),
      .groups = table_new("logrank_groups", "group n observed expected"),
      .printed_groups = printed_with_columns("Observed and expected events", "group", group_columns),
      .printed_tests = printed_with_columns(NULL, "test", test_columns),
  };
  if (!request->pairwise)
    return;
  output->pairs = table_new("logrank_pairwise", "group1 group2 statistic p_value p_adjusted hr conf_low conf_high");
  output->printed_pairs = printed_with_columns("Pairs", "groups", pair_columns);
}

static void output_hand_over(struct output *output, const struct request *request, struct report *report)
{
  if (request->n_strata)
    printed_table_note(output->printed_tests, "Stratified: %s%s.", request->strata[0]->name,
                       request->n_strata > 1 ? " and others" : "");
  report_add_table(report, output->tests);
  report_add_table(report, output->groups);
  report_add_printed(report, output->printed_groups);
  report_add_printed(report, output->printed_tests);
  if (!output->pairs)
    return;
  report_add_table(report, output->pairs);
  report_add_printed(report, output->printed_pairs);
}

/* The group whose label or level (the part of its name behind =) is the reference. */
static enum status find_reference(const struct request *request, const struct gathered *gathered, size_t *reference,
                                  struct error *error)
{
  *reference = LOGRANK_ALL_PAIRS;
  for (size_t g = 0; request->reference && g < gathered->data.n_groups; g++) {
    const char *equals = strchr(gathered->group_names[g], '=');
    if (strcmp(gathered->group_names[g], request->reference) == 0 ||
        (equals && strcmp(equals + 1, request->reference) == 0))
      *reference = g;
  }
  if (!request->reference || *reference != LOGRANK_ALL_PAIRS)
    return STATUS_OK;
  error_set(error, "there is no group %s here", request->reference);
  return error_hint(error, "reference= takes a level: reference=%s",
                    strchr(gathered->group_names[0], '=') ? strchr(gathered->group_names[0], '=') + 1 : "…");
}

static enum status test_all(const struct request *request, const struct gathered *gathered, struct task *task,
                            struct output *output, struct error *error)
{
  if (!gathered->data.n_groups) { /* nobody on view: nothing is estimable */
    for (size_t i = 0; i < request->n_tests; i++)
      add_test(output, request->tests[i].name, NAN, NAN, NAN);
    return STATUS_OK;
  }
  for (size_t i = 0; i < request->n_tests; i++) {
    struct logrank_result result;
    enum status status = logrank_analyse(gathered, &request->tests[i].options, task, &result, error);
    if (status)
      return status;
    if (i == 0)
      add_groups(output, gathered, &result);
    add_test(output, request->tests[i].name, result.statistic, result.df, result.p_value);
    if (i == 0 && request->trend) {
      struct chi_square trend = logrank_trend(&result);
      add_test(output, "trend", trend.statistic, trend.df, trend.p_value);
    }
    logrank_result_clear(&result);
  }
  if (!request->pairwise)
    return STATUS_OK;
  struct logrank_pair *pairs;
  size_t n_pairs, reference;
  enum status status = find_reference(request, gathered, &reference, error);
  if (status)
    return status;
  status = logrank_pairs(&gathered->data, &request->tests[0].options, request->adjustment, reference, task, &pairs,
                         &n_pairs);
  if (status)
    return status;
  status = add_pairs(output, gathered, request, pairs, n_pairs, task);
  free(pairs);
  return status;
}

static enum status run_logrank(struct verb_context *context, const struct command *command, struct error *error)
{
  struct request request;
  struct gathered gathered = {.rows = NULL};
  enum status status = request_read(command, context->state, &request, error);
  if (!status) {
    struct gather_request rows = {
        .groups = request.groups,
        .n_groups = request.n_groups,
        .strata = request.strata,
        .n_strata = request.n_strata,
        .condition = request.condition,
    };
    status = gather(context->state, &rows, &gathered, error);
  }
  if (!status) {
    struct output output;
    output_init(&output, &request);
    status = test_all(&request, &gathered, context->task, &output, error);
    output_hand_over(&output, &request, context->report);
    report_set_cohort(context->report, gathered.n_on_view, gathered.n_used);
    if (gathered.n_on_view > gathered.n_used)
      report_warn(context->report, "%zu of %zu patients left out for missing values", gathered.n_on_view - gathered.n_used,
                  gathered.n_on_view);
    printing_merged(context->report, &gathered);
    if (gathered.data.n_groups < 2)
      report_warn(context->report, "there are fewer than two groups here: nothing to compare");
  }
  gathered_clear(&gathered);
  request_clear(&request);
  return status;
}

static const struct option_syntax logrank_options[] = {
    {"test", OPTION_LIST, NULL, "logrank, wilcoxon (Gehan), tarone, fh(p,q), peto, modpeto; one or a list"},
    {"strata", OPTION_LIST, NULL, "variables within whose levels the groups are compared"},
    {"pairwise", OPTION_WORD, "holm|BH|bonferroni|none|hochberg|hommel|BY",
     "also every pair of groups, p adjusted this way"},
    {"reference", OPTION_WORD, NULL, "with pairwise=, only the pairs with this level"},
    {"trend", OPTION_FLAG, NULL, "also the test for trend over the levels, scored 1, 2, …"},
    {.name = NULL},
};

static const char *const logrank_examples[] = {"logrank surgery", "logrank surgery, strata=center pairwise=holm",
                                               "logrank grade, test=logrank,wilcoxon,fh(1,0) trend", NULL};

const struct verb verb_logrank = {
    .syntax = {"logrank", ARGUMENTS_NAMES, true, logrank_options},
    .usage = "logrank VARIABLE … [if EXPR] [, test=NAME,… strata=VARIABLE,… pairwise=METHOD reference=L trend]",
    .summary = "the log-rank family of tests",
    .details = "Observed against expected events with the hypergeometric variance, as R's survdiff.  Weights: logrank 1,\n"
               "wilcoxon (Gehan–Breslow) n at risk, tarone its square root, fh(p,q) S(t-)^p (1 - S(t-))^q of the pooled\n"
               "curve, peto (Peto–Peto) the product of 1 - d/(n + 1), modpeto that times n/(n + 1).  fh(1,0) is R's\n"
               "survdiff(rho = 1) and is not peto, which is SAS's.  Pairs are tested each on its own two groups; with each its\n"
               "hazard ratio.",
    .tables = "logrank, logrank_groups; pairwise=: logrank_pairwise",
    .examples = logrank_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .run = run_logrank,
};
