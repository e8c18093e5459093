/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prompt, seen from the explorer: what it begins with, what its line would do, what happens when it is accepted. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ui/actions.h"
#include "ui/explorer_internal.h"
#include "ui/pane.h"
#include "verbs/verb.h"

enum explorer_wish explorer_ask(struct explorer *explorer, const char *prefix, const char *text)
{
  state_set_string(&explorer->prompt_prefix, prefix);
  state_set_string(&explorer->prompt_start, text);
  state_set_string(&explorer->preview, NULL);
  explorer->prompting = true;
  return WISH_PROMPT;
}

const char *explorer_prompt_prefix(const struct explorer *explorer)
{
  return explorer->prompt_prefix ? explorer->prompt_prefix : ":";
}

const char *explorer_prompt_text(const struct explorer *explorer)
{
  return explorer->prompt_start ? explorer->prompt_start : "";
}

/* How many a filter would keep, or what is wrong with it. */
static void preview_filter(struct explorer *explorer, const char *filter)
{
  const struct state *state = session_state(explorer->session);
  struct error error = ERROR_INIT;
  struct expr *expr;
  struct bitmap rows;
  struct text preview = TEXT_INIT;
  filter += strspn(filter, " ");
  if (*filter && state->cohort && strcmp(filter, "off") != 0) {
    enum status status = expr_parse_string(filter, &expr, &error);
    if (!status) {
      status = expr_select(expr, state->cohort, NULL, &rows, NULL, &error);
      expr_free(expr);
    }
    if (status) {
      text_append_format(&preview, "%s%s%s", error.what, error.hint ? "; " : "", error.hint ? error.hint : "");
    } else {
      text_append_format(&preview, "keeps %zu of %zu", bitmap_count_both(&rows, &state->members->rows),
                         state->members->count);
      bitmap_clear(&rows);
    }
  }
  error_clear(&error);
  free(explorer->preview);
  explorer->preview = text_take(&preview);
}

/* The usage of the verb that is being typed. */
static void preview_command(struct explorer *explorer, const char *line)
{
  size_t length = strcspn(line, " ,");
  const struct verb *verb = verb_find(line, length);
  if (verb && strcmp(verb->syntax.name, "filter") == 0) {
    preview_filter(explorer, line + length);
    return;
  }
  state_set_string(&explorer->preview, verb ? verb->usage : NULL);
}

const char *explorer_needle(const struct explorer *explorer)
{
  if (explorer->prompting && *explorer_prompt_prefix(explorer) == '/')
    return explorer->prompt_line && *explorer->prompt_line ? explorer->prompt_line : NULL;
  return explorer->search_shown ? explorer->search : NULL;
}

/* Shows what is typed behind / in a view that searches itself, or takes that back (NULL); false where it does not. */
static bool search_live(struct explorer *explorer, const char *needle)
{
  const struct pane *pane = pane_of(explorer->wishes.view);
  if (explorer->wishes.focus == FOCUS_VARIABLES || !pane->search_live)
    return false;
  state_set_string(&explorer->preview, NULL);
  pane->search_live(explorer, needle);
  return true;
}

void explorer_prompt_changed(struct explorer *explorer, const char *prefix, const char *text, size_t point,
                             char *const *matches)
{
  state_set_string(&explorer->prompt_prefix, prefix);
  state_set_string(&explorer->prompt_line, text);
  explorer->prompt_point = point;
  explorer->matches = (char **)matches;
  if (explorer->question)
    state_set_string(&explorer->preview, explorer->question);
  else if (*prefix == '/')
    search_live(explorer, text);
  else if (*prefix == '\\')
    preview_filter(explorer, text);
  else if (*prefix == ':')
    preview_command(explorer, text + strspn(text, " "));
}

