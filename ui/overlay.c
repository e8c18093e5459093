/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A text over the screen (help, a description, what a command found): scrolled, searched, taken away. */
#include "ui/overlay.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "ui/paint.h"
#include "ui/prose.h"

enum { SIDE_STEP = 8 }; /* columns that the text moves sideways */

void explorer_show(struct explorer *explorer, const char *title, char *text)
{
  char *copy = memory_copy_string(title);
  free(explorer->overlay);
  free(explorer->overlay_title);
  explorer->overlay = text;
  explorer->overlay_title = copy;
  explorer->overlay_list = (struct list){.cursor = 0};
  explorer->overlay_column = 0;
  explorer->overlay_found = false;
  state_set_string(&explorer->overlay_prose, NULL);
}

void explorer_show_prose(struct explorer *explorer, const char *title, char *text)
{
  explorer_show(explorer, title, text);
  explorer->overlay_prose = memory_copy_string(text);
  explorer->overlay_columns = 0;
}

/* Breaks prose anew where the window has another width. */
static void break_prose(struct explorer *explorer, size_t columns)
{
  if (!explorer->overlay_prose || explorer->overlay_columns == columns)
    return;
  free(explorer->overlay);
  explorer->overlay = prose_wrapped(explorer->overlay_prose, columns);
  explorer->overlay_columns = columns;
  explorer->overlay_found = false;
  const size_t lines = explorer_count_lines(explorer->overlay);
  struct list *list = &explorer->overlay_list;
  list->top = list->top < lines ? list->top : lines ? lines - 1 : 0;
}

size_t explorer_count_lines(const char *text)
{
  size_t lines = 0;
  for (; *text; text++)
    lines += *text == '\n';
  return lines;
}

/* The n-th line of a text. */
static const char *line_at(const char *text, size_t n)
{
  for (; n && *text; n--) {
    text += strcspn(text, "\n");
    text += *text == '\n';
  }
  return text;
}

/* Whether a line of the text goes beyond the columns that are shown. */
static bool is_wider(const char *text, size_t columns)
{
  while (*text) {
    size_t length = strcspn(text, "\n");
    struct text line = TEXT_INIT;
    text_append_bytes(&line, text, length);
    const bool wider = utf8_string_width(text_string(&line)) > columns;
    text_clear(&line);
    if (wider)
      return true;
    text += length + (text[length] == '\n');
  }
  return false;
}

/* The line that was found is marked, and the cursor is on it; else on the first line. */
static void draw_line(struct explorer *explorer, struct frame *frame, struct area line, size_t at, const char *text)
{
  const bool found = explorer->overlay_found && at == explorer->overlay_list.cursor;
  struct text shown = TEXT_INIT;
  append_from_column(&shown, text, strcspn(text, "\n"), explorer->overlay_column);
  paint_text(&frame->canvas, line, text_string(&shown), found ? STYLE_TITLE : STYLE_TEXT, explorer_charset(explorer));
  text_clear(&shown);
  if (found)
    canvas_add_attributes(&frame->canvas, line, ATTRIBUTE_REVERSE);
  if (found || (!explorer->overlay_found && at == explorer->overlay_list.top)) {
    frame->cursor_row = line.row;
    frame->cursor_column = line.column;
  }
}

void overlay_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  const enum charset charset = explorer_charset(explorer);
  explorer->overlay_rows = area.rows > 2 ? area.rows - 2 : 1;
  break_prose(explorer, area.columns);
  if (explorer->overlay_found)
    list_follow(&explorer->overlay_list, explorer_count_lines(explorer->overlay) + 1, explorer->overlay_rows);
  const char *text = line_at(explorer->overlay, explorer->overlay_list.top);
  paint_blank(&frame->canvas, area);
  paint_rule(&frame->canvas, area_line(area, 0), explorer->overlay_title, true, charset);
  frame->cursor_row = area.row;
  frame->cursor_column = area.column;
  for (size_t row = 1; row + 1 < area.rows && *text; row++) {
    draw_line(explorer, frame, area_line(area, row), explorer->overlay_list.top + row - 1, text);
    text += strcspn(text, "\n");
    text += *text == '\n';
  }
  const bool wide = is_wider(explorer->overlay, area.columns);
  paint_text(&frame->canvas, area_line(area, area.rows ? area.rows - 1 : 0),
             *text && wide ? "more: Space or j, sideways: l h, search: /; q goes back"
             : *text       ? "more: Space or j, search: /; q goes back"
             : wide        ? "sideways: l h, search: /; q goes back"
                           : "/ searches; q goes back",
             STYLE_DIM, charset);
}

