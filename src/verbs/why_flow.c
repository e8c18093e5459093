/* SPDX-License-Identifier: GPL-3.0-or-later */
/* why flow: a box of the flow chart, by its rule. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "lang/expr.h"
#include "verbs/arguments.h"
#include "verbs/printing.h"
#include "verbs/why_internal.h"

enum { FIRST_PATIENTS = 10 }; /* who are named */

/* A rule, whom it was asked of, and what it said. */
struct rule {
  struct bitmap among, is_true, gone;
  size_t unknown;
  bool is_drop, is_branch; /* a branch: `gone` are those in it */
};

static void rule_clear(struct rule *rule)
{
  bitmap_clear(&rule->among);
  bitmap_clear(&rule->is_true);
  bitmap_clear(&rule->gone);
}

/* Asks a condition of rule->among, and fills the rest. */
static enum status ask(const struct cohort *cohort, const struct expr *condition, struct rule *rule, struct error *error)
{
  if (expr_select(condition, cohort, &rule->among, &rule->is_true, &rule->unknown, error))
    return STATUS_ERROR;
  bitmap_intersect(&rule->is_true, &rule->among);
  bitmap_copy(&rule->gone, &rule->among);
  if (rule->is_drop || rule->is_branch)
    bitmap_intersect(&rule->gone, &rule->is_true);
  else
    bitmap_subtract(&rule->gone, &rule->is_true);
  return STATUS_OK;
}

/* The rule of a step, "drop if age < 18", of those whom the steps before it left. */
static enum status ask_step(const struct cohort *cohort, const struct flow_step *step, struct rule *rule, struct error *error)
{
  struct expr *condition = NULL;
  const char *text = strstr(step->command, " if ");
  rule->is_drop = strncmp(step->command, "drop", 4) == 0;
  if (expr_parse_string(text ? text + 4 : "", &condition, error))
    return STATUS_ERROR;
  enum status status = ask(cohort, condition, rule, error);
  expr_free(condition);
  return status;
}

/* "PM0003, PM0017, …": by the first column where that tells the patients apart, else by their rows in the file. */
static char *name_patients(const struct cohort *cohort, const struct bitmap *rows)
{
  const struct column *id = cohort->n_columns ? cohort->columns[0] : NULL;
  const bool has_id = id && id->kind == COLUMN_FACTOR && id->n_levels == cohort->n_rows;
  struct text text = TEXT_INIT;
  size_t n = 0;
  for (size_t row = 0; row < rows->n && n <= FIRST_PATIENTS; row++) {
    if (!bitmap_has(rows, row))
      continue;
    text_append(&text, n ? ", " : has_id ? "" : "rows ");
    if (n++ == FIRST_PATIENTS)
      text_append(&text, "…");
    else if (has_id)
      text_append(&text, id->levels[column_code(id, row) - 1].name);
    else
      text_append_format(&text, "%zu", row + 1);
  }
  if (!n)
    text_append(&text, "nobody");
  return text_take(&text);
}

/* What becomes of whom the rule is true for, false, unknown. */
static const char *fate(const struct rule *rule, bool is_true)
{
  if (rule->is_branch)
    return is_true ? "in it" : "not in it";
  return rule->is_drop == is_true ? "excluded" : "kept";
}

