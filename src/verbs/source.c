/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source: the commands of a script. */
#include "verbs/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "lang/script.h"
#include "session/file.h"
#include "verbs/entries.h"
#include "verbs/execute.h"

enum { MAX_DEPTH = 16 };

/* ---- the lines of a script ---- */

static enum status run_lines(struct session *session, const char *path, const struct script *script, source_line *run,
                             void *data, struct error *error)
{
  for (size_t i = 0; i < script->n_lines && !session_quit_requested(session); i++) {
    enum status status = run(data, script->lines[i].text, i, script->n_lines, error);
    if (status) {
      if (!error->file)
        error_in_file(error, path, script->lines[i].number, 0);
      error->has_range = false; /* a place in the script's line, not in what was typed */
      return status;
    }
  }
  return STATUS_OK;
}

/* With the script's own directory as the one where files are looked for first. */
static enum status run_beside(struct session *session, const char *path, const struct script *script, source_line *run,
                              void *data, struct error *error)
{
  const char *now = session_directory(session), *slash = strrchr(path, '/');
  char *before = now ? memory_copy_string(now) : NULL;
  if (slash) {
    char *directory = memory_copy_bytes(path, slash == path ? 1 : (size_t)(slash - path));
    session_set_directory(session, directory);
    free(directory);
  }
  enum status status = run_lines(session, path, script, run, data, error);
  if (slash)
    session_set_directory(session, before);
  free(before);
  return status;
}

static enum status run_file(struct session *session, const char *name, source_line *run, void *data, struct error *error)
{
  char *bytes, *path = session_find_file(session, name);
  size_t length;
  struct script script = SCRIPT_INIT;
  enum status status = file_read(path, &bytes, &length, error);
  if (!status) {
    status = script_read(&script, bytes, length, error);
    free(bytes);
  }
  if (!status)
    status = run_beside(session, path, &script, run, data, error);
  script_clear(&script);
  free(path);
  return status;
}

enum status source_file(struct session *session, const char *name, source_line *run, void *data, struct error *error)
{
  enum status status;
  if (session_is_secure(session))
    return error_set(error, "no other file is opened in secure mode");
  if (session_enter_script(session) > MAX_DEPTH)
    status = error_set(error, "scripts source one another without end");
  else
    status = run_file(session, name, run, data, error);
  session_leave_script(session);
  return status;
}

char *source_name(const char *line)
{
  struct command command;
  struct error error = ERROR_INIT;
  char *name = NULL;
  if (!command_take_apart(line, &command, &error) && command.syntax == &verb_source.syntax) {
    struct command_word *words;
    const size_t n = command_words(&command, &words);
    name = n == 1 ? memory_copy_string(words[0].text) : NULL;
    command_words_free(words, n);
  }
  command_clear(&command);
  error_clear(&error);
  return name;
}

/* ---- source ---- */

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

static enum status run_line(void *data, const char *line, size_t number, size_t n, struct error *error)
{
  (void)number;
  (void)n;
  struct verb_context *context = data;
  struct report inner = {.for_people = context->report->for_people};
  enum status status = command_execute(context->session, line, context->task, &inner, error);
  merge(context->report, &inner);
  report_clear(&inner);
  return status;
}

static enum status run_source(struct verb_context *context, const struct command *command, struct error *error)
{
  struct command_word *words;
  const size_t n_words = command_words(command, &words);
  enum status status;
  if (n_words != 1 && !session_is_secure(context->session)) {
    error_set(error, "source takes the name of a script");
    status = error_hint(error, "source \"rules.kap\"");
  } else {
    status = source_file(context->session, n_words ? words[0].text : "", run_line, context, error);
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
