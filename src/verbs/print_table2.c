/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The printed form of table2: columns by what is wished, a heading row a variable, a row a level, footnotes. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "verbs/present_km.h"
#include "verbs/present_table2.h"
#include "verbs/printing.h"

enum { TIME_DECIMALS = 1 };

#define NO_BREAK "\u00a0" /* a blank at which no title is broken */

/* Where things stand; 0: not in the table. */
struct layout {
  size_t n, events, median, limits, mean, at, statistic, p, hr, hr_p, adjusted_b, adjusted, adjusted_p;
};

/* ---- columns ---- */

static size_t add_column(struct printed_table *printed, const char *title)
{
  printed_table_add_column(printed, title, ALIGN_RIGHT);
  return printed->n_columns - 1;
}

static void add_times(const struct table2 *table2, struct printed_table *printed, struct layout *layout)
{
  const char *unit = present_unit(table2->screening->state);
  for (size_t i = 0; i < table2->look->n_times; i++) {
    struct text title = TEXT_INIT;
    printed_append_time(&title, table2->look->times[i], 2);
    text_append_format(&title, "%s%s, %%%s", *unit ? " " : "", unit, table2->look->show & TABLE2_LIMITS ? " (CI)" : "");
    const size_t column = add_column(printed, text_string(&title));
    layout->at = layout->at ? layout->at : column;
    text_clear(&title);
  }
}

/* Whether all p-values beside the names are of log-rank tests. */
static bool is_all_logrank(const struct table2 *table2)
{
  for (size_t v = 0; v < table2->n_variables; v++)
    if (table2->variables[v].test != SCREENING_LOGRANK)
      return false;
  return true;
}

static struct layout add_columns(const struct table2 *table2, struct printed_table *printed)
{
  const struct table2_look *look = table2->look;
  const unsigned show = look->show;
  struct layout layout = {.n = 0};
  struct text hr = TEXT_INIT, limits = TEXT_INIT;
  text_append_format(&hr, "HR (%g" NO_BREAK "%%" NO_BREAK "CI)", 100 * table2->screening->options.level);
  text_append_format(&limits, "median (%g" NO_BREAK "%%" NO_BREAK "CI)", 100 * table2->screening->options.level);
  printed_table_add_column(printed, "", ALIGN_LEFT);
  if (show & (TABLE2_N | TABLE2_PERCENT))
    layout.n = add_column(printed, !(show & TABLE2_PERCENT) ? "n" : show & TABLE2_N ? "n (%)" : "%");
  if (show & TABLE2_EVENTS)
    layout.events = add_column(printed, "events");
  if (show & TABLE2_QUARTILES || (show & TABLE2_MEDIAN && !(show & TABLE2_LIMITS)))
    layout.median = add_column(printed, show & TABLE2_QUARTILES ? "median (Q1–Q3)" : "median");
  if (show & TABLE2_LIMITS && (show & TABLE2_MEDIAN || !look->n_times))
    layout.limits = add_column(printed, text_string(&limits));
  if (show & TABLE2_MEAN)
    layout.mean = add_column(printed, "mean ± SE");
  add_times(table2, printed, &layout);
  if (show & TABLE2_STATISTIC)
    layout.statistic = add_column(printed, "chi-square");
  if (look->univariable & TABLE2_TEST)
    layout.p = add_column(printed, is_all_logrank(table2) ? "log-rank p" : "p");
  if (look->univariable & TABLE2_COX) {
    layout.hr = add_column(printed, text_string(&hr));
    layout.hr_p = add_column(printed, "p");
  }
  struct text adjusted = TEXT_INIT;
  text_append_format(&adjusted, "adjusted %s", text_string(&hr));
  if (table2->screening->wants_no_joint) {
    text_clear(&adjusted);
    text_clear(&limits);
    text_clear(&hr);
    return layout;
  }
  if (table2->screening->state->settings.beta)
    layout.adjusted_b = add_column(printed, "adjusted B (SE)");
  layout.adjusted = add_column(printed, text_string(&adjusted));
  layout.adjusted_p = add_column(printed, "p");
  text_clear(&adjusted);
  text_clear(&limits);
  text_clear(&hr);
  return layout;
}

/* ---- cells ---- */

