/* SPDX-License-Identifier: GPL-3.0-or-later */
/* branch, flow: named subgroups, and the flow chart. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "lang/token.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/printing.h"

/* ---- branch ---- */

static enum status run_branch(struct verb_context *context, const struct command *command, struct error *error)
{
  struct command_word *words;
  const size_t n_words = command_words(command, &words);
  enum status status = STATUS_OK;
  struct text condition = TEXT_INIT;
  struct bitmap rows;
  if (n_words != 1 || !command->condition) {
    error_set(error, "branch takes a name and a condition");
    status = error_hint(error, "branch \"bt-pNET\" if grade != \"NEC\" & primary_site == \"body/tail\"");
  }
  if (!status) {
    struct state *state = state_copy(context->state);
    expr_append(&condition, command->condition);
    state_add_branch(state, words[0].text, text_string(&condition));
    status = state_select_branch(state, state_find_branch(state, words[0].text), &rows, error);
    if (status) {
      state_release(state);
    } else {
      report_add_text(context->report, "%s: %zu of %zu patients; filter %s looks at them", words[0].text,
                      bitmap_count(&rows), state->members->count, words[0].text);
      bitmap_clear(&rows);
      session_propose(context->session, state);
    }
  }
  text_clear(&condition);
  command_words_free(words, n_words);
  return status;
}

static const char *const branch_examples[] = {"branch \"bt-pNET\" if grade != \"NEC\" & primary_site == \"body/tail\"",
                                              NULL};

const struct verb verb_branch = {
    .syntax = {"branch", ARGUMENTS_WORDS, true, NULL},
    .usage = "branch \"NAME\" if EXPR",
    .summary = "a named subgroup: a branch of the flow chart, and a filter by name",
    .details = "flow counts the patients of each branch; filter NAME looks at them.  Branches may overlap, and stand on those\n"
               "who are in the cohort whatever the filter.",
    .examples = branch_examples,
    .needs = NEEDS_COHORT,
    .run = run_branch,
};

/* ---- flow ---- */

/* What the chart is of, and what its first box is called. */
struct flow_words {
  const char *of, *start; /* "patients"; the file's name */
};

static bool has_stages(const struct state *state)
{
  for (size_t i = 0; i < state->n_steps; i++)
    if (state->steps[i].stage)
      return true;
  return false;
}

/* What was loaded, and each keep and drop: the trunk of the chart.  Where there are stages, the reasons up to the next one share
 * a box. */
static struct flow_plot *draw_steps(const struct state *state, const struct flow_words *words)
{
  struct flow_plot *plot = flow_plot_new(words->start, state->cohort->n_rows);
  const bool stages = has_stages(state);
  for (size_t i = 0; i < state->n_steps; i++) {
    const struct flow_step *step = &state->steps[i];
    const bool joins = stages && i && !state->steps[i - 1].stage;
    (joins ? flow_plot_join_step : flow_plot_add_step)(plot, step->reason, step->command, step->excluded, step->kept);
    if (step->stage)
      flow_plot_set_stage(plot, step->stage);
  }
  if (state->filter)
    flow_plot_set_view(plot, state->filter, state->on_view->count);
  return plot;
}

static void add_steps(const struct state *state, const struct flow_words *words, struct report *report)
{
  static const char *const columns[] = {"", "excluded", "kept", NULL};
  struct table *table = table_new("flow", "step label kept excluded reason");
  struct text title = TEXT_INIT;
  text_append_format(&title, "Flow of %s", words->of);
  struct printed_table *printed = printing_table(text_string(&title), columns);
  text_clear(&title);
  for (size_t i = 0; i <= state->n_steps; i++) {
    const struct flow_step *step = i ? &state->steps[i - 1] : NULL;
    const size_t kept = step ? step->kept : state->cohort->n_rows;
    table_add_number(table, (double)i);
    table_add_text(table, step ? "excluded" : "loaded");
    table_add_number(table, (double)kept);
    table_add_number(table, step ? (double)step->excluded : 0);
    table_add_text(table, step ? step->reason : NULL);
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%s%s", step && has_stages(state) ? "  " : "", step ? step->reason : words->start);
    if (step)
      printed_table_set(printed, 1, "%zu", step->excluded);
    printed_table_set(printed, 2, "%zu", kept);
    if (!step || !step->stage)
      continue;
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%s", step->stage);
    printed_table_set(printed, 2, "%zu", kept);
  }
  report_add_table(report, table);
  report_add_printed(report, printed);
}

