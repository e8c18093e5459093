/* SPDX-License-Identifier: GPL-3.0-or-later */
/* undo, redo, history, save, quit: the session itself. */
#include "session/session.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/file.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/execute.h"

/* ---- undo, redo ---- */

/* How many steps: the argument, 1 without. */
static enum status read_steps(const struct command *command, size_t *steps, struct error *error)
{
  const struct token *token = &command->tokens.tokens[command->begin];
  *steps = 1;
  if (command->begin == command->end)
    return STATUS_OK;
  if (command->end - command->begin == 1 && token->kind == TOKEN_NUMBER && token->number >= 1 && token->number <= 1e6 &&
      token->number == (double)(size_t)token->number) {
    *steps = (size_t)token->number;
    return STATUS_OK;
  }
  error_set(error, "%s takes a number of steps, or nothing", command->syntax->name);
  return error_in_command(error, token->start, token->length);
}

static enum status step_through(struct verb_context *context, const struct command *command, bool back,
                                struct error *error)
{
  size_t steps, done = 0;
  const char *line;
  if (read_steps(command, &steps, error))
    return STATUS_ERROR;
  while (done < steps &&
         (back ? session_undo(context->session, &line) : session_redo(context->session, &line))) {
    report_add_text(context->report, "%s: %s", back ? "undone" : "redone", line);
    done++;
  }
  if (done)
    return STATUS_OK;
  error_set(error, "nothing to %s", back ? "undo" : "redo");
  return error_hint(error, back ? "this is the beginning of the session" : "redo takes back an undo");
}

static enum status run_undo(struct verb_context *context, const struct command *command, struct error *error)
{
  return step_through(context, command, true, error);
}

static enum status run_redo(struct verb_context *context, const struct command *command, struct error *error)
{
  return step_through(context, command, false, error);
}

static const char *const undo_examples[] = {"undo", NULL};
static const char *const redo_examples[] = {"redo", NULL};

const struct verb verb_undo = {
    .syntax = {"undo", ARGUMENTS_WORDS, false, NULL},
    .usage = "undo [STEPS]",
    .summary = "take back the last command that changed something",
    .examples = undo_examples,
    .run = run_undo,
};

const struct verb verb_redo = {
    .syntax = {"redo", ARGUMENTS_WORDS, false, NULL},
    .usage = "redo [STEPS]",
    .summary = "do again what was undone",
    .examples = redo_examples,
    .run = run_redo,
};

/* ---- history ---- */

static enum status run_history(struct verb_context *context, const struct command *command, struct error *error)
{
  (void)command;
  (void)error;
  struct table *table = table_new("history", "number command failed message");
  struct printed_table *printed = printed_table_new(NULL);
  printed_table_add_column(printed, "", ALIGN_RIGHT);
  printed_table_add_column(printed, "command", ALIGN_LEFT);
  printed_table_add_column(printed, "", ALIGN_LEFT);
  for (size_t i = 0; i < session_log_count(context->session); i++) {
    const struct log_entry *entry = session_log_entry(context->session, i);
    table_add_number(table, (double)(i + 1));
    table_add_text(table, entry->line);
    table_add_truth(table, entry->failed);
    table_add_text(table, entry->message);
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%zu", i + 1);
    printed_table_set(printed, 1, "%s", entry->line);
    printed_table_set(printed, 2, "%s%s", entry->failed ? "failed: " : "", entry->message ? entry->message : "");
  }
  report_add_table(context->report, table);
  report_add_printed(context->report, printed);
  return STATUS_OK;
}

static const char *const history_examples[] = {"history", NULL};

const struct verb verb_history = {
    .syntax = {"history", ARGUMENTS_NONE, false, NULL},
    .usage = "history",
    .summary = "the commands of this session",
    .examples = history_examples,
    .not_replayed = true,
    .run = run_history,
};

/* ---- save ---- */

