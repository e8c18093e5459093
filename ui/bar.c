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

static void draw_tabs(struct explorer *explorer, struct frame *frame)
{
  const size_t gap = tabs_width() <= explorer->layout.tabs.columns;
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

/* The prompt's line, scrolled so that the cursor is in it; its columns, not its bytes, are counted. */
static void draw_prompt_line(struct explorer *explorer, struct frame *frame, struct area line)
{
  const char *text = explorer->prompt_line ? explorer->prompt_line : "";
  const enum charset charset = explorer_charset(explorer);
  struct text before = TEXT_INIT;
  struct area rest = paint_text(&frame->canvas, line, explorer_prompt_prefix(explorer), STYLE_TITLE, charset);
  text_append_bytes(&before, text, explorer->prompt_point < strlen(text) ? explorer->prompt_point : strlen(text));
  size_t column = utf8_string_width(text_string(&before)), skipped = 0;
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
  frame->cursor_row = line.row;
  frame->cursor_column = rest.column + column - skipped;
  frame->cursor_shown = true;
  text_clear(&before);
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
  if (explorer->preview && *explorer->preview && area.row > 0) {
    struct area above = {.row = line.row - 1, .column = area.column, .rows = 1, .columns = area.columns};
    paint_blank(&frame->canvas, above);
    paint_text(&frame->canvas, above, explorer->preview, STYLE_DIM, charset);
  }
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

void overlay_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  const enum charset charset = explorer_charset(explorer);
  const char *text = explorer->overlay;
  paint_blank(&frame->canvas, area);
  paint_rule(&frame->canvas, area_line(area, 0), explorer->overlay_title, true, charset);
  frame->cursor_row = area.row;
  frame->cursor_column = area.column;
  for (size_t i = 0; i < explorer->overlay_list.top && *text; i++) {
    text += strcspn(text, "\n");
    text += *text == '\n';
  }
  size_t row = 1;
  for (; row + 1 < area.rows && *text; row++) {
    struct text line = TEXT_INIT;
    size_t length = strcspn(text, "\n");
    append_from_column(&line, text, length, explorer->overlay_column);
    paint_text(&frame->canvas, area_line(area, row), text_string(&line), STYLE_TEXT, charset);
    text_clear(&line);
    text += length + (text[length] == '\n');
  }
  const bool wide = is_wider(explorer->overlay, area.columns);
  paint_text(&frame->canvas, area_line(area, area.rows ? area.rows - 1 : 0),
             *text && wide ? "more: Space or j, sideways: l h; q goes back"
             : *text       ? "more: Space or j; q goes back"
             : wide        ? "sideways: l h; q goes back"
                           : "q goes back",
             STYLE_DIM, charset);
}
