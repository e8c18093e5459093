/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/linear.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/task.h"
#include "report/ascii.h"
#include "ui/complete.h"
#include "ui/linear_internal.h"
#include "verbs/batch.h"
#include "verbs/execute.h"
#include "verbs/printing.h"

/* What Ctrl-C stops. */
static struct task the_task;

static void stop(int signal_number)
{
  (void)signal_number;
  task_cancel(&the_task);
}

/* ---- printing ---- */

void linear_print(struct linear *linear, const char *format, ...)
{
  struct text text = TEXT_INIT, visible = TEXT_INIT;
  va_list arguments;
  va_start(arguments, format);
  text_append_vformat(&text, format, arguments);
  va_end(arguments);
  ascii_append_visible(&visible, text_string(&text), linear->options->rendering.charset == CHARSET_ASCII);
  fprintf(linear->options->out, "%s\n", text_string(&visible));
  text_clear(&text);
  text_clear(&visible);
}

const struct state *linear_state(const struct linear *linear)
{
  return session_state(linear->session);
}

/* Who is on view, by what the curves are grouped, which model. */
void linear_print_state(struct linear *linear)
{
  const struct state *state = linear_state(linear);
  const struct endpoint *endpoint = state_endpoint(state);
  if (!state->cohort) {
    linear_print(linear, "No cohort is loaded: load \"FILE.csv\".");
    return;
  }
  linear_print(linear, "%zu of %zu %s on view.  Filter: %s.", state->on_view->count, state->members->count,
               printing_plural(state->members->count, "patient", "patients"),
        state->filter ? state->filter : "none");
  linear_print(linear, "Endpoint: %s.  Curves by: %s.  Model: %s.", endpoint ? endpoint->name : "none",
        state->n_groups ? state->groups[0] : "none", state->model ? state->model : "none");
}

/* ---- commands ---- */

/* Whether a line is mere ornament: dashes across. */
static bool is_rule(const char *line)
{
  const char *at = line;
  while (*at == '-' || strncmp(at, "─", strlen("─")) == 0)
    at += *at == '-' ? 1 : strlen("─");
  return at > line && (*at == '\n' || *at == '\0');
}

static void print_report(struct linear *linear, const struct report *report)
{
  struct text text = TEXT_INIT;
  render_text(&text, report, &linear->options->rendering);
  for (const char *line = text_string(&text); *line; line += strcspn(line, "\n") + 1) {
    const int length = (int)strcspn(line, "\n");
    if (!is_rule(line) && length)
      fprintf(linear->options->out, "%.*s\n", length, line);
    if (!line[length])
      break;
  }
  text_clear(&text);
  for (size_t i = 0; i < report->n_warnings; i++)
    linear_print(linear, "Warning: %s", report->warnings[i]);
}

static void run(struct linear *linear, const char *line)
{
  struct report report = {.for_people = true};
  struct error error = ERROR_INIT;
  task_init(&the_task);
  const enum status status = command_execute(linear->session, line, &the_task, &report, &error);
  if (status == STATUS_CANCELLED)
    linear_print(linear, "Stopped.");
  else if (status)
    batch_print_error(linear->options->out, "Error", line, &error);
  else
    print_report(linear, &report);
  if (!status && (strncmp(line, "undo", 4) == 0 || strncmp(line, "redo", 4) == 0))
    linear_print_state(linear);
  report_clear(&report);
  error_clear(&error);
}

/* Runs what a word stands for, and says it. */
void linear_run_word(struct linear *linear, struct text *line)
{
  linear_print(linear, "Command: %s", text_string(line));
  run(linear, text_string(line));
  text_clear(line);
}

/* ---- completion ---- */

static void forget_matches(struct linear *linear)
{
  for (size_t i = 0; i < linear->n_matches; i++)
    free(linear->matches[i]);
  linear->n_matches = 0;
  free(linear->unfinished);
  linear->unfinished = NULL;
}

/* Lists what a line that ends with Tab can become. */
static void list_matches(struct linear *linear, char *line)
{
  const size_t end = strcspn(line, "\t");
  size_t start = end;
  line[end] = '\0';
  while (start && !strchr(" \"`,=()+*/^<>!&|:~", line[start - 1]))
    start--;
  char **found = complete_words(linear_state(linear), ':', line, start, end);
  linear->unfinished = memory_copy_bytes(line, start);
  for (size_t i = 0; found && found[i]; i++) {
    if (linear->n_matches < sizeof linear->matches / sizeof *linear->matches) {
      linear->matches[linear->n_matches++] = found[i];
      linear_print(linear, "%zu %s", linear->n_matches, found[i]);
    } else {
      free(found[i]);
    }
  }
  free(found);
  linear_print(linear, linear->n_matches ? "A number chooses; what follows it goes on." : "Nothing that can stand there begins so.");
}

/* ---- the dialogue ---- */

/* A number alone: a word of the last list of completions, or a variable. */
static bool take_number(struct linear *linear, const char *line)
{
  char *end;
  const unsigned long number = strtoul(line, &end, 10);
  if (!isdigit((unsigned char)*line))
    return false;
  if (number && number <= linear->n_matches) {
    struct text whole = TEXT_INIT;
    text_append_format(&whole, "%s%s%s", linear->unfinished, linear->matches[number - 1], end);
    forget_matches(linear);
    linear_run_word(linear, &whole);
    return true;
  }
  if (*end)
    return false;
  linear_choose(linear, number);
  return true;
}

/* Leaving with unsaved commands asks once. */
static bool is_leaving(struct linear *linear, const char *line)
{
  if (strcmp(line, "quit") != 0 && strcmp(line, "q") != 0)
    return false;
  if (session_is_unsaved(linear->session) && !linear->quit_asked) {
    linear->quit_asked = true;
    linear_print(linear, "The session is not saved.  quit again ends; save \"work.kap\" keeps it.");
    return true;
  }
  linear->quit = true;
  return true;
}

static void take_line(struct linear *linear, char *line)
{
  const bool asked = linear->quit_asked;
  line[strcspn(line, "\r\n")] = '\0';
  line += strspn(line, " ");
  if (linear->options->echo)
    linear_print(linear, "%s", line);
  variables_follow(&linear->variables, linear_state(linear));
  if (strchr(line, '\t')) {
    forget_matches(linear);
    list_matches(linear, line);
  } else if (*line && !is_leaving(linear, line) && !take_number(linear, line) && !linear_take_word(linear, line)) {
    run(linear, line);
  }
  if (asked)
    linear->quit_asked = false;
  fflush(linear->options->out);
}

int linear_run(struct session *session, const struct linear_options *options)
{
  struct linear linear = {.session = session, .options = options};
  const struct sigaction action = {.sa_handler = stop};
  char *line = NULL;
  size_t capacity = 0;
  task_init(&the_task);
  if (!options->echo)
    sigaction(SIGINT, &action, NULL);
  linear_print(&linear, "kaplan, line by line.  words lists what can be said, help the commands, quit ends.");
  if (options->notice)
    linear_print(&linear, "%s", options->notice);
  linear_print_state(&linear);
  while (!linear.quit && !session_quit_requested(session)) {
    fputs("kaplan> ", options->out);
    fflush(options->out);
    errno = 0;
    if (getline(&line, &capacity, options->in) >= 0) {
      take_line(&linear, line);
    } else if (errno == EINTR) {
      clearerr(options->in);
      linear_print(&linear, "To end say quit.");
    } else {
      break;
    }
  }
  if (!linear.quit)
    fputc('\n', options->out);
  free(line);
  forget_matches(&linear);
  variables_clear(&linear.variables);
  return 0;
}
