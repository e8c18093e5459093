/* SPDX-License-Identifier: GPL-3.0-or-later */
/* why table1 of a number: means and sums of squares, or ranks. */
#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "stats/samples.h"
#include "stats/shapiro.h"
#include "verbs/why_table1.h"

static struct shapiro shapiro_of(const struct baseline_values *values, size_t g)
{
  return shapiro_wilk(values->value + values->start[g], values->start[g + 1] - values->start[g]);
}

static void say_rule_of_numbers(const struct why_test *subject, const struct baseline_values *values)
{
  struct text text = TEXT_INIT;
  bool rejects = false;
  if (subject->asked >= TEST_T) {
    why_say_asked(subject);
    return;
  }
  for (size_t g = 0; g < subject->baseline->n_groups; g++) {
    const struct shapiro shapiro = shapiro_of(values, g);
    if (values->start[g + 1] == values->start[g])
      continue;
    text_append_format(&text, "%s%s ", text.length ? ", " : "", subject->baseline->group_labels[g]);
    if (isnan(shapiro.p_value))
      text_append(&text, "not to be told");
    else
      text_append_format(&text, "%.3g", shapiro.p_value);
    rejects |= !(shapiro.p_value >= 0.05);
  }
  why_say(subject->why->report, "Chosen by rule: p of Shapiro–Wilk is %s: %s, so %s.", text_string(&text),
          rejects ? "not 0.05 or more in every group" : "0.05 or more in every group", why_test_words(subject->variable->test.kind));
  text_clear(&text);
}

/* A group's row: its name, six numbers, Shapiro and Wilk's. */
static void add_group(const struct why_test *subject, const struct baseline_values *values, size_t g, const double *numbers,
                      size_t n, struct table *steps)
{
  const struct shapiro shapiro = shapiro_of(values, g);
  struct why *why = subject->why;
  table_add_number(steps, (double)table_n_rows(steps) + 1);
  table_add_text(steps, subject->baseline->group_names[g]);
  for (size_t k = 0; k < n; k++)
    table_add_number(steps, numbers[k]);
  table_add_number(steps, shapiro.w);
  table_add_number(steps, shapiro.p_value);
  if (!why_next_step(why))
    return;
  printed_table_set(why->printed, 0, "%s", subject->baseline->group_labels[g]);
  for (size_t k = 0; k < n; k++)
    if (!isnan(numbers[k]))
      printed_table_set(why->printed, k + 1, "%.6g", numbers[k]);
  if (!isnan(shapiro.p_value))
    printed_table_set(why->printed, n + 1, "%.3g", shapiro.p_value);
}

/* Sums over the groups. */
struct moments {
  double n, groups, mean, within, between;
  double size[2], group_mean[2], sd[2]; /* of the first two */
};

static struct moments moments_of(const struct why_test *subject)
{
  const struct baseline_cell *cells = subject->variable->cells;
  const size_t n_groups = subject->baseline->n_groups;
  struct moments found = {.n = cells[n_groups].n, .mean = cells[n_groups].mean};
  for (size_t g = 0; g < n_groups; g++) {
    const double n = cells[g].n, squares = n > 1 ? (n - 1) * cells[g].sd * cells[g].sd : 0;
    if (!(n > 0))
      continue;
    if (found.groups < 2) {
      found.size[(size_t)found.groups] = n;
      found.group_mean[(size_t)found.groups] = cells[g].mean;
      found.sd[(size_t)found.groups] = cells[g].sd;
    }
    found.groups++;
    found.within += squares;
    found.between += n * (cells[g].mean - found.mean) * (cells[g].mean - found.mean);
  }
  return found;
}

/* Values that are all the same, or too few: the test has no p, and its parts say nothing. */
static bool say_not_estimable(const struct why_test *subject)
{
  if (!isnan(subject->variable->test.p_value))
    return false;
  why_say(subject->why->report, "p is not estimable: the values do not vary, or there are too few.");
  return true;
}

static void say_means(const struct why_test *subject, const struct moments *of)
{
  const struct baseline_test *test = &subject->variable->test;
  struct report *report = subject->why->report;
  struct text p = TEXT_INIT;
  if (say_not_estimable(subject))
    return;
  why_append_p(&p, test->p_value);
  if (test->kind == TEST_ANOVA) {
    why_say(report, "Between the groups: sum of n (mean - %.5g)² = %.6g on %.10g df.  Within: sum of squares = %.6g on %.10g df.",
            of->mean, of->between, test->df, of->within, test->df2);
    why_say(report, "F = (%.6g / %.10g) / (%.6g / %.10g) = %.5g: %s.", of->between, test->df, of->within, test->df2,
            test->statistic, text_string(&p));
  } else if (of->groups > 2) {
    why_say(report, "Welch's F of more than two groups, whose variances may differ: each group weighs n / SD², the mean of all is "
                    "theirs by these weights.  F = %.5g on %.10g and %.5g df: %s.",
            test->statistic, test->df, test->df2, text_string(&p));
  } else {
    const double difference = of->group_mean[0] - of->group_mean[1];
    if (test->kind == TEST_T)
      why_say(report, "Pooled variance: sum of squares within / (n - 2) = %.6g / %.10g = %.6g; standard error of the difference = "
                      "root of it × (1/%.10g + 1/%.10g) = %.5g.",
              of->within, test->df, of->within / test->df, of->size[0], of->size[1], difference / test->statistic);
    else
      why_say(report, "Standard error of the difference: root of %.5g²/%.10g + %.5g²/%.10g = %.5g; df by Welch and Satterthwaite: "
                      "%.5g.",
              of->sd[0], of->size[0], of->sd[1], of->size[1], difference / test->statistic, test->df);
    why_say(report, "t = (%.6g - %.6g) / %.5g = %.5g on %.5g df: %s.", of->group_mean[0], of->group_mean[1],
            difference / test->statistic, test->statistic, test->df, text_string(&p));
  }
  text_clear(&p);
}

