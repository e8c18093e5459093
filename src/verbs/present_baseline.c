/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/present_baseline.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "data/date.h"
#include "verbs/printing.h"

/* ---- data tables ---- */

static double percent_of(const struct baseline_look *look, const struct baseline_cell *cell, size_t level)
{
  const double all = cell->n + (look->percent_of_all ? cell->n_missing : 0);
  return 100 * cell->counts[level] / all;
}

static void add_numbers(struct table *table, const double *values, size_t n)
{
  for (size_t i = 0; i < n; i++)
    table_add_number(table, values[i]);
}

static void add_cells(const struct baseline_look *look, const struct baseline *baseline,
                      const struct baseline_variable *variable, struct table *table)
{
  const double nan = (double)NAN;
  const bool is_factor = variable->column->kind == COLUMN_FACTOR;
  for (size_t g = 0; g < baseline->n_groups; g++) {
    const struct baseline_cell *cell = &variable->cells[g];
    for (size_t level = 0; level < (is_factor ? variable->column->n_levels : 1); level++) {
      if (is_factor && !variable->has_members[level])
        continue;
      table_add_text(table, variable->column->name);
      table_add_text(table, is_factor ? variable->column->levels[level].name : NULL);
      table_add_text(table, baseline->group_names[g]);
      if (is_factor) {
        const double values[] = {cell->counts[level], percent_of(look, cell, level), nan, nan, nan, nan, nan, nan,
                                 nan};
        add_numbers(table, values, 9);
      } else {
        const double values[] = {cell->n,  nan,      cell->mean, cell->sd, cell->median,
                                 cell->q1, cell->q3, cell->min,  cell->max};
        add_numbers(table, values, 9);
      }
    }
  }
}

static void add_data(const struct baseline_look *look, const struct baseline *baseline, struct report *report)
{
  struct table *cells = table_new("table1", "variable level group n percent mean sd median q1 q3 min max");
  struct table *tests = table_new("table1_tests", "variable test statistic df p_value df2 mc_error");
  struct table *missing = table_new("table1_missing", "variable group n missing");
  struct table *smd = table_new("table1_smd", "variable group1 group2 smd");
  for (size_t i = 0; i < baseline->n_variables; i++) {
    const struct baseline_variable *variable = &baseline->variables[i];
    const struct baseline_test *test = &variable->test;
    add_cells(look, baseline, variable, cells);
    if (baseline->n_groups > 1) {
      const double values[] = {test->statistic, test->df, test->p_value, test->df2, test->mc_error};
      table_add_text(tests, variable->column->name);
      table_add_text(tests, baseline_test_name(test->kind));
      add_numbers(tests, values, 5);
    }
    for (size_t g = 0; g < baseline->n_groups; g++) {
      const double values[] = {variable->cells[g].n, variable->cells[g].n_missing};
      table_add_text(missing, variable->column->name);
      table_add_text(missing, baseline->group_names[g]);
      add_numbers(missing, values, 2);
    }
    size_t pair = 0;
    for (size_t a = 0; a < baseline->n_groups; a++) {
      for (size_t b = a + 1; b < baseline->n_groups; b++) {
        table_add_text(smd, variable->column->name);
        table_add_text(smd, baseline->group_names[a]);
        table_add_text(smd, baseline->group_names[b]);
        table_add_number(smd, variable->smd[pair++]);
      }
    }
  }
  report_add_table(report, cells);
  report_add_table(report, tests);
  report_add_table(report, missing);
  report_add_table(report, smd);
}

/* ---- printed ---- */

struct layout {
  size_t overall; /* column of all together; groups stand before it */
  size_t p, test, smd; /* 0: not there */
};

enum { AS_DATES = -1 }; /* in the place of decimals */

/* A place on the variable's scale; a length on it is print_spread()'s. */
static void print_number(struct text *text, double value, int decimals)
{
  if (!isfinite(value))
    text_append(text, "NE");
  else if (decimals == AS_DATES)
    date_append(text, floor(value + 0.5));
  else
    number_append_fixed(text, value, decimals);
}

static void print_spread(struct text *text, double value, int decimals)
{
  print_number(text, value, decimals == AS_DATES ? 0 : decimals);
  text_append(text, decimals == AS_DATES ? " days" : "");
}

/* Decimals that show about three digits of the values. */
static int decimals_for(const struct baseline_variable *variable, size_t n_groups)
{
  if (variable->column->kind == COLUMN_DATE)
    return AS_DATES;
  const struct baseline_cell *all = &variable->cells[n_groups];
  const double size = fmax(fabs(all->min), fabs(all->max));
  return size >= 100 ? 1 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
}

