/* SPDX-License-Identifier: GPL-3.0-or-later */
/* marks: published medians and survival from a table of the literature. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "data/load.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/mark.h"
#include "verbs/present_km.h"
#include "verbs/present_marks.h"
#include "verbs/printing.h"

/* The table's columns; NULL where it has none. */
struct source {
  const struct cohort *table;
  const struct column *study, *year, *with;         /* make the name */
  const struct column *endpoint, *estimate, *units; /* "3-year OS", 69, "%" */
  const struct column *time, *survival, *median;    /* instead of these three */
  const struct column *low, *high;
  bool percent;
  const char *unit; /* of times that have none of their own, or NULL */
};

/* What the rows were good for. */
struct outcome {
  struct mark_set *set;
  size_t n_taken, n_without_value, n_other, n_bad;
  char *bad;            /* what was wrong with the first bad one */
  struct text measures; /* of what the marks are: "OS, PFS" */
  size_t n_measures;
};

/* ---- columns ---- */

static enum status find_column(const struct command *command, const struct cohort *table, const char *option_name,
                               const char *otherwise, const struct column **column, struct error *error)
{
  const struct command_option *option = command_find_option(command, option_name);
  *column = cohort_find_column(table, option ? option->value : otherwise);
  if (*column || !option)
    return STATUS_OK;
  const char *near = cohort_suggest_column(table, option->value);
  error_set(error, "the table has no column %s", option->value);
  if (near)
    error_hint(error, "did you mean %s?", near);
  return error_in_command(error, option->start, option->length);
}

static enum status check_number(const struct column *column, const char *what, struct error *error)
{
  if (!column || column->kind == COLUMN_NUMBER)
    return STATUS_OK;
  error_set(error, "%s of the table holds no numbers", column->name);
  return error_hint(error, "%s=V names the column", what);
}

static enum status check_source(const struct source *source, struct error *error)
{
  if (!source->study) {
    error_set(error, "the table has no column study, which would name the marks");
    return error_hint(error, "study=V names another");
  }
  const bool direct = source->median || (source->time && source->survival);
  if (!direct && (!source->endpoint || !source->estimate)) {
    error_set(error, "the table does not say what its results are of");
    return error_hint(error, "it wants columns endpoint (\"3-year OS\", \"median OS\") and estimate, or time=V survival=V, or median=V");
  }
  return check_number(source->estimate, "estimate", error) || check_number(source->time, "time", error) ||
                 check_number(source->survival, "survival", error) || check_number(source->median, "median", error) ||
                 check_number(source->low, "low", error) || check_number(source->high, "high", error)
             ? STATUS_ERROR
             : STATUS_OK;
}

static enum status read_source(const struct command *command, const struct cohort *table, struct source *source,
                               struct error *error)
{
  *source = (struct source){
      .table = table, .percent = arguments_flag(command, "percent"), .unit = arguments_word(command, "unit")};
  const struct {
    const char *option, *otherwise;
    const struct column **column;
  } columns[] = {
      {"study", "study", &source->study},          {"year", "year", &source->year},
      {"with", "", &source->with},                 {"endpoint", "endpoint", &source->endpoint},
      {"estimate", "estimate", &source->estimate}, {"units", "unit", &source->units},
      {"time", "", &source->time},                 {"survival", "", &source->survival},
      {"median", "", &source->median},             {"low", "conf_low", &source->low},
      {"high", "conf_high", &source->high},
  };
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
    if (find_column(command, table, columns[i].option, columns[i].otherwise, columns[i].column, error))
      return STATUS_ERROR;
  return check_source(source, error);
}

/* ---- a row ---- */

static char *cell_text(const struct column *column, size_t row)
{
  struct text text = TEXT_INIT;
  if (column)
    column_append_cell(column, row, &text);
  return text_take(&text);
}

static double cell_number(const struct column *column, size_t row)
{
  return column ? column_number(column, row) : (double)NAN;
}