static void derive_means(const struct why_test *subject, const struct baseline_values *values)
{
  static const char *const columns[] = {"group", "n", "mean", "SD", "squares within", "between", "Shapiro–Wilk p", NULL};
  const struct moments moments = moments_of(subject);
  struct table *steps = table_new("why_steps", "step group n mean sd within between shapiro_w shapiro_p");
  why_add_item(subject->why, "within", moments.within);
  why_add_item(subject->why, "between", moments.between);
  why_begin_steps(subject->why, "Groups", columns, (size_t)moments.groups);
  for (size_t g = 0; g < subject->baseline->n_groups; g++) {
    const struct baseline_cell *cell = &subject->variable->cells[g];
    const double away = cell->mean - moments.mean;
    const double numbers[] = {cell->n, cell->mean, cell->sd, cell->n > 1 ? (cell->n - 1) * cell->sd * cell->sd : 0,
                              cell->n * away * away};
    if (cell->n > 0)
      add_group(subject, values, g, numbers, 5, steps);
  }
  say_means(subject, &moments);
  why_end_steps(subject->why, steps);
}

static void say_ranks(const struct why_test *subject, const struct rank_sums *sums, double n, double squares)
{
  const struct baseline_test *test = &subject->variable->test;
  struct report *report = subject->why->report;
  struct text p = TEXT_INIT;
  if (say_not_estimable(subject))
    return;
  why_append_p(&p, test->p_value);
  why_say(report, "All %.10g values are ranked together, equal ones sharing their mean rank; expected of a group: n × (%.10g + 1) / 2.  "
                  "Ties: sum of t³ - t over runs of t equal values = %.10g.",
          n, n, sums->ties);
  if (test->kind == TEST_MANN_WHITNEY) {
    const double n1 = sums->n[0], n2 = sums->n[1];
    const double variance = n1 * n2 / 12 * ((n + 1) - sums->ties / (n * (n - 1)));
    why_say(report, "W = rank sum of the first group - n (n + 1) / 2 = %.10g - %.10g = %.10g; expected n1 × n2 / 2 = %.10g.", sums->sum[0],
            n1 * (n1 + 1) / 2, test->statistic, n1 * n2 / 2);
    why_say(report, "Variance: n1 × n2 / 12 × (n + 1 - ties / (n (n - 1))) = %.6g.  z = (%.10g - %.10g) / root = %.5g: %s.", variance,
            test->statistic, n1 * n2 / 2, (test->statistic - n1 * n2 / 2) / sqrt(variance), text_string(&p));
    why_add_item(subject->why, "variance", variance);
  } else {
    why_say(report, "H = 12 / (n (n + 1)) × sum of n (mean rank - (n + 1) / 2)² (part) = %.6g; divided by 1 - ties / (n³ - n) = %.6g: %.5g on "
                    "%.10g df: %s.",
            12 * squares / (n * (n + 1)), 1 - sums->ties / (n * n * n - n), test->statistic, test->df, text_string(&p));
  }
  text_clear(&p);
}

static void derive_ranks(const struct why_test *subject, const struct baseline_values *values)
{
  static const char *const columns[] = {"group", "n", "rank sum", "expected", "mean rank", "part", "Shapiro–Wilk p",
                                        NULL};
  struct rank_sums sums = samples_rank_sums(values->value, values->group, values->n, subject->baseline->n_groups);
  struct table *steps = table_new("why_steps", "step group n rank_sum expected mean_rank part shapiro_w shapiro_p");
  const double n = (double)values->n, middle = (n + 1) / 2;
  double squares = 0;
  why_begin_steps(subject->why, "Groups", columns, sums.n_groups);
  for (size_t g = 0, i = 0; g < subject->baseline->n_groups; g++) {
    if (values->start[g + 1] == values->start[g])
      continue;
    const double mean = sums.sum[i] / sums.n[i], part = sums.n[i] * (mean - middle) * (mean - middle);
    const double numbers[] = {sums.n[i], sums.sum[i], sums.n[i] * middle, mean, part};
    add_group(subject, values, g, numbers, 5, steps);
    squares += part;
    i++;
  }
  why_add_item(subject->why, "ties", sums.ties);
  say_ranks(subject, &sums, n, squares);
  why_end_steps(subject->why, steps);
  rank_sums_clear(&sums);
}

void why_samples(const struct why_test *subject)
{
  struct baseline_values values;
  const enum baseline_test_kind kind = subject->variable->test.kind;
  const bool of_ranks = kind == TEST_MANN_WHITNEY || kind == TEST_KRUSKAL_WALLIS;
  baseline_collect_values(subject->why->context->state, subject->request, subject->variable->column, &values);
  subject->why->kind = of_ranks ? WHY_RANKS : WHY_MEANS;
  why_say_test(subject);
  say_rule_of_numbers(subject, &values);
  why_add_test(subject);
  (of_ranks ? derive_ranks : derive_means)(subject, &values);
  baseline_values_clear(&values);
}