/* Moves to the next variable or level whose name holds what was searched for; `step` is 1 or -1. */
static void search_from(struct explorer *explorer, size_t start, int step)
{
  struct variables *variables = &explorer->variables;
  size_t n = variables->n_lines, found = 0;
  if (!explorer->search || !*explorer->search || !n)
    return;
  for (size_t i = 0; i < n; i++) {
    const struct variable_line *line = &variables->lines[i];
    const struct column *column = variables->state->cohort->columns[line->column];
    found += strcasestr(line->code ? column->levels[line->code - 1].name : column->name, explorer->search) != NULL;
  }
  for (size_t i = 0; i < n; i++) {
    size_t at = (start + n + (step > 0 ? i : n - i)) % n;
    const struct variable_line *line = &variables->lines[at];
    const struct column *column = variables->state->cohort->columns[line->column];
    if (!strcasestr(line->code ? column->levels[line->code - 1].name : column->name, explorer->search))
      continue;
    explorer->variable_list.cursor = at;
    explorer->wishes.focus = FOCUS_VARIABLES;
    explorer_say(explorer, STYLE_TEXT, "/%s: %zu found", explorer->search, found);
    return;
  }
  explorer_say(explorer, STYLE_WARNING, "/%s: not found among the variables and unfolded levels", explorer->search);
}

/* The line of the variable with exactly that name, where one has it: what was typed in full is meant. */
static size_t line_of_name(const struct explorer *explorer, const char *name)
{
  const struct variables *variables = &explorer->variables;
  for (size_t i = 0; i < variables->n_lines; i++)
    if (!variables->lines[i].code && strcmp(variables->state->cohort->columns[variables->lines[i].column]->name, name) == 0)
      return i;
  return explorer->variable_list.cursor;
}

void explorer_search(struct explorer *explorer, int step)
{
  if (explorer->wishes.focus != FOCUS_VARIABLES && pane_of(explorer->wishes.view)->search) {
    explorer->search_shown = true;
    pane_of(explorer->wishes.view)->search(explorer, step);
    return;
  }
  size_t n = explorer->variables.n_lines;
  search_from(explorer, n ? (explorer->variable_list.cursor + n + (size_t)(step > 0 ? 1 : n - 1)) % n : 0, step);
}

/* What was typed behind /; nothing: what was looked for before. */
static void search_done(struct explorer *explorer, const char *needle)
{
  const struct pane *pane = pane_of(explorer->wishes.view);
  if (*needle)
    state_set_string(&explorer->search, needle);
  explorer->search_shown = explorer->search != NULL;
  if (search_live(explorer, explorer->search))
    explorer->searching = false;
  else if (explorer->wishes.focus != FOCUS_VARIABLES && pane->search)
    pane->search(explorer, 1);
  else
    search_from(explorer, line_of_name(explorer, explorer->search ? explorer->search : ""), 1);
}

enum explorer_wish explorer_prompt_done(struct explorer *explorer, const char *text)
{
  const char prefix = *explorer_prompt_prefix(explorer);
  explorer->prompting = false;
  explorer->matches = NULL;
  state_set_string(&explorer->preview, NULL);
  state_set_string(&explorer->question, NULL);
  if (!text) {
    if (prefix == '/' && explorer->searching)
      search_live(explorer, NULL);
    explorer->searching = false;
    explorer_say(explorer, STYLE_DIM, "cancelled");
    return WISH_NONE;
  }
  char *line = memory_copy_string(text + strspn(text, " \t"));
  if (prefix == '/') {
    search_done(explorer, line);
  } else if (prefix == *COLUMN_PROMPT) {
    data_go_to_column(explorer, line);
  } else if (prefix == '\\') {
    struct text command = TEXT_INIT;
    text_append_format(&command, "filter %s", *line ? line : "off");
    explorer_run_in_turn(explorer, text_string(&command));
    text_clear(&command);
  } else if (strcmp(line, "q!") == 0) {
    free(line);
    return WISH_QUIT;
  } else if (strcmp(line, "q") == 0 || strcmp(line, "quit") == 0) {
    free(line);
    return explorer_leave(explorer);
  } else if (strcmp(line, "mouse") == 0) {
    free(line);
    return act_mouse(explorer, 0);
  } else if (*line) {
    explorer_run_in_turn(explorer, line);
  }
  free(line);
  explorer->quit_asked = false;
  return session_quit_requested(explorer->session) ? WISH_QUIT : explorer->prompting ? WISH_PROMPT : WISH_NONE;
}
