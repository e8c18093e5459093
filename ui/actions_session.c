/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "lang/token.h"
#include "ui/actions.h"
#include "ui/keymap.h"
#include "ui/pane.h"
#include "ui/pane_why.h"

enum explorer_wish act_prompt(struct explorer *explorer, uint32_t key)
{
  (void)key;
  return explorer_ask(explorer, ":", "");
}

enum explorer_wish act_search(struct explorer *explorer, uint32_t key)
{
  (void)key;
  return explorer_ask(explorer, "/", "");
}

enum explorer_wish act_search_next(struct explorer *explorer, uint32_t key)
{
  if (explorer->search)
    explorer_search(explorer, key == 'n' ? 1 : -1);
  else
    explorer_say(explorer, STYLE_DIM, "nothing was searched for yet; / searches");
  return WISH_NONE;
}

enum explorer_wish act_run_again(struct explorer *explorer, uint32_t key)
{
  (void)key;
  if (explorer->log_list.cursor >= session_log_count(explorer->session))
    return WISH_NONE;
  char *line = memory_copy_string(session_log_entry(explorer->session, explorer->log_list.cursor)->line);
  state_set_string(&explorer->typed_line, line);
  explorer->typed_as_filter = false;
  explorer_run(explorer, line);
  free(line);
  return session_quit_requested(explorer->session) ? WISH_QUIT : explorer->prompting ? WISH_PROMPT : WISH_NONE;
}

enum explorer_wish act_edit_again(struct explorer *explorer, uint32_t key)
{
  (void)key;
  if (explorer->log_list.cursor >= session_log_count(explorer->session))
    return WISH_NONE;
  return explorer_ask(explorer, ":", session_log_entry(explorer->session, explorer->log_list.cursor)->line);
}

enum explorer_wish act_undo(struct explorer *explorer, uint32_t key)
{
  (void)key;
  explorer_run(explorer, "undo");
  return WISH_NONE;
}

enum explorer_wish act_redo(struct explorer *explorer, uint32_t key)
{
  (void)key;
  explorer_run(explorer, "redo");
  return WISH_NONE;
}

/* The patients on view with the columns that are shown, in the order of the sheet as far as `list` can sort so. */
static char *list_of_patients(const struct explorer *explorer)
{
  const struct sheet *sheet = &explorer->sheet;
  struct text line = TEXT_INIT;
  text_append(&line, "list");
  for (size_t i = 0; i < sheet->n_columns && sheet->n_hidden; i++) {
    if (sheet->columns[i].derived)
      continue;
    text_append_char(&line, ' ');
    token_append_name(&line, sheet->columns[i].column->name);
  }
  text_append_char(&line, ',');
  if (sheet->n_keys == 1 && cohort_find_column(session_state(explorer->session)->cohort, sheet->keys[0].name)) {
    text_append(&line, " sort=");
    token_append_name(&line, sheet->keys[0].name);
    text_append(&line, sheet->keys[0].descending ? " descending" : "");
  }
  text_append_format(&line, " rows=%zu", sheet->n_rows);
  return text_take(&line);
}

/* The analysis that a view shows and the name of a file that fits it; the caller frees the line.  NULL: the screen itself. */
static char *analysis_on_view(const struct explorer *explorer, const char **name)
{
  const struct state *state = session_state(explorer->session);
  static const char *const names[VIEW_COUNT] = {
      [VIEW_TABLE1] = "table1.csv", [VIEW_FOREST] = "forest.svg", [VIEW_NOMOGRAM] = "nomogram.svg", [VIEW_FLOW] = "flow.svg"};
  const char *why;
  struct text line = TEXT_INIT;
  switch (explorer->wishes.view) {
  case VIEW_CURVES:
    *name = "km.svg";
    text_append(&line, "km");
    for (size_t i = 0; i < state->n_groups; i++) {
      text_append_char(&line, ' ');
      token_append_name(&line, state->groups[i]);
    }
    if (state->panels) {
      text_append(&line, ", panels=");
      token_append_name(&line, state->panels);
    }
    return text_take(&line);
  case VIEW_MODEL:
    *name = "cox.tex";
    return state->model ? memory_copy_string("cox") : NULL;
  case VIEW_TABLE1:
  case VIEW_FOREST:
  case VIEW_NOMOGRAM:
  case VIEW_FLOW:
    *name = names[explorer->wishes.view];
    return view_command(explorer, explorer->wishes.view, &why);
  case VIEW_DATA:
    *name = "patients.csv";
    return explorer->sheet.n_rows ? list_of_patients(explorer) : NULL;
  default:
    return NULL;
  }
}

