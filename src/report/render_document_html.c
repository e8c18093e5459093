/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document as HTML: one file that needs neither a script nor the net, with figures as SVG.  Every element is closed. */
#include <stdlib.h>
#include <string.h>

#include "report/document.h"
#include "report/render_parts.h"
#include "report/style.h"
#include "report/svg.h"

/* What the page may do: nothing but its own styles. */
static const char policy[] = "default-src 'none'; style-src 'unsafe-inline'";

static const char styles[] =
    ":root { color-scheme: light dark; --ink: #1a1a1a; --soft: #595959; --rule: #b8b8b8; --paper: #fff; --tint: #f5f5f2;\n"
    "  --link: #0b5394; --warn: #8a4b00; }\n"
    "@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e3; --soft: #a8a8a4; --rule: #5a5a57; --paper: #161615;\n"
    "  --tint: #21211f; --link: #8ab8e6; --warn: #f0b060; } }\n"
    "* { box-sizing: border-box; }\n"
    "body { margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 58rem; background: var(--paper); color: var(--ink);\n"
    "  font: 1rem/1.5 Charter, \"Bitstream Charter\", Cambria, Georgia, \"Noto Serif\", serif; }\n"
    "h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .4rem; }\n"
    "h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.8rem 0 .8rem; padding-top: .8rem; border-top: 1px solid var(--rule); }\n"
    "h3 { font-size: 1.1rem; margin: 2rem 0 .6rem; } h4 { font-size: 1rem; font-style: italic; margin: 1.6rem 0 .5rem; }\n"
    "p { margin: 0 0 .8rem; max-width: 42rem; }\n"
    "a { color: var(--link); } a:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }\n"
    ".origin, footer { color: var(--soft); font-size: .875rem; }\n"
    "nav { background: var(--tint); padding: .9rem 1.2rem; margin: 1.5rem 0; font-size: .925rem; }\n"
    "nav h2 { font-size: .925rem; margin: 0 0 .3rem; padding: 0; border: 0; }\n"
    "nav ul { list-style: none; margin: 0; padding: 0; } nav .level-2 { padding-left: 1.4rem; }\n"
    "nav .level-3 { padding-left: 2.8rem; } nav a { text-decoration: none; } nav a:hover { text-decoration: underline; }\n"
    "code { font: .8125rem/1.45 ui-monospace, \"DejaVu Sans Mono\", Menlo, Consolas, monospace; overflow-wrap: anywhere; }\n"
    ".result { margin: 1.6rem 0 2.2rem; } .command { margin: 0 0 .5rem; max-width: none; color: var(--soft); }\n"
    ".command code::before, .steps code::before { content: \"> \"; }\n"
    ".steps { list-style: none; margin: 1rem 0; padding: .7rem 1rem; border-left: 3px solid var(--rule); background: var(--tint); }\n"
    ".steps li { margin: .15rem 0; } .said { color: var(--soft); font-size: .875rem; white-space: pre-wrap; display: block;\n"
    "  padding-left: 1.1rem; }\n"
    ".scroll { overflow-x: auto; margin: 0 0 1.1rem; }\n"
    "table { border-collapse: collapse; font: .875rem/1.4 system-ui, \"Helvetica Neue\", \"Liberation Sans\", Arial, sans-serif;\n"
    "  font-variant-numeric: tabular-nums lining-nums; border-top: 1.6px solid var(--ink); border-bottom: 1.6px solid var(--ink); }\n"
    "caption { caption-side: top; text-align: left; font-weight: 600; padding: 0 0 .35rem; }\n"
    "th, td { padding: .16rem .7rem; text-align: left; vertical-align: baseline; font-weight: normal; }\n"
    "th:first-child, td:first-child { padding-left: .2rem; } th:last-child, td:last-child { padding-right: .2rem; }\n"
    "thead tr > * { border-bottom: .8px solid var(--ink); font-weight: 600; vertical-align: bottom; padding-bottom: .3rem; }\n"
    ".number { text-align: right; } td.number { white-space: nowrap; } .head th { font-weight: 600; padding-top: .45rem; }\n"
    "tbody th { min-width: 11em; }\n"
    ".rule th, .rule td { border-top: .8px solid var(--rule); }\n"
    ".note { font: .8125rem/1.4 system-ui, \"Helvetica Neue\", \"Liberation Sans\", Arial, sans-serif; color: var(--soft);\n"
    "  margin: -.7rem 0 1.1rem; max-width: none; }\n"
    "figure { margin: 0 0 1.2rem; padding: .6rem; background: #fff; overflow-x: auto; } figure svg { max-width: 100%; height: auto; }\n"
    "@media (prefers-color-scheme: light) { figure { padding: 0; } }\n"
    ".words { white-space: pre-wrap; font: .8125rem/1.45 ui-monospace, \"DejaVu Sans Mono\", Menlo, Consolas, monospace;\n"
    "  overflow-x: auto; max-width: none; }\n"
    ".warnings { font-size: .85rem; margin: .2rem 0 0; padding-left: 1.6rem; color: var(--warn); }\n"
    "sup { line-height: 0; font-size: .75rem; } sup a { padding: 0 .1rem; text-decoration: none; }\n"
    ".failure { border: 2px solid var(--warn); padding: .8rem 1rem; margin-top: 2rem; }\n"
    "footer { margin-top: 3rem; padding-top: .8rem; border-top: 1px solid var(--rule); }\n";