static void set_text(struct printed_table *printed, size_t column, struct text *text)
{
  printed_table_set(printed, column, "%s", text_string(text));
  text_clear(text);
}

/* 122 (70–): what is not reached stays open; NR alone where no quartile is. */
static void print_quartiles(struct printed_table *printed, size_t column, const struct km_summary *summary)
{
  struct text text = TEXT_INIT;
  printed_append_time(&text, summary->median.time, TIME_DECIMALS);
  if (!isnan(summary->q25.time)) {
    text_append(&text, " (");
    printed_append_time(&text, summary->q25.time, TIME_DECIMALS);
    if (isnan(summary->q75.time))
      text_append(&text, "–");
    else
      present_append_upper(&text, summary->q75.time, TIME_DECIMALS);
    text_append_char(&text, ')');
  }
  set_text(printed, column, &text);
}

static void print_median(struct printed_table *printed, const struct layout *layout, const struct table2 *table2,
                         const struct table2_row *row)
{
  const struct km_summary *summary = &row->summary;
  struct text text = TEXT_INIT;
  if (layout->median && table2->look->show & TABLE2_QUARTILES) {
    print_quartiles(printed, layout->median, summary);
  } else if (layout->median) {
    printed_append_time(&text, summary->median.time, TIME_DECIMALS);
    set_text(printed, layout->median, &text);
  }
  if (!layout->limits)
    return;
  const bool open = isnan(summary->median.low) && isnan(summary->median.high);
  printed_append_time(&text, summary->median.time, TIME_DECIMALS);
  if (!open) {
    text_append(&text, " (");
    printed_append_time(&text, summary->median.low, TIME_DECIMALS);
    present_append_upper(&text, summary->median.high, TIME_DECIMALS);
    text_append_char(&text, ')');
  }
  printed_table_set_limits(printed, layout->limits, text_string(&text));
  text_clear(&text);
}

static void print_mean(struct printed_table *printed, size_t column, const struct km_mean *mean)
{
  struct text text = TEXT_INIT;
  present_append_mean(&text, mean);
  set_text(printed, column, &text);
}

static void print_points(struct printed_table *printed, const struct layout *layout, const struct table2 *table2,
                         const struct table2_row *row)
{
  for (size_t i = 0; i < table2->look->n_times && layout->at; i++) {
    const struct km_point *point = &row->points[i];
    if (table2->look->show & TABLE2_LIMITS)
      printing_interval(printed, layout->at + i, 100 * point->estimate, 100 * point->conf_low, 100 * point->conf_high, 1);
    else
      printing_fixed(printed, layout->at + i, 100 * point->estimate, 1);
  }
}

static void print_counts(struct printed_table *printed, const struct layout *layout, const struct table2 *table2,
                         const struct table2_row *row)
{
  const unsigned show = table2->look->show;
  struct text text = TEXT_INIT;
  const bool percent = show & TABLE2_PERCENT && !isnan(row->percent);
  if (show & TABLE2_N || !percent)
    printing_append_count(&text, row->n);
  if (percent) {
    text_append(&text, text.length ? " (" : "");
    number_append_fixed(&text, row->percent, 1);
    text_append(&text, show & TABLE2_N ? ")" : "");
  }
  if (layout->n)
    printed_table_set(printed, layout->n, "%s", text_string(&text));
  text_clear(&text);
  if (layout->events)
    printing_count(printed, layout->events, row->events);
}

static void print_adjusted(struct printed_table *printed, const struct layout *layout, const struct table2_row *row)
{
  if (!layout->adjusted)
    return;
  if (row->is_joint_reference) {
    printed_table_set(printed, layout->adjusted, "1 (reference)");
  } else if (row->is_joint) {
    if (layout->adjusted_b)
      printing_coefficient(printed, layout->adjusted_b, row->adjusted.beta, row->adjusted.std_error);
    printing_hazard_ratio(printed, layout->adjusted, row->adjusted.hr, row->adjusted.low, row->adjusted.high);
    printing_p(printed, layout->adjusted_p, row->adjusted.p);
  } else {
    printed_table_set(printed, layout->adjusted, "–");
    printed_table_set(printed, layout->adjusted_p, "–");
  }
}