/* What is on view, under a name that fits it; which analysis that is stands in the line where it is not the last. */
enum explorer_wish act_export(struct explorer *explorer, uint32_t key)
{
  (void)key;
  const char *name = "screen.txt", *last = session_last_analysis(explorer->session);
  pane_data_sheet(explorer);
  char *analysis = analysis_on_view(explorer, &name);
  struct text line = TEXT_INIT;
  text_append_format(&line, "export \"%s\"", analysis ? name : "screen.txt");
  if (analysis && (!last || strcmp(last, analysis) != 0)) {
    text_append(&line, ", of=");
    token_append_string(&line, analysis);
  }
  enum explorer_wish wish = explorer_ask(explorer, ":", text_string(&line));
  text_truncate(&line, 0);
  text_append_format(&line, "Enter writes %s (Ctrl-A: to change the name), Esc leaves it", analysis ? name : "screen.txt");
  state_set_string(&explorer->question, text_string(&line));
  text_clear(&line);
  free(analysis);
  return wish;
}

/* All that the log holds, as one document. */
enum explorer_wish act_report(struct explorer *explorer, uint32_t key)
{
  (void)key;
  enum explorer_wish wish = explorer_ask(explorer, ":", "report \"session.html\"");
  state_set_string(&explorer->question, "Enter writes session.html (other endings: .md .tex .txt), Esc leaves it");
  return wish;
}

enum explorer_wish act_save(struct explorer *explorer, uint32_t key)
{
  (void)key;
  return explorer_ask(explorer, ":", "save \"work.kap\"");
}

/* Everything that led here is done again, on the file as it is now; where a step fails, the rest is left out. */
enum explorer_wish act_reload(struct explorer *explorer, uint32_t key)
{
  (void)key;
  struct text script = TEXT_INIT;
  session_append_script(explorer->session, &script);
  if (!script.length) {
    explorer_say(explorer, STYLE_DIM, "nothing is loaded yet");
    return WISH_NONE;
  }
  const char *undone;
  struct text undo = TEXT_INIT;
  text_append_format(&undo, "undo %zu", session_step_count(explorer->session));
  session_journal(explorer->session, text_string(&undo));
  while (session_undo(explorer->session, &undone))
    ;
  session_log(explorer->session, text_string(&undo), NULL, false);
  text_clear(&undo);
  explorer_stop_job(explorer);
  char *rest = script.bytes, *line;
  size_t count = 0;
  for (; (line = strsep(&rest, "\n")) && *line; count++)
    explorer_queue(explorer, line);
  explorer_say(explorer, STYLE_TEXT, "reading again: %zu command%s", count, count == 1 ? "" : "s");
  explorer_run_queue(explorer);
  text_clear(&script);
  return WISH_NONE;
}

enum explorer_wish act_pause(struct explorer *explorer, uint32_t key)
{
  (void)key;
  explorer->paused = !explorer->paused;
  explorer_say(explorer, STYLE_TEXT, explorer->paused ? "paused: the screen does not follow; = goes on" : "live");
  if (!explorer->paused)
    explorer_refresh(explorer);
  return WISH_NONE;
}

enum explorer_wish act_plain(struct explorer *explorer, uint32_t key)
{
  (void)explorer;
  (void)key;
  return WISH_PLAIN;
}

enum explorer_wish act_repaint(struct explorer *explorer, uint32_t key)
{
  (void)explorer;
  (void)key;
  return WISH_REPAINT;
}

enum explorer_wish act_suspend(struct explorer *explorer, uint32_t key)
{
  (void)explorer;
  (void)key;
  return WISH_SUSPEND;
}

