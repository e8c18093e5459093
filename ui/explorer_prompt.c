/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prompt, seen from the explorer: what it begins with, what its line would do, what happens when it is accepted. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "lang/token.h"
#include "ui/actions.h"
#include "ui/explorer_internal.h"
#include "ui/overlay.h"
#include "ui/pane.h"
#include "ui/variables_search.h"
#include "verbs/execute.h"
#include "verbs/setting.h"
#include "verbs/verb.h"

enum explorer_wish explorer_ask(struct explorer *explorer, const char *prefix, const char *text)
{
  state_set_string(&explorer->prompt_prefix, prefix);
  state_set_string(&explorer->prompt_start, text);
  state_set_string(&explorer->preview, NULL);
  explorer->prompt_start_point = strlen(text);
  explorer->prompt_kind = *prefix;
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

size_t explorer_prompt_point(const struct explorer *explorer)
{
  return explorer->prompt_start_point;
}

/* ---- what failed ---- */

static const char filter_verb[] = "filter ";

void explorer_remember_failure(struct explorer *explorer, const char *line, const struct error *error)
{
  struct text why = TEXT_INIT;
  state_set_string(&explorer->failed_line, line);
  explorer->failed_start = explorer->failed_length = 0;
  if (line) {
    text_append_format(&why, "%s%s%s", error->what ? error->what : "failed", error->hint ? "; " : "",
                       error->hint ? error->hint : "");
    if (error->has_range && !error->file && error->start <= strlen(line)) {
      explorer->failed_start = error->start;
      explorer->failed_length = error->length ? error->length : 1;
    }
  }
  state_set_string(&explorer->failed_why, line ? text_string(&why) : NULL);
  text_clear(&why);
}

bool explorer_prompt_has_failed(const struct explorer *explorer)
{
  const size_t hidden = explorer->prompt_kind == '\\' ? strlen(filter_verb) : 0;
  return explorer->prompting && explorer->failed_line && explorer->prompt_line &&
         strlen(explorer->failed_line) >= hidden && strcmp(explorer->failed_line + hidden, explorer->prompt_line) == 0;
}

bool explorer_was_just_typed(const struct explorer *explorer, const char *line)
{
  return explorer->typed_line && strcmp(explorer->typed_line, line) == 0;
}

enum explorer_wish explorer_mend(struct explorer *explorer)
{
  const char *prefix = explorer->typed_as_filter ? "\\" : ":";
  const size_t hidden = *prefix == '\\' ? strlen(filter_verb) : 0;
  char *line = memory_copy_string(explorer->failed_line + hidden);
  explorer_ask(explorer, prefix, line);
  if (explorer->failed_length && explorer->failed_start >= hidden)
    explorer->prompt_start_point = explorer->failed_start - hidden;
  state_set_string(&explorer->message, NULL);
  state_set_string(&explorer->prompt_line, line);
  free(line);
  return WISH_PROMPT;
}

/* ---- what the line would do ---- */

static void take_preview(struct explorer *explorer, struct text *preview)
{
  free(explorer->preview);
  explorer->preview = text_take(preview);
}

/* A condition that is counted beside the typing, and what there is to say of it. */
struct count {
  struct state *state;
  struct expr *expr;
  bool drop;
  struct text words;
};

static void do_count(void *data, struct task *task)
{
  (void)task; /* it takes some hundredths of a second at a million rows */
  struct count *count = data;
  const struct row_set *members = count->state->members;
  struct error error = ERROR_INIT;
  struct bitmap rows;
  if (expr_select(count->expr, count->state->cohort, NULL, &rows, NULL, &error)) {
    text_append_format(&count->words, "%s%s%s", error.what, error.hint ? "; " : "", error.hint ? error.hint : "");
  } else {
    const size_t n = bitmap_count_both(&rows, &members->rows);
    text_append_format(&count->words, "keeps %zu of %zu", count->drop ? members->count - n : n, members->count);
    bitmap_clear(&rows);
  }
  error_clear(&error);
}

static void release_count(void *data)
{
  struct count *count = data;
  state_release(count->state);
  expr_free(count->expr);
  text_clear(&count->words);
  free(count);
}

void preview_take(struct explorer *explorer, struct errand *errand)
{
  struct count *count = errand->data;
  if (explorer->prompting)
    take_preview(explorer, &count->words);
  release_count(count);
}

/* How many a condition is true for, or what is wrong with it.  Takes over the expression. */
static void preview_condition(struct explorer *explorer, struct expr *expr, bool drop)
{
  struct count *count = memory_new(1, sizeof *count);
  *count = (struct count){state_retain(session_state(explorer->session)), expr, drop, TEXT_INIT};
  state_set_string(&explorer->preview, "counting …");
  explorer_errand(explorer, ERRAND_PREVIEW, &(struct errand){count, do_count, release_count});
}

static void preview_filter(struct explorer *explorer, const char *filter)
{
  const struct state *state = session_state(explorer->session);
  struct error error = ERROR_INIT;
  struct expr *expr;
  struct text preview = TEXT_INIT;
  filter += strspn(filter, " ");
  if (!*filter || !state->cohort || strcmp(filter, "off") == 0) {
    state_set_string(&explorer->preview, NULL);
    return;
  }
  const struct branch *branch = state_find_branch(state, filter);
  if (expr_parse_string(branch ? branch->condition : filter, &expr, &error)) {
    text_append_format(&preview, "%s%s%s", error.what, error.hint ? "; " : "", error.hint ? error.hint : "");
    take_preview(explorer, &preview);
  } else {
    preview_condition(explorer, expr, false);
  }
  error_clear(&error);
}

/* keep and drop: the condition behind `if`, up to the options. */
static bool preview_members(struct explorer *explorer, const struct verb *verb, const char *line)
{
  const bool keep = strcmp(verb->syntax.name, "keep") == 0, drop = strcmp(verb->syntax.name, "drop") == 0;
  const char *condition = strstr(line, " if ");
  struct token_list tokens;
  struct error error = ERROR_INIT;
  struct expr *expr;
  bool shown = false;
  if (!session_state(explorer->session)->cohort || !(keep || drop) || !condition ||
      token_list_read(&tokens, condition + strlen(" if "), &error)) {
    error_clear(&error);
    return false;
  }
  size_t end = 0;
  for (int depth = 0; tokens.tokens[end].kind != TOKEN_END && (depth || !token_is(&tokens.tokens[end], ",")); end++)
    depth += token_is(&tokens.tokens[end], "(") - token_is(&tokens.tokens[end], ")");
  if (end && !expr_parse(&tokens, 0, end, &expr, &error)) {
    preview_condition(explorer, expr, drop);
    shown = true;
  }
  token_list_clear(&tokens);
  error_clear(&error);
  return shown;
}

/* "conf=log|plain|…  type of the limits" */
static bool preview_option(struct explorer *explorer, const char *line, size_t point)
{
  const struct option_syntax *option = explorer_option_at(explorer, line, point);
  struct text preview = TEXT_INIT;
  if (!option)
    return false;
  text_append_format(&preview, "%s=%s%s%s", option->name, option->values ? option->values : "", option->values ? "  " : " ",
                     option->help);
  take_preview(explorer, &preview);
  return true;
}

/* The setting whose value is being typed: what it takes, and what it is. */
static bool preview_setting(struct explorer *explorer, const char *line, size_t point)
{
  struct setting_words words;
  struct text preview = TEXT_INIT;
  size_t start = point;
  while (start && line[start - 1] != ' ')
    start--;
  const size_t length = strcspn(line + start, "= ");
  for (size_t i = 0; line[start + length] == '=' && setting_at(i, &words) && !preview.length; i++)
    if (strlen(words.name) == length && memcmp(words.name, line + start, length) == 0)
      text_append_format(&preview, "%s: %s (%s)", words.name, words.values, words.help);
  const bool shown = preview.length > 0;
  if (shown)
    take_preview(explorer, &preview);
  return shown;
}

/* The verbs that begin with what was typed. */
static void preview_verbs(struct explorer *explorer, const char *line)
{
  const size_t length = strcspn(line, " ,(");
  struct text preview = TEXT_INIT;
  if (!*line)
    text_append(&preview, "a command; Tab completes, Up brings the last one, help lists them");
  for (size_t i = 0; verbs[i] && *line && !line[length]; i++)
    if (strncmp(verbs[i]->syntax.name, line, length) == 0)
      text_append_format(&preview, "%s%s", preview.length ? "  " : "", verbs[i]->syntax.name);
  take_preview(explorer, &preview);
}

/* What the line would do, else the usage of its verb. */
static void preview_command(struct explorer *explorer, const char *line, size_t point)
{
  const size_t blanks = strspn(line, " "), length = strcspn(line + blanks, " ,");
  const struct verb *verb = verb_find(line + blanks, length);
  if (!verb)
    preview_verbs(explorer, line + blanks);
  else if (strcmp(verb->syntax.name, "filter") == 0 && line[blanks + length])
    preview_filter(explorer, line + blanks + length);
  else if (strcmp(verb->syntax.name, "set") == 0 && preview_setting(explorer, line, point))
    return;
  else if (!preview_members(explorer, verb, line) && !preview_option(explorer, line, point))
    state_set_string(&explorer->preview, verb->usage);
}

const char *explorer_needle(const struct explorer *explorer)
{
  if (explorer->prompting && explorer->prompt_kind == '/')
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
  if (prefix != explorer->prompt_prefix)
    state_set_string(&explorer->prompt_prefix, prefix);
  prefix = explorer->prompt_prefix;
  state_set_string(&explorer->prompt_line, text);
  explorer->prompt_point = point;
  explorer->matches = (char **)matches;
  if (strlen(prefix) == 1)
    explorer->prompt_kind = *prefix;
  explorer_forget_errand(explorer, ERRAND_PREVIEW);
  if (explorer->question)
    state_set_string(&explorer->preview, explorer->question);
  else if (*prefix == '/' && !explorer->overlay)
    search_live(explorer, text);
  else if ((*prefix == '\\' || *prefix == ':') && explorer_prompt_has_failed(explorer))
    state_set_string(&explorer->preview, explorer->failed_why);
  else if (*prefix == '\\')
    preview_filter(explorer, text);
  else if (*prefix == ':')
    preview_command(explorer, text, point);
  else
    state_set_string(&explorer->preview, NULL);
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
  variables_search(explorer, explorer->variable_list.cursor, step);
}

/* What was typed behind /; nothing: what was looked for before. */
static void search_done(struct explorer *explorer, const char *needle)
{
  const struct pane *pane = pane_of(explorer->wishes.view);
  if (*needle)
    state_set_string(&explorer->search, needle);
  if (explorer->overlay) {
    if (explorer->search)
      overlay_search(explorer, explorer->search, 1);
    return;
  }
  explorer->search_shown = explorer->search != NULL;
  if (search_live(explorer, explorer->search))
    explorer->searching = false;
  else if (explorer->wishes.focus != FOCUS_VARIABLES && pane->search)
    pane->search(explorer, 1);
  else
    variables_search(explorer, line_of_name(explorer, explorer->search ? explorer->search : ""), 0);
}

/* What km and cox ask for is shown by the views 1 and 2, and the views 3 to 6 follow it: typed where nothing would be seen of
 * it, the line brings its view. */
static void bring_view(struct explorer *explorer, const char *line)
{
  bool shows_more;
  const enum view now = explorer->wishes.view;
  if (*line == '\0' || command_pace(line, &shows_more) != COMMAND_APPLIED)
    return;
  if (now < VIEW_DATA || explorer->split.view)
    return;
  explorer->view_beneath = VIEW_NONE;
  explorer->wishes.view = strncmp(line, "cox", 3) == 0 ? VIEW_MODEL : VIEW_CURVES;
}

/* Runs a typed line; one that fails at once is brought back for mending. */
static enum explorer_wish run_typed(struct explorer *explorer, bool as_filter, const char *line)
{
  enum explorer_wish wish = WISH_NONE;
  state_set_string(&explorer->typed_line, line);
  explorer->typed_as_filter = as_filter;
  explorer_remember_failure(explorer, NULL, NULL);
  bring_view(explorer, line);
  explorer_run_in_turn(explorer, line);
  explorer->quit_asked = false;
  if (explorer->prompting)
    wish = WISH_PROMPT; /* it asked something */
  else if (explorer->failed_line && strcmp(explorer->failed_line, line) == 0)
    wish = explorer_mend(explorer);
  else if (session_quit_requested(explorer->session))
    wish = WISH_QUIT;
  return wish;
}

/* Words of the prompt that are no commands: they change the screen, not the session.  WISH_NONE in *wish where they need
 * nothing of the loop. */
static bool run_word(struct explorer *explorer, const char *line, enum explorer_wish *wish)
{
  *wish = WISH_NONE;
  if (strcmp(line, "q!") == 0)
    *wish = WISH_QUIT;
  else if (strcmp(line, "q") == 0 || strcmp(line, "quit") == 0)
    *wish = explorer_leave(explorer);
  else if (strcmp(line, "mouse") == 0)
    *wish = act_mouse(explorer, 0);
  else if (strcmp(line, "set") == 0)
    *wish = act_settings(explorer, 0);
  else if (strncmp(line, "tutorial", 8) == 0 && (!line[8] || line[8] == ' '))
    return tutorial_command(explorer, line + 8 + strspn(line + 8, " "));
  else if (strcmp(line, "help keys") == 0)
    *wish = act_help(explorer, 0);
  else
    return false;
  return true;
}

enum explorer_wish explorer_prompt_done(struct explorer *explorer, const char *text)
{
  const char prefix = explorer->prompt_kind;
  enum explorer_wish wish = WISH_NONE;
  explorer->prompting = false;
  explorer_forget_errand(explorer, ERRAND_PREVIEW);
  explorer->matches = NULL;
  state_set_string(&explorer->preview, NULL);
  state_set_string(&explorer->question, NULL);
  if (!text) {
    if (prefix == '/' && explorer->searching) {
      explorer_forget_errand(explorer, ERRAND_SEARCH);
      explorer_forget_errand(explorer, ERRAND_FREQUENCY_SEARCH);
      search_live(explorer, NULL);
    }
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
    text_append_format(&command, "%s%s", filter_verb, *line ? line : "off");
    wish = run_typed(explorer, true, text_string(&command));
    text_clear(&command);
  } else if (*line && !run_word(explorer, line, &wish)) {
    wish = run_typed(explorer, false, line);
  }
  free(line);
  return wish;
}
