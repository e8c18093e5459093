/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/linear.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/task.h"
#include "report/ascii.h"
#include "ui/column_words.h"
#include "ui/complete.h"
#include "ui/key_lines.h"
#include "ui/variables.h"
#include "verbs/batch.h"
#include "verbs/execute.h"
#include "verbs/verb.h"

struct linear {
  struct session *session;
  const struct linear_options *options;
  struct variables variables; /* counts of levels */
  size_t variable;            /* the column that was chosen last, counted from 1; 0: none */
  bool quit, quit_asked;
  char *matches[100]; /* words that the last Tab listed: a number completes the line with one */
  size_t n_matches;
  char *unfinished; /* the line before the word */
};

/* What Ctrl-C stops. */
static struct task the_task;

static void stop(int signal_number)
{
  (void)signal_number;
  task_cancel(&the_task);
}

/* ---- printing ---- */

static void print(struct linear *linear, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void print(struct linear *linear, const char *format, ...)
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

static const struct state *state_of(const struct linear *linear)
{
  return session_state(linear->session);
}

/* Who is on view, by what the curves are grouped, which model. */
static void print_state(struct linear *linear)
{
  const struct state *state = state_of(linear);
  const struct endpoint *endpoint = state_endpoint(state);
  if (!state->cohort) {
    print(linear, "No cohort is loaded: load \"FILE.csv\".");
    return;
  }
  print(linear, "%zu of %zu patients on view.  Filter: %s.", state->on_view->count, state->members->count,
        state->filter ? state->filter : "none");
  print(linear, "Endpoint: %s.  Curves by: %s.  Model: %s.", endpoint ? endpoint->name : "none",
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
    print(linear, "Warning: %s", report->warnings[i]);
}

static void run(struct linear *linear, const char *line)
{
  struct report report = REPORT_INIT;
  struct error error = ERROR_INIT;
  task_init(&the_task);
  const enum status status = command_execute(linear->session, line, &the_task, &report, &error);
  if (status == STATUS_CANCELLED)
    print(linear, "Stopped.");
  else if (status)
    batch_print_error(linear->options->out, "Error", line, &error);
  else
    print_report(linear, &report);
  if (!status && (strncmp(line, "undo", 4) == 0 || strncmp(line, "redo", 4) == 0))
    print_state(linear);
  report_clear(&report);
  error_clear(&error);
}

/* Runs what a word stands for, and says it. */
static void run_for_word(struct linear *linear, struct text *line)
{
  print(linear, "Command: %s", text_string(line));
  run(linear, text_string(line));
  text_clear(line);
}

/* ---- variables and levels ---- */

/* A column in words, a line each. */
static void tell_column(struct linear *linear, const struct column *column)
{
  struct text text = TEXT_INIT;
  column_append_words(state_of(linear), column, &text);
  for (char *rest = text.bytes, *line; text.length && (line = strsep(&rest, "\n"));)
    if (*line)
      print(linear, "%s", line);
  text_clear(&text);
}

static const struct column *chosen(struct linear *linear)
{
  const struct state *state = state_of(linear);
  if (state->cohort && linear->variable && linear->variable <= state->cohort->n_columns)
    return state->cohort->columns[linear->variable - 1];
  print(linear, "No variable is chosen: variables lists them, its number chooses one.");
  return NULL;
}

static void list_variables(struct linear *linear, const char *rest)
{
  (void)rest;
  const struct state *state = state_of(linear);
  static const char *const kinds[] = {[COLUMN_NUMBER] = "number", [COLUMN_DATE] = "date", [COLUMN_FACTOR] = "levels"};
  if (!state->cohort) {
    print_state(linear);
    return;
  }
  for (size_t i = 0; i < state->cohort->n_columns; i++) {
    const struct column *column = state->cohort->columns[i];
    if (column->kind == COLUMN_FACTOR)
      print(linear, "%zu %s, %zu levels", i + 1, column->name, column->n_levels);
    else
      print(linear, "%zu %s, %s", i + 1, column->name, kinds[column->kind]);
  }
  print(linear, "A number chooses a variable.");
}

enum { MOST_LEVELS = 200 };

static void list_levels(struct linear *linear, const char *rest)
{
  (void)rest;
  const struct column *column = chosen(linear);
  if (!column)
    return;
  if (column->kind != COLUMN_FACTOR) {
    tell_column(linear, column);
    return;
  }
  const size_t *counts = variables_counts(&linear->variables, linear->variable - 1);
  const bool *included = variables_included(&linear->variables, linear->variable - 1);
  print(linear, "%s, %zu levels:", column->name, column->n_levels);
  for (uint32_t code = 1; code <= column->n_levels && code <= MOST_LEVELS; code++)
    print(linear, "%u %s, %zu patients%s", code, column_level_display_name(column, code), counts[code],
          included[code - 1] ? "" : ", filtered out");
  print(linear, "only N, without N, all, group, covariate, reference N.");
}

static void choose_variable(struct linear *linear, size_t number)
{
  const struct state *state = state_of(linear);
  if (!state->cohort || number == 0 || number > state->cohort->n_columns) {
    print(linear, "There is no variable %zu; variables lists them.", number);
    return;
  }
  linear->variable = number;
  const struct column *column = state->cohort->columns[number - 1];
  if (column->kind != COLUMN_FACTOR)
    print(linear, "%s:", column->name);
  list_levels(linear, "");
}

/* The variable that a word names by number, else the one chosen. */
static const struct column *variable_of(struct linear *linear, const char *rest)
{
  if (isdigit((unsigned char)*rest))
    linear->variable = strtoul(rest, NULL, 10);
  return chosen(linear);
}

/* The levels whose numbers are in the text; false, and it is said, where one is none. */
static bool read_levels(struct linear *linear, const struct column *column, const char *rest, bool *listed)
{
  bool any = false;
  char *end;
  for (const char *at = rest; *at; at = end) {
    const unsigned long number = strtoul(at, &end, 10);
    if (end == at || number == 0 || number > column->n_levels) {
      print(linear, "A level is meant by its number, 1 to %zu.", column->n_levels);
      return false;
    }
    listed[number - 1] = any = true;
    end += strspn(end, " ,");
  }
  if (!any)
    print(linear, "Which?  Say the numbers of levels.");
  return any;
}

/* only, without, all: the filter with levels of the chosen variable. */
static void filter_levels(struct linear *linear, const char *rest, int mode)
{
  const struct column *column = chosen(linear);
  struct text line = TEXT_INIT;
  if (!column)
    return;
  if (column->kind != COLUMN_FACTOR) {
    print(linear, "%s has no levels; filter %s > …", column->name, column->name);
    return;
  }
  bool *included = memory_new(column->n_levels + 1, sizeof *included), *listed = memory_new(column->n_levels + 1, sizeof *listed);
  const bool *now = variables_included(&linear->variables, linear->variable - 1);
  const bool read = mode == 'a' || read_levels(linear, column, rest, listed);
  for (size_t i = 0; i < column->n_levels; i++)
    included[i] = mode == 'a' || (mode == 'o' ? listed[i] : now[i] && !listed[i]);
  if (read && key_line_levels(&line, state_of(linear), column, included))
    run_for_word(linear, &line);
  else if (read)
    print(linear, "One level at least stays; all brings all back.");
  free(included);
  free(listed);
}

static void word_only(struct linear *linear, const char *rest)
{
  filter_levels(linear, rest, 'o');
}

static void word_without(struct linear *linear, const char *rest)
{
  filter_levels(linear, rest, 'w');
}

static void word_all(struct linear *linear, const char *rest)
{
  filter_levels(linear, rest, 'a');
}

static void word_group(struct linear *linear, const char *rest)
{
  const struct column *column = variable_of(linear, rest);
  struct text line = TEXT_INIT;
  if (!column)
    return;
  key_line_group(&line, state_of(linear), column);
  run_for_word(linear, &line);
}

static void word_covariate(struct linear *linear, const char *rest)
{
  const struct column *column = variable_of(linear, rest);
  struct text line = TEXT_INIT;
  if (!column)
    return;
  key_line_model(&line, state_of(linear), column);
  run_for_word(linear, &line);
}

static void word_reference(struct linear *linear, const char *rest)
{
  const struct column *column = chosen(linear);
  struct text line = TEXT_INIT;
  const unsigned long level = strtoul(rest, NULL, 10);
  if (!column)
    return;
  if (column->kind != COLUMN_FACTOR || level == 0 || level > column->n_levels) {
    print(linear, "Which level?  levels lists them with their numbers.");
    return;
  }
  key_line_reference(&line, state_of(linear), column, (uint32_t)level);
  run_for_word(linear, &line);
}

static void word_where(struct linear *linear, const char *rest)
{
  (void)rest;
  print_state(linear);
}

static void word_words(struct linear *linear, const char *rest);

static const struct word {
  const char *name, *help;
  void (*act)(struct linear *linear, const char *rest);
} words[] = {
    {"variables", "lists the variables with numbers; a number alone then chooses one", list_variables},
    {"levels", "lists the levels of the chosen variable with numbers", list_levels},
    {"only", "only 1 3: only these levels of it stay on view", word_only},
    {"without", "without 2: these levels are taken out", word_without},
    {"all", "all levels of it again", word_all},
    {"group", "group, or group 3: curves by the chosen variable, or by variable 3; again: by none", word_group},
    {"covariate", "covariate, or covariate 3: into the Cox model, or out of it", word_covariate},
    {"reference", "reference 2: this level is the reference in the model", word_reference},
    {"where", "who is on view, the filter, the grouping, the model", word_where},
    {"words", "this list", word_words},
};

static void word_words(struct linear *linear, const char *rest)
{
  (void)rest;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    print(linear, "%s: %s", words[i].name, words[i].help);
  print(linear, "All else is a command: help lists them, help km tells of one, quit ends.");
  print(linear, "Tab and Enter behind a beginning list what it can become; a number then chooses.");
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
  char **found = complete_words(state_of(linear), ':', line, start, end);
  linear->unfinished = memory_copy_bytes(line, start);
  for (size_t i = 0; found && found[i]; i++) {
    if (linear->n_matches < sizeof linear->matches / sizeof *linear->matches) {
      linear->matches[linear->n_matches++] = found[i];
      print(linear, "%zu %s", linear->n_matches, found[i]);
    } else {
      free(found[i]);
    }
  }
  free(found);
  print(linear, linear->n_matches ? "A number chooses; what follows it goes on." : "Nothing that can stand there begins so.");
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
    run_for_word(linear, &whole);
    return true;
  }
  if (*end)
    return false;
  choose_variable(linear, number);
  return true;
}

/* levels alone is the list; levels VARIABLE … is the command. */
static bool take_word(struct linear *linear, const char *line)
{
  const size_t length = strcspn(line, " ");
  const char *rest = line + length + strspn(line + length, " ");
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (strlen(words[i].name) != length || memcmp(words[i].name, line, length) != 0)
      continue;
    if (verb_find(line, length) && *rest)
      return false;
    words[i].act(linear, rest);
    return true;
  }
  return false;
}

/* Leaving with unsaved commands asks once. */
static bool is_leaving(struct linear *linear, const char *line)
{
  if (strcmp(line, "quit") != 0 && strcmp(line, "q") != 0)
    return false;
  if (session_is_unsaved(linear->session) && !linear->quit_asked) {
    linear->quit_asked = true;
    print(linear, "The session is not saved.  quit again ends; save \"work.kap\" keeps it.");
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
    print(linear, "%s", line);
  variables_follow(&linear->variables, state_of(linear));
  if (strchr(line, '\t')) {
    forget_matches(linear);
    list_matches(linear, line);
  } else if (*line && !is_leaving(linear, line) && !take_number(linear, line) && !take_word(linear, line)) {
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
  print(&linear, "kaplan, line by line.  words lists what can be said, help the commands, quit ends.");
  if (options->notice)
    print(&linear, "%s", options->notice);
  print_state(&linear);
  while (!linear.quit && !session_quit_requested(session)) {
    fputs("kaplan> ", options->out);
    fflush(options->out);
    errno = 0;
    if (getline(&line, &capacity, options->in) >= 0) {
      take_line(&linear, line);
    } else if (errno == EINTR) {
      clearerr(options->in);
      print(&linear, "To end say quit.");
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
