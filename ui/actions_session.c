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
  explorer_run(explorer, line);
  free(line);
  return session_quit_requested(explorer->session) ? WISH_QUIT : WISH_NONE;
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

/* A file for what is on view, and the command of the view. */
enum explorer_wish act_export(struct explorer *explorer, uint32_t key)
{
  (void)key;
  static const char *const files[VIEW_COUNT] = {
      [VIEW_TABLE1] = "table1.md", [VIEW_FOREST] = "forest.svg", [VIEW_NOMOGRAM] = "nomogram.svg", [VIEW_FLOW] = "flow.svg"};
  const char *file = files[explorer->wishes.view], *why;
  char *line = file ? view_command(explorer, explorer->wishes.view, &why) : NULL;
  if (!line)
    return explorer_ask(explorer, ":", explorer->wishes.view == VIEW_MODEL ? "export \"cox.csv\"" : "export \"km.svg\"");
  struct text text = TEXT_INIT;
  text_append_format(&text, "export \"%s\", of=", file);
  token_append_string(&text, line);
  free(line);
  const enum explorer_wish wish = explorer_ask(explorer, ":", text_string(&text));
  text_clear(&text);
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
  while (session_undo(explorer->session, &undone))
    ;
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

enum explorer_wish act_help(struct explorer *explorer, uint32_t key)
{
  (void)key;
  explorer_show(explorer, "Help", keymap_help(keymap_context(explorer)));
  return WISH_NONE;
}

/* Leaving with unsaved commands asks once. */
static enum explorer_wish leave(struct explorer *explorer)
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
    return leave(explorer);
  }
  return WISH_NONE;
}

enum explorer_wish act_quit(struct explorer *explorer, uint32_t key)
{
  (void)key;
  return leave(explorer);
}

enum explorer_wish act_interrupt(struct explorer *explorer, uint32_t key)
{
  (void)key;
  if (explorer_stop_job(explorer))
    return WISH_NONE;
  if (explorer_cancel(explorer)) {
    explorer_say(explorer, STYLE_WARNING, "stopped; any change computes again");
  } else if (explorer->interrupted) {
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
  if (explorer_stop_job(explorer))
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
