/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/execute.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/outcome.h"
#include "verbs/by.h"
#include "verbs/entries.h"
#include "verbs/hints.h"
#include "verbs/verb.h"

static const struct command_syntax *look_up(const char *name, size_t length, const void *data)
{
  (void)data;
  const struct verb *verb = verb_find(name, length);
  return verb ? &verb->syntax : NULL;
}

/* The entry that holds a syntax: the syntax is its first member. */
static const struct verb *verb_of(const struct command *command)
{
  return (const struct verb *)command->syntax;
}

/* Where the parser met an unknown verb, the nearest one is named. */
static void suggest_verb(const char *line, struct error *error)
{
  size_t start = strspn(line, " \t"), length = strcspn(line + start, " \t,(\"'=#");
  if (!length || verb_find(line + start, length))
    return;
  struct text name = TEXT_INIT;
  text_append_bytes(&name, line + start, length);
  const struct verb *near = verb_suggest(text_string(&name));
  if (hints_on_verb(text_string(&name), error))
    near = NULL;
  else if (near)
    error_hint(error, "did you mean %s? help lists the commands", near->syntax.name);
  else
    error_hint(error, "help lists the commands");
  text_clear(&name);
}

static enum status check_needs(const struct verb *verb, const struct state *state, struct error *error)
{
  if (verb->needs >= NEEDS_COHORT && !state->cohort) {
    const bool asks = verb == &verb_needs; /* "needs needs" */
    error_set(error, "%s %s a cohort, and none is loaded", verb->syntax.name, asks ? "looks into" : "needs");
    return error_hint(error, asks ? "rules stand on a cohort: load \"FILE.csv\", then source the rules" : "load \"FILE.csv\"");
  }
  if (verb->needs == NEEDS_ENDPOINT && !state_endpoint(state)) {
    error_set(error, "%s needs an endpoint, and none is defined", verb->syntax.name);
    return error_hint(error, "endpoint os = Surv(TIME, EVENT == 1)");
  }
  return STATUS_OK;
}

enum status command_read(const char *line, struct command *command, struct error *error)
{
  return command_parse(line, look_up, NULL, command, error);
}

/* Parses the line, or what stands behind the colon of `by …:`, its prefix blanked so that places in it stay.  *prefix is the
 * length of that, or 0. */
static enum status parse(const char *line, size_t *prefix, struct command *command, struct error *error)
{
  *prefix = 0;
  if (!by_is_prefix(line, prefix)) {
    enum status status = command_parse(line, look_up, NULL, command, error);
    if (status)
      hints_on_option(command, error);
    return status;
  }
  char *rest = memory_copy_string(line);
  memset(rest, ' ', *prefix);
  enum status status = command_parse(rest, look_up, NULL, command, error);
  if (status)
    suggest_verb(rest, error);
  else if (!command->syntax) {
    error_set(error, "by wants a command behind its colon");
    status = error_hint(error, "by sex: km surgery");
  }
  free(rest);
  return status;
}

/* A parsed line, and how it is run. */
struct execution {
  const char *line;
  size_t prefix;
  struct command command;
  bool only_applied;
  struct task *task;
};

/* Warns of each column that the outcome is made of where it stands among what shall explain it; once, however often. */
static void warn_of_outcome(const struct verb *verb, const struct command *command, const struct state *state,
                            struct report *report)
{
  const bool takes_columns = verb->syntax.arguments == ARGUMENTS_NAMES || verb->syntax.arguments == ARGUMENTS_TERMS;
  const struct endpoint *endpoint = state_endpoint(state);
  if (verb->needs != NEEDS_ENDPOINT || !takes_columns || !endpoint)
    return;
  for (size_t i = command->begin; i < command->end; i++) {
    const struct token *token = &command->tokens.tokens[i];
    bool is_first = token->kind == TOKEN_NAME && cohort_find_column(state->cohort, token->text);
    for (size_t k = command->begin; is_first && k < i; k++)
      is_first = command->tokens.tokens[k].kind != TOKEN_NAME || strcmp(command->tokens.tokens[k].text, token->text) != 0;
    if (is_first && outcome_tells(endpoint, token->text))
      report_warn(report, "%s is part of the endpoint %s: it cannot explain it", token->text, endpoint->name);
  }
}

static enum status run(struct session *session, const struct state *state, const struct execution *execution,
                       struct report *report, struct error *error)
{
  const struct command *command = &execution->command;
  const struct verb *verb = verb_of(command);
  struct verb_context context = {
      .session = session,
      .state = state,
      .task = execution->task,
      .report = report,
  };
  if (check_needs(verb, context.state, error))
    return STATUS_ERROR;
  warn_of_outcome(verb, command, state, report);
  if (execution->only_applied && !execution->prefix)
    return verb->apply(&context, command, error);
  enum status status = execution->prefix ? by_run(&context, execution->line, execution->prefix, verb, command, error)
                                         : verb->run(&context, command, error);
  if (!status && verb->is_analysis)
    style_apply(state->settings.style, report);
  return status;
}