static const char print_styles[] =
    "@media print { :root { --ink: #000; --soft: #333; --rule: #999; --paper: #fff; --tint: #fff; --link: #000; --warn: #000; }\n"
    "  body { padding: 0; max-width: none; font-size: 10pt; } nav { padding: 0; } nav a { color: #000; }\n"
    "  h2, h3, h4, .command, caption { break-after: avoid; } figure, tr, tbody, .short, .steps li { break-inside: avoid; }\n"
    "  thead { display: table-header-group; } .scroll { overflow: visible; } figure { padding: 0; }\n"
    "  @page { margin: 2cm; } }\n";

enum { SHORT = 32 }; /* a table of at most that many rows is not broken over pages in print */

static void append_element(struct text *out, const char *open, const char *words, const char *close)
{
  text_append(out, open);
  svg_append_xml(out, words);
  text_append(out, close);
}

/* ---- tables ---- */

/* A cell of that column: `tag` is th with its scope, or td. */
static const struct slant slant = {svg_append_xml, "<i>", "</i>"};

static void append_cell(struct text *out, const struct printed_table *table, size_t column, const char *tag,
                        const char *words)
{
  const size_t indent = render_indent(words);
  text_append_format(out, "<%s%s", tag, table->columns[column].alignment == ALIGN_RIGHT ? " class=\"number\"" : "");
  if (indent && words[indent])
    text_append_format(out, " style=\"padding-left: %zuem\"", 1 + indent / 2);
  text_append_char(out, '>');
  if (words == table->columns[column].title)
    style_append_slanted(out, table, words, &slant);
  else
    svg_append_xml(out, words + indent);
  text_append_format(out, "</%.2s>", tag);
}

static void append_titles(struct text *out, const struct printed_table *table)
{
  text_append(out, "<thead><tr>");
  for (size_t c = 0; c < table->n_columns; c++)
    append_cell(out, table, c, *table->columns[c].title ? "th scope=\"col\"" : "td", table->columns[c].title);
  text_append(out, "</tr></thead>\n");
}

static void append_row(struct text *out, const struct printed_table *table, size_t at)
{
  const struct printed_row *row = &table->rows[at];
  const bool heading = row->kind == PRINTED_HEADING, ruled = at && table->rows[at - 1].kind == PRINTED_RULE;
  text_append(out, "<tr");
  if (heading || ruled)
    text_append_format(out, " class=\"%s%s%s\"", heading ? "head" : "", heading && ruled ? " " : "", ruled ? "rule" : "");
  text_append_char(out, '>');
  if (heading && render_stands_alone(table, row)) {
    text_append_format(out, "<th scope=\"rowgroup\" colspan=\"%zu\">", table->n_columns);
    append_element(out, "", render_cell(row, 0), "</th>");
  } else {
    for (size_t c = 0; c < table->n_columns; c++)
      append_cell(out, table, c, c == 0 && *render_cell(row, 0) ? "th scope=\"row\"" : "td", render_cell(row, c));
  }
  text_append(out, "</tr>\n");
}