/* What a text such as "3-year OS", "20-month PFS", "median OS" says: the time with its unit, or the median; what it is of
 * stands at *rest.  False where it says neither, or a median of something that is no survival. */
static bool read_endpoint(const char *endpoint, bool *is_median, double *time, char unit[8], const char **rest)
{
  static const char *const units[] = {"day", "week", "month", "year"};
  const size_t digits = strspn(endpoint, "0123456789.");
  if (strncmp(endpoint, "median ", 7) == 0) {
    *is_median = true;
    *rest = endpoint + 7;
    return !strstr(*rest, "follow-up") && !strstr(*rest, "duration");
  }
  *is_median = false;
  if (!digits || !number_parse(endpoint, digits, time) || (endpoint[digits] != '-' && endpoint[digits] != ' '))
    return false;
  for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
    const size_t length = strlen(units[i]);
    if (strncmp(endpoint + digits + 1, units[i], length) != 0)
      continue;
    const char *behind = endpoint + digits + 1 + length;
    *rest = behind + (*behind == 's');
    *rest += strspn(*rest, " -");
    memcpy(unit, units[i], length + 1);
    return **rest != '\0' && !isalpha((unsigned char)(*rest)[-1]);
  }
  return false;
}

/* The mark of a row as published, with the form it is in; false where it has none: its name is then not made. */
static bool read_row(const struct source *source, size_t row, struct mark *mark, char unit[32], bool *percent, char **of)
{
  char endpoint_unit[8] = "";
  const char *rest = "";
  char *endpoint = cell_text(source->endpoint, row), *units = cell_text(source->units, row);
  bool known = true;
  *mark = (struct mark){.time = (double)NAN, .low = cell_number(source->low, row), .high = cell_number(source->high, row)};
  *percent = source->percent;
  *unit = '\0';
  if (source->median || source->time) {
    mark->is_median = source->median != NULL;
    mark->value = cell_number(mark->is_median ? source->median : source->survival, row);
    mark->time = mark->is_median ? (double)NAN : cell_number(source->time, row);
  } else {
    known = read_endpoint(endpoint, &mark->is_median, &mark->time, endpoint_unit, &rest);
    mark->value = cell_number(source->estimate, row);
    if (strcmp(units, "%") == 0)
      *percent = true;
  }
  if (*endpoint_unit)
    memcpy(unit, endpoint_unit, sizeof endpoint_unit);
  else if (mark->is_median && *units && strlen(units) < 32)
    memcpy(unit, units, strlen(units) + 1);
  *of = memory_copy_string(rest);
  free(endpoint);
  free(units);
  return known;
}

/* ---- all rows ---- */

static bool has_measure(const struct outcome *outcome, const char *of)
{
  struct text wanted = TEXT_INIT, all = TEXT_INIT;
  text_append_format(&wanted, "; %s;", of);
  text_append_format(&all, "; %s;", text_string(&outcome->measures));
  const bool has = strstr(text_string(&all), text_string(&wanted)) != NULL;
  text_clear(&wanted);
  text_clear(&all);
  return has;
}

static void note_measure(struct outcome *outcome, const char *of)
{
  if (!*of || has_measure(outcome, of))
    return;
  text_append_format(&outcome->measures, "%s%s", outcome->n_measures++ ? "; " : "", of);
}

static bool is_taken(const struct mark_set *taken, const struct mark *mark)
{
  for (size_t i = 0; taken && i < taken->n; i++) {
    const struct mark *other = &taken->marks[i];
    if (strcmp(other->name, mark->name) == 0 && other->is_median == mark->is_median &&
        (mark->is_median || fabs(other->time - mark->time) <= 1e-9 * fmax(1, mark->time)))
      return true;
  }
  return false;
}

/* A name that no other row's result of the same kind has: with what it is of, else with its row. */
static void make_distinct(const struct mark_set *taken, struct mark *mark, const char *of, size_t row)
{
  char *plain = mark->name;
  struct text name = TEXT_INIT;
  if (!is_taken(taken, mark))
    return;
  text_append_format(&name, "%s, %s", plain, of);
  mark->name = text_take(&name);
  if (!*of || is_taken(taken, mark)) {
    free(mark->name);
    text_append_format(&name, "%s, row %zu", plain, row + 1);
    mark->name = text_take(&name);
  }
  free(plain);
}

