/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export: a figure or table of what is on view, into a file whose ending says the format. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/render.h"
#include "session/file.h"
#include "verbs/arguments.h"
#include "verbs/by.h"
#include "verbs/entries.h"
#include "verbs/execute.h"

static const struct {
  const char *ending;
  enum render_format format;
} endings[] = {
    {".svg", FORMAT_SVG},  {".csv", FORMAT_CSV},       {".tsv", FORMAT_TSV},        {".json", FORMAT_JSON},
    {".md", FORMAT_MARKDOWN}, {".markdown", FORMAT_MARKDOWN}, {".tex", FORMAT_LATEX}, {".txt", FORMAT_TEXT},
};

static bool find_format(const char *name, enum render_format *format)
{
  const char *dot = strrchr(name, '.');
  for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++) {
    if (strcasecmp(dot, endings[i].ending) != 0)
      continue;
    *format = endings[i].format;
    return true;
  }
  return false;
}

/* The verb of a command line, that behind the colon where it begins with by; NULL where there is none. */
static const struct verb *verb_of_line(const char *line)
{
  size_t start;
  if (by_is_prefix(line, &start))
    line += start;
  line += strspn(line, " \t");
  return verb_find(line, strcspn(line, " \t,"));
}

/* The command whose results are written: that of of=; the last analysis, run anew so that it is of the patients now on view;
 * the curves where there was none.  The caller frees it; NULL where of= is no analysis, or a figure is wanted and the last
 * analysis draws none: never another's. */
static char *command_to_run(const struct verb_context *context, const struct command *command, enum render_format format,
                            struct error *error)
{
  const struct command_option *of = command_find_option(command, "of");
  const char *last = session_last_analysis(context->session);
  const struct verb *verb = of ? verb_of_line(of->value) : last ? verb_of_line(last) : NULL;
  if (of && (!verb || !verb->is_analysis)) {
    error_set(error, "of= takes an analysis: a command that gives tables");
    error_hint(error, "export \"forest.svg\", of=\"forest surgery, over=sex\"");
    error_in_command(error, of->start, of->length);
    return NULL;
  }
  if (of)
    return memory_copy_string(of->value);
  if (last && format == FORMAT_SVG && !(verb && verb->draws)) {
    error_set(error, "the last analysis was %s, which draws no figure", last);
    error_hint(error, "km, forest, pool, flow and nomogram draw one; of= names it: export \"km.svg\", of=\"km\"");
    return NULL;
  }
  if (last)
    return memory_copy_string(last);
  struct text line = TEXT_INIT;
  text_append(&line, "km");
  for (size_t i = 0; i < context->state->n_groups; i++) {
    text_append_char(&line, ' ');
    token_append_name(&line, context->state->groups[i]);
  }
  return text_take(&line);
}

/* Runs the line beside the session's log: an export is no step of its own. */
static enum status compute(struct verb_context *context, const char *line, struct report *report, struct error *error)
{
  struct session *beside = session_new();
  session_propose(beside, state_copy(context->state));
  session_commit(beside, "export");
  enum status status = command_execute(beside, line, context->task, report, error);
  error->has_range = false; /* a place in that line, not in what was typed */
  session_free(beside);
  return status;
}

static enum status render(const struct verb_context *context, const struct report *report, enum render_format format,
                          const char *table, struct text *out, struct error *error)
{
  const struct settings *settings = &context->state->settings;
  struct render_options options = {.charset = settings->charset,
                                   .columns = 100,
                                   .plots = true,
                                   .drawing = settings_drawing(settings),
                                   .table = table};
  if (table && !report_find_table(report, table)) {
    struct text names = TEXT_INIT;
    for (size_t i = 0; i < report->n_tables; i++)
      text_append_format(&names, "%s%s", i ? ", " : "", report->tables[i]->id);
    error_set(error, "%s gave no table %s", report->command, table);
    error_hint(error, "it gave %s", names.length ? text_string(&names) : "none");
    text_clear(&names);
    return STATUS_ERROR;
  }
  if (format != FORMAT_SVG) {
    render_report(out, report, format, &options);
    return STATUS_OK;
  }
  if (render_svg_report(out, report, &options.drawing))
    return STATUS_OK;
  error_set(error, "%s draws no figure", report->command);
  return error_hint(error, "km, forest, pool, flow and nomogram draw one");
}

static enum status export_to(struct verb_context *context, const struct command *command, const char *name,
                             struct error *error)
{
  enum render_format format;
  if (!find_format(name, &format)) {
    error_set(error, "the ending of %s names no format", name);
    return error_hint(error, "endings: .svg for the figure; .csv .tsv .json .md .tex .txt for the last table");
  }
  struct report report = REPORT_INIT;
  struct text out = TEXT_INIT;
  char *line = command_to_run(context, command, format, error);
  if (!line)
    return STATUS_ERROR;
  enum status status = compute(context, line, &report, error);
  const char *table = arguments_word(command, "table");
  if (!table && (format == FORMAT_CSV || format == FORMAT_TSV) && report.n_tables)
    table = report.tables[0]->id; /* a file of columns holds one table */
  if (!status)
    status = render(context, &report, format, table, &out, error);
  if (!status)
    status = file_write(name, text_string(&out), out.length, arguments_flag(command, "replace"), error);
  if (!status)
    report_add_text(context->report, "%s: %s%s%s, %zu bytes", name, line, table ? ", table " : "", table ? table : "",
                    out.length);
  free(line);
  text_clear(&out);
  report_clear(&report);
  return status;
}

static enum status run_export(struct verb_context *context, const struct command *command, struct error *error)
{
  if (session_is_secure(context->session)) {
    error_set(error, "no file is written in secure mode");
    return STATUS_ERROR;
  }
  struct command_word *words;
  size_t n_words = command_words(command, &words);
  enum status status;
  if (n_words != 1) {
    error_set(error, "export takes the name of one file");
    status = error_hint(error, "export \"km.svg\"");
  } else {
    status = export_to(context, command, words[0].text, error);
  }
  command_words_free(words, n_words);
  return status;
}

static const struct option_syntax export_options[] = {
    {"table", OPTION_WORD, NULL, "only the table with that id: table=cox_terms"},
    {"of", OPTION_TEXT, NULL, "the analysis that is written, in place of the last: of=\"flow, by=arm\""},
    {"replace", OPTION_FLAG, NULL, "write over a file of that name"},
    {.name = NULL},
};

static const char *const export_examples[] = {"export \"km.svg\", of=\"km surgery\" replace",
                                              "export \"flow.svg\", of=\"flow, by=surgery\" replace",
                                              "export \"cox.csv\", table=cox_terms replace", NULL};

const struct verb verb_export = {
    .syntax = {"export", ARGUMENTS_WORDS, false, export_options},
    .usage = "export \"FILE\" [, table=ID of=\"COMMAND\" replace]",
    .summary = "write a figure or the last table to a file, by its ending",
    .details = ".svg: the figure of the last analysis if that draws one (km, forest, pool, flow,\n"
               "nomogram; one that draws none is refused), the curves where there was no analysis yet.  .csv .tsv .json .md .tex\n"
               ".txt: what the last analysis gave.  Both computed anew on the patients now on view; of= names another analysis.\n"
               ".csv and .tsv hold one table, the first unless table= names another.  The file is new unless\n"
               "replace is given, readable by you alone (0600), and there whole or not at all.",
    .examples = export_examples,
    .needs = NEEDS_COHORT,
    .not_replayed = true,
    .run = run_export,
};
