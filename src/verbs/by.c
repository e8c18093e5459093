/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/by.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "lang/token.h"
#include "session/kept_model.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"

enum { MAX_LEVELS = 200 };

bool by_is_prefix(const char *line, size_t *command_start)
{
  const size_t start = strspn(line, " \t");
  if (strncmp(line + start, "by", 2) != 0 || !strchr(" \t`\"", line[start + 2]) || !line[start + 2])
    return false;
  char quote = 0;
  for (size_t i = start; line[i]; i++) {
    if (quote)
      quote = line[i] == quote ? 0 : quote;
    else if (line[i] == '`' || line[i] == '"')
      quote = line[i];
    else if (line[i] == '#')
      return false;
    else if (line[i] == ':') {
      *command_start = i + 1;
      return true;
    }
  }
  return false;
}

/* ---- the levels ---- */

struct levels {
  struct column **factors;
  size_t n_factors;
  char **names, **labels; /* "sex=F", "F" */
  uint32_t *level_of_row; /* of each row of the cohort, from 1; 0: missing, or not on view */
  size_t n;
};

static void levels_clear(struct levels *levels)
{
  for (size_t i = 0; i < levels->n_factors; i++)
    column_release(levels->factors[i]);
  for (size_t i = 0; i < levels->n; i++) {
    free(levels->names[i]);
    free(levels->labels[i]);
  }
  free(levels->factors);
  free(levels->names);
  free(levels->labels);
  free(levels->level_of_row);
}

static enum status read_factors(const char *line, size_t command_start, const struct state *state, struct levels *levels,
                                struct error *error)
{
  struct token_list tokens;
  char *prefix = memory_copy_bytes(line, command_start - 1);
  enum status status = token_list_read(&tokens, prefix, error);
  for (size_t i = 1; !status && i + 1 < tokens.count; i++) {
    const struct token *token = &tokens.tokens[i];
    const struct column *column;
    status = arguments_find_column(state, token->text ? token->text : "", token->start, token->length, &column, error);
    if (!status) {
      levels->factors = memory_resize(levels->factors, levels->n_factors + 1, sizeof *levels->factors);
      levels->factors[levels->n_factors++] = column_as_factor(column);
    }
  }
  token_list_clear(&tokens);
  free(prefix);
  if (status || levels->n_factors)
    return status;
  error_set(error, "by names no variable");
  return error_hint(error, "by sex: km surgery");
}

/* Appends "sex=F" and "F" for the level `code` of a factor to those of the combination. */
static void append_level(const struct column *factor, uint32_t code, struct text *name, struct text *label)
{
  text_append_format(name, "%s%s=%s", name->length ? ", " : "", factor->name, factor->levels[code - 1].name);
  text_append_format(label, "%s%s = %s", label->length ? ", " : "", column_display_name(factor),
                     column_level_display_name(factor, code));
}

/* Numbers the combinations that have rows, the first variable varying slowest. */
static enum status number_levels(const struct state *state, struct levels *levels, struct error *error)
{
  size_t n_cells = 1;
  for (size_t i = 0; i < levels->n_factors; i++)
    n_cells *= levels->factors[i]->n_levels < 100000 / n_cells ? levels->factors[i]->n_levels : 100000 / n_cells + 1;
  if (n_cells > 100000) {
    error_set(error, "by would give too many parts");
    return error_hint(error, "cut the variable into classes first");
  }
  uint32_t *number = memory_new(n_cells + 1, sizeof *number);
  levels->level_of_row = memory_new(state->cohort->n_rows, sizeof *levels->level_of_row);
  for (size_t row = 0; row < state->cohort->n_rows; row++) {
    uint32_t cell = 0;
    bool known = bitmap_has(&state->on_view->rows, row);
    for (size_t i = 0; i < levels->n_factors && known; i++) {
      const uint32_t code = column_code(levels->factors[i], row);
      known = code != 0;
      cell = cell * (uint32_t)levels->factors[i]->n_levels + code - known;
    }
    levels->level_of_row[row] = known ? cell + 1 : 0;
    number[levels->level_of_row[row]] = 1;
  }
  for (uint32_t cell = 0; cell < n_cells; cell++) {
    struct text name = TEXT_INIT, label = TEXT_INIT;
    uint32_t below = (uint32_t)n_cells;
    if (!number[cell + 1])
      continue;
    for (size_t i = 0; i < levels->n_factors; i++) {
      below /= (uint32_t)levels->factors[i]->n_levels;
      append_level(levels->factors[i], cell / below % (uint32_t)levels->factors[i]->n_levels + 1, &name, &label);
    }
    levels->names = memory_resize(levels->names, levels->n + 1, sizeof *levels->names);
    levels->labels = memory_resize(levels->labels, levels->n + 1, sizeof *levels->labels);
    levels->names[levels->n] = text_take(&name);
    levels->labels[levels->n] = text_take(&label);
    number[cell + 1] = (uint32_t)++levels->n;
  }
  number[0] = 0;
  for (size_t row = 0; row < state->cohort->n_rows; row++)
    levels->level_of_row[row] = number[levels->level_of_row[row]];
  free(number);
  if (levels->n <= MAX_LEVELS)
    return STATUS_OK;
  error_set(error, "by would give %zu parts", levels->n);
  return error_hint(error, "at most %d; cut the variable into classes first", (int)MAX_LEVELS);
}

/* ---- joining the reports ---- */

static void add_cell(struct table *table, const struct cell *cell)
{
  switch (cell->kind) {
  case CELL_NA:
    table_add_missing(table);
    break;
  case CELL_NUMBER:
    table_add_number(table, cell->as.number);
    break;
  case CELL_TEXT:
    table_add_text(table, cell->as.text);
    break;
  case CELL_TRUTH:
    table_add_truth(table, cell->as.truth);
    break;
  }
}

