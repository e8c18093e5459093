/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/document.h"

#include <stdlib.h>

#include "base/memory.h"

void document_clear(struct document *document)
{
  for (size_t i = 0; i < document->n_parts; i++)
    report_clear(&document->parts[i].report);
  free(document->parts);
  free(document->title);
  free(document->origin);
  free(document->failure);
  *document = (struct document)DOCUMENT_INIT;
}

void document_take(struct document *document, struct report *report, const struct draw_options *drawing)
{
  const struct report_item *item = report->n_items == 1 ? report->items : NULL;
  const bool is_title = item && item->kind == ITEM_HEADING && item->level == 0;
  if (is_title && !document->title)
    document->title = memory_copy_string(item->as.text);
  if (is_title || !report->command) {
    report_clear(report);
    return;
  }
  const struct document_part part = {.report = *report, .drawing = *drawing};
  MEMORY_APPEND(document->parts, document->n_parts, document->parts_capacity, part);
  *report = (struct report)REPORT_INIT;
}

enum document_kind document_kind(const struct document_part *part)
{
  const struct report *report = &part->report;
  if (report->n_items == 1 && report->items[0].kind == ITEM_HEADING)
    return DOCUMENT_HEADING;
  if (report->n_items == 1 && report->items[0].kind == ITEM_NOTE)
    return DOCUMENT_NOTE;
  for (size_t i = 0; i < report->n_items; i++)
    if (report->items[i].kind == ITEM_PRINTED || report_item_is_figure(&report->items[i]))
      return DOCUMENT_RESULT;
  return DOCUMENT_STEP;
}

struct document_entry *document_contents(const struct document *document, size_t *n)
{
  struct document_entry *entries = memory_new(document->n_parts, sizeof *entries);
  *n = 0;
  for (size_t i = 0; i < document->n_parts; i++) {
    const struct report_item *item = document->parts[i].report.items;
    if (document_kind(&document->parts[i]) == DOCUMENT_HEADING)
      entries[(*n)++] = (struct document_entry){i, item->level, item->as.text};
  }
  for (size_t i = 0, any = *n; i < document->n_parts && !any; i++)
    if (document_kind(&document->parts[i]) == DOCUMENT_RESULT)
      entries[(*n)++] = (struct document_entry){i, 1, document->parts[i].report.command};
  return entries;
}

const char *document_title(const struct document *document)
{
  return document->title ? document->title : "Results";
}

void document_append_origin(struct text *out, const struct document *document)
{
  text_append(out, "Computed by kaplan");
  if (document->origin)
    text_append_format(out, " from %s", document->origin);
  text_append(out, ". Above each result stands the command that gives it.");
}

void document_render(struct text *out, const struct document *document, enum render_format format,
                     const struct render_options *options)
{
  if (format == FORMAT_TEXT)
    render_document_text(out, document, options);
  else if (format == FORMAT_MARKDOWN)
    render_document_markdown(out, document, options);
  else if (format == FORMAT_LATEX)
    render_document_latex(out, document);
  else if (format == FORMAT_HTML)
    render_document_html(out, document);
}