enum explorer_wish act_mouse(struct explorer *explorer, uint32_t key)
{
  (void)key;
  explorer->mouse = !explorer->mouse;
  explorer_say(explorer, STYLE_TEXT, explorer->mouse ? "mouse on (F12 off)" : "mouse off");
  return WISH_MOUSE;
}

enum explorer_wish act_tour_back(struct explorer *explorer, uint32_t key)
{
  (void)key;
  tutorial_command(explorer, "back");
  return WISH_NONE;
}

enum explorer_wish act_help(struct explorer *explorer, uint32_t key)
{
  (void)key;
  explorer_show_prose(explorer, "Help: keys", keymap_help(keymap_context(explorer)));
  return WISH_NONE;
}

enum explorer_wish explorer_leave(struct explorer *explorer)
{
  if (!session_is_unsaved(explorer->session) || explorer->quit_asked)
    return WISH_QUIT;
  explorer->quit_asked = true;
  explorer_say(explorer, STYLE_WARNING, "the session is not saved: q again quits, s saves it as a script");
  return WISH_NONE;
}

enum explorer_wish act_back(struct explorer *explorer, uint32_t key)
{
  (void)key;
  if (explorer->wishes.zoomed) {
    explorer->wishes.zoomed = false;
  } else if (pane_why_close(explorer)) {
    return WISH_NONE;
  } else if (!isnan(explorer->cursor)) {
    explorer->cursor = NAN;
  } else if (pane_close(explorer)) {
    return WISH_NONE;
  } else if (explorer->wishes.view != VIEW_CURVES) {
    explorer->wishes.view = VIEW_CURVES;
  } else {
    return explorer_leave(explorer);
  }
  return WISH_NONE;
}

enum explorer_wish act_quit(struct explorer *explorer, uint32_t key)
{
  (void)key;
  return explorer_leave(explorer);
}

/* A frequency table that is being counted; the view goes, which shows nothing or what was before. */
static bool stop_counting(struct explorer *explorer)
{
  explorer_forget_errand(explorer, ERRAND_DESCRIPTION);
  if (explorer_forget_errand(explorer, ERRAND_CUTS)) {
    cut_points_clear(&explorer->cuts);
    explorer_say(explorer, STYLE_WARNING, "the search for cut points was stopped");
    return true;
  }
  const bool searched = explorer_forget_errand(explorer, ERRAND_SEARCH);
  if (explorer_forget_errand(explorer, ERRAND_FREQUENCY_SEARCH) || searched) {
    explorer_say(explorer, STYLE_WARNING, "the search was stopped");
    return true;
  }
  if (!explorer_forget_errand(explorer, ERRAND_FREQUENCY))
    return false;
  if (explorer->wishes.view == VIEW_FREQUENCY)
    pane_close(explorer);
  frequency_view_clear(&explorer->frequency);
  explorer_say(explorer, STYLE_WARNING, "counting was stopped");
  return true;
}

/* What the workers compute for the screen. */
static bool stop_computing(struct explorer *explorer)
{
  if (!explorer_cancel(explorer))
    return false;
  explorer_say(explorer, STYLE_WARNING, "stopped; any change computes again");
  return true;
}

enum explorer_wish act_interrupt(struct explorer *explorer, uint32_t key)
{
  (void)key;
  if (explorer_stop_job(explorer) || stop_counting(explorer) || stop_computing(explorer))
    return WISH_NONE;
  if (explorer->interrupted) {
    explorer_say(explorer, STYLE_WARNING, "to quit press Q, or type :q");
  } else {
    explorer->interrupted = true;
    explorer_say(explorer, STYLE_DIM, "nothing to stop; to quit press Q");
  }
  return WISH_NONE;
}

enum explorer_wish act_escape(struct explorer *explorer, uint32_t key)
{
  (void)key;
  if (explorer_stop_job(explorer) || stop_counting(explorer))
    return WISH_NONE;
  if (explorer_computes_long(explorer) && stop_computing(explorer))
    return WISH_NONE;
  if (pane_why_close(explorer))
    return WISH_NONE;
  if (!pane_of(explorer->wishes.view)->title && pane_close(explorer))
    return WISH_NONE;
  explorer->cursor = NAN;
  explorer->search_shown = false;
  state_set_string(&explorer->message, NULL);
  return WISH_NONE;
}