static void print_row(struct printed_table *printed, const struct layout *layout, const struct table2 *table2,
                      const struct table2_row *row)
{
  print_counts(printed, layout, table2, row);
  if (row->has_curve) {
    print_median(printed, layout, table2, row);
    if (layout->mean)
      print_mean(printed, layout->mean, &row->summary.mean);
    print_points(printed, layout, table2, row);
  }
  if (layout->hr && row->is_reference) {
    printed_table_set(printed, layout->hr, "1 (reference)");
  } else if (layout->hr) {
    printing_hazard_ratio(printed, layout->hr, row->alone.hr, row->alone.low, row->alone.high);
    printing_p(printed, layout->hr_p, row->alone.p);
  }
  print_adjusted(printed, layout, row);
}

static void print_test(struct printed_table *printed, const struct layout *layout, const struct table2_variable *variable)
{
  if (layout->statistic && !isnan(variable->statistic))
    printing_fixed(printed, layout->statistic, variable->statistic, 2);
  if (layout->p)
    printing_p(printed, layout->p, variable->p_value);
}

static void print_variable(struct printed_table *printed, const struct layout *layout, const struct table2 *table2,
                           const struct table2_variable *variable, const char *mark)
{
  if (variable->is_factor) {
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%s%s", variable->label, mark);
    print_test(printed, layout, variable);
  }
  if (!variable->n_rows) {
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%s%s", variable->label, mark);
    print_adjusted(printed, layout, &(struct table2_row){.level = NULL});
  }
  for (size_t r = 0; r < variable->n_rows; r++) {
    const struct table2_row *row = &variable->rows[r];
    printed_table_begin_row(printed, PRINTED_ROW);
    if (variable->is_factor)
      printed_table_set(printed, 0, "  %s", row->label);
    else if (row->label)
      printed_table_set(printed, 0, "%s (%s)%s", variable->label, row->label, mark);
    else
      printed_table_set(printed, 0, "%s, per unit%s", variable->label, mark);
    if (!variable->is_factor && r == 0)
      print_test(printed, layout, variable);
    print_row(printed, layout, table2, row);
  }
}

/* ---- footnotes ---- */

static const char *test_name(enum screening_rule test)
{
  switch (test) {
  case SCREENING_LOGRANK:
    return "log-rank test";
  case SCREENING_LR:
    return "likelihood-ratio test of a Cox model of it alone";
  case SCREENING_SCORE:
    return "score test of a Cox model of it alone";
  default:
    return "Wald test of a Cox model of it alone";
  }
}

/* The mark of a test: a for the first that occurs, b for the next; "" where all are log-rank tests, as the column says. */
static const char *mark_of(const struct table2 *table2, enum screening_rule test)
{
  bool seen[SCREENING_SCORE + 1] = {false};
  size_t n = 0;
  if (is_all_logrank(table2) || !(table2->look->univariable & TABLE2_TEST || table2->look->show & TABLE2_STATISTIC))
    return "";
  for (size_t v = 0; v < table2->n_variables; v++) {
    const enum screening_rule one = table2->variables[v].test;
    if (one == test)
      return printed_mark(n);
    n += !seen[one];
    seen[one] = true;
  }
  return "";
}

static void note_tests(const struct table2 *table2, struct printed_table *printed)
{
  bool seen[SCREENING_SCORE + 1] = {false};
  struct text text = TEXT_INIT;
  for (size_t v = 0; v < table2->n_variables; v++) {
    const enum screening_rule test = table2->variables[v].test;
    const char *mark = mark_of(table2, test);
    if (*mark && !seen[test])
      text_append_format(&text, "%s%s %s", text.length ? "; " : "", mark, test_name(test));
    seen[test] = true;
  }
  if (text.length)
    printed_table_note(printed, "%s.", text_string(&text));
  text_clear(&text);
}

static void note_joint(const struct table2 *table2, const struct cox_analysis *joint, struct printed_table *printed)
{
  const struct screening *screening = table2->screening;
  struct text text = TEXT_INIT;
  if (screening->wants_no_joint)
    return;
  if (joint->formula.n_terms) {
    text_append(&text, "Adjusted: ");
    printing_append_counted(&text, joint->model.n, "patient", "patients");
    text_append(&text, ", ");
    printing_append_counted(&text, joint->model.n_events, "event", "events");
    text_append(&text, "; variables with ");
  } else {
    text_append(&text, "No joint model: no variable with ");
  }
  printed_table_note(printed, "%s%s at or under %g%s. Limits: Wald; ties: %s.", text_string(&text),
                     screening_rule_name(screening->rule), screening->limit,
                     screening->is_forced ? ", and what is forced" : "", ties_name(screening->options.ties));
  text_clear(&text);
}