static void take_row(const struct source *source, size_t row, const struct state *state, struct outcome *outcome)
{
  struct mark mark;
  struct error error = ERROR_INIT;
  char unit[32], *of;
  bool percent;
  const bool known = read_row(source, row, &mark, unit, &percent, &of);
  const struct mark_form form = {.percent = percent, .unit = *unit ? unit : source->unit};
  mark.endpoint = state_endpoint(state)->name;
  if (!known) {
    outcome->n_other++;
  } else if (isnan(mark.value) || (!mark.is_median && isnan(mark.time))) {
    outcome->n_without_value++;
  } else if (mark_settle(&mark, &form, state, &error)) {
    outcome->n_bad++;
    if (!outcome->bad) {
      struct text bad = TEXT_INIT;
      text_append_format(&bad, "row %zu: %s%s%s", row + 1, error.what, error.hint ? "; " : "", error.hint ? error.hint : "");
      outcome->bad = text_take(&bad);
    }
  } else {
    struct text name = TEXT_INIT;
    printing_append_study(&name, source->study, source->year, source->with, row);
    mark.name = text_take(&name);
    make_distinct(outcome->set, &mark, of, row);
    struct mark_set *with = mark_set_with(outcome->set, &mark);
    mark_set_release(outcome->set);
    outcome->set = with;
    outcome->n_taken++;
    note_measure(outcome, of);
    free(mark.name);
  }
  error_clear(&error);
  free(of);
}

static void warn(const struct outcome *outcome, struct report *report)
{
  if (outcome->n_without_value)
    report_warn(report, "%zu %s left out: no figure is given", outcome->n_without_value,
                printing_plural(outcome->n_without_value, "row", "rows"));
  if (outcome->n_other)
    report_warn(report, "%zu %s left out: neither survival at a time nor a median of survival", outcome->n_other,
                printing_plural(outcome->n_other, "row", "rows"));
  if (outcome->n_bad)
    report_warn(report, "%zu %s left out; %s", outcome->n_bad, printing_plural(outcome->n_bad, "row", "rows"), outcome->bad);
  if (outcome->n_measures > 1)
    report_warn(report, "the marks are of different endpoints: %s", text_string(&outcome->measures));
}

static void list_taken(const struct outcome *outcome, const struct state *state, struct report *report)
{
  for (size_t i = 0; i < outcome->set->n; i++) {
    struct text text = TEXT_INIT;
    present_mark_append(&text, &outcome->set->marks[i], present_unit(state));
    report_add_text(report, "%s: %s", outcome->set->marks[i].name, text_string(&text));
    text_clear(&text);
  }
}

static enum status propose(struct verb_context *context, const struct outcome *outcome, struct error *error)
{
  if (!outcome->n_taken) {
    error_set(error, "no row of the table is a mark: %zu without a figure, %zu neither survival at a time nor a median, "
                     "%zu that do not fit%s%s",
              outcome->n_without_value, outcome->n_other, outcome->n_bad, outcome->bad ? " (" : "",
              outcome->bad ? outcome->bad : "");
    return error_hint(error, "the column endpoint says \"3-year OS\" or \"median OS\", estimate holds the figure");
  }
  struct state *state = state_copy(context->state);
  for (size_t i = 0; i < outcome->set->n; i++)
    state_set_marks(state, mark_set_with(state->marks, &outcome->set->marks[i]));
  list_taken(outcome, state, context->report);
  warn(outcome, context->report);
  session_propose(context->session, state);
  return STATUS_OK;
}

