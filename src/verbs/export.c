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
#include "verbs/export_r.h"

static const struct {
  const char *ending;
  enum render_format format;
} endings[] = {
    {".svg", FORMAT_SVG},  {".csv", FORMAT_CSV},       {".tsv", FORMAT_TSV},        {".json", FORMAT_JSON},
    {".md", FORMAT_MARKDOWN}, {".markdown", FORMAT_MARKDOWN}, {".tex", FORMAT_LATEX}, {".txt", FORMAT_TEXT},
    {".html", FORMAT_HTML},
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

/* Analyses with a figure of their own that is not drawn yet: the curves of survival would pass for it. */
static bool wants_another_figure(const struct verb *verb)
{
  static const char *const names[] = {"gray", "finegray", "lifetable", "rmst", "zph", "residuals",
                                      "cutpoint", NULL};
  for (size_t i = 0; verb && names[i]; i++)
    if (strcmp(verb->syntax.name, names[i]) == 0)
      return true;
  return false;
}

/* The command whose results are written: that of of=; the last analysis, run anew so that it is of the patients now on view;
 * for a figure where that draws none, and where there was none, the curves.  The caller frees it; NULL where of= is no
 * analysis, or the curves would pass for another figure. */
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
  if (last && format == FORMAT_SVG && wants_another_figure(verb)) {
    error_set(error, "the last analysis was %s, which draws no figure", last);
    error_hint(error, "km, cif, forest, pool, flow and nomogram draw one; of= names it: export \"km.svg\", of=\"km\"");
    return NULL;
  }
  if (last && (format != FORMAT_SVG || (verb && verb->draws)))
    return memory_copy_string(last);
  struct text line = TEXT_INIT;
  text_append(&line, "km");
  for (size_t i = 0; i < context->state->n_groups; i++) {
    text_append_char(&line, ' ');
    token_append_name(&line, context->state->groups[i]);
  }
  if (context->state->panels) {
    text_append(&line, ", panels=");
    token_append_name(&line, context->state->panels);
  }
  return text_take(&line);
}

/* Runs the line beside the session's log: an export is no step of its own.  *after receives the state it leaves, the caller's
 * to release. */
static enum status compute(struct verb_context *context, const char *line, struct report *report, struct state **after,
                           struct error *error)
{
  struct session *beside = session_new();
  session_propose(beside, state_copy(context->state));
  session_commit(beside, "export");
  enum status status = command_execute(beside, line, context->task, report, error);
  error->has_range = false; /* a place in that line, not in what was typed */
  *after = state_retain(session_state(beside));
  session_free(beside);
  return status;
}

static enum status no_such_table(const struct report *report, const char *table, struct error *error)
{
  struct text names = TEXT_INIT;
  for (size_t i = 0; i < report->n_tables; i++)
    text_append_format(&names, "%s%s", i ? ", " : "", report->tables[i]->id);
  error_set(error, "%s gave no table %s", report->command, table);
  error_hint(error, "it gave %s", names.length ? text_string(&names) : "none");
  text_clear(&names);
  return STATUS_ERROR;
}

/* What is written: an analysis, in a format, into a file. */
struct request {
  const char *name;
  char *table; /* or NULL: all, as the format has them */
  enum render_format format;
  bool is_r;
  char *line; /* the analysis */
};

static enum status render(const struct verb_context *context, const struct report *report, const struct request *request,
                          struct text *out, struct error *error)
{
  const struct settings *settings = &context->state->settings;
  struct render_options options = {.charset = settings->charset,
                                   .columns = 100,
                                   .plots = true,
                                   .drawing = settings_drawing(settings),
                                   .table = request->table};
  if (options.table && !report_find_table(report, options.table))
    return no_such_table(report, options.table, error);
  if (request->format != FORMAT_SVG) {
    render_report(out, report, request->format, &options);
    return STATUS_OK;
  }
  if (render_svg_report(out, report, &options.drawing))
    return STATUS_OK;
  error_set(error, "%s draws no figure", report->command);
  return error_hint(error, "km, cif, forest, pool, flow and nomogram draw one");
}

