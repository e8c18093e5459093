/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rmst: restricted mean survival time and its contrasts. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stats/distribution.h"
#include "stats/km.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/printing.h"

/* The area under each group's curve up to tau. */
struct restricted_means {
  struct gathered gathered;
  struct km_mean *means;
  double tau, level;
  bool is_default; /* tau is the smallest of the groups' last times */
  bool runs_on; /* tau is beyond a group's last time: its last value is run on */
};

/* The smallest of the groups' last times: up to there every curve is known (survRM2's rule). */
static double common_time(const struct km_curve *curves, size_t n)
{
  double tau = INFINITY;
  for (size_t g = 0; g < n; g++)
    if (curves[g].n_times)
      tau = fmin(tau, curves[g].time[curves[g].n_times - 1]);
  return isinf(tau) ? 0 : tau;
}

static enum status compute(const struct verb_context *context, double tau, struct restricted_means *results)
{
  const size_t n = results->gathered.data.n_groups;
  struct km_options options = {.conf = CONF_LOG, .level = results->level};
  struct km_curve *curves = memory_new(n, sizeof *curves);
  enum status status = km_fit(&results->gathered.data, &options, context->task, curves);
  if (!status) {
    results->is_default = isnan(tau);
    results->tau = results->is_default ? common_time(curves, n) : tau;
    results->means = memory_new(n, sizeof *results->means);
    for (size_t g = 0; g < n; g++) {
      const struct km_curve *curve = &curves[g];
      results->means[g] = km_restricted_mean(curve, results->tau, false);
      results->runs_on |= curve->n_times && curve->time[curve->n_times - 1] < results->tau &&
                          curve->estimate[curve->n_times - 1] > 0;
    }
    for (size_t g = 0; g < n; g++)
      km_curve_clear(&curves[g]);
  }
  free(curves);
  return status;
}

static void add_means(const struct restricted_means *results, struct report *report)
{
  static const char *const columns[] = {"group", "restricted mean (limits)", "s.e.", NULL};
  struct table *table = table_new("rmst", "group tau rmst std_error conf_low conf_high");
  struct printed_table *printed = printing_table("Restricted mean survival time", columns);
  const double z = normal_half_width(results->level);
  for (size_t g = 0; g < results->gathered.data.n_groups; g++) {
    const struct km_mean *mean = &results->means[g];
    const double low = mean->mean - z * mean->std_error, high = mean->mean + z * mean->std_error;
    table_add_text(table, results->gathered.group_names[g]);
    table_add_number(table, results->tau);
    table_add_number(table, mean->mean);
    table_add_number(table, mean->std_error);
    table_add_number(table, low);
    table_add_number(table, high);
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%s", results->gathered.group_labels[g]);
    printing_interval(printed, 1, mean->mean, low, high, 2);
    printing_fixed(printed, 2, mean->std_error, 2);
  }
  printed_table_note(printed, "Up to tau = %g%s.  Limits: %g %%, normal.", results->tau,
                     results->is_default ? ", the smallest of the groups' last times" : "", 100 * results->level);
  report_add_table(report, table);
  report_add_printed(report, printed);
}

struct contrast {
  const char *measure;
  double estimate, low, high, p;
};

static struct contrast difference_of(const struct km_mean *a, const struct km_mean *b, double z)
{
  const double difference = a->mean - b->mean, error = hypot(a->std_error, b->std_error);
  return (struct contrast){"difference", difference, difference - z * error, difference + z * error,
                           normal_two_sided(difference / error)};
}

static struct contrast ratio_of(const struct km_mean *a, const struct km_mean *b, double z)
{
  const double log_ratio = log(a->mean / b->mean);
  const double error = hypot(a->std_error / a->mean, b->std_error / b->mean);
  return (struct contrast){"ratio", exp(log_ratio), exp(log_ratio - z * error), exp(log_ratio + z * error),
                           normal_two_sided(log_ratio / error)};
}

/* Every later group against the first. */
static void add_contrasts(const struct restricted_means *results, struct report *report)
{
  static const char *const columns[] = {"groups", "measure", "estimate (limits)", "p", NULL};
  const struct gathered *gathered = &results->gathered;
  struct table *table = table_new("rmst_contrast", "group1 group2 measure estimate conf_low conf_high p_value");
  struct printed_table *printed = printing_table("Contrasts", columns);
  const double z = normal_half_width(results->level);
  for (size_t g = 1; g < gathered->data.n_groups; g++) {
    const struct contrast contrasts[] = {difference_of(&results->means[g], &results->means[0], z),
                                         ratio_of(&results->means[g], &results->means[0], z)};
    for (size_t i = 0; i < 2; i++) {
      const struct contrast *contrast = &contrasts[i];
      table_add_text(table, gathered->group_names[g]);
      table_add_text(table, gathered->group_names[0]);
      table_add_text(table, contrast->measure);
      table_add_number(table, contrast->estimate);
      table_add_number(table, contrast->low);
      table_add_number(table, contrast->high);
      table_add_number(table, contrast->p);
      printed_table_begin_row(printed, PRINTED_ROW);
      printed_table_set(printed, 0, "%s – %s", gathered->group_labels[g], gathered->group_labels[0]);
      printed_table_set(printed, 1, "%s", contrast->measure);
      printing_interval(printed, 2, contrast->estimate, contrast->low, contrast->high, 2);
      printing_p(printed, 3, contrast->p);
    }
  }
  report_add_table(report, table);
  if (gathered->data.n_groups > 1)
    report_add_printed(report, printed);
  else
    printed_table_free(printed);
}

static enum status read_tau(const struct command *command, double *tau, struct error *error)
{
  const struct command_option *option = command_find_option(command, "tau");
  *tau = option ? option->number : (double)NAN;
  if (!option || option->number > 0)
    return STATUS_OK;
  error_set(error, "tau= wants a time above 0");
  error_hint(error, "rmst surgery, tau=60");
  return error_in_command(error, option->start, option->length);
}

static enum status run_rmst(struct verb_context *context, const struct command *command, struct error *error)
{
  struct restricted_means results = {.level = context->state->settings.level};
  double tau;
  if (read_tau(command, &tau, error) || arguments_gather(command, context->state, &results.gathered, error))
    return STATUS_ERROR;
  enum status status = compute(context, tau, &results);
  if (!status) {
    add_means(&results, context->report);
    add_contrasts(&results, context->report);
    printing_rows(context->report, &results.gathered);
    if (results.runs_on)
      report_warn(context->report, "tau = %g is beyond the last time of a group: its last survival is run on to there",
                  results.tau);
    free(results.means);
  }
  gathered_clear(&results.gathered);
  return status;
}

static const struct option_syntax rmst_options[] = {
    {"tau", OPTION_NUMBER, NULL, "the time to which the mean is restricted; else the smallest of the groups' last times"},
    {.name = NULL},
};

static const char *const rmst_examples[] = {"rmst surgery, tau=60", NULL};

const struct verb verb_rmst = {
    .syntax = {"rmst", ARGUMENTS_NAMES, true, rmst_options},
    .usage = "rmst [VARIABLE …] [if EXPR] [, tau=T]",
    .summary = "restricted mean survival time and its contrasts",
    .details = "The area under each curve up to tau and its Greenwood-type error, as R's survfit rmean (and survRM2): limits\n"
               "and p are normal.  Each later group against the first: difference, and ratio on the log scale.  Without\n"
               "tau= the smallest of the groups' last times is taken; beyond its last time a curve is run on, with a\n"
               "warning.",
    .tables = "rmst, rmst_contrast",
    .examples = rmst_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .run = run_rmst,
};
