/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands, seen from the screen: what takes time runs as a job while keys go on, what km and cox compute is left to the
 * panes, and the rest is done at once. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "lang/command.h"
#include "report/render.h"
#include "session/journal.h"
#include "ui/explorer_internal.h"
#include "ui/pane_why.h"
#include "verbs/execute.h"

/* ---- what a command found ---- */

char *explorer_report_text(const struct explorer *explorer, const struct report *report)
{
  struct render_options options = RENDER_OPTIONS_INIT;
  struct text text = TEXT_INIT;
  options.charset = explorer_charset(explorer);
  options.columns = 76;
  options.plots = report_find_item(report, ITEM_FOREST) || report_find_item(report, ITEM_CALIBRATION); /* curves have a pane */
  render_text(&text, report, &options);
  return text_take(&text);
}

/* Steps back and forth: the last of them, and how many they were, on one line. */
static bool say_steps(struct explorer *explorer, const char *line, const char *text)
{
  const size_t steps = explorer_count_lines(text);
  if ((strncmp(line, "undo", 4) != 0 && strncmp(line, "redo", 4) != 0) || !steps)
    return false;
  const char *last = text;
  for (size_t i = 1; i < steps; i++)
    last = strchr(last, '\n') + 1;
  char *step = memory_copy_bytes(last, strcspn(last, "\n"));
  if (steps == 1)
    explorer_say(explorer, STYLE_TEXT, ":%s  %s", line, step);
  else
    explorer_say(explorer, STYLE_TEXT, ":%s  %zu steps, the last %s", line, steps, step);
  free(step);
  return true;
}

/* Help is prose; what else is printed has columns. */
static bool is_help(const char *line)
{
  static const char verb[] = "help";
  return strncmp(line, verb, sizeof verb - 1) == 0 && (line[sizeof verb - 1] == '\0' || line[sizeof verb - 1] == ' ');
}

/* A line that was done, and what speaks against it: of a long line its verb alone, so that the warning is read. */
static void say_warned(struct explorer *explorer, const char *line, const char *warning, bool more)
{
  const char *rest = more ? "; more in the log, D" : "";
  const bool fits = utf8_string_width(line) + utf8_string_width(warning) + strlen(rest) + 6 <= explorer->columns;
  explorer_say(explorer, STYLE_WARNING, ":%.*s  (%s%s)", (int)(fits ? strlen(line) : strcspn(line, " ,")), line, warning, rest);
}

/* What a command found: warnings and short words on the message line; long ones, where the panes do not show them, over
 * the screen. */
static void show_report(struct explorer *explorer, const char *line, const struct report *report, bool analysis_shown)
{
  char *text = explorer_report_text(explorer, report);
  if (say_steps(explorer, line, text)) {
    free(text);
    return;
  }
  if (report->n_warnings) {
    say_warned(explorer, line, report->warnings[0], report->n_warnings > 1);
  } else if (explorer_count_lines(text) == 1 && !analysis_shown) {
    text[strcspn(text, "\n")] = '\0';
    const bool fits = utf8_string_width(line) + utf8_string_width(text) + 3 <= explorer->columns;
    explorer_say(explorer, STYLE_TEXT, ":%.*s  %s", (int)(fits ? strlen(line) : strcspn(line, " ,")), line, text);
  } else {
    explorer_say(explorer, STYLE_TEXT, ":%s", line);
  }
  if (explorer_count_lines(text) > 1 && !analysis_shown) {
    (is_help(line) ? explorer_show_prose : explorer_show)(explorer, line, text);
    return;
  }
  free(text);
}

/* km and cox are shown by the panes themselves. */
static bool is_shown_by_panes(const char *line)
{
  static const char *const shown[] = {"km", "cox", "set ", "endpoint", "derive", "filter", "levels",
                                      "load", "drop", "keep", "mark ", "marks "};
  for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
    if (strncmp(line, shown[i], strlen(shown[i])) == 0)
      return true;
  return false;
}

/* A command that one of the views shows brings that view. */
static bool show_in_view(struct explorer *explorer, const char *line)
{
  enum view view;
  if (strncmp(line, "why ", 4) == 0) {
    pane_why_show(explorer, line);
    return true;
  }
  if (!view_remember(explorer, line, &view))
    return false;
  explorer->wishes.view = view;
  explorer->wishes.focus = FOCUS_MAIN;
  return true;
}

static void say_error(struct explorer *explorer, const char *line, const struct error *error)
{
  explorer_remember_failure(explorer, line, error);
  explorer_say(explorer, STYLE_WARNING, "%s%s%s", error->what ? error->what : "failed", error->hint ? "; " : "",
               error->hint ? error->hint : "");
}

/* ---- at once ---- */

