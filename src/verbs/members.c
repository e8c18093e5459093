/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keep, drop, filter: who is in the cohort, who is on view. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/printing.h"

/* ---- keep, drop ---- */

static void add_step(struct state *state, const struct flow_step *step)
{
  state->steps = memory_resize(state->steps, state->n_steps + 1, sizeof *state->steps);
  state->steps[state->n_steps++] = *step;
}

/* The condition's own text is the reason where none is given. */
static char *step_reason(const struct command *command)
{
  const struct command_option *because = command_find_option(command, "because");
  if (because)
    return memory_copy_string(because->value);
  struct text text = TEXT_INIT;
  expr_append(&text, command->condition);
  return text_take(&text);
}

/* The command without its options: "drop if age < 18". */
static char *step_command(const struct command *command)
{
  struct text text = TEXT_INIT;
  text_append_format(&text, "%s if ", command->syntax->name);
  expr_append(&text, command->condition);
  return text_take(&text);
}

/* Filter stands on the members: it is computed anew, and the outcome of a text that fitted cannot fail. */
static enum status narrow(struct verb_context *context, const struct command *command, bool drop, struct error *error)
{
  const struct state *before = context->state;
  const char *verb = command->syntax->name;
  struct bitmap rows, members;
  size_t unknown;
  if (!command->condition) {
    error_set(error, "%s wants a condition", verb);
    return error_hint(error, "%s if age >= 18, because=\"under 18\"", verb);
  }
  enum status status =
      expr_select(command->condition, before->cohort, &before->members->rows, &rows, &unknown, error);
  if (status)
    return status;
  bitmap_copy(&members, &before->members->rows);
  if (drop)
    bitmap_subtract(&members, &rows);
  else
    bitmap_intersect(&members, &rows);
  bitmap_clear(&rows);
  struct state *state = state_copy(before);
  state_set_members(state, &members);
  if (state_set_filter(state, before->filter, error)) {
    state_release(state);
    return STATUS_ERROR;
  }
  const size_t kept = state->members->count, excluded = before->members->count - kept;
  const char *stage = arguments_word(command, "stage");
  const struct flow_step step = {.reason = step_reason(command),
                                 .command = step_command(command),
                                 .stage = stage ? memory_copy_string(stage) : NULL,
                                 .kept = kept,
                                 .excluded = excluded};
  add_step(state, &step);
  report_add_text(context->report, "%zu excluded (%s), %zu kept", excluded, step.reason, kept);
  if (unknown)
    report_warn(context->report, "in %zu %s the condition is unknown (a value is missing): %s %s", unknown,
                printing_plural(unknown, "row", "rows"), printing_plural(unknown, "it is", "they are"),
                drop ? "kept" : "excluded");
  if (!kept)
    report_warn(context->report, "nobody is left; undo brings them back");
  report_set_cohort(context->report, kept, kept);
  session_propose(context->session, state);
  return STATUS_OK;
}

static enum status run_keep(struct verb_context *context, const struct command *command, struct error *error)
{
  return narrow(context, command, false, error);
}

static enum status run_drop(struct verb_context *context, const struct command *command, struct error *error)
{
  return narrow(context, command, true, error);
}

static const struct option_syntax narrow_options[] = {
    {"because", OPTION_TEXT, NULL, "the reason, as the flow chart shows it"},
    {"stage", OPTION_TEXT, NULL, "what those who are left are called there: the reasons since the last stage share a box"},
    {.name = NULL},
};

static const char *const keep_examples[] = {"keep if age >= 18, because=\"under 18\"", NULL};

const struct verb verb_keep = {
    .syntax = {"keep", ARGUMENTS_NONE, true, narrow_options},
    .usage = "keep if EXPR [, because=\"REASON\" stage=\"NAME\"]",
    .summary = "keep in the cohort only those for whom the condition is true",
    .details = "Changes who is in the cohort: a box of the flow chart.  To look at a subgroup for a while use filter.",
    .examples = keep_examples,
    .needs = NEEDS_COHORT,
    .run = run_keep,
};

static const char *const drop_examples[] = {"drop if perioperative_death == \"yes\", because=\"perioperative death\"", NULL};

const struct verb verb_drop = {
    .syntax = {"drop", ARGUMENTS_NONE, true, narrow_options},
    .usage = "drop if EXPR [, because=\"REASON\" stage=\"NAME\"]",
    .summary = "exclude those for whom the condition is true",
    .details = "Changes who is in the cohort: a box of the flow chart.  Where the condition is unknown a patient stays.",
    .examples = drop_examples,
    .needs = NEEDS_COHORT,
    .run = run_drop,
};

