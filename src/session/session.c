/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/file.h"
#include "session/journal.h"
#include "session/kept_model.h"
#include "session/samples.h"

/* One step of undo: the command and the state that it led to. */
struct step {
  char *line;
  struct state *state;
};

/* steps[0 … position - 1] were done, the rest undone and can be redone; the state before steps[0] is the first one. */
struct session {
  struct state *first;
  struct state *forked_from; /* what a fork began with; NULL: it is none */
  struct step *steps;
  size_t n_steps, steps_capacity, position;
  size_t saved_position;
  bool saved_path_changed; /* the steps that were saved are no longer the path to the current state */
  struct state *proposed;
  char *proposed_line; /* or NULL: as typed */
  struct log_entry *entries;
  size_t n_entries, entries_capacity;
  size_t n_inherited; /* of a fork: the entries that were there before it */
  size_t logged_position; /* where the session was when the log had its last entry */
  bool quit, secure;
  int script_depth;
  char *directory;
  char *last_analysis;
  char *screen;
  struct journal *journal;
  bool journalled; /* something was written to it since the session was saved */
};

struct session *session_new(void)
{
  struct session *session = memory_new(1, sizeof *session);
  session->first = state_new();
  session->first->kept = kept_model_new();
  return session;
}

static void drop_steps_from(struct session *session, size_t from)
{
  for (size_t i = from; i < session->n_steps; i++) {
    free(session->steps[i].line);
    state_release(session->steps[i].state);
  }
  session->n_steps = from;
}

void session_free(struct session *session)
{
  if (!session)
    return;
  drop_steps_from(session, 0);
  free(session->steps);
  state_release(session->first);
  state_release(session->forked_from);
  state_release(session->proposed);
  free(session->proposed_line);
  for (size_t i = 0; i < session->n_entries; i++) {
    free(session->entries[i].line);
    free(session->entries[i].message);
    free(session->entries[i].details);
    free(session->entries[i].directory);
  }
  free(session->entries);
  free(session->directory);
  free(session->last_analysis);
  free(session->screen);
  journal_close(session->journal);
  free(session);
}

const struct state *session_state(const struct session *session)
{
  return session->position ? session->steps[session->position - 1].state : session->first;
}

void session_propose(struct session *session, struct state *state)
{
  state_release(session->proposed);
  session->proposed = state;
  if (!state->kept) /* a state made from nothing, as load makes one */
    state->kept = kept_model_retain(session->first->kept);
}

/* A fit is kept for the model that is the current one: it goes with it, by `cox off`, by a new file, by undo. */
static void drop_fit_without_model(const struct session *session)
{
  const struct state *state = session_state(session);
  if (!state->model)
    kept_model_drop(state->kept);
}

/* The length of "set NAME=", or 0 where the line is another command or sets several things. */
static size_t setting_length(const char *line)
{
  const size_t length = strncmp(line, "set ", 4) == 0 ? strcspn(line, "=") + 1 : 0;
  return length && line[length - 1] == '=' && !line[length + strcspn(line + length, " ")] ? length : 0;
}

/* Whether the line sets again what the last step set: keys that go through the values of a setting make one step of undo. */
static bool sets_again(const struct session *session, const char *line)
{
  const size_t length = setting_length(line);
  if (!length || !session->position || session->position == session->saved_position)
    return false;
  const char *before = session->steps[session->position - 1].line;
  return setting_length(before) == length && strncmp(before, line, length) == 0;
}

void session_commit(struct session *session, const char *line)
{
  if (!session->proposed)
    return;
  if (sets_again(session, line))
    session->position--;
  if (session->position < session->saved_position)
    session->saved_path_changed = true;
  drop_steps_from(session, session->position);
  struct step step = {.line = session->proposed_line ? session->proposed_line : memory_copy_string(line),
                      .state = session->proposed};
  MEMORY_APPEND(session->steps, session->n_steps, session->steps_capacity, step);
  session->position = session->n_steps;
  session->proposed = NULL;
  session->proposed_line = NULL;
  drop_fit_without_model(session);
}

void session_discard(struct session *session)
{
  state_release(session->proposed);
  session->proposed = NULL;
  state_set_string(&session->proposed_line, NULL);
}

void session_propose_line(struct session *session, const char *line)
{
  state_set_string(&session->proposed_line, line);
}

