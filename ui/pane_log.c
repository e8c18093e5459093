/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log of commands: each with a mark of how it ended, who is on view after it, and what it said; that of the command
 * under the cursor stands in full below. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/actions.h"
#include "ui/explorer_internal.h"
#include "ui/list_search.h"
#include "ui/paint.h"
#include "ui/pane.h"
#include "ui/pane_why.h"
#include "verbs/printing.h"

enum { LEAST_LIST = 3, USUAL_BELOW = 4 }; /* rows that the list keeps; rows below it, unless there is more to read */

/* What there is to say of an entry, in full; or NULL. */
static const char *words_of(const struct log_entry *entry)
{
  return entry->details ? entry->details : entry->message;
}

/* The words below the list for the entry under the cursor; the caller frees them. */
static char *details(const struct log_entry *entry)
{
  struct text text = TEXT_INIT;
  const char *words = words_of(entry);
  text_append(&text, entry->line);
  if (!words)
    text_append(&text, "\ndone");
  for (; words && *words; words += words[strcspn(words, "\n")] == '\n') {
    const size_t length = strcspn(words, "\n");
    text_append(&text, entry->failed ? "\nfailed: " : "\nwarning: ");
    text_append_bytes(&text, words, length);
    words += length;
  }
  if (entry->has_cohort && !entry->failed)
    text_append_format(&text, "\n%zu of %zu %s on view after it", entry->n_on_view, entry->n_members,
                       printing_plural(entry->n_members, "patient", "patients"));
  return text_take(&text);
}

/* `!` failed, `w` with a warning: signs, not colours. */
static const char *mark(const struct log_entry *entry)
{
  return entry->failed ? "!" : entry->message ? "w" : " ";
}

static void append_entry(struct text *text, const struct log_entry *entry)
{
  const char *words = entry->message;
  text_append(text, entry->line);
  if (!words)
    return;
  text_append_format(text, "   # %s", entry->failed ? "failed: " : "");
  text_append_bytes(text, words, strcspn(words, "\n"));
}

static bool entry_matches(const struct log_entry *entry, const char *needle)
{
  const char *words = words_of(entry);
  return strcasestr(entry->line, needle) || (words && strcasestr(words, needle));
}

static void draw_entry(struct explorer *explorer, struct frame *frame, struct area place, size_t at)
{
  const struct log_entry *entry = session_log_entry(explorer->session, at);
  const enum charset charset = explorer_charset(explorer);
  const char *needle = explorer_needle(explorer);
  const bool found = needle && entry_matches(entry, needle);
  struct text line = TEXT_INIT, number = TEXT_INIT, end = TEXT_INIT;
  text_append_format(&number, "%s%4zu %s ", at == explorer->log_list.cursor ? ">" : " ", at + 1, mark(entry));
  append_entry(&line, entry);
  if (entry->has_cohort && !entry->failed)
    text_append_format(&end, " n %zu", entry->n_on_view);
  struct area rest =
      place.columns >= 60 ? paint_text_right(&frame->canvas, place, text_string(&end), STYLE_DIM, charset) : place;
  const enum canvas_style style = entry->failed ? STYLE_WARNING : STYLE_TEXT;
  rest = paint_text(&frame->canvas, rest, text_string(&number), found ? STYLE_KEY : style, charset);
  const size_t before = rest.columns;
  const struct area behind = paint_text(&frame->canvas, rest, text_string(&line), style, charset);
  if (found) {
    rest.columns = before - behind.columns;
    canvas_add_attributes(&frame->canvas, rest, ATTRIBUTE_UNDERLINE);
  }
  if (at == explorer->log_list.cursor && explorer->wishes.focus == FOCUS_MAIN) {
    canvas_add_attributes(&frame->canvas, place, ATTRIBUTE_REVERSE);
    frame->cursor_row = place.row;
    frame->cursor_column = place.column;
  }
  text_clear(&line);
  text_clear(&number);
  text_clear(&end);
}

/* Rows for the words below the list, with their rule; 0 where there is no room. */
static size_t rows_below(struct area area, const char *words)
{
  if (area.rows < LEAST_LIST + 3)
    return 0;
  const size_t needed = paint_wrapped_rows(words, area.columns) + 1, most = area.rows - LEAST_LIST - 1;
  const size_t wanted =
      needed > USUAL_BELOW ? needed : USUAL_BELOW; /* the list stays where it is from one command to the next */
  return wanted < most ? wanted : most;
}