static enum status make_text(struct verb_context *context, const struct command *command, struct request *request,
                             struct text *out, struct error *error)
{
  const char *of = arguments_word(command, "of");
  const char *screen = session_screen(context->session);
  if (!of && !request->table && request->format == FORMAT_TEXT && !request->is_r && screen) {
    text_append(out, screen);
    request->line = memory_copy_string("the screen");
    return STATUS_OK;
  }
  struct report report = REPORT_INIT;
  struct state *after;
  request->line = command_to_run(context, command, request->format, error);
  if (!request->line)
    return STATUS_ERROR;
  enum status status = compute(context, request->line, &report, &after, error);
  const bool columns = !request->is_r && (request->format == FORMAT_CSV || request->format == FORMAT_TSV);
  if (!status && columns && !request->table && report.n_tables)
    request->table = memory_copy_string(report.tables[0]->id); /* a file of columns holds one table */
  if (!status && request->is_r)
    status = export_r_script(context->session, after, request->line, out, error);
  else if (!status)
    status = render(context, &report, request, out, error);
  state_release(after);
  report_clear(&report);
  return status;
}

static enum status export_to(struct verb_context *context, const struct command *command, const char *name,
                             struct error *error)
{
  const char *table = arguments_word(command, "table");
  struct request request = {.name = name, .format = FORMAT_TEXT};
  const char *dot = strrchr(name, '.');
  request.is_r = dot && strcasecmp(dot, ".R") == 0;
  if (!request.is_r && !find_format(name, &request.format)) {
    error_set(error, "the ending of %s names no format", name);
    return error_hint(error, "endings: .svg for the figure; .csv .tsv .json .md .tex .txt for the last table; .html for both; .R for a script");
  }
  request.table = table ? memory_copy_string(table) : NULL;
  struct text out = TEXT_INIT;
  enum status status = session_may_write(context->session, name, error);
  if (!status)
    status = make_text(context, command, &request, &out, error);
  if (!status)
    status = file_write(name, text_string(&out), out.length, arguments_flag(command, "replace"), error);
  if (!status)
    report_add_text(context->report, "%s: %s%s%s, %zu bytes", name, request.line, request.table ? ", table " : "",
                    request.table ? request.table : "", out.length);
  free(request.line);
  free(request.table);
  text_clear(&out);
  return status;
}

static enum status run_export(struct verb_context *context, const struct command *command, struct error *error)
{
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

static const char *const export_examples[] = {"export \"km.svg\", replace", "export \"cox.csv\", table=cox_terms replace",
                                              "export \"flow.svg\", of=\"flow, by=surgery\" replace",
                                              "export \"km.R\", of=\"km surgery, at=12,36\" replace", NULL};

const struct verb verb_export = {
    .syntax = {"export", ARGUMENTS_WORDS, false, export_options},
    .usage = "export \"FILE\" [, of=\"COMMAND\" table=ID replace]",
    .summary = "write the figure, the tables or a script in R to a file, by its ending",
    .details = "The last analysis, or that of of=, is computed anew on the patients now on view.  .svg: its figure (km, forest, pool,\n"
               "flow, nomogram, calibrate; of cif the incidences), else the curves of survival; after gray, finegray, lifetable, rmst,\n"
               "zph, residuals and cutpoint, for whose own figure the curves would pass, it is refused.  Of thousands of times\n"
               "those that no eye tells apart are passed over, and ticks of censorings stand four pixels apart.  .csv .tsv .json\n"
               ".md .tex .txt: its tables; .csv and .tsv hold one table, the first unless\n"
               "table= names another.  .html: tables and figure on a page.  In .csv a text that a spreadsheet would take for a formula\n"
               "has an apostrophe before it.\n"
               "In the explorer .txt without of= is the screen as it stands.\n"
               ".R: a script that reads the same file, does the same to the cohort and computes the analysis with the package\n"
               "survival (cmprsk where risks compete), printing the tables of --format tsv.  It does km, logrank, cox, zph, rmst,\n"
               "screen, table2 (as screen), forest, table1, lifetable, nomogram, predict, validate, calibrate, cif, gray and\n"
               "finegray; what it cannot reproduce it says in a comment.\n"
               "The file is new unless replace is given, never the one that was loaded, readable by you alone (0600), and there\n"
               "whole or not at all.",
    .examples = export_examples,
    .needs = NEEDS_COHORT,
    .not_replayed = true,
    .is_long = true,
    .run = run_export,
};