static void note_missing(const struct table2 *table2, struct printed_table *printed)
{
  struct text text = TEXT_INIT;
  for (size_t v = 0; v < table2->n_variables; v++)
    if (table2->variables[v].n_missing)
      text_append_format(&text, "%s%s %zu", text.length ? ", " : "", table2->variables[v].label,
                         table2->variables[v].n_missing);
  const bool percent = table2->look->show & TABLE2_PERCENT;
  if (text.length)
    printed_table_note(printed, "Missing of %zu: %s.%s%s%s", table2->n_outcomes, text_string(&text),
                       percent ? "  Per cent of " : "",
                       !percent                        ? ""
                       : table2->look->percent_of_all ? "all"
                                                       : "those with a value",
                       percent ? "." : "");
  else
    printed_table_note(printed, "No value is missing in %zu %s.", table2->n_outcomes,
                       printing_plural(table2->n_outcomes, "patient", "patients"));
  text_clear(&text);
}

/* The common limit of the means; NaN where variables differ in it, each having its own patients. */
static double common_tau(const struct table2 *table2, bool *is_varied)
{
  double tau = (double)NAN;
  *is_varied = false;
  for (size_t v = 0; v < table2->n_variables; v++)
    for (size_t r = 0; r < table2->variables[v].n_rows; r++) {
      const struct table2_row *row = &table2->variables[v].rows[r];
      if (!row->has_curve)
        continue;
      *is_varied = *is_varied || (!isnan(tau) && row->summary.tau != tau);
      tau = row->summary.tau;
    }
  return tau;
}

static void note_curves(const struct table2 *table2, struct printed_table *printed)
{
  const struct state *state = table2->screening->state;
  const unsigned show = table2->look->show;
  bool is_varied;
  const double tau = common_tau(table2, &is_varied);
  struct text text = TEXT_INIT;
  if (show & TABLE2_LIMITS)
    text_append_format(&text, "Limits of medians and survival: %s (Greenwood).", conf_name(state->settings.conf));
  if (show & TABLE2_MEAN) {
    text_append(&text, text.length ? " " : "");
    if (is_varied && state->settings.mean_limit == MEAN_COMMON)
      text_append(&text, "Mean restricted to the largest time of all with a value of the variable.");
    else
      present_append_mean_limit(&text, state, tau);
  }
  if (text.length)
    printed_table_note(printed, "%s", text_string(&text));
  text_clear(&text);
}

struct printed_table *table2_printed(const struct table2 *table2, const struct cox_analysis *joint)
{
  const struct state *state = table2->screening->state;
  const char *unit = present_unit(state);
  struct text title = TEXT_INIT;
  text_append_format(&title, "Univariable %sanalysis of %s",
                     table2->screening->wants_no_joint ? "" : "and multivariable ", state_endpoint(state)->name);
  if (*unit)
    text_append_format(&title, " (%s)", unit);
  struct printed_table *printed = printed_table_new(text_string(&title));
  text_clear(&title);
  printed->may_stack = true;
  const struct layout layout = add_columns(table2, printed);
  for (size_t v = 0; v < table2->n_variables; v++)
    print_variable(printed, &layout, table2, &table2->variables[v], mark_of(table2, table2->variables[v].test));
  note_tests(table2, printed);
  note_joint(table2, joint, printed);
  note_missing(table2, printed);
  if (table2->look->show & TABLE2_QUARTILES)
    printed_table_note(printed, "Q1–Q3: times at which survival has fallen to 75 and to 25 %%.");
  note_curves(table2, printed);
  struct text abbreviations = TEXT_INIT;
  text_append(&abbreviations, layout.hr || layout.adjusted ? "CI HR " : "");
  text_append(&abbreviations, table2->look->show & TABLE2_LIMITS ? "CI " : "");
  text_append(&abbreviations, layout.mean || layout.adjusted_b ? "SE" : "");
  printing_note_abbreviations(printed, text_string(&abbreviations));
  text_clear(&abbreviations);
  return printed;
}
