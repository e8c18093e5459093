/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bar on top, the message line or prompt, the key bar, and texts over the screen. */
#include <string.h>

#include "base/utf8.h"
#include "ui/explorer_internal.h"
#include "ui/keymap.h"
#include "ui/paint.h"
#include "ui/pane.h"

/* "86 of 163   filter: grade != "NEC" & …": the filter in words, always. */
static void append_selection(struct text *text, const struct state *state)
{
  if (!state->cohort)
    return;
  if (state->on_view->count == state->members->count)
    text_append_format(text, "   n %zu", state->members->count);
  else
    text_append_format(text, "   %zu of %zu", state->on_view->count, state->members->count);
  text_append_format(text, "   filter: %s", state->filter ? state->filter : "none");
}

static void draw_title(struct explorer *explorer, struct frame *frame)
{
  const struct state *state = session_state(explorer->session);
  const struct endpoint *endpoint = state_endpoint(state);
  const enum charset charset = explorer_charset(explorer);
  const double progress = explorer_progress(explorer);
  const struct area area = explorer->layout.bar;
  struct text left = TEXT_INIT, right = TEXT_INIT;
  const char *slash = state->source ? strrchr(state->source, '/') : NULL;
  text_append_format(&left, " kaplan  %s", !state->source ? "no cohort" : slash ? slash + 1 : state->source);
  if (endpoint)
    text_append_format(&left, "   %s%s%s", endpoint->name, *endpoint->unit ? ", " : "", endpoint->unit);
  append_selection(&left, state);
  const bool busy = explorer_append_progress(explorer, &right);
  if (!busy && progress >= 0)
    text_append_format(&right, " %.0f %%", 100 * progress);
  text_append(&right, explorer->paused ? " PAUSED" : explorer_is_late(explorer) ? " …" : "");
  text_append(&right, busy ? " " : " ? help ");
  struct area rest = paint_text_right(&frame->canvas, area, text_string(&right), STYLE_TITLE, charset);
  paint_text(&frame->canvas, rest, text_string(&left), STYLE_TITLE, charset);
  canvas_add_attributes(&frame->canvas, area, ATTRIBUTE_REVERSE);
  text_clear(&left);
  text_clear(&right);
}

/* The columns that the titles take with brackets, or blanks, and one between each two. */
static size_t tabs_width(void)
{
  size_t width = 0;
  for (enum view view = VIEW_CURVES; view < VIEW_COUNT; view++)
    if (pane_of(view)->title)
      width += utf8_string_width(pane_of(view)->title) + 3;
  return width - 1;
}

/* Blanks between two titles. */
static size_t tabs_gap(const struct explorer *explorer)
{
  return tabs_width() <= explorer->layout.tabs.columns;
}

enum view bar_view_at(const struct explorer *explorer, size_t column)
{
  size_t at = explorer->layout.tabs.column;
  for (enum view view = VIEW_CURVES; view < VIEW_COUNT; view++) {
    if (!pane_of(view)->title)
      continue;
    const size_t width = utf8_string_width(pane_of(view)->title) + 2;
    if (column >= at && column < at + width)
      return view;
    at += width + tabs_gap(explorer);
  }
  return VIEW_NONE;
}

static void draw_tabs(struct explorer *explorer, struct frame *frame)
{
  const size_t gap = tabs_gap(explorer);
  struct area rest = explorer->layout.tabs;
  for (enum view view = VIEW_CURVES; view < VIEW_COUNT && rest.rows; view++) {
    const bool active = explorer->wishes.view == view;
    if (!pane_of(view)->title)
      continue;
    struct text title = TEXT_INIT;
    text_append_format(&title, active ? "[%s]" : " %s ", pane_of(view)->title);
    rest = paint_text(&frame->canvas, rest, text_string(&title), active ? STYLE_TITLE : STYLE_DIM, explorer_charset(explorer));
    rest = area_after(rest, gap);
    text_clear(&title);
  }
}

static void draw_keys(struct explorer *explorer, struct frame *frame)
{
  const unsigned context = keymap_context(explorer);
  struct area rest = explorer->layout.keys;
  for (const struct binding *binding = keymap; binding->act && rest.rows && rest.columns; binding++) {
    if (!binding->name || !(binding->contexts & context))
      continue;
    size_t needed = utf8_string_width(binding->shown) + utf8_string_width(binding->name) + 1;
    if (needed > rest.columns)
      continue;
    rest = paint_text(&frame->canvas, rest, binding->shown, STYLE_KEY, explorer_charset(explorer));
    rest = paint_text(&frame->canvas, area_after(rest, 1), binding->name, STYLE_DIM, explorer_charset(explorer));
    rest = area_after(rest, 2);
  }
}

void bar_draw(struct explorer *explorer, struct frame *frame)
{
  draw_title(explorer, frame);
  draw_tabs(explorer, frame);
  draw_keys(explorer, frame);
}

/* The columns that the first bytes of the prompt's line take. */
static size_t columns_before(const struct explorer *explorer, size_t bytes)
{
  const char *text = explorer->prompt_line ? explorer->prompt_line : "";
  struct text before = TEXT_INIT;
  text_append_bytes(&before, text, bytes < strlen(text) ? bytes : strlen(text));
  const size_t columns = utf8_string_width(text_string(&before));
  text_clear(&before);
  return columns;
}