/* The rows of the table that the command's `if` keeps. */
static enum status take_rows(struct verb_context *context, const struct command *command, const struct cohort *table,
                             struct error *error)
{
  struct source source;
  struct bitmap rows;
  struct outcome outcome = {.measures = TEXT_INIT};
  if (read_source(command, table, &source, error))
    return STATUS_ERROR;
  bitmap_init(&rows, table->n_rows, true);
  if (command->condition) {
    bitmap_clear(&rows);
    if (expr_select(command->condition, table, NULL, &rows, NULL, error))
      return STATUS_ERROR;
  }
  for (size_t row = 0; row < table->n_rows; row++)
    if (bitmap_has(&rows, row))
      take_row(&source, row, context->state, &outcome);
  enum status status = propose(context, &outcome, error);
  bitmap_clear(&rows);
  mark_set_release(outcome.set);
  text_clear(&outcome.measures);
  free(outcome.bad);
  return status;
}

static enum status run_marks(struct verb_context *context, const struct command *command, struct error *error)
{
  struct command_word *words;
  const size_t n_words = command_words(command, &words);
  const struct load_options options = {.delimiter = 0};
  struct load_report read = LOAD_REPORT_INIT;
  struct cohort *table;
  enum status status = STATUS_ERROR;
  if (n_words != 1) {
    error_set(error, "marks takes the file of a table");
    error_hint(error, "marks \"evidence.csv\" if endpoint == \"3-year OS\"");
  } else if (!arguments_refuse_when_secure(context->session, error)) {
    char *path = session_find_file(context->session, words[0].text);
    status = cohort_load(path, &options, context->task, &table, &read, error);
    if (!status) {
      status = take_rows(context, command, table, error);
      cohort_release(table);
      if (!status && strcmp(path, words[0].text) != 0)
        arguments_keep_path(context->session, command, &words[0], path);
    }
    load_report_clear(&read);
    free(path);
  }
  command_words_free(words, n_words);
  return status;
}

static const struct option_syntax marks_options[] = {
    {"study", OPTION_WORD, NULL, "the column that names the studies (study)"},
    {"year", OPTION_WORD, NULL, "the column of the year, behind the name (year)"},
    {"with", OPTION_WORD, NULL, "a column whose text tells several results of a study apart"},
    {"endpoint", OPTION_WORD, NULL, "what the estimate is of (endpoint): \"3-year OS\", \"median OS\""},
    {"estimate", OPTION_WORD, NULL, "the figure (estimate)"},
    {"units", OPTION_WORD, NULL, "the column of its unit (unit): %, months, years"},
    {"time", OPTION_WORD, NULL, "instead of endpoint: the column of times …"},
    {"survival", OPTION_WORD, NULL, "… and that of the survival then"},
    {"median", OPTION_WORD, NULL, "instead of endpoint: the column of medians"},
    {"low", OPTION_WORD, NULL, "the lower limit (conf_low)"},
    {"high", OPTION_WORD, NULL, "the upper limit (conf_high)"},
    {"percent", OPTION_FLAG, NULL, "survival and its limits are in per cent"},
    {"unit", OPTION_WORD, "days|weeks|months|years", "unit of times, where the table does not say it"},
    {.name = NULL},
};

static const char *const marks_examples[] = {
    "marks \"kaplan:xue2025/evidence.csv\" if endpoint in (\"3-year OS\", \"5-year OS\")", NULL};

const struct verb verb_marks = {
    .syntax = {"marks", ARGUMENTS_WORDS, true, marks_options},
    .usage = "marks \"FILE\" [if EXPR] [, study=V year=V with=V endpoint=V estimate=V units=V | time=V survival=V | median=V …]",
    .summary = "marks (see mark) from a table of published results",
    .details = "Each row that the condition keeps becomes a mark: it stands on the columns of the table, not on the cohort's.\n"
               "endpoint is read as \"3-year OS\", \"20-month PFS\" or \"median OS\"; other rows, and rows without a figure, are\n"
               "left out and counted.  The unit % says per cent, months or years that a median is converted.",
    .examples = marks_examples,
    .needs = NEEDS_ENDPOINT,
    .changes_state = true,
    .run = run_marks,
};
