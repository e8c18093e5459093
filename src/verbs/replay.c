/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/replay.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "verbs/entries.h"
#include "verbs/execute.h"
#include "verbs/source.h"

/* ---- one line ---- */

/* The verb of a line (of `by …:` that behind the colon), NULL of a comment and of one that is wrong. */
static const struct verb *verb_of(const char *line)
{
  struct command command;
  struct error error = ERROR_INIT;
  const struct verb *verb = NULL;
  if (!command_take_apart(line, &command, &error) && command.syntax)
    verb = verb_find(command.syntax->name, strlen(command.syntax->name));
  command_clear(&command);
  error_clear(&error);
  return verb;
}

bool replay_only_writes(const char *line)
{
  const struct verb *verb = verb_of(line);
  return verb == &verb_export || verb == &verb_save || verb == &verb_report;
}

/* Whether what a command says belongs into a document: not where it only wrote a file, or showed help. */
static bool belongs(const struct verb *verb)
{
  return !verb || !verb->not_replayed || verb->is_analysis;
}

static enum status run(const struct replay *replay, const char *line, struct error *error)
{
  struct report report = {.for_people = true};
  if (task_is_cancelled(replay->task))
    return STATUS_CANCELLED;
  enum status status = command_execute(replay->session, line, replay->task, &report, error);
  if (!status) {
    const struct draw_options drawing = settings_drawing(&session_state(replay->session)->settings);
    document_take(replay->document, &report, &drawing);
  }
  report_clear(&report);
  return status;
}

/* ---- a script ---- */

/* A script that is run, and which part of the whole it is. */
struct script_run {
  const struct replay *replay;
  double from, share;
};

static enum status run_script_line(void *data, const char *line, size_t number, size_t n, struct error *error)
{
  const struct script_run *whole = data;
  const double share = whole->share / (double)n;
  struct script_run part = {.replay = whole->replay, .from = whole->from + share * (double)number, .share = share};
  char *file = source_name(line);
  const struct verb *verb = verb_of(line);
  enum status status = STATUS_OK;
  task_begin_part(whole->replay->task, part.from, part.share);
  if (file)
    status = source_file(whole->replay->session, file, run_script_line, &part, error);
  else if (verb == &verb_quit)
    session_request_quit(whole->replay->session);
  else if (belongs(verb) || verb == &verb_source)
    status = run(whole->replay, line, error);
  free(file);
  return status;
}

enum status replay_script(const char *name, const struct replay *replay, struct error *error)
{
  struct script_run whole = {.replay = replay, .share = 1};
  const enum status status = source_file(replay->session, name, run_script_line, &whole, error);
  task_begin_part(replay->task, 0, 0);
  return status;
}

/* ---- a log ---- */

/* A step that was taken back: without a trace, or by an undo that is run. */
struct taken_back {
  const struct log_entry *step;
  bool is_told;
};

/* The lines of a log as a document wants them. */
struct plan {
  const struct log_entry **entries; /* an undo or redo that is run: one of its own below */
  const char **lines;               /* that line, or NULL: the entry's */
  size_t n;
  const struct log_entry **steps; /* done and not taken back */
  size_t n_steps;
  struct taken_back *taken_back; /* what can be redone, the next one last */
  size_t n_taken_back;
  const struct log_entry *previous; /* the last one looked at */
};

static void plan_add(struct plan *plan, const struct log_entry *entry, const char *line)
{
  plan->entries[plan->n] = entry;
  plan->lines[plan->n++] = line;
}

/* Steps back: one that nothing came after is as if it had not been; of others the document says that they were undone. */
static void plan_undo(struct plan *plan, const struct log_entry *entry)
{
  for (long i = 0; i > entry->steps && plan->n_steps; i--) {
    const struct log_entry *step = plan->steps[--plan->n_steps];
    const bool is_last = plan->n && !plan->lines[plan->n - 1] && plan->entries[plan->n - 1] == step;
    if (is_last)
      plan->n--;
    else
      plan_add(plan, entry, "undo");
    plan->taken_back[plan->n_taken_back++] = (struct taken_back){.step = step, .is_told = !is_last};
  }
}

