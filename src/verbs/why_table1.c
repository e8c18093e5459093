/* SPDX-License-Identifier: GPL-3.0-or-later */
/* why table1: the test of one variable between groups. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "verbs/arguments.h"
#include "verbs/why_table1.h"

static const char *const test_words[N_BASELINE_TESTS] = {
    [TEST_CHISQ] = "chi-square",         [TEST_CHISQ_YATES] = "chi-square with Yates' correction",
    [TEST_LR] = "likelihood-ratio chi-square", [TEST_FISHER] = "Fisher's exact test",
    [TEST_T] = "t test",                 [TEST_WELCH] = "Welch's test",
    [TEST_ANOVA] = "analysis of variance", [TEST_MANN_WHITNEY] = "Mann–Whitney",
    [TEST_KRUSKAL_WALLIS] = "Kruskal–Wallis"};

const char *why_test_words(enum baseline_test_kind kind)
{
  return test_words[kind];
}

void why_say_test(const struct why_test *subject)
{
  const struct baseline_test *test = &subject->variable->test;
  struct text p = TEXT_INIT;
  why_append_p(&p, test->p_value);
  why_say(subject->why->report, "%s between the groups of %s: %s, %s", column_display_name(subject->variable->column),
          column_display_name(subject->request->by), test_words[test->kind], text_string(&p));
  text_clear(&p);
}

void why_say_asked(const struct why_test *subject)
{
  const enum baseline_test_kind kind = subject->variable->test.kind;
  if (subject->asked == kind)
    why_say(subject->why->report, "The test is the one that test= asks for.");
  else
    why_say(subject->why->report, "test=%s asks for it: of %s it is this one.", baseline_test_name(subject->asked),
            kind == TEST_ANOVA || kind == TEST_KRUSKAL_WALLIS ? "more than two groups" : "such a variable");
}

void why_add_test(const struct why_test *subject)
{
  const struct baseline_test *test = &subject->variable->test;
  why_add_item(subject->why, "statistic", test->statistic);
  why_add_item(subject->why, "df", test->df);
  why_add_item(subject->why, "df2", test->df2);
  why_add_item(subject->why, "p_value", test->p_value);
}

/* ---- the command ---- */

static enum status derive(struct why *why, const struct baseline_request *request, struct error *error)
{
  struct baseline baseline;
  enum status status = baseline_compute(why->context->state, request, why->context->task, &baseline, error);
  if (status)
    return status;
  const struct why_test subject = {.why = why,
                                  .request = request,
                                  .baseline = &baseline,
                                  .variable = &baseline.variables[0],
                                  .asked = request->tests[0]};
  if (subject.variable->test.kind == TEST_NONE) {
    error_set(error, "there is no test of %s between the groups of %s: fewer than two groups or levels have patients, or the test asked "
                     "for is of two groups", request->names[0], request->by->name);
    status = error_hint(error, "filter off shows all patients again");
  } else {
    report_set_cohort(why->report, baseline.n_on_view, baseline.n_used);
    if (subject.variable->column->kind == COLUMN_FACTOR)
      why_counts(&subject);
    else
      why_samples(&subject);
  }
  baseline_clear(&baseline);
  return status;
}

/* The variable, by= and test=. */
static enum status read_request(const struct why *why, const struct command_word *words, size_t n, const struct column **columns,
                                enum baseline_test_kind *test, struct error *error)
{
  const struct state *state = why->context->state;
  const struct command_option *by = command_find_option(why->command, "by"), *option = command_find_option(why->command, "test");
  if (n != 2 || !by) {
    error_set(error, n != 2 ? "why table1 wants one variable" : "why table1 wants the groups in by=");
    return error_hint(error, "why table1 age, by=surgery");
  }
  if (arguments_find_column(state, words[1].text, words[1].start, words[1].length, &columns[0], error) ||
      arguments_find_column(state, by->value, by->start, by->length, &columns[1], error))
    return STATUS_ERROR;
  if (!option || baseline_test_find(option->value, test))
    return STATUS_OK;
  error_set(error, "there is no test %s", option->value);
  error_hint(error, "chisq, chisq-yates, lr, fisher for factors; t, welch, anova, mann-whitney, kruskal-wallis for numbers");
  return error_in_command(error, option->start, option->length);
}

enum status why_table1(struct why *why, struct error *error)
{
  const struct column *columns[2];
  enum baseline_test_kind test = TEST_BY_RULE;
  struct bitmap *condition = NULL;
  struct command_word *words;
  const size_t n = command_words(why->command, &words);
  enum status status = read_request(why, words, n, columns, &test, error);
  command_words_free(words, n);
  if (!status)
    status = arguments_condition(why->command, why->context->state, &condition, error);
  if (status)
    return status;
  char *name = memory_copy_string(columns[0]->name);
  const bool is_factor = arguments_flag(why->command, "factor");
  const struct baseline_request request = {.names = &name,
                                           .n_names = 1,
                                           .by = columns[1],
                                           .is_factor = &is_factor,
                                           .tests = &test,
                                           .quantile_type = why->context->state->settings.quantile_type,
                                           .condition = condition,
                                           .seed = (uint64_t)arguments_number(why->command, "seed", 1)};
  status = derive(why, &request, error);
  arguments_free_condition(condition);
  free(name);
  return status;
}