bool session_undo(struct session *session, const char **line)
{
  if (session->position == 0)
    return false;
  *line = session->steps[--session->position].line;
  drop_fit_without_model(session);
  return true;
}

bool session_redo(struct session *session, const char **line)
{
  if (session->position == session->n_steps)
    return false;
  *line = session->steps[session->position++].line;
  drop_fit_without_model(session);
  return true;
}

void session_withdraw(struct session *session, const char *why)
{
  if (session->position == 0)
    return;
  const char *line = session->steps[session->position - 1].line;
  for (size_t i = session->n_entries; i-- > 0;) {
    if (strcmp(session->entries[i].line, line) != 0)
      continue;
    session->entries[i].failed = true;
    state_set_string(&session->entries[i].message, why);
    state_set_string(&session->entries[i].details, NULL);
    break;
  }
  drop_steps_from(session, --session->position);
  drop_fit_without_model(session);
  session->logged_position = session->position;
  if (session->saved_position > session->position)
    session->saved_path_changed = true;
}

static void adopt_entry(struct session *session, const struct log_entry *entry)
{
  struct log_entry copy = *entry;
  copy.line = memory_copy_string(entry->line);
  copy.message = entry->message ? memory_copy_string(entry->message) : NULL;
  copy.details = entry->details ? memory_copy_string(entry->details) : NULL;
  copy.directory = entry->directory ? memory_copy_string(entry->directory) : NULL;
  MEMORY_APPEND(session->entries, session->n_entries, session->entries_capacity, copy);
}

struct session *session_fork(const struct session *session)
{
  struct session *fork = memory_new(1, sizeof *fork);
  fork->first = state_retain(session->first);
  fork->forked_from = state_retain(session_state(session));
  for (size_t i = 0; i < session->position; i++) {
    const struct step step = {memory_copy_string(session->steps[i].line), state_retain(session->steps[i].state)};
    MEMORY_APPEND(fork->steps, fork->n_steps, fork->steps_capacity, step);
  }
  fork->position = fork->logged_position = fork->n_steps;
  fork->secure = session->secure;
  if (session->directory)
    fork->directory = memory_copy_string(session->directory);
  if (session->last_analysis)
    fork->last_analysis = memory_copy_string(session->last_analysis);
  for (size_t i = 0; i < session->n_entries; i++)
    adopt_entry(fork, &session->entries[i]);
  fork->n_inherited = fork->n_entries;
  if (session->screen)
    fork->screen = memory_copy_string(session->screen);
  return fork;
}

bool session_adopt(struct session *session, struct session *fork, bool regardless)
{
  const bool current = session_state(session) == fork->forked_from;
  const size_t first = session->n_entries;
  for (size_t i = fork->n_inherited; i < fork->n_entries; i++)
    adopt_entry(session, &fork->entries[i]);
  if (fork->last_analysis)
    session_set_last_analysis(session, fork->last_analysis);
  if (session_state(fork) == fork->forked_from)
    return true;
  for (size_t i = first; i < session->n_entries && !current && !regardless; i++)
    session->entries[i].steps = 0;
  if (!current && !regardless)
    return false;
  const struct step *step = &fork->steps[fork->position - 1];
  session_propose(session, state_retain(step->state));
  session_commit(session, step->line);
  session->logged_position = session->position;
  return true;
}

void session_log(struct session *session, const char *line, const char *message, bool failed)
{
  const struct state *state = session_state(session);
  struct log_entry entry = {
      .line = memory_copy_string(line),
      .failed = failed,
      .message = message ? memory_copy_string(message) : NULL,
      .directory = session->directory ? memory_copy_string(session->directory) : NULL,
      .steps = (long)session->position - (long)session->logged_position,
      .has_cohort = state->cohort != NULL,
  };
  if (state->cohort) {
    entry.n_on_view = state->on_view->count;
    entry.n_members = state->members->count;
  }
  session->logged_position = session->position;
  MEMORY_APPEND(session->entries, session->n_entries, session->entries_capacity, entry);
}

void session_log_details(struct session *session, const char *details)
{
  if (session->n_entries)
    state_set_string(&session->entries[session->n_entries - 1].details, details);
}

size_t session_log_count(const struct session *session)
{
  return session->n_entries;
}

const struct log_entry *session_log_entry(const struct session *session, size_t i)
{
  return &session->entries[i];
}

