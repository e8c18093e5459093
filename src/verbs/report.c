/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report: what a session or a script found, as one document, in a file whose ending says the format. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/file.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/replay.h"

enum { COLUMNS = 100 }; /* of text */

static bool find_format(const char *name, enum render_format *format)
{
  static const struct {
    const char *ending;
    enum render_format format;
  } endings[] = {{".html", FORMAT_HTML}, {".htm", FORMAT_HTML},         {".md", FORMAT_MARKDOWN},
                 {".tex", FORMAT_LATEX}, {".markdown", FORMAT_MARKDOWN}, {".txt", FORMAT_TEXT}};
  const char *dot = strrchr(name, '.');
  for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++) {
    if (strcasecmp(dot, endings[i].ending) != 0)
      continue;
    *format = endings[i].format;
    return true;
  }
  return false;
}

/* "xu2025.csv" of "/data/xu2025.csv". */
static const char *file_of(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* What is to be written: title, origin and the parts. */
static enum status fill(struct verb_context *context, const struct command *command, const struct replay *replay,
                        struct error *error)
{
  struct document *document = replay->document;
  const char *script = arguments_word(command, "of"), *title = arguments_word(command, "title");
  const enum status status = script ? replay_script(script, replay, error) : replay_log(context->session, replay, error);
  const char *source = session_state(replay->session)->source;
  const char *origin = script ? script : source;
  if (title)
    state_set_string(&document->title, title);
  else if (!document->title && origin)
    document->title = memory_copy_string(file_of(origin));
  if (origin)
    document->origin = memory_copy_string(file_of(origin));
  if (status || document->n_parts)
    return status;
  error_set(error, "there is nothing to report: %s", script ? "the script has no command" : "no command was given yet");
  return error_hint(error, "report \"paper.html\", of=\"study.kap\" reports what a script finds");
}

/* A document may take the place of an older one, never of the script it is of. */
static enum status may_write(const struct session *session, const struct command *command, const char *name,
                             struct error *error)
{
  enum render_format format;
  if (session_may_write(session, name, error))
    return STATUS_ERROR;
  if (!find_format(name, &format)) {
    error_set(error, "the ending of %s names no format of a document", name);
    return error_hint(error, "endings: .html .md .tex .txt");
  }
  const char *script = arguments_word(command, "of");
  char *found = script ? session_find_file(session, script) : NULL;
  const bool is_script = found && file_is_same(found, name);
  free(found);
  if (is_script)
    return error_set(error, "%s is the script itself", name);
  return file_may_be_new(name, arguments_flag(command, "replace"), error);
}

/* The file that the command names, the caller's to free; NULL after the error was set. */
static char *the_file(const struct command *command, struct error *error)
{
  struct command_word *words;
  const size_t n_words = command_words(command, &words);
  char *name = n_words == 1 ? memory_copy_string(words[0].text) : NULL;
  command_words_free(words, n_words);
  if (name)
    return name;
  error_set(error, "report takes the name of one file");
  error_hint(error, "report \"paper.html\"");
  return NULL;
}

static enum status check_report(const struct session *session, const struct command *command, struct error *error)
{
  char *name = the_file(command, error);
  const enum status status = name ? may_write(session, command, name, error) : STATUS_ERROR;
  free(name);
  return status;
}

static enum status write_report(struct verb_context *context, const struct command *command, const char *name,
                                struct error *error)
{
  enum render_format format = FORMAT_TEXT;
  struct document document = DOCUMENT_INIT;
  const struct settings *settings = &context->state->settings;
  const struct render_options options = {.charset = settings->charset, .columns = COLUMNS, .plots = true};
  struct text out = TEXT_INIT;
  struct replay replay = {.session = session_new(), .document = &document, .task = context->task};
  find_format(name, &format);
  session_set_directory(replay.session, session_directory(context->session));
  enum status status = fill(context, command, &replay, error);
  if (!status) /* over what the commands loaded just now */
    status = session_may_write(replay.session, name, error);
  if (!status) {
    document_render(&out, &document, format, &options);
    status = file_write(name, text_string(&out), out.length, arguments_flag(command, "replace"), error);
  }
  if (!status)
    report_add_text(context->report, "%s: %zu commands, %zu bytes", name, document.n_parts, out.length);
  text_clear(&out);
  document_clear(&document);
  session_free(replay.session);
  return status;
}

static enum status run_report(struct verb_context *context, const struct command *command, struct error *error)
{
  if (check_report(context->session, command, error))
    return STATUS_ERROR;
  char *name = the_file(command, error);
  const enum status status = write_report(context, command, name, error);
  free(name);
  return status;
}

static const struct option_syntax report_options[] = {
    {"of", OPTION_TEXT, NULL, "the script whose results are written, in place of this session's"},
    {"title", OPTION_TEXT, NULL, "the document's title; without it the first heading of level 0, else the name of script or data"},
    {"replace", OPTION_FLAG, NULL, "write over a file of that name"},
    {.name = NULL},
};

static const char *const report_examples[] = {"report \"session.html\", replace",
                                              "report \"paper.tex\", of=\"xu2025.kap\" title=\"Supplement\" replace", NULL};

const struct verb verb_report = {
    .syntax = {"report", ARGUMENTS_WORDS, false, report_options},
    .usage = "report \"FILE\" [, of=\"SCRIPT.kap\" title=\"TEXT\" replace]",
    .summary = "all results of the session or of a script as one document, by its ending",
    .details =
        ".html: one file with figures and contents, for any browser and without the net; .tex: compiles with pdflatex,\n"
        "xelatex or lualatex (booktabs, longtable, caption, lscape, tikz); .md, .txt: figures in characters.\n"
        "heading and note give it sections and prose.  Each result has its command in small print above it and its\n"
        "warnings as footnotes.\n"
        "The commands of the session, or of the script of of=, are run anew for it, on the files as they are now; the\n"
        "session stays as it is.  Left out: what failed, a step that was undone before anything was computed with it,\n"
        "and commands that write files (report itself, export, save) or show help.  Where a command fails nothing is\n"
        "written; kaplan --format html -b SCRIPT writes what there is up to the failure, with the error at its end.\n"
        "The file is new unless replace is given, never one that was loaded, readable by you alone (0600), and there\n"
        "whole or not at all.",
    .examples = report_examples,
    .not_replayed = true,
    .is_long = true,
    .run = run_report,
    .check = check_report,
};
