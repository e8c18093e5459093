/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `set` sets, with its values: each key that changes one is the line `set NAME=VALUE`. */
#include "verbs/setting.h"

#include <string.h>

#include "base/utf8.h"
#include "ui/actions.h"
#include "ui/explorer_internal.h"
#include "ui/list_search.h"
#include "ui/paint.h"
#include "ui/pane.h"

enum { RULE = 1, FOOT = 3, LEAST_WITH_FOOT = 8, NAME = 13, VALUE = 16 };

static const struct settings *settings_of(const struct explorer *explorer)
{
  return &session_state(explorer->session)->settings;
}

static size_t n_settings(void)
{
  struct setting_words words;
  size_t n = 0;
  while (setting_at(n, &words))
    n++;
  return n;
}

static size_t list_rows(size_t rows)
{
  const size_t taken = RULE + (rows >= LEAST_WITH_FOOT ? FOOT : 0);
  return rows > taken ? rows - taken : 1;
}

static void draw_setting(struct explorer *explorer, struct frame *frame, struct area line, size_t at)
{
  const enum charset charset = explorer_charset(explorer);
  struct setting_words words;
  struct text text = TEXT_INIT, value = TEXT_INIT;
  const bool chosen = at == explorer->settings_list.cursor;
  if (!setting_at(at, &words))
    return;
  setting_append_value(at, settings_of(explorer), &value);
  text_append_format(&text, "%s %-*s", chosen ? ">" : " ", NAME, words.name);
  utf8_append_fitted(&text, value.length ? text_string(&value) : "-", VALUE, false, charset == CHARSET_ASCII);
  struct area rest = paint_text(&frame->canvas, line, text_string(&text), STYLE_TEXT, charset);
  paint_text(&frame->canvas, area_after(rest, 2), words.values, STYLE_DIM, charset);
  if (chosen && explorer->wishes.focus == FOCUS_MAIN) {
    canvas_add_attributes(&frame->canvas, line, ATTRIBUTE_REVERSE);
    frame->cursor_row = line.row;
    frame->cursor_column = line.column;
  }
  text_clear(&text);
  text_clear(&value);
}

/* What the setting under the cursor is. */
static void draw_foot(struct explorer *explorer, struct frame *frame, struct area foot)
{
  const enum charset charset = explorer_charset(explorer);
  struct setting_words words;
  struct text text = TEXT_INIT;
  if (!setting_at(explorer->settings_list.cursor, &words))
    return;
  paint_rule(&frame->canvas, area_line(foot, 0), words.name, false, charset);
  text_append_format(&text, "%s: ", words.help);
  setting_append_words(explorer->settings_list.cursor, settings_of(explorer), &text);
  foot.row++;
  foot.rows--;
  paint_wrapped(&frame->canvas, foot, text_string(&text), STYLE_TEXT, charset);
  text_clear(&text);
}

void pane_settings_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  const size_t height = list_rows(area.rows), n = n_settings();
  struct list *list = &explorer->settings_list;
  paint_blank(&frame->canvas, area);
  paint_rule(&frame->canvas, area_line(area, 0), "Settings: Space, h and l change one, u undoes, q goes back",
             explorer->wishes.focus == FOCUS_MAIN, explorer_charset(explorer));
  list_follow(list, n, height);
  for (size_t i = 0; i < height && list->top + i < n; i++)
    draw_setting(explorer, frame, area_line(area, RULE + i), list->top + i);
  if (area.rows >= LEAST_WITH_FOOT)
    draw_foot(explorer, frame, (struct area){area.row + area.rows - FOOT, area.column, FOOT, area.columns});
}

void pane_settings_move(struct explorer *explorer, enum motion motion)
{
  list_move(&explorer->settings_list, motion, n_settings(), list_rows(explorer->layout.main.rows));
}

/* ---- changing ---- */

/* A value that is typed: the prompt with the one that is. */
static enum explorer_wish ask_value(struct explorer *explorer, size_t at)
{
  struct setting_words words;
  struct text line = TEXT_INIT;
  setting_at(at, &words);
  text_append_format(&line, "set %s=", words.name);
  setting_append_value(at, settings_of(explorer), &line);
  const enum explorer_wish wish = explorer_ask(explorer, ":", text_string(&line));
  text_clear(&line);
  return wish;
}

/* The next value of a choice; false where it is none. */
static bool change(struct explorer *explorer, size_t at, int step)
{
  struct setting_words words;
  struct text value = TEXT_INIT;
  const bool is_choice = setting_at(at, &words) && setting_append_next(at, settings_of(explorer), step, &value);
  if (is_choice)
    explorer_set(explorer, words.name, text_string(&value));
  text_clear(&value);
  return is_choice;
}

void pane_settings_sideways(struct explorer *explorer, int step)
{
  if (!change(explorer, explorer->settings_list.cursor, step))
    explorer_say(explorer, STYLE_DIM, "its value is typed: Enter");
}

enum explorer_wish act_change_setting(struct explorer *explorer, uint32_t key)
{
  (void)key;
  const size_t at = explorer->settings_list.cursor;
  return change(explorer, at, 1) ? WISH_NONE : ask_value(explorer, at);
}

enum explorer_wish act_settings(struct explorer *explorer, uint32_t key)
{
  (void)key;
  if (explorer->wishes.view == VIEW_SETTINGS)
    pane_close(explorer);
  else
    pane_open(explorer, VIEW_SETTINGS);
  return WISH_NONE;
}

/* ---- searching ---- */

static bool line_matches(const struct explorer *explorer, size_t line, const char *needle)
{
  (void)explorer;
  struct setting_words words;
  return setting_at(line, &words) &&
         (strcasestr(words.name, needle) || strcasestr(words.values, needle) || strcasestr(words.help, needle));
}

static struct list_search settings_search(struct explorer *explorer)
{
  return (struct list_search){&explorer->settings_list, n_settings(), line_matches};
}

void pane_settings_search(struct explorer *explorer, int step)
{
  const struct list_search search = settings_search(explorer);
  list_search(explorer, &search, step);
}

void pane_settings_search_live(struct explorer *explorer, const char *needle)
{
  const struct list_search search = settings_search(explorer);
  list_search_live(explorer, &search, needle);
}