/* A heading begins a group of rows, so that the scope of its words is that group. */
static void append_rows(struct text *out, const struct printed_table *table)
{
  text_append(out, "<tbody>\n");
  for (size_t r = 0; r < table->n_rows; r++) {
    if (table->rows[r].kind == PRINTED_RULE)
      continue;
    if (r && table->rows[r].kind == PRINTED_HEADING)
      text_append(out, "</tbody>\n<tbody>\n");
    append_row(out, table, r);
  }
  text_append(out, "</tbody>\n");
}

static void append_printed(struct text *out, const struct printed_table *table, const char *command)
{
  const char *caption = table->title ? table->title : command;
  const bool is_short = table->n_rows <= SHORT;
  text_append_format(out, "<div class=\"scroll%s\"", is_short ? " short" : "");
  append_element(out, " role=\"region\" tabindex=\"0\" aria-label=\"", caption, "\"><table>\n");
  if (table->title)
    append_element(out, "<caption>", table->title, "</caption>\n");
  if (render_has_titles(table))
    append_titles(out, table);
  append_rows(out, table);
  text_append(out, "</table></div>\n");
  for (size_t i = 0; i < table->n_notes; i++) {
    text_append(out, i ? "<br/>\n" : "<p class=\"note\">");
    style_append_slanted(out, table, table->notes[i], &slant);
  }
  text_append(out, table->n_notes ? "</p>\n" : "");
}

/* ---- parts ---- */

static void append_words(struct text *out, const char *words)
{
  while (*words) {
    const size_t length = strcspn(words, "\n");
    struct text line = TEXT_INIT;
    text_append_bytes(&line, words, length);
    svg_append_xml(out, text_string(&line));
    text_clear(&line);
    text_append(out, words[length] ? "\n" : "");
    words += length + (words[length] == '\n');
  }
}

static void append_heading(struct text *out, const struct report_item *item, size_t part)
{
  text_append_format(out, "<h%u id=\"part-%zu\">", item->level + 1, part + 1);
  svg_append_xml(out, item->as.text);
  text_append_format(out, "</h%u>\n", item->level + 1);
}

static void append_item(struct text *out, const struct document_part *part, const struct report_item *item, size_t at)
{
  if (item->kind == ITEM_PRINTED) {
    append_printed(out, item->as.printed, part->report.command);
  } else if (item->kind == ITEM_HEADING) {
    append_heading(out, item, at);
  } else if (item->kind == ITEM_NOTE) {
    append_element(out, "<p>", item->as.text, "</p>\n");
  } else if (item->kind == ITEM_TEXT) {
    text_append(out, "<p class=\"words\">");
    append_words(out, item->as.text);
    text_append(out, "</p>\n");
  } else {
    append_element(out, "<figure aria-label=\"", part->report.command, "\">\n");
    render_svg_item(out, item, &part->drawing);
    text_append(out, "</figure>\n");
  }
}

/* The command with the numbers of its footnotes. */
static void append_command(struct text *out, const struct report *report, size_t n_warnings)
{
  append_element(out, "<code>", report->command, "</code>");
  for (size_t i = 1; i <= report->n_warnings; i++)
    text_append_format(out, "<sup><a id=\"to-%zu\" href=\"#warning-%zu\" role=\"doc-noteref\">%zu</a></sup>", n_warnings + i,
                       n_warnings + i, n_warnings + i);
}