/* The step that was taken back last is done again, by `line` of the entry: back and forth with nothing between is not told. */
static void plan_again(struct plan *plan, const struct log_entry *entry, const char *line)
{
  const struct taken_back *again = &plan->taken_back[--plan->n_taken_back];
  const char *last = plan->n ? plan->lines[plan->n - 1] : NULL;
  plan->steps[plan->n_steps++] = again->step;
  if (!again->is_told)
    plan_add(plan, again->step, NULL);
  else if (last && strcmp(last, "undo") == 0)
    plan->n--;
  else
    plan_add(plan, entry, line);
}

static void plan_redo(struct plan *plan, const struct log_entry *entry)
{
  for (long i = 0; i < entry->steps && plan->n_taken_back; i++)
    plan_again(plan, entry, "redo");
}

/* A command.  One that repeats what was just taken back does it again: so a file that is read again, with all that was done
 * to it, is the same document. */
static void plan_command(struct plan *plan, const struct log_entry *entry)
{
  if (entry->steps > 0 && plan->n_taken_back &&
      strcmp(plan->taken_back[plan->n_taken_back - 1].step->line, entry->line) == 0) {
    plan_again(plan, entry, NULL);
    return;
  }
  if (entry->steps > 0) {
    plan->n_taken_back = 0;
    plan->steps[plan->n_steps++] = entry;
  }
  plan_add(plan, entry, NULL);
}

/* A screen asks for some analyses twice: for what it shows by itself, and for the rest. */
static bool is_said_twice(const struct plan *plan, const struct log_entry *entry, const struct verb *verb)
{
  return verb->is_analysis && plan->previous && strcmp(plan->previous->line, entry->line) == 0;
}

static void plan_entry(struct plan *plan, const struct log_entry *entry)
{
  const struct verb *verb = entry->failed ? NULL : verb_of(entry->line);
  if (!verb || !belongs(verb))
    return;
  if (verb == &verb_undo)
    plan_undo(plan, entry);
  else if (verb == &verb_redo)
    plan_redo(plan, entry);
  else if (!is_said_twice(plan, entry, verb))
    plan_command(plan, entry);
  plan->previous = entry;
}

/* How many lines the plan may have: an undo of several steps is as many. */
static size_t most_lines(const struct session *session)
{
  size_t most = 0;
  for (size_t i = 0; i < session_log_count(session); i++)
    most += 1 + (size_t)labs(session_log_entry(session, i)->steps);
  return most;
}

enum status replay_log(const struct session *session, const struct replay *replay, struct error *error)
{
  const char *loaded = session_state(session)->file.path;
  if (loaded && strcmp(loaded, "-") == 0) {
    error_set(error, "the data came from standard input, which cannot be read again");
    return error_hint(error, "keep them in a file, and load that");
  }
  const size_t most = most_lines(session);
  struct plan plan = {.entries = memory_new(most, sizeof *plan.entries),
                      .lines = memory_new(most, sizeof *plan.lines),
                      .steps = memory_new(most, sizeof *plan.steps),
                      .taken_back = memory_new(most, sizeof *plan.taken_back)};
  enum status status = STATUS_OK;
  for (size_t i = 0; i < session_log_count(session); i++)
    plan_entry(&plan, session_log_entry(session, i));
  for (size_t i = 0; i < plan.n && !status; i++) {
    const char *line = plan.lines[i] ? plan.lines[i] : plan.entries[i]->line;
    task_begin_part(replay->task, (double)i / (double)plan.n, 1 / (double)plan.n);
    session_set_directory(replay->session, plan.entries[i]->directory);
    status = run(replay, line, error);
    error->has_range = false;
    if (status == STATUS_ERROR && !error->hint)
      error_hint(error, "%s did not run again; has its file changed?", line);
  }
  task_begin_part(replay->task, 0, 0);
  free(plan.entries);
  free(plan.lines);
  free(plan.steps);
  free(plan.taken_back);
  return status;
}