void pane_log_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  const enum charset charset = explorer_charset(explorer);
  struct list *list = &explorer->log_list;
  const size_t count = session_log_count(explorer->session);
  paint_blank(&frame->canvas, area);
  paint_rule(&frame->canvas, area_line(area, 0),
             "Log: Enter runs again, o edits first, e reports (! failed, w warning)",
             explorer->wishes.focus == FOCUS_MAIN, charset);
  if (area.rows < 2 || !count)
    return;
  list->cursor = list->cursor < count ? list->cursor : count - 1;
  char *words = details(session_log_entry(explorer->session, list->cursor));
  const size_t below = rows_below(area, words), height = area.rows - 1 - below;
  list_follow(list, count, height);
  for (size_t i = 0; i < height && list->top + i < count; i++)
    draw_entry(explorer, frame, area_line(area, i + 1), list->top + i);
  if (below) {
    struct area under = {.row = area.row + 1 + height, .column = area.column, .rows = below, .columns = area.columns};
    struct text title = TEXT_INIT;
    text_append_format(&title, "command %zu", list->cursor + 1);
    paint_rule(&frame->canvas, area_line(under, 0), text_string(&title), false, charset);
    text_clear(&title);
    under.row++;
    under.rows--;
    paint_wrapped(&frame->canvas, under, words, STYLE_TEXT, charset);
  }
  free(words);
}

void pane_log_move(struct explorer *explorer, enum motion motion)
{
  const size_t taken = 5; /* the rules and three lines below, as a rule */
  list_move(&explorer->log_list, motion, session_log_count(explorer->session), pane_height(explorer, taken));
}

/* ---- what a line did ---- */

static bool begins_with(const char *line, const char *word)
{
  const size_t length = strlen(word);
  return strncmp(line, word, length) == 0 && (!line[length] || strchr(" ,", line[length]));
}

/* The view that shows what a command found, VIEW_NONE where none does.  A table or figure of the views 3 to 6 is that very
 * command's from then on. */
static enum view view_of(struct explorer *explorer, const char *line)
{
  enum view view;
  if (begins_with(line, "km") || begins_with(line, "logrank"))
    return VIEW_CURVES;
  if (begins_with(line, "cox") || begins_with(line, "zph"))
    return VIEW_MODEL;
  if (begins_with(line, "list"))
    return VIEW_DATA;
  return view_remember(explorer, line, &view) ? view : VIEW_NONE;
}

/* Who was on view before and after, where that changed. */
static void tell_change(struct explorer *explorer, size_t at)
{
  const struct log_entry *entry = session_log_entry(explorer->session, at);
  const struct log_entry *before = at ? session_log_entry(explorer->session, at - 1) : NULL;
  if (entry->failed)
    explorer_say(explorer, STYLE_DIM, "it failed and changed nothing");
  else if (!entry->has_cohort)
    explorer_say(explorer, STYLE_DIM, "no cohort was loaded: it changed nobody");
  else if (!before || !before->has_cohort)
    explorer_say(explorer, STYLE_TEXT, "%zu of %zu %s came on view", entry->n_on_view, entry->n_members,
                 printing_plural(entry->n_members, "patient", "patients"));
  else if (before->n_on_view != entry->n_on_view || before->n_members != entry->n_members)
    explorer_say(explorer, STYLE_TEXT, "on view before it %zu of %zu patients, after it %zu of %zu", before->n_on_view,
                 before->n_members, entry->n_on_view, entry->n_members);
  else
    explorer_say(explorer, STYLE_DIM, "who is on view stayed the same, %zu of %zu; Enter runs it again", entry->n_on_view,
                 entry->n_members);
}

enum explorer_wish act_log_why(struct explorer *explorer, uint32_t key)
{
  (void)key;
  const size_t at = explorer->log_list.cursor;
  if (at >= session_log_count(explorer->session))
    return WISH_NONE;
  const struct log_entry *entry = session_log_entry(explorer->session, at);
  if (!entry->failed && begins_with(entry->line, "why")) {
    pane_why_show(explorer, entry->line);
    return WISH_NONE;
  }
  const enum view view = entry->failed ? VIEW_NONE : view_of(explorer, entry->line);
  if (view)
    act_view(explorer, '0' + (uint32_t)view);
  else
    tell_change(explorer, at);
  return WISH_NONE;
}

/* ---- searching ---- */

static bool line_matches(const struct explorer *explorer, size_t line, const char *needle)
{
  return entry_matches(session_log_entry(explorer->session, line), needle);
}

static struct list_search log_search(struct explorer *explorer)
{
  return (struct list_search){&explorer->log_list, session_log_count(explorer->session), line_matches};
}

void pane_log_search(struct explorer *explorer, int step)
{
  const struct list_search search = log_search(explorer);
  list_search(explorer, &search, step);
}

void pane_log_search_live(struct explorer *explorer, const char *needle)
{
  const struct list_search search = log_search(explorer);
  list_search_live(explorer, &search, needle);
}

/* The newest command is looked at first. */
void pane_log_enter(struct explorer *explorer)
{
  explorer->log_list.cursor = session_log_count(explorer->session);
}