/* The file that the line would write is there: the same line with `replace`, to be accepted or not. */
static void ask_to_replace(struct explorer *explorer, const char *line, const struct error *error)
{
  struct command command;
  struct error none = ERROR_INIT;
  struct text again = TEXT_INIT, question = TEXT_INIT;
  if (!command_take_apart(line, &command, &none)) {
    text_append_format(&again, command.n_options ? "%s replace" : "%s, replace", line);
    text_append_format(&question, "Enter writes over it, Esc leaves it: %s", error->what);
    explorer_ask(explorer, ":", text_string(&again));
    state_set_string(&explorer->question, text_string(&question));
  }
  command_clear(&command);
  error_clear(&none);
  text_clear(&again);
  text_clear(&question);
}

static enum status run_now(struct explorer *explorer, const char *line)
{
  struct report report = {.for_people = true};
  struct error error = ERROR_INIT;
  enum status status = command_execute(explorer->session, line, NULL, &report, &error);
  if (status)
    say_error(explorer, line, &error);
  if (status && error.exists)
    ask_to_replace(explorer, line, &error);
  else if (!status)
    show_report(explorer, line, &report, is_shown_by_panes(line) || show_in_view(explorer, line));
  report_clear(&report);
  error_clear(&error);
  return status;
}

static enum status apply(struct explorer *explorer, const char *line)
{
  struct error error = ERROR_INIT;
  enum status status = command_apply(explorer->session, line, &error);
  const size_t n_logged = session_log_count(explorer->session);
  const struct log_entry *entry = n_logged ? session_log_entry(explorer->session, n_logged - 1) : NULL;
  if (status)
    say_error(explorer, line, &error);
  else if (entry && entry->message)
    say_warned(explorer, line, entry->message, entry->details != NULL);
  else
    explorer_say(explorer, STYLE_TEXT, ":%s", line);
  explorer->applied = status ? NULL : session_state(explorer->session);
  error_clear(&error);
  return status;
}

/* A model that was just asked for and cannot be fitted is taken back: the session would not replay. */
void explorer_model_failed(struct explorer *explorer, const struct screen_results *results)
{
  if (!explorer->applied || explorer->applied != results->state || session_state(explorer->session) != results->state)
    return;
  explorer->applied = NULL;
  explorer_say(explorer, STYLE_WARNING, "%s", results->model_error);
  session_withdraw(explorer->session, results->model_error);
  explorer_refresh(explorer);
}

/* ---- jobs ---- */

static void start_job(struct explorer *explorer, const char *line, bool changing)
{
  if (command_is_journalled(line))
    session_journal(explorer->session, line);
  explorer->job = job_start(session_fork(explorer->session), line);
  explorer->job_changes = changing;
  explorer->n_asked++;
  if (!explorer->job)
    explorer_say(explorer, STYLE_WARNING, "no thread can be started for %s", line);
  else
    explorer_say(explorer, STYLE_TEXT, ":%s  (Esc stops it)", line);
}

/* Runs a line, or starts it as a job. */
static enum status run(struct explorer *explorer, const char *line)
{
  bool shows_more;
  if (strncmp(line, "export", 6) == 0 && strstr(line, ".txt"))
    explorer_keep_screen(explorer);
  switch (explorer->worker ? command_pace(line, &shows_more) : COMMAND_IMMEDIATE) {
  case COMMAND_APPLIED:
    if (apply(explorer, line))
      return STATUS_ERROR;
    if (shows_more)
      start_job(explorer, line, false);
    return STATUS_OK;
  case COMMAND_LONG:
    if (command_fails_at_once(explorer->session, line))
      return run_now(explorer, line);
    start_job(explorer, line, false);
    return STATUS_OK;
  case COMMAND_CHANGING:
    start_job(explorer, line, true);
    return STATUS_OK;
  default:
    return run_now(explorer, line);
  }
}

void explorer_queue(struct explorer *explorer, const char *line)
{
  MEMORY_APPEND(explorer->waiting, explorer->n_waiting, explorer->waiting_capacity, memory_copy_string(line));
}

/* Forgets the lines that wait; returns how many there were. */
static size_t drop_waiting(struct explorer *explorer)
{
  const size_t n = explorer->n_waiting;
  for (size_t i = 0; i < n; i++)
    free(explorer->waiting[i]);
  explorer->n_waiting = 0;
  return n;
}

/* After a failure the rest is left out, as in a script; not of a session that is taken up: there it failed then, too. */
static void give_up(struct explorer *explorer)
{
  if (restore_is_under_way(explorer))
    explorer->restoring.n_failed++;
  else
    drop_waiting(explorer);
}

/* What waited, in its order, up to the next that takes time. */
void explorer_run_queue(struct explorer *explorer)
{
  while (!explorer->job && explorer->n_waiting) {
    char *line = explorer->waiting[0];
    memmove(explorer->waiting, explorer->waiting + 1, --explorer->n_waiting * sizeof *explorer->waiting);
    const char *directory = journal_directory_of(line); /* of a session that is being taken up */
    if (directory)
      session_set_directory(explorer->session, directory);
    else if (run(explorer, line))
      give_up(explorer);
    free(line);
  }
  if (!explorer->job)
    restore_finish(explorer);
  explorer_refresh(explorer);
}