static void log_failure(struct session *session, const char *line, enum status status, const struct error *error)
{
  struct text details = TEXT_INIT;
  session_log(session, line, status == STATUS_CANCELLED ? "cancelled" : error->what, true);
  if (status == STATUS_CANCELLED || !error->hint)
    return;
  text_append_format(&details, "%s; %s", error->what, error->hint);
  session_log_details(session, text_string(&details));
  text_clear(&details);
}

static void log_success(struct session *session, const char *line, const struct report *report)
{
  struct text details = TEXT_INIT;
  session_log(session, line, report->n_warnings ? report->warnings[0] : NULL, false);
  for (size_t i = 0; i < report->n_warnings && report->n_warnings > 1; i++)
    text_append_format(&details, "%s%s", i ? "\n" : "", report->warnings[i]);
  if (details.length)
    session_log_details(session, text_string(&details));
  text_clear(&details);
}

static enum status execute(struct session *session, struct execution *execution, struct report *report,
                           struct error *error)
{
  const char *line = execution->line;
  enum status status = parse(line, &execution->prefix, &execution->command, error);
  if (status && !execution->prefix)
    suggest_verb(line, error);
  else if (!status && !execution->command.syntax) {
    command_clear(&execution->command);
    return STATUS_OK;
  }
  if (!status) {
    report_set_command(report, line);
    if (!verb_of(&execution->command)->not_replayed)
      session_journal(session, line);
    status = run(session, session_state(session), execution, report, error);
  }
  if (!status && verb_of(&execution->command)->is_analysis)
    session_set_last_analysis(session, line);
  command_clear(&execution->command);
  if (status) {
    session_discard(session);
    log_failure(session, line, status, error);
    return status;
  }
  session_commit(session, line);
  log_success(session, line, report);
  return STATUS_OK;
}

enum status command_execute(struct session *session, const char *line, struct task *task, struct report *report,
                            struct error *error)
{
  struct execution execution = {.line = line, .task = task};
  return execute(session, &execution, report, error);
}

enum status command_apply(struct session *session, const char *line, struct error *error)
{
  struct execution execution = {.line = line, .only_applied = true};
  struct report report = REPORT_INIT;
  enum status status = execute(session, &execution, &report, error);
  report_clear(&report);
  return status;
}

enum command_pace command_pace(const char *line, bool *shows_more)
{
  struct command command;
  struct error error = ERROR_INIT;
  size_t prefix;
  enum command_pace pace = COMMAND_IMMEDIATE;
  *shows_more = false;
  if (!parse(line, &prefix, &command, &error) && command.syntax) {
    const struct verb *verb = verb_of(&command);
    if (verb->changes_state && !prefix)
      pace = COMMAND_CHANGING;
    else if (verb->apply && !prefix)
      pace = COMMAND_APPLIED;
    else if (verb->is_analysis || verb->is_long)
      pace = COMMAND_LONG;
    *shows_more = pace == COMMAND_APPLIED && verb == verb_find("km", 2) && (command.n_options > (command_find_option(&command, "panels") != NULL) || command.condition);
  }
  command_clear(&command);
  error_clear(&error);
  return pace;
}

bool command_fails_at_once(const struct session *session, const char *line)
{
  struct command command;
  struct error error = ERROR_INIT;
  size_t prefix;
  bool fails = false;
  if (!parse(line, &prefix, &command, &error) && command.syntax && !prefix && verb_of(&command)->check)
    fails = verb_of(&command)->check(session, &command, &error) != STATUS_OK;
  command_clear(&command);
  error_clear(&error);
  return fails;
}

bool command_is_journalled(const char *line)
{
  struct command command;
  struct error error = ERROR_INIT;
  size_t prefix;
  const bool is = !parse(line, &prefix, &command, &error) && command.syntax && !verb_of(&command)->not_replayed;
  command_clear(&command);
  error_clear(&error);
  return is;
}

enum status command_analyse(const struct state *state, const char *line, struct task *task, struct report *report,
                            struct error *error)
{
  struct execution execution = {.line = line, .task = task};
  struct command *command = &execution.command;
  enum status status = parse(line, &execution.prefix, command, error);
  if (!status && (!command->syntax || !verb_of(command)->is_analysis)) {
    error_set(error, "%s is no analysis", line);
    status = STATUS_ERROR;
  }
  if (!status) {
    struct session *scratch = session_new(); /* takes what the command would propose, and forgets it */
    report_set_command(report, line);
    status = run(scratch, state, &execution, report, error);
    session_discard(scratch);
    session_free(scratch);
  }
  command_clear(command);
  return status;
}

enum status command_take_apart(const char *line, struct command *command, struct error *error)
{
  size_t prefix;
  return parse(line, &prefix, command, error);
}

enum status command_check(const char *line, struct error *error)
{
  struct command command;
  size_t prefix;
  enum status status = parse(line, &prefix, &command, error);
  if (status && !prefix)
    suggest_verb(line, error);
  command_clear(&command);
  return status;
}