static void print_values(struct printed_table *printed, size_t column, const struct baseline_cell *cell, unsigned show,
                         int decimals)
{
  struct text text = TEXT_INIT;
  if (show & SHOW_MEAN)
    print_number(&text, cell->mean, decimals);
  if (show & SHOW_SD) {
    text_append(&text, show & SHOW_MEAN ? " (" : "(");
    print_spread(&text, cell->sd, decimals);
    text_append_char(&text, ')');
  }
  if (show & SHOW_SEM) {
    text_append(&text, " ± ");
    print_spread(&text, cell->sd / sqrt(cell->n), decimals);
  }
  if (show & SHOW_MEDIAN) {
    text_append(&text, text.length ? "; " : "");
    print_number(&text, cell->median, decimals);
  }
  if (show & SHOW_IQR) {
    text_append(&text, " [");
    print_number(&text, cell->q1, decimals);
    text_append(&text, cell->q1 < 0 || decimals == AS_DATES ? " to " : "–");
    print_number(&text, cell->q3, decimals);
    text_append_char(&text, ']');
  }
  if (show & SHOW_RANGE) {
    text_append(&text, text.length ? ", " : "");
    print_number(&text, cell->min, decimals);
    text_append(&text, cell->min < 0 || decimals == AS_DATES ? " to " : "–");
    print_number(&text, cell->max, decimals);
  }
  printed_table_set(printed, column, "%s", text_string(&text));
  text_clear(&text);
}

static unsigned show_of(const struct baseline_look *look, const struct baseline_variable *variable)
{
  const enum baseline_test_kind kind = variable->test.kind;
  if (look->show)
    return look->show;
  return kind == TEST_T || kind == TEST_WELCH || kind == TEST_ANOVA ? SHOW_MEAN | SHOW_SD : SHOW_MEDIAN | SHOW_IQR;
}

static void append_show(struct text *text, unsigned show)
{
  static const char *const words[] = {"mean", " (SD)", " ± SEM", "median", " [IQR]", ", range"};
  for (size_t k = 0; k < 6; k++) {
    if (!(show >> k & 1))
      continue;
    const char *word = words[k];
    if (k == 3 && show & 7)
      text_append(text, "; ");
    text_append(text, text->length || *word != ',' ? word : word + 2);
  }
}

/* The mean of the pairs' differences, as tableone prints it. */
static double mean_smd(const struct baseline *baseline, const struct baseline_variable *variable)
{
  double sum = 0;
  for (size_t pair = 0; pair < baseline->n_pairs; pair++)
    sum += fabs(variable->smd[pair]);
  return sum / (double)baseline->n_pairs;
}

/* The mark of a variable's test among the footnotes: a for the first test that occurs, b for the next; "" without footnotes. */
static const char *mark_of(const struct baseline_look *look, const struct baseline *baseline, enum baseline_test_kind kind)
{
  bool seen[N_BASELINE_TESTS + 1] = {false};
  size_t n = 0;
  if (!look->footnotes || baseline->n_groups < 2 || kind == TEST_NONE)
    return "";
  for (size_t i = 0; i < baseline->n_variables; i++) {
    const enum baseline_test_kind one = baseline->variables[i].test.kind;
    if (one == kind)
      return printed_mark(n);
    n += one != TEST_NONE && !seen[one];
    seen[one] = true;
  }
  return "";
}

static void print_test(struct printed_table *printed, const struct layout *layout, const struct baseline *baseline,
                       const struct baseline_variable *variable)
{
  if (layout->p)
    printing_p(printed, layout->p, variable->test.p_value);
  if (layout->test && variable->test.kind != TEST_NONE)
    printed_table_set(printed, layout->test, "%s%s", baseline_test_name(variable->test.kind),
                      variable->test.mc_error > 0 ? "*" : "");
  if (layout->smd)
    printing_fixed(printed, layout->smd, mean_smd(baseline, variable), 3);
}

