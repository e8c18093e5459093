/* SPDX-License-Identifier: GPL-3.0-or-later */
/* undo, redo, history, save, source, quit: the session itself. */
#include "session/session.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "lang/script.h"
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

/* A load of a file that a replay would not find from the script's place: with the file's whole path. */
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
    if (strncmp(line + strspn(line, " \t"), "load", 4) == 0)
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

/* ---- source ---- */

enum { MAX_DEPTH = 16 };

/* Moves what an inner command found into the report; a table takes the place of an earlier one with its id. */
static void merge(struct report *into, struct report *from)
{
  for (size_t i = 0; i < from->n_tables; i++) {
    size_t at = 0;
    while (at < into->n_tables && strcmp(into->tables[at]->id, from->tables[i]->id) != 0)
      at++;
    if (at == into->n_tables) {
      report_add_table(into, from->tables[i]);
    } else {
      table_free(into->tables[at]);
      into->tables[at] = from->tables[i];
    }
  }
  from->n_tables = 0;
  for (size_t i = 0; i < from->n_items; i++)
    MEMORY_APPEND(into->items, into->n_items, into->items_capacity, from->items[i]);
  from->n_items = 0;
  for (size_t i = 0; i < from->n_warnings; i++)
    MEMORY_APPEND(into->warnings, into->n_warnings, into->warnings_capacity, from->warnings[i]);
  from->n_warnings = 0;
  if (from->has_cohort)
    report_set_cohort(into, from->n, from->used);
}

static enum status run_script(struct verb_context *context, const char *path, const struct script *script,
                              struct error *error)
{
  for (size_t i = 0; i < script->n_lines; i++) {
    struct report inner = {.for_people = context->report->for_people};
    enum status status =
        command_execute(context->session, script->lines[i].text, context->task, &inner, error);
    merge(context->report, &inner);
    report_clear(&inner);
    if (status) {
      if (!error->file)
        error_in_file(error, path, script->lines[i].number, 0);
      error->has_range = false; /* a place in the script's line, not in what was typed */
      return status;
    }
  }
  return STATUS_OK;
}

/* Runs the script with its own directory as the one where files are looked for first. */
static enum status run_beside(struct verb_context *context, const char *path, const struct script *script,
                              struct error *error)
{
  const char *now = session_directory(context->session), *slash = strrchr(path, '/');
  char *before = now ? memory_copy_string(now) : NULL;
  if (slash) {
    char *directory = memory_copy_bytes(path, slash == path ? 1 : (size_t)(slash - path));
    session_set_directory(context->session, directory);
    free(directory);
  }
  enum status status = run_script(context, path, script, error);
  if (slash)
    session_set_directory(context->session, before);
  free(before);
  return status;
}

static enum status run_source(struct verb_context *context, const struct command *command, struct error *error)
{
  struct command_word *words;
  size_t n_words = command_words(command, &words), length;
  char *bytes;
  enum status status = STATUS_ERROR;
  if (session_is_secure(context->session)) {
    error_set(error, "no other file is opened in secure mode");
  } else if (n_words != 1) {
    error_set(error, "source takes the name of a script");
    error_hint(error, "source \"rules.kap\"");
  } else if (session_enter_script(context->session) > MAX_DEPTH) {
    session_leave_script(context->session);
    error_set(error, "scripts source one another without end");
  } else {
    char *path = session_find_file(context->session, words[0].text);
    status = file_read(path, &bytes, &length, error);
    if (!status) {
      struct script script = SCRIPT_INIT;
      status = script_read(&script, bytes, length, error);
      if (!status)
        status = run_beside(context, path, &script, error);
      script_clear(&script);
      free(bytes);
    }
    free(path);
    session_leave_script(context->session);
  }
  command_words_free(words, n_words);
  return status;
}

static const char *const source_examples[] = {"source \"xu2025_cohort.kap\"", NULL};

const struct verb verb_source = {
    .syntax = {"source", ARGUMENTS_WORDS, false, NULL},
    .usage = "source \"FILE.kap\"",
    .summary = "run the commands of a script",
    .details = "Each command becomes a step of its own that can be undone.  The first that fails ends it.",
    .examples = source_examples,
    .not_replayed = true,
    .run = run_source,
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