static bool holds(const char *line, const char *needle)
{
  struct text text = TEXT_INIT;
  text_append_bytes(&text, line, strcspn(line, "\n"));
  const bool found = strcasestr(text_string(&text), needle) != NULL;
  text_clear(&text);
  return found;
}

void overlay_search(struct explorer *explorer, const char *needle, int step)
{
  const size_t n = explorer_count_lines(explorer->overlay) + 1;
  const size_t start = explorer->overlay_found ? explorer->overlay_list.cursor + n + (size_t)step : explorer->overlay_list.top;
  size_t count = 0;
  for (size_t i = 0; i < n; i++)
    count += holds(line_at(explorer->overlay, i), needle);
  if (!count) {
    explorer->overlay_found = false;
    explorer_say(explorer, STYLE_WARNING, "/%s: not found here", needle);
    return;
  }
  for (size_t i = 0; i < n; i++) {
    const size_t at = (start + n + (step < 0 ? n - i : i)) % n;
    if (!holds(line_at(explorer->overlay, at), needle))
      continue;
    explorer->overlay_found = true;
    explorer->overlay_list.cursor = at;
    list_follow(&explorer->overlay_list, n, explorer->overlay_rows);
    break;
  }
  explorer_say(explorer, STYLE_TEXT, "/%s: %zu found; n the next, N the one before", needle, count);
}

bool overlay_key(struct explorer *explorer, uint32_t key, enum explorer_wish *wish)
{
  static const struct {
    uint32_t key;
    enum motion motion;
  } moves[] = {{KEYS_DOWN, MOTION_DOWN}, {'j', MOTION_DOWN},      {KEYS_UP, MOTION_UP},   {'k', MOTION_UP},
               {' ', MOTION_PAGE_DOWN},  {KEYS_PAGE_DOWN, MOTION_PAGE_DOWN}, {KEYS_PAGE_UP, MOTION_PAGE_UP},
               {KEYS_CTRL_F, MOTION_PAGE_DOWN}, {KEYS_CTRL_B, MOTION_PAGE_UP}, {KEYS_CTRL_D, MOTION_HALF_DOWN},
               {KEYS_CTRL_U, MOTION_HALF_UP}, {'g', MOTION_HOME}, {'G', MOTION_END},
               {KEYS_HOME, MOTION_HOME}, {KEYS_END, MOTION_END}};
  *wish = WISH_NONE;
  for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
    if (moves[i].key != key)
      continue;
    explorer->overlay_found = false;
    list_scroll(&explorer->overlay_list, moves[i].motion, explorer_count_lines(explorer->overlay) + 1,
                explorer->overlay_rows);
    return false;
  }
  if (key == KEYS_RIGHT || key == 'l')
    explorer->overlay_column += SIDE_STEP;
  else if (key == KEYS_LEFT || key == 'h')
    explorer->overlay_column -= explorer->overlay_column < SIDE_STEP ? explorer->overlay_column : SIDE_STEP;
  else if (key == '/')
    *wish = explorer_ask(explorer, "/", "");
  else if ((key == 'n' || key == 'N') && explorer->search)
    overlay_search(explorer, explorer->search, key == 'n' ? 1 : -1);
  else {
    state_set_string(&explorer->overlay, NULL);
    return key != KEYS_ESCAPE && key != KEYS_ENTER && key != '\n' && key != 'q';
  }
  return false;
}
