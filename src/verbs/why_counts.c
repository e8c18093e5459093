/* SPDX-License-Identifier: GPL-3.0-or-later */
/* why table1 of a factor: expected counts, or the tables with the same margins. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "stats/contingency.h"
#include "stats/fisher.h"
#include "verbs/why_table1.h"

/* Counts of the levels and groups that have any, row by row, and which they are. */
struct cells {
  double *counts, *level_total, *group_total, total;
  size_t *level, *group;
  size_t n_levels, n_groups;
};

static void collect_cells(const struct why_test *subject, struct cells *cells)
{
  const struct baseline_variable *variable = subject->variable;
  const size_t n_levels = variable->column->n_levels, n_groups = subject->baseline->n_groups;
  *cells = (struct cells){.counts = memory_new(n_levels * n_groups, sizeof(double)),
                          .level_total = memory_new(n_levels, sizeof(double)),
                          .group_total = memory_new(n_groups, sizeof(double)),
                          .level = memory_new(n_levels, sizeof(size_t)),
                          .group = memory_new(n_groups, sizeof(size_t))};
  for (size_t g = 0; g < n_groups; g++)
    if (variable->cells[g].n > 0)
      cells->group[cells->n_groups++] = g;
  for (size_t level = 0; level < n_levels; level++)
    if (variable->cells[n_groups].counts[level] > 0)
      cells->level[cells->n_levels++] = level;
  for (size_t i = 0; i < cells->n_levels; i++)
    for (size_t j = 0; j < cells->n_groups; j++) {
      const double count = variable->cells[cells->group[j]].counts[cells->level[i]];
      cells->counts[i * cells->n_groups + j] = count;
      cells->level_total[i] += count;
      cells->group_total[j] += count;
      cells->total += count;
    }
}

static void cells_clear(struct cells *cells)
{
  free(cells->counts);
  free(cells->level_total);
  free(cells->group_total);
  free(cells->level);
  free(cells->group);
}

static void say_rule_of_counts(const struct why_test *subject, const struct cells *cells)
{
  const double least = contingency_least_expected(cells->counts, cells->n_levels, cells->n_groups);
  why_add_item(subject->why, "least_expected", least);
  if (subject->asked != TEST_BY_RULE && subject->asked < TEST_T)
    why_say_asked(subject);
  else
    why_say(subject->why->report, "Chosen by rule: the smallest expected count is %.4g, %s 5, so %s.", least,
            least < 5 ? "under" : "not under", why_test_words(subject->variable->test.kind));
}

/* What a cell adds to the statistic; NaN of a test that is no sum over cells. */
static double part_of(enum baseline_test_kind kind, double observed, double expected, double correction)
{
  const double difference = fmax(fabs(observed - expected) - correction, 0);
  if (kind == TEST_FISHER)
    return (double)NAN;
  if (kind == TEST_LR)
    return observed > 0 ? 2 * observed * log(observed / expected) : 0;
  return difference * difference / expected;
}

static void say_sum(const struct why_test *subject, const struct cells *cells, double correction)
{
  const struct baseline_test *test = &subject->variable->test;
  struct report *report = subject->why->report;
  struct text p = TEXT_INIT;
  why_append_p(&p, test->p_value);
  why_say(report, "Expected in a cell: its level's patients × its group's / all %.10g.", cells->total);
  if (test->kind == TEST_FISHER && test->mc_error > 0)
    why_say(report, "p: the share, of random tables with the same margins, of those no more probable than this one; %s, s.e. %.2g.",
            text_string(&p), test->mc_error);
  else if (test->kind == TEST_FISHER)
    why_say(report, "p: the probability, of all tables with the same margins, of those no more probable than this one: %s.",
            text_string(&p));
  else
    why_say(report, "Sum of %s over the cells: %.5g; df = (levels - 1) × (groups - 1) = %zu × %zu = %.10g: %s.",
            test->kind == TEST_LR  ? "2 O log(O/E)"
            : correction > 0       ? "(|O - E| - correction)² / E"
                                   : "(O - E)² / E",
            test->statistic, cells->n_levels - 1, cells->n_groups - 1, test->df, text_string(&p));
  if (correction > 0)
    why_say(report, "Yates' correction: each |O - E| less %.4g.", correction);
  text_clear(&p);
}