void session_append_script(const struct session *session, struct text *text)
{
  for (size_t i = 0; i < session->position; i++) {
    text_append(text, session->steps[i].line);
    text_append_char(text, '\n');
  }
}

size_t session_step_count(const struct session *session)
{
  return session->position;
}

const char *session_step_line(const struct session *session, size_t i)
{
  return session->steps[i].line;
}

const struct state *session_step_state(const struct session *session, size_t i)
{
  return session->steps[i].state;
}

/* Whether all that was done is to load a file. */
static bool is_only_loaded(const struct session *session)
{
  const char *line = session->position == 1 ? session->steps[0].line : "";
  return strncmp(line + strspn(line, " \t"), "load", 4) == 0;
}

bool session_is_unsaved(const struct session *session)
{
  if (!session->saved_path_changed && session->saved_position == 0 && is_only_loaded(session))
    return false;
  return session->saved_path_changed || session->position != session->saved_position;
}

void session_mark_saved(struct session *session)
{
  session->saved_position = session->position;
  session->saved_path_changed = false;
  session->journalled = false;
}

void session_request_quit(struct session *session)
{
  session->quit = true;
}

bool session_quit_requested(const struct session *session)
{
  return session->quit;
}

void session_set_secure(struct session *session, bool secure)
{
  session->secure = secure;
}

bool session_is_secure(const struct session *session)
{
  return session->secure;
}

/* A restored session must find the same files: the journal says where they are looked for. */
void session_set_directory(struct session *session, const char *directory)
{
  char *copy = directory ? memory_copy_string(directory) : NULL; /* it may be the session's own */
  free(session->directory);
  session->directory = copy;
  char *absolute = session->journal ? realpath(directory ? directory : ".", NULL) : NULL;
  if (absolute)
    journal_directory(session->journal, absolute);
  free(absolute);
}

const char *session_directory(const struct session *session)
{
  return session->directory;
}

char *session_find_file(const struct session *session, const char *name)
{
  const size_t prefix = strlen(samples_prefix());
  char *sample = strncmp(name, samples_prefix(), prefix) == 0 ? samples_find(name + prefix) : NULL;
  if (sample)
    return sample;
  if (session->directory && *name != '/' && strcmp(name, "-") != 0) {
    struct text path = TEXT_INIT;
    text_append_format(&path, "%s/%s", session->directory, name);
    if (access(text_string(&path), F_OK) == 0)
      return text_take(&path);
    text_clear(&path);
  }
  return memory_copy_string(name);
}

void session_leave_journal(struct session *session)
{
  if (!session->journalled && !session_is_unsaved(session))
    return; /* it goes with the session */
  journal_leave(session->journal);
  session->journal = NULL;
}

int session_enter_script(struct session *session)
{
  return ++session->script_depth;
}

void session_leave_script(struct session *session)
{
  session->script_depth--;
}

enum status session_may_write(const struct session *session, const char *name, struct error *error)
{
  if (session->secure)
    return error_set(error, "no file is written in secure mode");
  bool loaded = session->first->file.path && file_is_same(session->first->file.path, name);
  for (size_t i = 0; i < session->n_steps && !loaded; i++) {
    const char *path = session->steps[i].state->file.path;
    loaded = path && file_is_same(path, name);
  }
  if (!loaded)
    return STATUS_OK;
  error_set(error, "%s is the file that was loaded; it is never written to", name);
  return error_hint(error, "give another name");
}

void session_set_screen(struct session *session, const char *text)
{
  state_set_string(&session->screen, text);
}

const char *session_screen(const struct session *session)
{
  return session->screen;
}

void session_set_last_analysis(struct session *session, const char *line)
{
  state_set_string(&session->last_analysis, line);
}

const char *session_last_analysis(const struct session *session)
{
  return session->last_analysis;
}

void session_set_journal(struct session *session, struct journal *journal)
{
  journal_close(session->journal);
  session->journal = journal;
}

void session_journal(struct session *session, const char *line)
{
  if (session->journal)
    journal_append(session->journal, line);
  session->journalled = true;
}

void session_journal_stopped(struct session *session, const char *line)
{
  if (session->journal)
    journal_stopped(session->journal, line);
}

bool session_has_journal(const struct session *session)
{
  return session->journal != NULL;
}