void explorer_run(struct explorer *explorer, const char *line)
{
  bool shows_more;
  if (explorer->job && (explorer->job_changes || command_pace(line, &shows_more) > COMMAND_APPLIED)) {
    explorer_queue(explorer, line);
    explorer_say(explorer, STYLE_TEXT, ":%s  waits for %s", line, job_line(explorer->job));
    return;
  }
  run(explorer, line);
  explorer_refresh(explorer);
}

void explorer_run_in_turn(struct explorer *explorer, const char *line)
{
  if (explorer->job)
    explorer_say(explorer, STYLE_TEXT, ":%s  waits for %s", line, job_line(explorer->job));
  explorer_queue(explorer, line);
  explorer_run_queue(explorer);
}

/* A typed line that failed is brought back, as one that fails at once is; not where something else is being typed, or other
 * keys were pressed since: they would go into it. */
static void ask_again(struct explorer *explorer, const char *line, const struct error *error)
{
  if (explorer->prompting || explorer->overlay || !explorer_was_just_typed(explorer, line))
    return;
  if (error->exists)
    ask_to_replace(explorer, line, error);
  else
    explorer_mend(explorer);
}

/* The session has what the job did; the screen shows it. */
static void take_outcome(struct explorer *explorer, const char *line, struct job_outcome *outcome)
{
  const bool adopted = session_adopt(explorer->session, outcome->fork, false);
  if (outcome->status == STATUS_CANCELLED) {
    explorer_say(explorer, STYLE_WARNING, "%s was stopped", line);
  } else if (outcome->status) {
    say_error(explorer, line, &outcome->error);
    ask_again(explorer, line, &outcome->error);
  } else {
    show_report(explorer, line, &outcome->report,
                (explorer->job_changes && is_shown_by_panes(line)) || show_in_view(explorer, line));
    if (!adopted)
      explorer_say(explorer, STYLE_WARNING, "the data changed while %s ran: what it found is shown, but not kept", line);
  }
  if ((outcome->status == STATUS_CANCELLED || !adopted) && command_is_journalled(line))
    session_journal_stopped(explorer->session, line);
  if (outcome->status)
    give_up(explorer);
}

bool explorer_take_job(struct explorer *explorer, enum explorer_wish *wish)
{
  struct job_outcome outcome;
  const bool prompting = explorer->prompting;
  *wish = WISH_NONE;
  if (!explorer->job)
    return false;
  char *line = memory_copy_string(job_line(explorer->job));
  const bool finished = job_finish(explorer->job, &outcome);
  if (finished) {
    explorer->job = NULL;
    take_outcome(explorer, line, &outcome);
    job_outcome_clear(&outcome);
    explorer_run_queue(explorer);
    *wish = explorer->prompting && !prompting ? WISH_PROMPT : WISH_NONE;
  }
  free(line);
  return finished;
}

int explorer_job_descriptor(const struct explorer *explorer)
{
  return explorer->job ? job_descriptor(explorer->job) : -1;
}

void explorer_watch_job(struct explorer *explorer, struct job *job)
{
  explorer->job = job;
  explorer->job_changes = true;
  explorer_say(explorer, STYLE_TEXT, ":%s", job_line(job));
}

bool explorer_stop_job(struct explorer *explorer)
{
  if (!explorer->job)
    return false;
  const size_t waiting = drop_waiting(explorer);
  explorer->restoring.stopped = restore_is_under_way(explorer);
  job_cancel(explorer->job);
  if (waiting)
    explorer_say(explorer, STYLE_WARNING, "stopping; %zu waiting command%s left out", waiting, waiting == 1 ? " is" : "s are");
  else
    explorer_say(explorer, STYLE_WARNING, "stopping %s", job_line(explorer->job));
  return true;
}

void explorer_drop_jobs(struct explorer *explorer)
{
  drop_waiting(explorer);
  free(explorer->waiting);
  job_free(explorer->job);
}

/* ---- how far it is ---- */

enum { TELLABLE_AGE = 700 }; /* a job shorter than that is not worth a word */

bool explorer_append_progress(const struct explorer *explorer, struct text *text)
{
  if (!explorer->job || job_age(explorer->job) < TELLABLE_AGE)
    return false;
  const char *line = job_line(explorer->job);
  const double done = job_progress(explorer->job), seconds = (double)job_age(explorer->job) / 1000;
  text_append_char(text, ' ');
  text_append_bytes(text, line, strcspn(line, " ,"));
  if (done > 0.005)
    text_append_format(text, " %.0f %%, %.0f s left", 100 * done, seconds * (1 - done) / done);
  else
    text_append_format(text, " %.0f s", seconds);
  return true;
}
