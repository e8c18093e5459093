/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LaTeX: tabulars for a plain document (UTF-8 input). */
#include <string.h>

#include "report/render_parts.h"
#include "report/style.h"

static void append_escaped(struct text *out, const char *string)
{
  latex_append_words(out, string, LATEX_FRAGMENT);
}

static const struct slant slant = {append_escaped, "\\textit{", "}"};

static void append_row(struct text *out, const struct printed_table *table, const struct printed_row *row)
{
  if (row->kind == PRINTED_RULE) {
    text_append(out, "\\hline\n");
    return;
  }
  for (size_t c = 0; c < table->n_columns; c++) {
    const char *cell = render_cell(row, c);
    size_t indent = render_indent(cell);
    text_append(out, c ? " & " : "");
    if (indent)
      text_append(out, "\\quad ");
    append_escaped(out, cell + indent);
  }
  text_append(out, " \\\\\n");
}

static void append_printed(struct text *out, const struct printed_table *table)
{
  if (table->title) {
    text_append(out, "\\noindent\\textbf{");
    append_escaped(out, table->title);
    text_append(out, "}\\par\\smallskip\n");
  }
  text_append(out, "\\noindent\\begin{tabular}{");
  for (size_t c = 0; c < table->n_columns; c++)
    text_append_char(out, table->columns[c].alignment == ALIGN_RIGHT ? 'r' : 'l');
  text_append(out, "}\n\\hline\n");
  for (size_t c = 0; c < table->n_columns; c++) {
    text_append(out, c ? " & " : "");
    style_append_slanted(out, table, table->columns[c].title, &slant);
  }
  text_append(out, " \\\\\n\\hline\n");
  for (size_t r = 0; r < table->n_rows; r++)
    append_row(out, table, &table->rows[r]);
  text_append(out, "\\hline\n\\end{tabular}\n");
  for (size_t i = 0; i < table->n_notes; i++) {
    text_append(out, "\\par\\noindent{\\footnotesize ");
    style_append_slanted(out, table, table->notes[i], &slant);
    text_append(out, "\\par}\n");
  }
}

/* A section or a part of one, without a number. */
static void append_heading(struct text *out, const struct report_item *item)
{
  text_append_format(out, "\\%ssection*{", item->level < 2 ? "" : item->level == 2 ? "sub" : "subsub");
  append_escaped(out, item->as.text);
  text_append(out, "}\n");
}

/* Lines, each a paragraph of its own. */
static void append_lines(struct text *out, const char *string)
{
  text_append(out, "\\noindent ");
  while (*string) {
    size_t length = strcspn(string, "\n");
    struct text line = TEXT_INIT;
    text_append_bytes(&line, string, length);
    append_escaped(out, text_string(&line));
    text_clear(&line);
    text_append(out, string[length] ? "\\\\\n" : "");
    string += length + (string[length] == '\n');
  }
  text_append(out, "\\par\n");
}

void render_latex(struct text *out, const struct report *report, const struct render_options *options)
{
  (void)options;
  bool first = true;
  for (size_t i = 0; i < report->n_items; i++) {
    const struct report_item *item = &report->items[i];
    if (report_item_is_figure(item))
      continue; /* a figure is exported as SVG */
    text_append(out, first ? "" : "\n");
    first = false;
    if (item->kind == ITEM_PRINTED)
      append_printed(out, item->as.printed);
    else if (item->kind == ITEM_HEADING)
      append_heading(out, item);
    else
      append_lines(out, item->as.text);
  }
}