static void print_factor(const struct baseline_look *look, const struct baseline *baseline,
                         const struct baseline_variable *variable, const struct layout *layout,
                         struct printed_table *printed)
{
  printed_table_begin_row(printed, PRINTED_ROW);
  printed_table_set(printed, 0, "%s, n (%%)%s", column_display_name(variable->column),
                    mark_of(look, baseline, variable->test.kind));
  print_test(printed, layout, baseline, variable);
  for (size_t level = 0; level < variable->column->n_levels; level++) {
    if (!variable->has_members[level])
      continue;
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "  %s", column_level_display_name(variable->column, (uint32_t)level + 1));
    for (size_t g = 0; g <= baseline->n_groups; g++) {
      const struct baseline_cell *cell = &variable->cells[g];
      const size_t column = g < baseline->n_groups ? g + 1 : layout->overall;
      if (!column)
        continue;
      if (isnan(cell->counts[level]))
        printed_table_set(printed, column, "<%g", look->suppress);
      else if (cell->n > 0)
        printed_table_set(printed, column, "%.10g (%.1f)", cell->counts[level], percent_of(look, cell, level));
      else
        printed_table_set(printed, column, "0");
    }
  }
}

static void print_numeric(const struct baseline_look *look, const struct baseline *baseline,
                          const struct baseline_variable *variable, const struct layout *layout,
                          struct printed_table *printed)
{
  const unsigned show = show_of(look, variable);
  const int decimals = decimals_for(variable, baseline->n_groups);
  struct text text = TEXT_INIT;
  append_show(&text, show);
  printed_table_begin_row(printed, PRINTED_ROW);
  printed_table_set(printed, 0, "%s, %s%s", column_display_name(variable->column), text_string(&text),
                    mark_of(look, baseline, variable->test.kind));
  text_clear(&text);
  for (size_t g = 0; g <= baseline->n_groups; g++) {
    const size_t column = g < baseline->n_groups ? g + 1 : layout->overall;
    if (column)
      print_values(printed, column, &variable->cells[g], show, decimals);
  }
  print_test(printed, layout, baseline, variable);
}

static void print_missing(const struct baseline *baseline, const struct baseline_variable *variable,
                          const struct layout *layout, struct printed_table *printed)
{
  if (!(variable->cells[baseline->n_groups].n_missing > 0))
    return;
  printed_table_begin_row(printed, PRINTED_ROW);
  printed_table_set(printed, 0, "  missing");
  for (size_t g = 0; g <= baseline->n_groups; g++) {
    const size_t column = g < baseline->n_groups ? g + 1 : layout->overall;
    if (column)
      printing_count(printed, column, variable->cells[g].n_missing);
  }
}

static void add_columns(const struct baseline_look *look, const struct baseline *baseline, struct printed_table *printed,
                        struct layout *layout)
{
  const size_t n = baseline->n_groups;
  printed_table_add_column(printed, "", ALIGN_LEFT);
  for (size_t g = 0; g < n; g++)
    printed_table_add_column(printed, baseline->group_labels[g], ALIGN_RIGHT);
  *layout = (struct layout){.overall = 0};
  if (n < 2)
    return;
  layout->overall = n + 1;
  printed_table_add_column(printed, "all", ALIGN_RIGHT);
  layout->p = n + 2;
  printed_table_add_column(printed, "p", ALIGN_RIGHT);
  if (!look->footnotes) {
    layout->test = n + 3;
    printed_table_add_column(printed, "test", ALIGN_LEFT);
  }
  if (!look->smd)
    return;
  layout->smd = printed->n_columns;
  printed_table_add_column(printed, "SMD", ALIGN_RIGHT);
}

static void print_sizes(const struct baseline *baseline, const struct layout *layout, struct printed_table *printed)
{
  double *sizes = memory_new(baseline->n_groups + 1, sizeof *sizes);
  for (size_t g = 0; g < baseline->n_groups && baseline->n_variables; g++) {
    sizes[g] = baseline->variables[0].cells[g].n + baseline->variables[0].cells[g].n_missing;
    sizes[baseline->n_groups] += sizes[g];
  }
  printed_table_begin_row(printed, PRINTED_ROW);
  printed_table_set(printed, 0, "n");
  for (size_t g = 0; g <= baseline->n_groups; g++) {
    const size_t column = g < baseline->n_groups ? g + 1 : layout->overall;
    if (column)
      printing_count(printed, column, sizes[g]);
  }
  free(sizes);
}

static const char *test_in_words(enum baseline_test_kind kind)
{
  static const char *const words[N_BASELINE_TESTS] = {
      [TEST_CHISQ] = "chi-square test",
      [TEST_CHISQ_YATES] = "chi-square test with continuity correction",
      [TEST_LR] = "likelihood-ratio chi-square test",
      [TEST_FISHER] = "Fisher's exact test",
      [TEST_T] = "t test",
      [TEST_WELCH] = "Welch's test (unequal variances)",
      [TEST_ANOVA] = "analysis of variance",
      [TEST_MANN_WHITNEY] = "Mann–Whitney test",
      [TEST_KRUSKAL_WALLIS] = "Kruskal–Wallis test",
  };
  return kind < N_BASELINE_TESTS && words[kind] ? words[kind] : "";
}

