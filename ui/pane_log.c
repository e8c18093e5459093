/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log of commands. */
#include "ui/explorer_internal.h"
#include "ui/paint.h"
#include "ui/pane.h"

void pane_log_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  const enum charset charset = explorer_charset(explorer);
  struct list *list = &explorer->log_list;
  size_t count = session_log_count(explorer->session);
  paint_rule(&frame->canvas, area_line(area, 0), "Log: Enter runs a command again", explorer->wishes.focus == FOCUS_MAIN,
             charset);
  if (area.rows < 2)
    return;
  list_follow(list, count, area.rows - 1);
  for (size_t i = 1; i < area.rows && list->top + i - 1 < count; i++) {
    size_t at = list->top + i - 1;
    const struct log_entry *entry = session_log_entry(explorer->session, at);
    struct text line = TEXT_INIT;
    struct area place = area_line(area, i);
    text_append_format(&line, "%s%4zu  %s", at == list->cursor ? ">" : " ", at + 1, entry->line);
    if (entry->message)
      text_append_format(&line, "   # %s%s", entry->failed ? "failed: " : "", entry->message);
    paint_text(&frame->canvas, place, text_string(&line), entry->failed ? STYLE_WARNING : STYLE_TEXT, charset);
    text_clear(&line);
    if (at != list->cursor || explorer->wishes.focus != FOCUS_MAIN)
      continue;
    canvas_add_attributes(&frame->canvas, place, ATTRIBUTE_REVERSE);
    frame->cursor_row = place.row;
    frame->cursor_column = place.column;
  }
}

void pane_log_move(struct explorer *explorer, enum motion motion)
{
  list_move(&explorer->log_list, motion, session_log_count(explorer->session), pane_height(explorer, 1));
}

/* The newest command is looked at first. */
void pane_log_enter(struct explorer *explorer)
{
  explorer->log_list.cursor = session_log_count(explorer->session);
}
