/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Markdown, with the tables of GitHub's dialect. */
#include <string.h>

#include "base/utf8.h"
#include "report/render.h"

/* The visible form of a text, with what Markdown or HTML would take for markup escaped. */
static void append_escaped(struct text *out, const char *string)
{
  struct text visible = TEXT_INIT;
  utf8_append_visible(&visible, string);
  for (const char *at = text_string(&visible); *at; at++) {
    if (strchr("|\\`*_<>[]#", *at))
      text_append_char(out, '\\');
    text_append_char(out, *at);
  }
  text_clear(&visible);
}

static void append_row(struct text *out, const struct printed_table *table, const struct printed_row *row)
{
  bool heading = row->kind == PRINTED_HEADING;
  for (size_t c = 0; c < table->n_columns; c++) {
    const char *cell = row->cells[c] ? row->cells[c] : "";
    size_t indent = strspn(cell, " ");
    text_append(out, c ? " " : "| ");
    if (heading && *cell)
      text_append(out, "**");
    for (size_t i = 0; i < indent; i++)
      text_append(out, "&nbsp;");
    append_escaped(out, cell + indent);
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
    append_escaped(out, table->title);
    text_append(out, "**\n\n");
  }
  for (size_t c = 0; c < table->n_columns; c++) {
    text_append(out, c ? " " : "| ");
    append_escaped(out, table->columns[c].title);
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
    append_escaped(out, table->notes[i]);
  }
  if (table->n_notes)
    text_append_char(out, '\n');
}

static void append_block(struct text *out, const struct report_item *item, const struct render_options *options)
{
  struct report one = {.items = (struct report_item *)item, .n_items = 1}; /* read only */
  struct render_options with_plots = *options;
  with_plots.plots = true;
  text_append(out, "```text\n");
  render_text(out, &one, &with_plots);
  text_append(out, "```\n");
}

void render_markdown(struct text *out, const struct report *report, const struct render_options *options)
{
  for (size_t i = 0; i < report->n_items; i++) {
    if (i)
      text_append_char(out, '\n');
    if (report->items[i].kind == ITEM_PRINTED)
      append_printed(out, report->items[i].as.printed);
    else
      append_block(out, &report->items[i], options);
  }
}
