/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Markdown, with the tables of GitHub's dialect. */
#include <string.h>

#include "base/utf8.h"
#include "report/render_parts.h"

void markdown_append_words(struct text *out, const char *string)
{
  struct text visible = TEXT_INIT;
  utf8_append_visible(&visible, string);
  for (const char *at = text_string(&visible); *at; at++) {
    if (strchr("|\\`*_<>[]#$&~", *at))
      text_append_char(out, '\\');
    text_append_char(out, *at);
  }
  text_clear(&visible);
}

/* The most backticks that stand together. */
static size_t longest_ticks(const char *string)
{
  size_t longest = 0;
  for (const char *at = string; *at;) {
    const size_t length = strspn(at, "`");
    longest = length > longest ? length : longest;
    at += length ? length : 1;
  }
  return longest;
}

void markdown_append_code(struct text *out, const char *string)
{
  struct text visible = TEXT_INIT;
  utf8_append_visible(&visible, string);
  const size_t ticks = longest_ticks(text_string(&visible)) + 1;
  text_append_repeated(out, '`', ticks);
  text_append_format(out, ticks > 1 ? " %s " : "%s", text_string(&visible));
  text_append_repeated(out, '`', ticks);
  text_clear(&visible);
}

static void append_row(struct text *out, const struct printed_table *table, const struct printed_row *row)
{
  bool heading = row->kind == PRINTED_HEADING;
  for (size_t c = 0; c < table->n_columns; c++) {
    const char *cell = render_cell(row, c);
    size_t indent = render_indent(cell);
    text_append(out, c ? " " : "| ");
    if (heading && *cell)
      text_append(out, "**");
    for (size_t i = 0; i < indent; i++)
      text_append(out, "&nbsp;");
    markdown_append_words(out, cell + indent);
    if (heading && *cell)
      text_append(out, "**");
    text_append(out, " |");
  }
  text_append_char(out, '\n');
}

static void append_printed(struct text *out, const struct printed_table *table)
{
  if (table->title) {
    text_append(out, "**");
    markdown_append_words(out, table->title);
    text_append(out, "**\n\n");
  }
  for (size_t c = 0; c < table->n_columns; c++) {
    text_append(out, c ? " " : "| ");
    markdown_append_words(out, table->columns[c].title);
    text_append(out, " |");
  }
  text_append(out, "\n|");
  for (size_t c = 0; c < table->n_columns; c++)
    text_append(out, table->columns[c].alignment == ALIGN_RIGHT ? " ---: |" : " --- |");
  text_append_char(out, '\n');
  for (size_t r = 0; r < table->n_rows; r++)
    if (table->rows[r].kind != PRINTED_RULE)
      append_row(out, table, &table->rows[r]);
  for (size_t i = 0; i < table->n_notes; i++) {
    text_append(out, i ? "  \n" : "\n");
    markdown_append_words(out, table->notes[i]);
  }
  if (table->n_notes)
    text_append_char(out, '\n');
}

/* Lines and figures as they are, fenced by more backticks than stand in them. */
static void append_block(struct text *out, const struct report_item *item, const struct render_options *options)
{
  struct report one = {.items = (struct report_item *)item, .n_items = 1}; /* read only */
  struct render_options with_plots = *options;
  struct text lines = TEXT_INIT;
  with_plots.plots = true;
  render_text(&lines, &one, &with_plots);
  const size_t ticks = longest_ticks(text_string(&lines)), fence = ticks < 3 ? 3 : ticks + 1;
  text_append_repeated(out, '`', fence);
  text_append_format(out, "text\n%s", text_string(&lines));
  text_append_repeated(out, '`', fence);
  text_append_char(out, '\n');
  text_clear(&lines);
}

/* A paragraph; what it begins with makes it no list. */
static void append_note(struct text *out, const char *words)
{
  const size_t digits = strspn(words, "0123456789");
  if (*words == '-' || *words == '+' || *words == '=')
    text_append_char(out, '\\');
  text_append_bytes(out, words, digits);
  if (digits && (words[digits] == '.' || words[digits] == ')'))
    text_append_char(out, '\\');
  markdown_append_words(out, words + digits);
  text_append_char(out, '\n');
}

void markdown_append_item(struct text *out, const struct report_item *item, const struct render_options *options)
{
  switch (item->kind) {
  case ITEM_PRINTED:
    append_printed(out, item->as.printed);
    break;
  case ITEM_HEADING:
    text_append_repeated(out, '#', item->level + 1);
    text_append_char(out, ' ');
    markdown_append_words(out, item->as.text);
    text_append_char(out, '\n');
    break;
  case ITEM_NOTE:
    append_note(out, item->as.text);
    break;
  default:
    append_block(out, item, options);
  }
}

void render_markdown(struct text *out, const struct report *report, const struct render_options *options)
{
  for (size_t i = 0; i < report->n_items; i++) {
    if (i)
      text_append_char(out, '\n');
    markdown_append_item(out, &report->items[i], options);
  }
}
