/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sessions that were cut off, for one to be taken up.  Its commands run in their turn, as typed ones do; its journal goes
 * when all have run, so that nothing is lost on the way. */
#include <stdlib.h>
#include <string.h>

#include "ui/actions.h"
#include "ui/explorer_internal.h"
#include "ui/paint.h"
#include "ui/pane.h"

void explorer_offer_sessions(struct explorer *explorer, struct left_journals *sessions)
{
  explorer->restoring.offered = *sessions;
  *sessions = (struct left_journals)LEFT_JOURNALS_INIT;
  pane_open(explorer, VIEW_RESTORE);
  explorer_say(explorer, STYLE_TEXT, "sessions were cut off: Enter takes one up, the others stay; q starts without");
}

static void draw_session(struct explorer *explorer, struct frame *frame, struct area line, size_t at)
{
  const struct restoring *restoring = &explorer->restoring;
  const bool chosen = at == restoring->list.cursor;
  struct text text = TEXT_INIT;
  text_append_format(&text, "%s%3zu  ", chosen ? ">" : " ", at + 1);
  left_journal_append_words(&restoring->offered.items[at], &text);
  paint_text(&frame->canvas, line, text_string(&text), STYLE_TEXT, explorer_charset(explorer));
  text_clear(&text);
  if (!chosen || explorer->wishes.focus != FOCUS_MAIN)
    return;
  canvas_add_attributes(&frame->canvas, line, ATTRIBUTE_REVERSE);
  frame->cursor_row = line.row;
  frame->cursor_column = line.column;
}

void pane_restore_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  struct restoring *restoring = &explorer->restoring;
  const size_t height = area.rows > 1 ? area.rows - 1 : 1;
  paint_blank(&frame->canvas, area);
  paint_rule(&frame->canvas, area_line(area, 0), "Sessions that were cut off, the newest first: when, of what, the last command",
             explorer->wishes.focus == FOCUS_MAIN, explorer_charset(explorer));
  list_follow(&restoring->list, restoring->offered.n, height);
  for (size_t i = 0; i < height && restoring->list.top + i < restoring->offered.n; i++)
    draw_session(explorer, frame, area_line(area, i + 1), restoring->list.top + i);
  if (!restoring->offered.n)
    paint_text(&frame->canvas, area_line(area, 1), "  one was taken up", STYLE_DIM, explorer_charset(explorer));
}

void pane_restore_move(struct explorer *explorer, enum motion motion)
{
  list_move(&explorer->restoring.list, motion, explorer->restoring.offered.n, pane_height(explorer, 1));
}

enum explorer_wish act_restore(struct explorer *explorer, uint32_t key)
{
  (void)key;
  struct restoring *restoring = &explorer->restoring;
  if (restoring->list.cursor >= restoring->offered.n || restore_is_under_way(explorer))
    return WISH_NONE;
  restoring->taken = left_journals_take(&restoring->offered, restoring->list.cursor);
  restoring->n_failed = 0;
  restoring->stopped = false;
  pane_close(explorer);
  size_t n;
  char **lines = left_journal_lines(restoring->taken.text, &n);
  for (size_t i = 0; i < n; i++)
    explorer_queue(explorer, lines[i]);
  free(lines);
  explorer_run_queue(explorer);
  return WISH_NONE;
}

bool restore_is_under_way(const struct explorer *explorer)
{
  return explorer->restoring.taken.path != NULL;
}

void restore_finish(struct explorer *explorer)
{
  struct restoring *restoring = &explorer->restoring;
  struct text text = TEXT_INIT;
  if (!restore_is_under_way(explorer))
    return;
  if (restoring->stopped) {
    explorer_say(explorer, STYLE_WARNING, "stopped on the way; kaplan --restore offers the session again");
  } else {
    left_journal_append_restored(&restoring->taken, &text);
    if (restoring->n_failed)
      text_append_format(&text, "; %zu failed (8 shows which)", restoring->n_failed);
    explorer_say(explorer, STYLE_WARNING, "%s", text_string(&text));
  }
  left_journal_release(&restoring->taken, !restoring->stopped && session_has_journal(explorer->session));
  text_clear(&text);
  explorer_refresh(explorer);
  explorer_begin(explorer);
}