/* Carets in the line under the prompt, where the error is that the line had: they cover the keys. */
static void draw_carets(struct explorer *explorer, struct frame *frame, struct area prompt, size_t skipped)
{
  struct area line = explorer->layout.keys;
  if (!line.rows || !explorer->failed_length || !explorer_prompt_has_failed(explorer))
    return;
  const size_t hidden = explorer->prompt_kind == '\\' ? strlen("filter ") : 0;
  const size_t start = explorer->failed_start < hidden ? 0 : explorer->failed_start - hidden;
  const size_t first = columns_before(explorer, start), end = columns_before(explorer, start + explorer->failed_length);
  paint_blank(&frame->canvas, line);
  for (size_t column = first; column < (end > first ? end : first + 1); column++)
    if (column >= skipped && column - skipped < prompt.columns)
      canvas_put(&frame->canvas, line.row, prompt.column + column - skipped, '^', STYLE_WARNING);
}

/* The prompt's line, scrolled so that the cursor is in it; its columns, not its bytes, are counted. */
static void draw_prompt_line(struct explorer *explorer, struct frame *frame, struct area line)
{
  const char *text = explorer->prompt_line ? explorer->prompt_line : "";
  const enum charset charset = explorer_charset(explorer);
  struct area rest = paint_text(&frame->canvas, line, explorer_prompt_prefix(explorer), STYLE_TITLE, charset);
  size_t column = columns_before(explorer, explorer->prompt_point), skipped = 0;
  while (rest.columns && column - skipped >= rest.columns && *text) {
    uint32_t point;
    size_t bytes = utf8_decode(text, strlen(text), &point);
    int width = utf8_width(point);
    char form[12];
    if (width < 0)
      utf8_visible_glyph(point, form);
    skipped += width < 0 ? strlen(form) : (size_t)width;
    text += bytes;
  }
  paint_text(&frame->canvas, rest, text, STYLE_TEXT, charset);
  draw_carets(explorer, frame, rest, skipped);
  frame->cursor_row = line.row;
  frame->cursor_column = rest.column + column - skipped;
  frame->cursor_shown = true;
}

/* What the line would do, or what was wrong with it, over it: two lines at most. */
static void draw_preview(struct explorer *explorer, struct frame *frame, struct area line)
{
  const enum canvas_style style = explorer_prompt_has_failed(explorer) ? STYLE_WARNING : STYLE_DIM;
  size_t rows = paint_wrapped_rows(explorer->preview, line.columns);
  rows = rows > 2 && line.row > 2 ? 2 : rows && line.row > 2 ? rows : 1;
  struct area above = {.row = line.row - rows, .column = line.column, .rows = rows, .columns = line.columns};
  paint_blank(&frame->canvas, above);
  if (rows == 1)
    paint_text(&frame->canvas, above, explorer->preview, style, explorer_charset(explorer));
  else
    paint_wrapped(&frame->canvas, above, explorer->preview, style, explorer_charset(explorer));
}

/* The words that can stand at the cursor, over the lines above the prompt. */
static void draw_matches(struct explorer *explorer, struct frame *frame, struct area message)
{
  struct text words = TEXT_INIT;
  for (size_t i = 0; i < 200 && explorer->matches[i]; i++)
    text_append_format(&words, "%s%s", i ? "  " : "", explorer->matches[i]);
  struct area area = {.row = message.row > 4 ? message.row - 3 : 0, .column = message.column, .columns = message.columns};
  area.rows = message.row - area.row;
  paint_blank(&frame->canvas, area);
  paint_wrapped(&frame->canvas, area, text_string(&words), STYLE_KEY, explorer_charset(explorer));
  text_clear(&words);
}

void bar_draw_message(struct explorer *explorer, struct frame *frame)
{
  const struct area area = explorer->layout.message;
  const enum charset charset = explorer_charset(explorer);
  if (!area.rows)
    return;
  paint_blank(&frame->canvas, area);
  if (!explorer->prompting) {
    if (explorer->message && area.rows == 1)
      paint_text(&frame->canvas, area, explorer->message, explorer->message_style, charset);
    else if (explorer->message)
      paint_wrapped(&frame->canvas, area, explorer->message, explorer->message_style, charset);
    return;
  }
  struct area line = area_line(area, area.rows - 1);
  if (explorer->preview && *explorer->preview && line.row > 0)
    draw_preview(explorer, frame, line);
  draw_prompt_line(explorer, frame, line);
  if (explorer->matches)
    draw_matches(explorer, frame, line);
}

void append_from_column(struct text *text, const char *line, size_t length, size_t skipped)
{
  size_t at = 0;
  while (at < length && skipped) {
    uint32_t point;
    at += utf8_decode(line + at, length - at, &point);
    const int width = utf8_width(point);
    skipped -= width > 0 && skipped >= (size_t)width ? (size_t)width : skipped > 0;
  }
  text_append_bytes(text, line + at, length - at);
}