/* Adds the rows of a part's table to that of the whole, the level in the first column. */
static void join_table(struct report *whole, const struct table *part, const char *name)
{
  struct table *table = (struct table *)report_find_table(whole, part->id);
  if (!table) {
    struct text columns = TEXT_INIT;
    text_append(&columns, "by");
    for (size_t i = 0; i < part->n_columns; i++)
      text_append_format(&columns, " %s", part->columns[i]);
    table = table_new(part->id, text_string(&columns));
    report_add_table(whole, table);
    text_clear(&columns);
  }
  for (size_t row = 0; row < table_n_rows(part); row++) {
    table_add_text(table, name);
    for (size_t column = 0; column < part->n_columns; column++)
      add_cell(table, table_cell(part, row, column));
  }
}

static void prefix_title(char **title, const char *label)
{
  struct text text = TEXT_INIT;
  text_append_format(&text, "%s%s%s", label, *title ? ": " : "", *title ? *title : "");
  free(*title);
  *title = text_take(&text);
}

/* Where the title of a table or figure is; NULL of a text. */
static char **item_title(struct report_item *item)
{
  switch (item->kind) {
  case ITEM_PRINTED:
    return &item->as.printed->title;
  case ITEM_PLOT:
    return &item->as.plot->title;
  case ITEM_FOREST:
    return &item->as.forest->title;
  case ITEM_FLOW:
    return &item->as.flow->title;
  case ITEM_CALIBRATION:
    return &item->as.calibration->title;
  case ITEM_NOMOGRAM:
    return &item->as.nomogram->title;
  case ITEM_TEXT:
  case ITEM_HEADING:
  case ITEM_NOTE:
    break;
  }
  return NULL;
}

static void join_report(struct report *whole, struct report *part, const char *name, const char *label)
{
  for (size_t i = 0; i < part->n_tables; i++)
    join_table(whole, part->tables[i], name);
  for (size_t i = 0; i < part->n_items; i++) {
    struct report_item *item = &part->items[i];
    char **title = item_title(item);
    if (title) {
      prefix_title(title, label);
      report_add_item(whole, *item);
    } else {
      report_add_text(whole, "%s: %s", label, item->as.text);
      free(item->as.text);
    }
  }
  part->n_items = 0; /* they have changed hands */
  for (size_t i = 0; i < part->n_warnings; i++)
    report_warn(whole, "%s: %s", label, part->warnings[i]);
  report_set_cohort(whole, whole->n + part->n, whole->used + part->used);
}

/* ---- running ---- */

/* The state with only those of one level on view. */
static struct state *state_of_level(const struct state *state, const struct levels *levels, uint32_t level)
{
  struct state *part = state_copy(state);
  kept_model_release(part->kept); /* a level's model is not the current one */
  part->kept = NULL;
  struct bitmap rows;
  bitmap_init(&rows, state->cohort->n_rows, false);
  for (size_t row = 0; row < rows.n; row++)
    if (levels->level_of_row[row] == level)
      bitmap_add(&rows, row);
  row_set_release(part->on_view);
  part->on_view = row_set_new(&rows);
  return part;
}

static enum status run_level(struct verb_context *context, const struct levels *levels, size_t level,
                             const struct verb *verb, const struct command *command, struct error *error)
{
  struct report part = {.for_people = context->report->for_people, .without_plots = context->report->without_plots};
  struct state *state = state_of_level(context->state, levels, (uint32_t)level + 1);
  struct verb_context inner = *context;
  inner.state = state;
  inner.report = &part;
  enum status status = verb->run(&inner, command, error);
  session_discard(context->session);
  if (!status)
    join_report(context->report, &part, levels->names[level], levels->labels[level]);
  report_clear(&part);
  state_release(state);
  return status;
}

enum status by_run(struct verb_context *context, const char *line, size_t command_start, const struct verb *verb,
                   const struct command *command, struct error *error)
{
  struct levels levels = {.factors = NULL};
  if (!verb->is_analysis) {
    error_set(error, "by repeats an analysis, and %s is none", verb->syntax.name);
    return error_hint(error, "by sex: km surgery");
  }
  if (verb == verb_find("flow", 4)) { /* it counts those who were excluded, too, whom no filter sees */
    error_set(error, "flow is of the whole cohort, and by would repeat it");
    return error_hint(error, "use flow, by=VARIABLE");
  }
  enum status status = read_factors(line, command_start, context->state, &levels, error);
  if (!status)
    status = number_levels(context->state, &levels, error);
  for (size_t i = 0; i < levels.n && !status; i++)
    status = run_level(context, &levels, i, verb, command, error);
  if (!status && !levels.n)
    report_warn(context->report, "no patient on view has a value of the variables of by");
  levels_clear(&levels);
  return status;
}

/* A line that begins with by and has no colon comes here. */
static enum status run_by(struct verb_context *context, const struct command *command, struct error *error)
{
  (void)context;
  (void)command;
  error_set(error, "by wants a colon and a command behind it");
  return error_hint(error, "by sex: km surgery");
}

static const char *const by_examples[] = {"by sex: km surgery, at=12,36", "by sex: cox age + surgery", NULL};

const struct verb verb_by = {
    .syntax = {"by", ARGUMENTS_WORDS, false, NULL},
    .usage = "by VARIABLE …: COMMAND",
    .summary = "an analysis in each level of a variable",
    .details = "Runs the analysis on those on view in each level (combination of levels, the first varying slowest): panels of\n"
               "curves, the same model in each subgroup.  Tables get a first column `by`.  Nothing of the session changes.",
    .examples = by_examples,
    .needs = NEEDS_COHORT,
    .run = run_by,
};