static void present(struct why *why, const char *title, const char *command, const struct rule *rule)
{
  const size_t n = bitmap_count(&rule->among), n_true = bitmap_count(&rule->is_true), gone = bitmap_count(&rule->gone);
  const size_t n_false = n - n_true - rule->unknown;
  char *who = name_patients(why->context->state->cohort, &rule->gone);
  why_say(why->report, "%s: %zu of %zu", title, gone, n);
  why_say(why->report, "The rule, as typed: %s", command);
  why_say(why->report, "It was asked of %zu patients: true for %zu (%s), false for %zu (%s), unknown for %zu (%s: a value that it needs is "
                       "missing).",
          n, n_true, fate(rule, true), n_false, fate(rule, false), rule->unknown, fate(rule, false));
  why_say(why->report, "%s: %s", rule->is_branch ? "Those in it" : "Those who went", who);
  if (!rule->is_branch)
    why_say(why->report, "%zu - %zu = %zu remain.", n, gone, n - gone);
  const struct why_line lines[] = {
      {"rule", command, 0, NULL},
      {"asked", NULL, (double)n, NULL},
      {"true", NULL, (double)n_true, NULL},
      {"false", NULL, (double)n_false, NULL},
      {"unknown", NULL, (double)rule->unknown, NULL},
      {rule->is_branch ? "in_it" : "excluded", NULL, (double)gone, NULL},
      {"who", who, 0, NULL},
      {rule->is_branch ? "not_in_it" : "kept", NULL, (double)(n - gone), NULL},
      {NULL, NULL, 0, NULL}};
  report_set_cohort(why->report, n, n);
  why_add_lines(why, lines);
  free(who);
}

/* The steps are gone through again: who was there when a rule was asked is kept nowhere. */
static enum status derive_step(struct why *why, size_t number, struct error *error)
{
  const struct state *state = why->context->state;
  struct rule rule = {.is_branch = false};
  struct text title = TEXT_INIT;
  enum status status = STATUS_OK;
  bitmap_init(&rule.among, state->cohort->n_rows, true);
  for (size_t i = 0; i < number && !status; i++) {
    if (i) {
      struct bitmap gone = rule.gone;
      bitmap_subtract(&rule.among, &gone);
      bitmap_clear(&rule.gone);
      bitmap_clear(&rule.is_true);
      rule.gone = rule.is_true = (struct bitmap){.n = 0};
    }
    status = ask_step(state->cohort, &state->steps[i], &rule, error);
  }
  const struct flow_step *step = &state->steps[number - 1];
  if (!status) {
    text_append_format(&title, "Step %zu, excluded for \"%s\"", number, step->reason);
    if (bitmap_count(&rule.gone) != step->excluded)
      report_warn(why->report, "%zu were excluded when it was typed: a column that the rules use has changed since", step->excluded);
    present(why, text_string(&title), step->command, &rule);
  }
  text_clear(&title);
  rule_clear(&rule);
  return status;
}

static enum status derive_branch(struct why *why, struct error *error)
{
  const struct state *state = why->context->state;
  struct rule rule = {.is_branch = true};
  struct text text = TEXT_INIT;
  bitmap_copy(&rule.among, &state->members->rows);
  enum status status = ask(state->cohort, why->command->condition, &rule, error);
  if (!status) {
    expr_append(&text, why->command->condition);
    present(why, "Branch of the cohort", text_string(&text), &rule);
  }
  text_clear(&text);
  rule_clear(&rule);
  return status;
}

enum status why_flow(struct why *why, struct error *error)
{
  const struct state *state = why->context->state;
  struct command_word *words;
  const size_t n = command_words(why->command, &words);
  char *end = NULL;
  const double number = n == 2 ? strtod(words[1].text, &end) : 0;
  const bool is_step = n == 2 && !*end && number >= 1 && number <= (double)state->n_steps && number == floor(number);
  enum status status = STATUS_OK;
  if (n == 2 && !why->command->condition && !is_step) {
    error_set(error, state->n_steps ? "why flow knows the steps 1 to %zu" : "nobody was kept or dropped yet: there is no step", state->n_steps);
    error_hint(error, "flow lists them");
    status = error_in_command(error, words[1].start, words[1].length);
  } else if (n != (why->command->condition ? 1u : 2u)) {
    error_set(error, "why flow wants the number of a step, or the condition of a branch");
    status = error_hint(error, "why flow 1; why flow if sex == \"F\"");
  }
  command_words_free(words, n);
  if (status)
    return status;
  return is_step ? derive_step(why, (size_t)number, error) : derive_branch(why, error);
}
