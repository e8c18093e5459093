/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stepwise: selection of terms, with its path. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/selection.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/present.h"
#include "verbs/printing.h"

static enum status read_limit(const struct command *command, const char *name, double otherwise, double *limit,
                              struct error *error)
{
  const struct command_option *option = command_find_option(command, name);
  *limit = option ? option->number : otherwise;
  if (*limit >= 0 && *limit <= 1)
    return STATUS_OK;
  error_set(error, "%s= wants a p-value from 0 to 1", name);
  error_hint(error, "stepwise …, enter=0.05 remove=0.10");
  return error_in_command(error, option->start, option->length);
}

static enum status read_options(const struct command *command, struct selection_options *options, struct error *error)
{
  const char *direction = arguments_word(command, "direction"), *criterion = arguments_word(command, "criterion");
  *options = (struct selection_options){.direction = SELECT_FORWARD, .criterion = SELECT_WALD};
  if (direction)
    options->direction = strcmp(direction, "backward") == 0 ? SELECT_BACKWARD
                         : strcmp(direction, "both") == 0   ? SELECT_BOTH
                                                            : SELECT_FORWARD;
  if (criterion)
    options->criterion = strcmp(criterion, "lr") == 0    ? SELECT_LR
                         : strcmp(criterion, "aic") == 0 ? SELECT_AIC
                                                         : SELECT_WALD;
  if (read_limit(command, "enter", 0.05, &options->enter, error) ||
      read_limit(command, "remove", 0.10, &options->remove, error))
    return STATUS_ERROR;
  if (options->criterion == SELECT_AIC || options->enter <= options->remove)
    return STATUS_OK;
  error_set(error, "enter= is above remove=: a term would enter and leave for ever");
  return error_hint(error, "enter=0.05 remove=0.10");
}

static void add_path(const struct cox_analysis *prepared, const struct selection_path *path, bool by_aic,
                     const struct state *state, struct report *report)
{
  static const char *const columns[] = {"step", "term", "statistic", "df", "p", "AIC", NULL};
  static const char *const aic_columns[] = {"step", "term", "AIC", NULL};
  const size_t aic_column = by_aic ? 2 : 5;
  struct table *table = table_new("stepwise_path", "step action term statistic p_value df aic");
  struct printed_table *printed = printing_table("Steps", by_aic ? aic_columns : columns);
  if (by_aic) {
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "0");
    printed_table_set(printed, 1, "start");
    printing_fixed(printed, aic_column, path->start_aic, 2);
  }
  for (size_t i = 0; i < path->n_steps; i++) {
    const struct selection_step *step = &path->steps[i];
    const char *term = prepared->formula.terms[step->term].name;
    table_add_number(table, (double)(i + 1));
    table_add_text(table, step->enters ? "enter" : "remove");
    table_add_text(table, term);
    table_add_number(table, step->statistic);
    table_add_number(table, step->p_value);
    table_add_number(table, step->df);
    table_add_number(table, step->aic);
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%zu", i + 1);
    printed_table_set(printed, 1, "%s %s", step->enters ? "+" : "-", present_term_label(prepared, state, step->term));
    if (!by_aic && !isnan(step->statistic)) {
      printing_fixed(printed, 2, step->statistic, 2);
      printed_table_set(printed, 3, "%g", step->df);
      printing_p(printed, 4, step->p_value);
    }
    printing_fixed(printed, aic_column, step->aic, 2);
  }
  if (!path->n_steps)
    printed_table_note(printed, "No term entered or left.");
  report_add_table(report, table);
  report_add_printed(report, printed);
}

static void note_rule(const struct selection_options *options, struct report *report)
{
  static const char *const directions[] = {"forward", "backward", "both ways"};
  if (options->criterion == SELECT_AIC)
    report_add_text(report, "Selection %s by AIC, as R's step().", directions[options->direction]);
  else
    report_add_text(report, "Selection %s: enters with a score-test p under %g, leaves with a %s p above %g.",
                    directions[options->direction], options->enter,
                    options->criterion == SELECT_LR ? "likelihood-ratio" : "Wald", options->remove);
}

/* Fits the chosen terms on the rows of the selection and makes them the current model. */
static enum status take_model(struct verb_context *context, const struct cox_analysis *prepared,
                              const struct selection_path *path, struct error *error)
{
  struct state *changed = state_copy(context->state);
  struct text text = TEXT_INIT;
  struct bitmap rows;
  formula_append_terms(&text, &prepared->formula, path->is_in);
  state_set_model(changed, text_string(&text));
  changed->model_settings.has_ties = prepared->options.ties != changed->settings.ties;
  changed->model_settings.ties = prepared->options.ties;
  bitmap_init(&rows, changed->cohort->n_rows, false);
  for (size_t i = 0; i < prepared->gathered.n_used; i++)
    bitmap_add(&rows, prepared->gathered.rows[i]);
  struct formula formula;
  struct cox_analysis analysis;
  enum status status = formula_parse_string(text_string(&text), &formula, error);
  if (!status) {
    const struct cox_request request = {.formula = &formula, .options = prepared->options, .condition = &rows};
    status = cox_analyse(changed, &request, context->task, &analysis, error);
    formula_clear(&formula);
  }
  bitmap_clear(&rows);
  text_clear(&text);
  if (status) {
    state_release(changed);
    return status;
  }
  report_add_table(context->report, present_cox_terms(&analysis));
  report_add_table(context->report, present_cox_fit(&analysis));
  report_add_printed(context->report, present_cox_printed(&analysis, changed));
  for (size_t i = 0; i < analysis.n_warnings; i++)
    report_warn(context->report, "%s", analysis.warnings[i]);
  cox_analysis_clear(&analysis);
  session_propose(context->session, changed);
  return STATUS_OK;
}

