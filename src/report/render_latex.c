/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LaTeX: tabulars for a plain document (UTF-8 input). */
#include <string.h>

#include "base/utf8.h"
#include "report/render.h"

static const char *escape_of(uint32_t point)
{
  static const struct {
    uint32_t point;
    const char *escape;
  } table[] = {
      {'#', "\\#"},   {'$', "\\$"},   {'%', "\\%"}, {'&', "\\&"}, {'_', "\\_"}, {'{', "\\{"}, {'}', "\\}"},
      {'~', "\\textasciitilde{}"}, {'^', "\\textasciicircum{}"}, {'\\', "\\textbackslash{}"},
      {'<', "\\textless{}"}, {'>', "\\textgreater{}"}, {'|', "\\textbar{}"},
      {0xA0, "~"}, {0x2013, "--"}, {0x2014, "---"}, {0xB1, "$\\pm$"}, {0x2264, "$\\le$"}, {0x2265, "$\\ge$"}, {0xD7, "$\\times$"},
      {0x2026, "\\dots{}"},
      {0x1D43, "\\textsuperscript{a}"}, {0x1D47, "\\textsuperscript{b}"}, {0x1D9C, "\\textsuperscript{c}"},
      {0x1D48, "\\textsuperscript{d}"}, {0x1D49, "\\textsuperscript{e}"}, {0x1DA0, "\\textsuperscript{f}"},
      {0x1D4D, "\\textsuperscript{g}"}, {0x02B0, "\\textsuperscript{h}"}, {0x2071, "\\textsuperscript{i}"},
      {0x02B2, "\\textsuperscript{j}"}, {0x1D4F, "\\textsuperscript{k}"}, {0x02E1, "\\textsuperscript{l}"},
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    if (table[i].point == point)
      return table[i].escape;
  return NULL;
}

static void append_escaped(struct text *out, const char *string)
{
  struct text visible = TEXT_INIT;
  utf8_append_visible(&visible, string);
  const char *at = text_string(&visible);
  size_t left = visible.length;
  while (left) {
    uint32_t point;
    size_t used = utf8_decode(at, left, &point);
    const char *escape = escape_of(point);
    if (escape)
      text_append(out, escape);
    else if (point == '"')
      text_append(out, "''");
    else
      text_append_bytes(out, at, used);
    at += used;
    left -= used;
  }
  text_clear(&visible);
}

static void append_row(struct text *out, const struct printed_table *table, const struct printed_row *row)
{
  if (row->kind == PRINTED_RULE) {
    text_append(out, "\\hline\n");
    return;
  }
  for (size_t c = 0; c < table->n_columns; c++) {
    const char *cell = row->cells[c] ? row->cells[c] : "";
    size_t indent = strspn(cell, " ");
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
    append_escaped(out, table->columns[c].title);
  }
  text_append(out, " \\\\\n\\hline\n");
  for (size_t r = 0; r < table->n_rows; r++)
    append_row(out, table, &table->rows[r]);
  text_append(out, "\\hline\n\\end{tabular}\n");
  for (size_t i = 0; i < table->n_notes; i++) {
    text_append(out, "\\par\\noindent{\\footnotesize ");
    append_escaped(out, table->notes[i]);
    text_append(out, "\\par}\n");
  }
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
    else
      append_lines(out, item->as.text);
  }
}