struct branch_counts {
  const struct state *state;
  const struct column *by; /* a factor, or NULL: each branch in one number */
  bool is_factor;          /* in the cohort, too: its levels can be told in a filter */
  size_t *place;           /* of each level among those that members have, from 1; 0: nobody has it */
  size_t n_places;
  struct table *table;
  struct printed_table *printed;
  struct flow_plot *plot;
};

/* "surgery == "PR"": a level's patients; the caller frees it. */
static char *level_condition(const struct column *by, uint32_t code)
{
  struct text text = TEXT_INIT;
  token_append_name(&text, by->name);
  text_append(&text, " == ");
  token_append_string(&text, by->levels[code - 1].name);
  return text_take(&text);
}

/* Everybody's groups (n[code], 0: missing) at the end of the chart. */
static void draw_groups(const struct branch_counts *counts, const size_t *n)
{
  for (uint32_t code = 1; counts->by && code <= counts->by->n_levels; code++) {
    if (!counts->place[code])
      continue;
    char *condition = counts->is_factor ? level_condition(counts->by, code) : NULL;
    flow_plot_add_branch(counts->plot, column_level_display_name(counts->by, code), condition, n[code]);
    free(condition);
  }
  if (counts->by && n[0])
    flow_plot_add_branch(counts->plot, "missing", NULL, n[0]);
}

/* A named branch, its groups as lines. */
static void draw_branch(const struct branch_counts *counts, const struct branch *branch, size_t total, const size_t *n)
{
  struct flow_plot_branch *drawn = flow_plot_add_branch(counts->plot, branch->name, branch->condition, total);
  for (uint32_t code = 1; counts->by && code <= counts->by->n_levels; code++)
    if (counts->place[code])
      flow_plot_add_line(drawn, column_level_display_name(counts->by, code), n[code]);
  if (counts->by && n[0])
    flow_plot_add_line(drawn, "missing", n[0]);
}

/* One branch (NULL: everybody): its patients, by the levels of `by`. */
static void add_branch(struct branch_counts *counts, const struct branch *branch, const struct bitmap *rows)
{
  const char *name = branch ? branch->name : "all";
  const size_t n_levels = counts->by ? counts->by->n_levels : 0;
  size_t *n = memory_new(n_levels + 1, sizeof *n); /* 0: missing */
  for (size_t row = 0; row < rows->n; row++)
    if (bitmap_has(rows, row))
      n[counts->by ? column_code(counts->by, row) : 0]++;
  printed_table_begin_row(counts->printed, PRINTED_ROW);
  printed_table_set(counts->printed, 0, "%s", name);
  printed_table_set(counts->printed, 1, "%zu", bitmap_count(rows));
  if (!counts->by) {
    table_add_text(counts->table, name);
    table_add_text(counts->table, "all");
    table_add_number(counts->table, (double)n[0]);
  }
  for (uint32_t code = 1; code <= n_levels; code++) {
    struct text group = TEXT_INIT;
    if (!counts->place[code])
      continue;
    text_append_format(&group, "%s=%s", counts->by->name, counts->by->levels[code - 1].name);
    table_add_text(counts->table, name);
    table_add_text(counts->table, text_string(&group));
    table_add_number(counts->table, (double)n[code]);
    printed_table_set(counts->printed, counts->place[code] + 1, "%zu", n[code]);
    text_clear(&group);
  }
  if (counts->by && n[0])
    printed_table_set(counts->printed, counts->n_places + 2, "%zu", n[0]);
  if (branch)
    draw_branch(counts, branch, bitmap_count(rows), n);
  else if (!counts->state->n_branches)
    draw_groups(counts, n);
  free(n);
}