static void warn_of_rows(const struct cox_analysis *prepared, const struct selection_path *path, struct report *report)
{
  if (prepared->n_incomplete)
    report_warn(report, "%zu of %zu patients left out: selection is on those complete in all candidates; the final model "
                        "fitted again by cox uses all that are complete in its own terms",
                prepared->n_incomplete, prepared->gathered.n_on_view);
  if (path->cycled)
    report_warn(report, "selection stopped: the same term entered and left in turn");
  for (size_t i = 0; i < prepared->design.n_warnings; i++)
    report_warn(report, "%s", prepared->design.warnings[i]);
}

static enum status select_and_fit(struct verb_context *context, const struct command *command,
                                  const struct selection_options *options, const struct cox_analysis *prepared,
                                  struct error *error)
{
  bool *forced;
  struct selection_path path;
  if (arguments_terms(command, "force", &prepared->formula, &forced, error))
    return STATUS_ERROR;
  enum status status = selection_run(prepared, options, forced, context->task, &path, error);
  free(forced);
  if (status)
    return status;
  report_set_cohort(context->report, prepared->gathered.n_on_view, prepared->gathered.n_used);
  add_path(prepared, &path, options->criterion == SELECT_AIC, context->state, context->report);
  note_rule(options, context->report);
  status = take_model(context, prepared, &path, error);
  warn_of_rows(prepared, &path, context->report);
  selection_path_clear(&path);
  return status;
}

static enum status run_stepwise(struct verb_context *context, const struct command *command, struct error *error)
{
  struct formula formula;
  struct bitmap *condition = NULL;
  struct selection_options options;
  struct cox_analysis prepared;
  if (read_options(command, &options, error) ||
      formula_parse_list(&command->tokens, command->begin, command->end, &formula, error))
    return STATUS_ERROR;
  enum status status = STATUS_OK;
  if (!formula.n_terms) {
    error_set(error, "stepwise selects among terms, and none is named");
    status = error_hint(error, "stepwise age + sex + grade, direction=forward criterion=wald");
  }
  if (!status)
    status = arguments_condition(command, context->state, &condition, error);
  if (!status) {
    const struct cox_request request = {
        .formula = &formula,
        .options = {.ties = arguments_ties(command, context->state), .level = context->state->settings.level},
        .condition = condition,
    };
    status = cox_prepare(context->state, &request, &prepared, error);
  }
  if (!status) {
    status = select_and_fit(context, command, &options, &prepared, error);
    cox_analysis_clear(&prepared);
  }
  arguments_free_condition(condition);
  formula_clear(&formula);
  return status;
}

static const struct option_syntax stepwise_options[] = {
    {"direction", OPTION_WORD, "forward|backward|both", "begin with none, with all, or with none and go both ways"},
    {"criterion", OPTION_WORD, "wald|lr|aic", "what decides on leaving: Wald, likelihood ratio; or AIC for both"},
    {"enter", OPTION_NUMBER, NULL, "a term enters with a score-test p under this (0.05)"},
    {"remove", OPTION_NUMBER, NULL, "a term leaves with a p above this (0.10)"},
    {"force", OPTION_LIST, NULL, "terms that are always in"},
    {"ties", OPTION_WORD, "efron|breslow|exact", "how tied event times are handled"},
    {.name = NULL},
};

static const char *const stepwise_examples[] = {
    "stepwise age + sex + grade + surgery, direction=forward criterion=wald enter=0.05 remove=0.10",
    "stepwise age sex grade surgery, direction=backward criterion=aic", NULL};

const struct verb verb_stepwise = {
    .syntax = {"stepwise", ARGUMENTS_TERMS, true, stepwise_options},
    .usage = "stepwise TERM + … [if EXPR] [, direction=D criterion=C enter=P remove=P force=V,… ties=METHOD]",
    .summary = "selection of terms, step by step",
    .details = "Wald and lr are SPSS's FSTEP and BSTEP: the term with the smallest score-test p under enter= comes in, then\n"
               "terms leave whose Wald (likelihood-ratio) p is above remove=; a factor comes and goes whole.  aic is R's\n"
               "step().  All steps use the patients complete in all candidates.  The model chosen becomes the current one.\n"
               "Its p-values and limits take no account of the search that chose it.",
    .tables = "stepwise_path, cox_terms, cox_fit",
    .examples = stepwise_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .changes_state = true,
    .run = run_stepwise,
};
