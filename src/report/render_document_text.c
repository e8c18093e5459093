/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document as plain text and as Markdown: the renderings of single reports, with what holds them together. */
#include <stdlib.h>
#include <string.h>

#include "report/ascii.h"
#include "report/document.h"
#include "report/render_parts.h"

/* One item alone, as render_text() has it. */
static void append_item(struct text *out, struct report_item *item, const struct render_options *options)
{
  const struct report one = {.items = item, .n_items = 1};
  render_text(out, &one, options);
}

static void append_visible(struct text *out, const char *words, const struct render_options *options)
{
  ascii_append_visible(out, words, options->charset == CHARSET_ASCII);
}

/* The options with the part's own way of drawing. */
static struct render_options options_of(const struct document_part *part, const struct render_options *options)
{
  struct render_options own = *options;
  own.drawing = part->drawing;
  own.plots = true;
  return own;
}

/* ---- text ---- */

static void append_prose(struct text *out, const char *words, const struct render_options *options)
{
  struct report_item item = {.kind = ITEM_NOTE, .as.text = (char *)words}; /* read only */
  append_item(out, &item, options);
}

static void append_contents(struct text *out, const struct document *document, const struct render_options *options)
{
  size_t n;
  struct document_entry *entries = document_contents(document, &n);
  for (size_t i = 0; i < n; i++) {
    text_append(out, i ? "" : "\nContents\n");
    text_append_repeated(out, ' ', 2 * (size_t)entries[i].level);
    append_visible(out, entries[i].words, options);
    text_append_char(out, '\n');
  }
  free(entries);
}

static void append_text_part(struct text *out, const struct document_part *part, size_t *n_warnings,
                             const struct render_options *options)
{
  const struct report *report = &part->report;
  const enum document_kind kind = document_kind(part);
  const struct render_options own = options_of(part, options);
  text_append_char(out, '\n');
  if (kind == DOCUMENT_STEP || kind == DOCUMENT_RESULT) {
    text_append(out, "> ");
    append_visible(out, report->command, options);
    text_append(out, kind == DOCUMENT_RESULT ? "\n\n" : "\n");
  }
  render_text(out, report, &own);
  for (size_t i = 0; i < report->n_warnings; i++) {
    struct text words = TEXT_INIT;
    text_append_format(&words, "[%zu] %s", ++*n_warnings, report->warnings[i]);
    append_prose(out, text_string(&words), options);
    text_clear(&words);
  }
}

void render_document_text(struct text *out, const struct document *document, const struct render_options *options)
{
  struct report_item title = {.kind = ITEM_HEADING, .level = 1, .as.text = (char *)document_title(document)}; /* read only */
  struct text origin = TEXT_INIT;
  size_t n_warnings = 0;
  append_item(out, &title, options);
  document_append_origin(&origin, document);
  append_prose(out, text_string(&origin), options);
  append_contents(out, document, options);
  for (size_t i = 0; i < document->n_parts; i++)
    append_text_part(out, &document->parts[i], &n_warnings, options);
  if (document->failure) {
    text_append(out, "\nThe script ends here: ");
    append_visible(out, document->failure, options);
    text_append_char(out, '\n');
  }
  text_clear(&origin);
}

/* ---- Markdown ---- */

static void append_markdown_contents(struct text *out, const struct document *document)
{
  size_t n;
  struct document_entry *entries = document_contents(document, &n);
  text_append(out, n ? "\n" : "");
  for (size_t i = 0; i < n; i++) {
    text_append_repeated(out, ' ', 2 * (size_t)(entries[i].level - 1));
    text_append(out, "- [");
    markdown_append_words(out, entries[i].words);
    text_append_format(out, "](#part-%zu)\n", entries[i].part + 1);
  }
  free(entries);
}

/* The command, with the numbers of its footnotes behind it. */
static void append_markdown_command(struct text *out, const struct report *report, size_t n_warnings)
{
  markdown_append_code(out, report->command);
  for (size_t i = 0; i < report->n_warnings; i++)
    text_append_format(out, "[^%zu]", n_warnings + i + 1);
}

/* A step of the list: the command, and what it said on lines beneath. */
static void append_markdown_step(struct text *out, const struct report *report, size_t n_warnings)
{
  text_append(out, "- ");
  append_markdown_command(out, report, n_warnings);
  text_append_char(out, '\n');
  for (size_t i = 0; i < report->n_items; i++) {
    const char *line = report->items[i].as.text;
    while (*line) {
      const size_t length = strcspn(line, "\n");
      struct text words = TEXT_INIT;
      text_append_bytes(&words, line, length);
      text_append(out, "  ");
      markdown_append_words(out, text_string(&words) + render_indent(text_string(&words)));
      text_append(out, line[length] || i + 1 < report->n_items ? "  \n" : "\n");
      text_clear(&words);
      line += length + (line[length] == '\n');
    }
  }
}

static void append_markdown_part(struct text *out, const struct document *document, size_t at, size_t n_warnings,
                                 const struct render_options *options)
{
  const struct document_part *part = &document->parts[at];
  const enum document_kind kind = document_kind(part);
  const bool goes_on = kind == DOCUMENT_STEP && at && document_kind(part - 1) == DOCUMENT_STEP;
  const struct render_options own = options_of(part, options);
  text_append(out, goes_on ? "" : "\n");
  if (kind == DOCUMENT_STEP) {
    append_markdown_step(out, &part->report, n_warnings);
    return;
  }
  text_append_format(out, "<a id=\"part-%zu\"></a>\n\n", at + 1);
  if (kind == DOCUMENT_RESULT) {
    append_markdown_command(out, &part->report, n_warnings);
    text_append(out, "\n\n");
  }
  render_markdown(out, &part->report, &own);
}

static void append_footnotes(struct text *out, const struct document *document)
{
  size_t n = 0;
  for (size_t i = 0; i < document->n_parts; i++)
    for (size_t k = 0; k < document->parts[i].report.n_warnings; k++) {
      text_append_format(out, "%s[^%zu]: ", n ? "" : "\n", n + 1);
      markdown_append_words(out, document->parts[i].report.warnings[k]);
      text_append_char(out, '\n');
      n++;
    }
}

void render_document_markdown(struct text *out, const struct document *document, const struct render_options *options)
{
  struct text origin = TEXT_INIT;
  size_t n_warnings = 0;
  text_append(out, "# ");
  markdown_append_words(out, document_title(document));
  text_append(out, "\n\n*");
  document_append_origin(&origin, document);
  markdown_append_words(out, text_string(&origin));
  text_append(out, "*\n");
  append_markdown_contents(out, document);
  for (size_t i = 0; i < document->n_parts; i++) {
    append_markdown_part(out, document, i, n_warnings, options);
    n_warnings += document->parts[i].report.n_warnings;
  }
  if (document->failure) {
    text_append(out, "\n**The script ends here:** ");
    markdown_append_words(out, document->failure);
    text_append_char(out, '\n');
  }
  append_footnotes(out, document);
  text_clear(&origin);
}