static enum status add_branches(const struct state *state, const struct column *by, struct flow_plot *plot,
                                struct report *report, struct error *error)
{
  struct branch_counts counts = {
      .state = state,
      .by = by,
      .is_factor = by && cohort_find_column(state->cohort, by->name)->kind == COLUMN_FACTOR,
      .plot = plot,
      .table = table_new("flow_branches", "branch group n"),
      .printed = printed_table_new("Branches"),
  };
  printed_table_add_column(counts.printed, "", ALIGN_LEFT);
  printed_table_add_column(counts.printed, "n", ALIGN_RIGHT);
  counts.place = memory_new(by ? by->n_levels + 1 : 1, sizeof *counts.place);
  for (size_t row = 0; by && row < state->cohort->n_rows; row++)
    if (bitmap_has(&state->members->rows, row))
      counts.place[column_code(by, row)] = 1;
  for (uint32_t code = 1; by && code <= by->n_levels; code++) {
    if (!counts.place[code])
      continue;
    counts.place[code] = ++counts.n_places;
    printed_table_add_column(counts.printed, column_level_display_name(by, code), ALIGN_RIGHT);
  }
  if (by && counts.place[0])
    printed_table_add_column(counts.printed, "missing", ALIGN_RIGHT);
  add_branch(&counts, NULL, &state->members->rows);
  enum status status = STATUS_OK;
  for (size_t i = 0; i < state->n_branches && !status; i++) {
    struct bitmap rows;
    status = state_select_branch(state, &state->branches[i], &rows, error);
    if (status)
      break;
    add_branch(&counts, &state->branches[i], &rows);
    bitmap_clear(&rows);
  }
  free(counts.place);
  report_add_table(report, counts.table);
  report_add_printed(report, counts.printed);
  return status;
}

static enum status run_flow(struct verb_context *context, const struct command *command, struct error *error)
{
  const struct state *state = context->state;
  const struct command_option *option = command_find_option(command, "by");
  const struct column *column = NULL;
  if (option && arguments_find_column(state, option->value, option->start, option->length, &column, error))
    return STATUS_ERROR;
  struct column *by = column ? column_as_factor(column) : NULL;
  enum status status = STATUS_OK;
  if (by && by->n_levels > 50) {
    error_set(error, "%s has %zu levels, too many for a flow chart", by->name, by->n_levels);
    status = error_hint(error, "cut it: derive %s_class = cut(%s, …)", by->name, by->name);
  }
  if (!status) {
    const char *of = arguments_word(command, "of"), *start = arguments_word(command, "start");
    const struct flow_words words = {.of = of ? of : "patients", .start = start ? start : state->source};
    struct flow_plot *plot = draw_steps(state, &words);
    add_steps(state, &words, context->report);
    if (by || state->n_branches)
      status = add_branches(state, by, plot, context->report, error);
    report_add_flow(context->report, plot);
  }
  column_release(by);
  return status;
}

static const struct option_syntax flow_options[] = {
    {"by", OPTION_WORD, NULL, "a variable whose levels each branch is counted by"},
    {"start", OPTION_TEXT, NULL, "what the first box is called instead of the file's name: start=\"Records identified\""},
    {"of", OPTION_TEXT, NULL, "what flows, where it is not patients: of=\"records\""},
    {.name = NULL},
};

static const char *const flow_examples[] = {"flow", "flow, by=surgery", "flow, start=\"Records screened\" of=\"records\"", NULL};

const struct verb verb_flow = {
    .syntax = {"flow", ARGUMENTS_NONE, false, flow_options},
    .usage = "flow [, by=VARIABLE start=\"NAME\" of=\"NAME\"]",
    .summary = "the flow of patients: what was loaded, excluded and kept, and the branches",
    .details = "One row a keep or drop; step 0 is what was loaded.  Then each branch (see branch) with its numbers by the\n"
               "levels of by=.  With plots (--plot, the explorer's view 6, export to .svg) as a chart: boxes, the excluded at the\n"
               "side, and at the end the branches or, without any, the levels of by=.  keep and drop with stage= name their boxes, and\n"
               "the reasons since the last stage share one at the side, as in a PRISMA chart.",
    .tables = "flow; branches or by=: flow_branches",
    .examples = flow_examples,
    .needs = NEEDS_COHORT,
    .is_analysis = true,
    .draws = true,
    .run = run_flow,
};