/* ---- filter ---- */

static bool is_off(const struct verb_context *context, const struct command *command)
{
  return command->end - command->begin == 1 && token_is_name(&command->tokens.tokens[command->begin], "off") &&
         !command->tokens.tokens[command->begin].quoted && !cohort_find_column(context->state->cohort, "off");
}

/* The filter is kept in its canonical form, which the explorer's check boxes read and write. */
static enum status canonical_text(const struct command *command, struct text *text, struct error *error)
{
  struct expr *expr;
  enum status status = expr_parse(&command->tokens, command->begin, command->end, &expr, error);
  if (status)
    return status;
  expr_append(text, expr);
  expr_free(expr);
  return STATUS_OK;
}

/* Checks the expression as it was typed, so that an error has its place in the line. */
static enum status check_typed(const struct verb_context *context, const struct command *command, size_t *unknown,
                               struct error *error)
{
  struct expr *expr;
  struct bitmap rows;
  if (expr_parse(&command->tokens, command->begin, command->end, &expr, error))
    return STATUS_ERROR;
  enum status status =
      expr_select(expr, context->state->cohort, &context->state->members->rows, &rows, unknown, error);
  expr_free(expr);
  if (!status)
    bitmap_clear(&rows);
  return status;
}

/* The branch that the arguments name as a whole (bt-pNET, "bt-pNET"), or NULL. */
static const struct branch *named_branch(const struct verb_context *context, const struct command *command)
{
  struct command_word *words;
  const size_t n_words = command_words(command, &words);
  const struct branch *branch = n_words == 1 ? state_find_branch(context->state, words[0].text) : NULL;
  command_words_free(words, n_words);
  return branch;
}

/* The filter's text in its canonical form: a branch's condition, or the expression checked where it was typed. */
static enum status filter_text(const struct verb_context *context, const struct command *command, struct text *text,
                               size_t *unknown, struct error *error)
{
  const struct branch *branch = named_branch(context, command);
  if (branch) {
    text_append(text, branch->condition);
    return STATUS_OK;
  }
  if (check_typed(context, command, unknown, error) || canonical_text(command, text, error))
    return STATUS_ERROR;
  return STATUS_OK;
}

static enum status run_filter(struct verb_context *context, const struct command *command, struct error *error)
{
  struct text text = TEXT_INIT;
  size_t unknown = 0;
  if (command->begin == command->end) {
    report_add_text(context->report, "filter: %s; %zu of %zu patients on view",
                    context->state->filter ? context->state->filter : "off", context->state->on_view->count,
                    context->state->members->count);
    return STATUS_OK;
  }
  const bool off = is_off(context, command);
  if (!off && filter_text(context, command, &text, &unknown, error)) {
    text_clear(&text);
    return STATUS_ERROR;
  }
  struct state *state = state_copy(context->state);
  enum status status = state_set_filter(state, off ? NULL : text_string(&text), error);
  text_clear(&text);
  if (status) {
    state_release(state);
    return status;
  }
  report_add_text(context->report, "%zu of %zu %s on view", state->on_view->count, state->members->count,
                  printing_plural(state->members->count, "patient", "patients"));
  report_set_cohort(context->report, state->on_view->count, state->on_view->count);
  if (unknown)
    report_warn(context->report, "for %zu %s the filter is unknown (a value is missing): not on view", unknown,
                printing_plural(unknown, "patient", "patients"));
  if (!state->on_view->count)
    report_warn(context->report, "nobody is on view; filter off shows all again");
  session_propose(context->session, state);
  return STATUS_OK;
}

static const char *const filter_examples[] = {"filter grade != \"NEC\" & primary_site == \"body/tail\"", "filter off", NULL};

const struct verb verb_filter = {
    .syntax = {"filter", ARGUMENTS_EXPRESSION, false, NULL},
    .usage = "filter EXPR | filter BRANCH | filter off",
    .summary = "the subgroup now looked at",
    .details = "Every analysis that follows is of those for whom the expression is true.  A comparison with a missing value\n"
               "is unknown, and who is unknown is not on view.  A branch (see branch) is a filter by name.  filter alone\n"
               "says what it is.",
    .examples = filter_examples,
    .needs = NEEDS_COHORT,
    .run = run_filter,
};