/* The tests by their marks, the missing values of each variable, the abbreviations. */
static void print_footnotes(const struct baseline_look *look, const struct baseline *baseline, struct printed_table *printed)
{
  bool seen[N_BASELINE_TESTS + 1] = {false};
  struct text tests = TEXT_INIT, missing = TEXT_INIT, abbreviations = TEXT_INIT;
  double n = 0;
  for (size_t i = 0; i < baseline->n_variables; i++) {
    const struct baseline_variable *variable = &baseline->variables[i];
    const struct baseline_cell *all = &variable->cells[baseline->n_groups];
    const char *mark = mark_of(look, baseline, variable->test.kind);
    n = fmax(n, all->n + all->n_missing);
    if (*mark && !seen[variable->test.kind])
      text_append_format(&tests, "%s%s %s", tests.length ? "; " : "", mark, test_in_words(variable->test.kind));
    seen[variable->test.kind] = true;
    if (all->n_missing > 0)
      text_append_format(&missing, "%s%s %.10g", missing.length ? ", " : "", column_display_name(variable->column),
                         all->n_missing);
    if (variable->column->kind != COLUMN_FACTOR)
      append_show(&abbreviations, show_of(look, variable));
    text_append_char(&abbreviations, ' ');
  }
  if (tests.length)
    printed_table_note(printed, "%s.", text_string(&tests));
  if (missing.length)
    printed_table_note(printed, "Missing of %.10g: %s.", n, text_string(&missing));
  else
    printed_table_note(printed, "No value is missing in %.10g %s.", n, n > 1 || n < 1 ? "patients" : "patient");
  text_append(&abbreviations, look->smd && baseline->n_groups > 1 ? "SMD" : "");
  printing_note_abbreviations(printed, text_string(&abbreviations));
  text_clear(&tests);
  text_clear(&missing);
  text_clear(&abbreviations);
}

static void print_notes(const struct baseline_look *look, const struct baseline *baseline, struct printed_table *printed)
{
  bool by_rule = false, monte_carlo = false;
  double worst = 0;
  for (size_t i = 0; i < baseline->n_variables; i++) {
    by_rule |= look->wished[i] == TEST_BY_RULE;
    monte_carlo |= baseline->variables[i].test.mc_error > 0;
    worst = fmax(worst, baseline->variables[i].test.mc_error);
  }
  printed_table_note(printed, "Per cent of %s.  Quartiles of type %d.",
                     look->percent_of_all ? "all in the group" : "those with a value", look->quantile_type);
  if (look->footnotes)
    print_footnotes(look, baseline, printed);
  if (baseline->n_groups > 1 && by_rule && !look->footnotes)
    printed_table_note(printed, "Tests: factors by chi-square, or Fisher's exact test where an expected count is under 5; "
                                "numbers by t test or ANOVA where Shapiro–Wilk does not reject in any group, else by "
                                "Mann–Whitney or Kruskal–Wallis.");
  if (monte_carlo)
    printed_table_note(printed, "%sFisher by Monte Carlo, standard error of p at most %.2g.", look->footnotes ? "" : "* ", worst);
  if (look->suppress > 0)
    printed_table_note(printed, "Counts under %g, and those they would follow from, are not shown.", look->suppress);
}

static void add_printed(const struct baseline_look *look, const struct baseline *baseline, struct report *report)
{
  struct printed_table *printed = printed_table_new("Baseline characteristics");
  struct layout layout;
  printed->may_stack = look->footnotes;
  add_columns(look, baseline, printed, &layout);
  print_sizes(baseline, &layout, printed);
  for (size_t i = 0; i < baseline->n_variables; i++) {
    const struct baseline_variable *variable = &baseline->variables[i];
    if (variable->column->kind == COLUMN_FACTOR)
      print_factor(look, baseline, variable, &layout, printed);
    else
      print_numeric(look, baseline, variable, &layout, printed);
    if (!look->footnotes)
      print_missing(baseline, variable, &layout, printed);
  }
  print_notes(look, baseline, printed);
  report_add_printed(report, printed);
}

void present_baseline(const struct baseline *baseline, const struct baseline_look *look, struct report *report)
{
  add_data(look, baseline, report);
  add_printed(look, baseline, report);
}