static void append_warnings(struct text *out, const struct report *report, size_t n_warnings)
{
  if (!report->n_warnings)
    return;
  text_append_format(out, "<ol class=\"warnings\" start=\"%zu\">\n", n_warnings + 1);
  for (size_t i = 0; i < report->n_warnings; i++) {
    text_append_format(out, "<li id=\"warning-%zu\" role=\"doc-footnote\">", n_warnings + i + 1);
    append_element(out, "", report->warnings[i], "</li>\n");
  }
  text_append(out, "</ol>\n");
}

static void append_result(struct text *out, const struct document_part *part, size_t at, size_t n_warnings)
{
  text_append_format(out, "<section class=\"result\" id=\"part-%zu\">\n<p class=\"command\">", at + 1);
  append_command(out, &part->report, n_warnings);
  text_append(out, "</p>\n");
  for (size_t i = 0; i < part->report.n_items; i++)
    append_item(out, part, &part->report.items[i], at);
  append_warnings(out, &part->report, n_warnings);
  text_append(out, "</section>\n");
}

static void append_step(struct text *out, const struct document_part *part, size_t n_warnings)
{
  text_append(out, "<li>");
  append_command(out, &part->report, n_warnings);
  for (size_t i = 0; i < part->report.n_items; i++) {
    text_append(out, "<span class=\"said\">");
    append_words(out, part->report.items[i].as.text);
    text_append(out, "</span>");
  }
  append_warnings(out, &part->report, n_warnings);
  text_append(out, "</li>\n");
}

/* A part; steps that follow one another are one list. */
static void append_part(struct text *out, const struct document *document, size_t at, size_t n_warnings)
{
  const struct document_part *part = &document->parts[at];
  const bool goes_on = at && document_kind(part - 1) == DOCUMENT_STEP;
  const bool ends = at + 1 == document->n_parts || document_kind(part + 1) != DOCUMENT_STEP;
  switch (document_kind(part)) {
  case DOCUMENT_STEP:
    text_append(out, goes_on ? "" : "<ul class=\"steps\">\n");
    append_step(out, part, n_warnings);
    text_append(out, ends ? "</ul>\n" : "");
    break;
  case DOCUMENT_RESULT:
    append_result(out, part, at, n_warnings);
    break;
  default:
    append_item(out, part, part->report.items, at);
  }
}

/* ---- the page ---- */

static void append_contents(struct text *out, const struct document *document)
{
  size_t n;
  struct document_entry *entries = document_contents(document, &n);
  for (size_t i = 0; i < n; i++) {
    text_append(out, i ? "" : "<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">Contents</h2>\n<ul>\n");
    text_append_format(out, "<li class=\"level-%u\"><a href=\"#part-%zu\">", entries[i].level, entries[i].part + 1);
    append_element(out, "", entries[i].words, "</a></li>\n");
  }
  text_append(out, n ? "</ul>\n</nav>\n" : "");
  free(entries);
}

static void append_head(struct text *out, const struct document *document)
{
  struct text origin = TEXT_INIT;
  document_append_origin(&origin, document);
  text_append(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                   "<meta name=\"generator\" content=\"kaplan\"/>\n");
  text_append_format(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"%s\"/>\n", policy);
  append_element(out, "<title>", document_title(document), "</title>\n");
  text_append_format(out, "<style>\n%s%s</style>\n</head>\n<body>\n<header>\n", styles, print_styles);
  append_element(out, "<h1>", document_title(document), "</h1>\n");
  append_element(out, "<p class=\"origin\">", text_string(&origin), "</p>\n</header>\n");
  text_clear(&origin);
}

void render_document_html(struct text *out, const struct document *document)
{
  size_t n_warnings = 0;
  append_head(out, document);
  append_contents(out, document);
  text_append(out, "<main>\n");
  for (size_t i = 0; i < document->n_parts; i++) {
    append_part(out, document, i, n_warnings);
    n_warnings += document->parts[i].report.n_warnings;
  }
  if (document->failure)
    append_element(out, "<p class=\"failure\" role=\"alert\"><strong>The script ends here:</strong> ", document->failure, "</p>\n");
  text_append(out, "</main>\n</body>\n</html>\n");
}
