/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lifetable: actuarial survival by interval. */
#include "stats/lifetable.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/printing.h"

static void add_table(struct table *table, struct printed_table *printed, const char *group, const char *label,
                      const struct lifetable *life)
{
  printed_table_begin_row(printed, PRINTED_HEADING);
  printed_table_set(printed, 0, "%s", label);
  for (size_t i = 0; i < life->n; i++) {
    const double values[] = {life->start[i],     life->end[i],       life->n_enter[i],  life->n_withdrawn[i],
                             life->n_events[i],  life->n_exposed[i], life->survival[i], life->std_error[i],
                             life->hazard[i],    life->hazard_error[i], life->n_delayed[i]};
    table_add_text(table, group);
    for (size_t k = 0; k < sizeof values / sizeof *values; k++)
      table_add_number(table, values[k]);
    printed_table_begin_row(printed, PRINTED_ROW);
    if (isfinite(life->end[i]))
      printed_table_set(printed, 0, "  %g–%g", life->start[i], life->end[i]);
    else
      printed_table_set(printed, 0, "  %g–", life->start[i]);
    for (size_t k = 2; k < 6; k++)
      printing_count(printed, k - 1, values[k]);
    for (size_t k = 6; k < 9; k++)
      printing_fixed(printed, k - 1, values[k], k < 8 ? 3 : 4);
  }
}

/* Whole intervals of about a tenth of the time on view, or years of months. */
static double usual_width(const struct survival_data *data, const char *unit)
{
  const double last = data->n ? data->time[data->n - 1] : 1;
  if (strcmp(unit, "months") == 0)
    return 12;
  const double tenth = last > 0 ? last / 10 : 1, power = pow(10, floor(log10(tenth)));
  return tenth > 5 * power ? 10 * power : tenth > 2 * power ? 5 * power : tenth > power ? 2 * power : power;
}

static enum status compute(const struct command *command, const struct state *state, const struct gathered *gathered,
                           struct lifetable *tables, struct error *error)
{
  double *breaks;
  size_t n_breaks;
  if (arguments_numbers(command, "breaks", &breaks, &n_breaks, error))
    return STATUS_ERROR;
  const struct command_option *width = command_find_option(command, "width");
  const double usual = usual_width(&gathered->data, state_endpoint(state)->unit);
  const bool done = n_breaks ? lifetable_compute_at(&gathered->data, breaks, n_breaks, width ? width->number : 0, tables)
                             : lifetable_compute(&gathered->data, width ? width->number : usual, tables);
  free(breaks);
  if (done)
    return STATUS_OK;
  error_set(error, n_breaks ? "breaks= wants ascending times" : "width= wants a length above 0 that gives at most a million intervals");
  return error_hint(error, n_breaks ? "lifetable, breaks=6,12,24,60" : "lifetable surgery, width=12");
}

static enum status run_lifetable(struct verb_context *context, const struct command *command, struct error *error)
{
  static const char *const columns[] = {"interval", "enter", "withdrawn", "events", "exposed", "survival", "s.e.",
                                        "hazard", NULL};
  struct gathered gathered;
  if (arguments_gather(command, context->state, &gathered, error))
    return STATUS_ERROR;
  const size_t n = gathered.data.n_groups;
  struct lifetable *tables = memory_new(n, sizeof *tables);
  enum status status = compute(command, context->state, &gathered, tables, error);
  if (!status) {
    struct table *table = table_new("lifetable", "group start end n_enter n_withdrawn n_events n_exposed survival std_error "
                                                 "hazard hazard_error n_delayed");
    struct printed_table *printed = printing_table("Life table", columns);
    for (size_t g = 0; g < n; g++) {
      add_table(table, printed, gathered.group_names[g], gathered.group_labels[g], &tables[g]);
      lifetable_clear(&tables[g]);
    }
    printed_table_note(printed, "Intervals hold their start and not their end; survival is that at the end.");
    report_add_table(context->report, table);
    report_add_printed(context->report, printed);
    printing_rows(context->report, &gathered);
  }
  free(tables);
  gathered_clear(&gathered);
  return status;
}

static const struct option_syntax lifetable_options[] = {
    {"width", OPTION_NUMBER, NULL, "length of the intervals (12 where time is in months, else about a tenth)"},
    {"breaks", OPTION_LIST, NULL, "where intervals begin: breaks=6,12,24,60; behind the last, width= or one open interval"},
    {.name = NULL},
};

static const char *const lifetable_examples[] = {"lifetable surgery, width=12", "lifetable, breaks=6,12,24,60", NULL};

const struct verb verb_lifetable = {
    .syntax = {"lifetable", ARGUMENTS_NAMES, true, lifetable_options},
    .usage = "lifetable [VARIABLE …] [if EXPR] [, width=W breaks=T,…]",
    .summary = "actuarial survival by interval",
    .details = "Cutler and Ederer's life table, as SPSS's SURVIVAL, SAS's LIFETEST METHOD=LIFE and R's KMsurv::lifetab: who is\n"
               "censored in an interval counts as exposed for half of it.  An event at a boundary belongs to the interval\n"
               "that begins there.  The error is Greenwood's; the hazard is 2q / (h (1 + p)).",
    .tables = "lifetable",
    .examples = lifetable_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .run = run_lifetable,
};