/* Whether a file is found beside the script, where a replay looks first. */
static bool is_beside(const char *script, const char *path)
{
  const char *slash = strrchr(script, '/');
  struct text beside = TEXT_INIT;
  if (slash)
    text_append_bytes(&beside, script, (size_t)(slash + 1 - script));
  text_append(&beside, path);
  const bool is = access(text_string(&beside), R_OK) == 0;
  text_clear(&beside);
  return is;
}

/* Whether a step reads a file: a replay must find it. */
static bool reads_file(const char *line)
{
  const char *verb = line + strspn(line, " \t");
  const size_t length = strcspn(verb, " \t\"");
  return (length == 4 && strncmp(verb, "load", 4) == 0) || (length == 5 && strncmp(verb, "marks", 5) == 0);
}

/* A step that reads a file which a replay would not find from the script's place: with the file's whole path. */
static enum status append_load(struct text *text, const char *line, const char *script, struct error *error)
{
  struct command command;
  struct command_word *words;
  if (command_take_apart(line, &command, error)) {
    command_clear(&command);
    return STATUS_ERROR;
  }
  const size_t n_words = command_words(&command, &words);
  char *whole = n_words && *words[0].text != '/' && !is_beside(script, words[0].text) ? realpath(words[0].text, NULL) : NULL;
  if (whole) {
    text_append_bytes(text, line, words[0].start);
    token_append_string(text, whole);
    text_append(text, line + words[0].start + words[0].length);
  } else {
    text_append(text, line);
  }
  free(whole);
  command_words_free(words, n_words);
  command_clear(&command);
  return STATUS_OK;
}

/* The steps that led here, one a line. */
static enum status append_steps(const struct session *session, const char *script, struct text *text, struct error *error)
{
  enum status status = STATUS_OK;
  for (size_t i = 0; i < session_step_count(session) && !status; i++) {
    const char *line = session_step_line(session, i);
    if (reads_file(line))
      status = append_load(text, line, script, error);
    else
      text_append(text, line);
    text_append_char(text, '\n');
  }
  return status;
}

static enum status run_save(struct verb_context *context, const struct command *command, struct error *error)
{
  struct command_word *words;
  size_t n_words = command_words(command, &words);
  struct text script = TEXT_INIT;
  enum status status = STATUS_ERROR;
  if (n_words != 1) {
    error_set(error, "save takes the name of the script to write");
    error_hint(error, "save \"work.kap\"");
  } else if (!session_may_write(context->session, words[0].text, error)) {
    text_append(&script, "# A kaplan session: kaplan -b runs it again, kaplan opens it in the explorer.\n");
    status = append_steps(context->session, words[0].text, &script, error);
    if (!status)
      status = file_write(words[0].text, text_string(&script), script.length, arguments_flag(command, "replace"), error);
  }
  if (!status) {
    session_mark_saved(context->session);
    report_add_text(context->report, "saved as %s", words[0].text);
  }
  text_clear(&script);
  command_words_free(words, n_words);
  return status;
}

static const struct option_syntax save_options[] = {
    {"replace", OPTION_FLAG, NULL, "write over a file of that name"},
    {.name = NULL},
};

static const char *const save_examples[] = {"save \"work.kap\", replace", NULL};

const struct verb verb_save = {
    .syntax = {"save", ARGUMENTS_WORDS, false, save_options},
    .usage = "save \"FILE.kap\" [, replace]",
    .summary = "write the session as a script that leads to the same state",
    .details = "What was undone, and what failed, is not in it.  Where the script lies elsewhere than the data, load names the file's\n"
               "whole path.  The file that was loaded is never written over.",
    .examples = save_examples,
    .not_replayed = true,
    .run = run_save,
};

/* ---- quit ---- */

static enum status run_quit(struct verb_context *context, const struct command *command, struct error *error)
{
  (void)command;
  (void)error;
  session_request_quit(context->session);
  return STATUS_OK;
}

static const char *const quit_examples[] = {"quit", NULL};

const struct verb verb_quit = {
    .syntax = {"quit", ARGUMENTS_NONE, false, NULL},
    .usage = "quit",
    .summary = "end the session",
    .examples = quit_examples,
    .not_replayed = true,
    .run = run_quit,
};