static void derive_cells(const struct why_test *subject, const struct cells *cells)
{
  static const char *const columns[] = {"level", "group", "observed", "expected", "O - E", "part", NULL};
  const enum baseline_test_kind kind = subject->variable->test.kind;
  const bool is_yates = kind == TEST_CHISQ_YATES && cells->n_levels == 2 && cells->n_groups == 2;
  const double first = cells->level_total[0] * (cells->group_total[0] / cells->total);
  const double correction = is_yates ? fmin(0.5, fabs(cells->counts[0] - first)) : 0;
  struct why *why = subject->why;
  struct table *steps = table_new("why_steps", "step level group observed expected difference part");
  why_begin_steps(why, "Cells", columns, cells->n_levels * cells->n_groups);
  for (size_t i = 0; i < cells->n_levels; i++)
    for (size_t j = 0; j < cells->n_groups; j++) {
      const double observed = cells->counts[i * cells->n_groups + j];
      const double expected = cells->level_total[i] * (cells->group_total[j] / cells->total);
      const double values[] = {observed, expected, observed - expected, part_of(kind, observed, expected, correction)};
      table_add_number(steps, (double)table_n_rows(steps) + 1);
      table_add_text(steps, subject->variable->column->levels[cells->level[i]].name);
      table_add_text(steps, subject->baseline->group_names[cells->group[j]]);
      for (size_t k = 0; k < 4; k++)
        table_add_number(steps, values[k]);
      if (!why_next_step(why))
        continue;
      printed_table_set(why->printed, 0, "%s", column_level_display_name(subject->variable->column, (uint32_t)cells->level[i] + 1));
      printed_table_set(why->printed, 1, "%s", subject->baseline->group_labels[cells->group[j]]);
      for (size_t k = 0; k < 4; k++)
        if (!isnan(values[k]))
          printed_table_set(why->printed, k + 2, k ? "%.4g" : "%.10g", values[k]);
    }
  say_sum(subject, cells, correction);
  why_end_steps(why, steps);
}

/* Fisher's test of 2 x 2: every table there is. */
static void derive_fisher(const struct why_test *subject, const struct cells *cells)
{
  static const char *const columns[] = {"first cell", "probability", "counted", "sum", NULL};
  struct why *why = subject->why;
  struct fisher_table *tables;
  const size_t n = fisher_tables(cells->counts, &tables);
  const double *counts = cells->counts;
  struct table *steps = table_new("why_steps", "step first_cell probability counted sum");
  double sum = 0, observed = 0, n_counted = 0;
  struct text p = TEXT_INIT;
  why_begin_steps(why, "Tables with these margins", columns, n);
  for (size_t i = 0; i < n; i++) {
    sum += tables[i].is_counted ? tables[i].probability : 0;
    n_counted += tables[i].is_counted;
    observed = tables[i].first == counts[0] ? tables[i].probability : observed;
    const double values[] = {(double)i + 1, tables[i].first, tables[i].probability, tables[i].is_counted, sum};
    for (size_t k = 0; k < 5; k++)
      table_add_number(steps, values[k]);
    if (!why_next_step(why))
      continue;
    printed_table_set(why->printed, 0, "%.10g%s", tables[i].first, tables[i].first == counts[0] ? " observed" : "");
    printed_table_set(why->printed, 1, "%.4g", tables[i].probability);
    printed_table_set(why->printed, 2, "%s", tables[i].is_counted ? "yes" : "no");
    printed_table_set(why->printed, 3, "%.4g", sum);
  }
  why_append_p(&p, subject->variable->test.p_value);
  why_say(why->report, "The table: %.10g %.10g / %.10g %.10g (levels down, groups across).  Its probability, given its margins, "
                       "is hypergeometric: %.4g.",
          counts[0], counts[1], counts[2], counts[3], observed);
  why_say(why->report, "Of the %zu tables with these margins %.10g are no more probable; their probabilities add up to %.5g: %s.", n,
          n_counted, subject->variable->test.p_value, text_string(&p));
  why_add_item(why, "tables", (double)n);
  why_add_item(why, "tables_counted", n_counted);
  why_add_item(why, "observed_probability", observed);
  why_add_item(why, "observed", counts[0]);
  why_end_steps(why, steps);
  text_clear(&p);
  free(tables);
}

void why_counts(const struct why_test *subject)
{
  struct cells cells;
  collect_cells(subject, &cells);
  const bool is_small = subject->variable->test.kind == TEST_FISHER && cells.n_levels == 2 && cells.n_groups == 2;
  subject->why->kind = is_small ? WHY_FISHER : WHY_CELLS;
  why_say_test(subject);
  say_rule_of_counts(subject, &cells);
  why_add_test(subject);
  (is_small ? derive_fisher : derive_cells)(subject, &cells);
  cells_clear(&cells);
}
