/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document for LaTeX: tables of booktabs that go over pages, wide ones smaller or across the page, figures of TikZ. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "report/document.h"
#include "report/render_parts.h"
#include "report/style.h"

/* What a letter that the engine or its font lacks is shown as: its number, so that nothing is lost and nothing stops. */
static const char preamble[] =
    "% Compiles with pdflatex, xelatex or lualatex; twice, so that tables and contents have their places.\n"
    "\\documentclass[a4paper,10pt]{article}\n"
    "\\ifdefined\\XeTeXversion\\usepackage{fontspec}\\else\\ifdefined\\directlua\\usepackage{fontspec}\\else\n"
    "\\usepackage[utf8]{inputenc}\n"
    "\\IfFileExists{lmodern.sty}{\\usepackage[T1]{fontenc}\\usepackage{lmodern}}{\\usepackage{fix-cm}}\\fi\\fi\n"
    "\\usepackage[margin=2cm]{geometry}\n"
    "\\usepackage{array,booktabs,longtable,lscape,caption,tikz}\n"
    "\\captionsetup{labelformat=empty,labelsep=none,justification=raggedright,singlelinecheck=false,"
    "font={small,bf,sf},skip=4pt}\n"
    "\\makeatletter\n"
    "\\newcommand\\kaplan@number[1]{{\\footnotesize[U+#1]}}\n"
    "\\newcommand\\kaplan@char[2]{\\iffontchar\\font\"#1 \\char\"#1 \\else#2\\fi}\n"
    "\\newcommand\\kaplan@font[1]{\\kaplan@char{#1}{{\\kaplan@other\\kaplan@char{#1}{\\kaplan@number{#1}}}}}\n"
    "\\let\\kaplan@other\\relax\n"
    "\\ifdefined\\IfFontExistsTF\\@for\\kaplan@name:=Noto Serif CJK SC,Noto Sans CJK SC,Source Han Serif SC,FandolSong,SimSun\\do{%\n"
    "  \\ifx\\kaplan@other\\relax\\expandafter\\IfFontExistsTF\\expandafter{\\kaplan@name}{%\n"
    "    \\expandafter\\newfontfamily\\expandafter\\kaplancjk\\expandafter{\\kaplan@name}\\let\\kaplan@other\\kaplancjk}{}\\fi}\\fi\n"
    "\\DeclareRobustCommand\\kaplanchar[2]{\\ifdefined\\XeTeXversion\\kaplan@font{#1}\\else\n"
    "  \\ifdefined\\directlua\\kaplan@font{#1}\\else\n"
    "  \\ifcsname u8:\\detokenize{#2}\\endcsname#2\\else\\kaplan@number{#1}\\fi\\fi\\fi}\n"
    "\\newcommand\\kaplanroom[1]{\\par\\ifdim\\pagetotal>0pt\\dimen@=\\pagegoal\\advance\\dimen@-\\pagetotal\n"
    "  \\ifdim\\dimen@<#1\\relax\\newpage\\fi\\fi}\n"
    "\\makeatother\n"
    "\\setcounter{secnumdepth}{0}\\setcounter{tocdepth}{3}\n"
    "\\setlength\\parindent{0pt}\\setlength\\parskip{4pt plus 1pt}\n"
    "\\setlength\\LTpre{4pt}\\setlength\\LTpost{3pt}\\setlength\\LTleft{0pt}\n"
    "\\setlength\\tabcolsep{4pt}\\setlength\\emergencystretch{3em}\n"
    "\\raggedbottom\n";

/* Points: the page's text, upright and across.  A table of at most SHORT rows is not broken over pages. */
enum { TEXT_WIDTH = 483, TEXT_HEIGHT = 640, ACROSS_WIDTH = 725, LEAST_COLUMN = 70, GAP = 8, SHORT = 32 };

static void append_words(struct text *out, const char *words)
{
  latex_append_words(out, words, LATEX_WORDS);
}

/* ---- tables ---- */

/* How a table is set: the size of its letters, whether it stands across the page, and the column that is broken into lines so
 * that it fits. */
struct layout {
  const char *size;
  double letter;    /* points a letter takes on average */
  bool across;
  size_t wrapped;   /* n_columns: none */
  double width;     /* of that column, in points */
  size_t *columns;  /* letters of each */
};

/* The first word of a title; what stands in parentheses is one: (95 % CI). */
static size_t word_length(const char *words)
{
  const char *end = *words == '(' ? strchr(words, ')') : NULL;
  return end ? (size_t)(end - words) + strcspn(end, " ") : strcspn(words, " ");
}

static size_t word_columns(const char *words)
{
  size_t widest = 0;
  while (*words) {
    const size_t length = word_length(words);
    char *word = memory_copy_bytes(words, length);
    const size_t width = utf8_string_width(word);
    widest = width > widest ? width : widest;
    free(word);
    words += length + strspn(words + length, " ");
  }
  return widest;
}

/* Titles are broken between words, so that they widen a column by their longest word at most. */
static size_t *measure(const struct printed_table *table)
{
  size_t *columns = memory_new(table->n_columns, sizeof *columns);
  for (size_t c = 0; c < table->n_columns; c++) {
    columns[c] = word_columns(table->columns[c].title);
    for (size_t r = 0; r < table->n_rows; r++) {
      const struct printed_row *row = &table->rows[r];
      if (row->kind == PRINTED_RULE || (row->kind == PRINTED_HEADING && render_stands_alone(table, row)))
        continue;
      const size_t width = utf8_string_width(render_cell(row, c));
      columns[c] = width > columns[c] ? width : columns[c];
    }
  }
  return columns;
}

static double width_of(const struct printed_table *table, const struct layout *layout)
{
  double width = 0;
  for (size_t c = 0; c < table->n_columns; c++)
    width += layout->letter * (double)layout->columns[c] + GAP;
  return width;
}

/* The widest column of words, n_columns where there is none. */
static size_t widest_words(const struct printed_table *table, const size_t *columns)
{
  size_t widest = table->n_columns;
  for (size_t c = 0; c < table->n_columns; c++)
    if (table->columns[c].alignment == ALIGN_LEFT && (widest == table->n_columns || columns[c] > columns[widest]))
      widest = c;
  return widest;
}

/* Whether the table fits in that size into that width, the widest column of words broken where `may_wrap`. */
static bool fits(const struct printed_table *table, struct layout *layout, double room, bool may_wrap)
{
  const double width = width_of(table, layout);
  layout->wrapped = table->n_columns;
  if (width <= room)
    return true;
  const size_t widest = widest_words(table, layout->columns);
  if (!may_wrap || widest == table->n_columns)
    return false;
  layout->wrapped = widest;
  layout->width = layout->letter * (double)layout->columns[widest] - (width - room);
  const bool is_wide_enough = layout->width >= LEAST_COLUMN;
  layout->width = is_wide_enough ? layout->width : LEAST_COLUMN;
  return is_wide_enough;
}

static struct layout layout_of(const struct printed_table *table)
{
  static const struct {
    const char *size;
    double letter;
    bool across, may_wrap;
  } tries[] = {
      {"\\small", 4.6, false, false},    {"\\footnotesize", 4.1, false, false}, {"\\footnotesize", 4.1, false, true},
      {"\\small", 4.6, true, false},     {"\\footnotesize", 4.1, true, true},   {"\\scriptsize", 3.6, true, true},
      {"\\tiny", 2.9, true, true},
  };
  struct layout layout = {.columns = measure(table)};
  for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
    layout.size = tries[i].size;
    layout.letter = tries[i].letter;
    layout.across = tries[i].across;
    if (fits(table, &layout, layout.across ? ACROSS_WIDTH : TEXT_WIDTH, tries[i].may_wrap))
      break;
  }
  return layout;
}

static const struct slant slant = {append_words, "\\textit{", "}"};

/* A title, its words on lines no wider than the column. */
static void append_title(struct text *out, const struct printed_table *table, size_t column, size_t columns)
{
  const char *title = table->columns[column].title;
  const enum alignment alignment = table->columns[column].alignment;
  size_t used = 0;
  text_append_format(out, "\\begin{tabular}[b]{@{}%c@{}}", alignment == ALIGN_RIGHT ? 'r' : 'l');
  while (*title) {
    const size_t length = word_length(title);
    char *word = memory_copy_bytes(title, length);
    const size_t width = utf8_string_width(word);
    const bool breaks = used && used + 1 + width > columns;
    text_append(out, breaks ? "\\\\" : used ? " " : "");
    used = breaks ? width : used + (used > 0) + width;
    style_append_slanted(out, table, word, &slant);
    free(word);
    title += length + strspn(title + length, " ");
  }
  text_append(out, "\\end{tabular}");
}

static void append_row(struct text *out, const struct printed_table *table, const struct printed_row *row, bool first)
{
  const bool heading = row->kind == PRINTED_HEADING;
  if (row->kind == PRINTED_RULE) {
    text_append(out, "\\midrule\n");
    return;
  }
  if (heading && !first)
    text_append(out, "\\addlinespace\n");
  const bool alone = heading && render_stands_alone(table, row);
  if (alone)
    text_append_format(out, "\\multicolumn{%zu}{@{}l@{}}{", table->n_columns);
  for (size_t c = 0; c < (alone ? 1 : table->n_columns); c++) {
    const char *cell = render_cell(row, c);
    text_append(out, c ? " & " : "");
    text_append(out, heading && !c ? "\\bfseries " : "{}"); /* what a row begins with is never an option of \\ */
    if (render_indent(cell))
      text_append_format(out, "\\hspace*{%.1fem}", 0.5 * (double)render_indent(cell));
    append_words(out, cell + render_indent(cell));
  }
  text_append(out, alone ? "}" : "");
  text_append(out, heading ? " \\\\*\n" : " \\\\\n");
}

static void append_titles(struct text *out, const struct printed_table *table, const struct layout *layout)
{
  for (size_t c = 0; c < table->n_columns; c++) {
    text_append(out, c ? " & " : "");
    append_title(out, table, c, layout->columns[c]);
  }
  text_append(out, " \\\\\n\\midrule\n");
}

static void append_columns(struct text *out, const struct printed_table *table, const struct layout *layout)
{
  text_append(out, "{@{}");
  for (size_t c = 0; c < table->n_columns; c++)
    if (c == layout->wrapped)
      text_append_format(out, ">{\\raggedright\\arraybackslash}p{%.0fpt}", layout->width);
    else
      text_append_char(out, table->columns[c].alignment == ALIGN_RIGHT ? 'r' : 'l');
  text_append(out, "@{}}\n");
}

static void append_head(struct text *out, const struct printed_table *table, const struct layout *layout)
{
  text_append(out, "\\toprule\n");
  if (render_has_titles(table))
    append_titles(out, table, layout);
}

static void append_body(struct text *out, const struct printed_table *table)
{
  for (size_t r = 0; r < table->n_rows; r++)
    append_row(out, table, &table->rows[r], r == 0);
}

static void append_caption(struct text *out, const char *command, const char *title, const char *end)
{
  text_append(out, command);
  append_words(out, title);
  text_append(out, end);
}

static void append_short(struct text *out, const struct printed_table *table, const struct layout *layout)
{
  if (table->title)
    append_caption(out, "\\captionof*{table}{", table->title, "}\n");
  text_append(out, "\\begin{tabular}");
  append_columns(out, table, layout);
  append_head(out, table, layout);
  append_body(out, table);
  text_append(out, "\\bottomrule\n\\end{tabular}}\\par\n");
}

static void append_long(struct text *out, const struct printed_table *table, const struct layout *layout)
{
  text_append(out, "\\begin{longtable}");
  append_columns(out, table, layout);
  if (table->title)
    append_caption(out, "\\caption*{", table->title, "}\\\\\n");
  append_head(out, table, layout);
  text_append(out, "\\endfirsthead\n");
  append_head(out, table, layout);
  text_append(out, "\\endhead\n\\bottomrule\n\\endfoot\n");
  append_body(out, table);
  text_append(out, "\\end{longtable}}\n");
}

static void append_printed(struct text *out, const struct printed_table *table)
{
  struct layout layout = layout_of(table);
  text_append_format(out, "%s{%s\n", layout.across ? "\\begin{landscape}" : "", layout.size);
  if (table->n_rows <= SHORT && !layout.across)
    append_short(out, table, &layout);
  else
    append_long(out, table, &layout);
  for (size_t i = 0; i < table->n_notes; i++) {
    text_append(out, i ? "\\newline\n" : "{\\footnotesize\\raggedright ");
    style_append_slanted(out, table, table->notes[i], &slant);
  }
  text_append(out, table->n_notes ? "\\par}\n" : "");
  text_append(out, layout.across ? "\\end{landscape}\n" : "");
  free(layout.columns);
}

/* Whether the item stays on one page, so that what is said of it can stay with it. */
static bool is_whole(const struct report_item *item)
{
  struct layout layout;
  if (item->kind != ITEM_PRINTED)
    return report_item_is_figure(item);
  layout = layout_of(item->as.printed);
  free(layout.columns);
  return item->as.printed->n_rows <= SHORT && !layout.across;
}

/* ---- parts ---- */

/* Lines as they are: blanks keep their width. */
static void append_lines(struct text *out, const char *words, enum latex_place place)
{
  while (*words) {
    const size_t length = strcspn(words, "\n");
    struct text line = TEXT_INIT;
    for (size_t i = 0; i < length; i++)
      text_append(&line, words[i] == ' ' && (i == 0 || words[i + 1] == ' ') ? "\u00A0" : (char[]){words[i], '\0'});
    latex_append_words(out, text_string(&line), place);
    text_append(out, words[length] ? "\\newline\n" : "");
    text_clear(&line);
    words += length + (words[length] == '\n');
  }
}

static void append_figure(struct text *out, const struct report_item *item, const struct draw_options *drawing)
{
  struct text svg = TEXT_INIT;
  render_svg_item(&svg, item, drawing);
  text_append(out, "\\begin{center}\n");
  latex_append_picture(out, text_string(&svg), TEXT_WIDTH, TEXT_HEIGHT);
  text_append(out, "\\end{center}\n");
  text_clear(&svg);
}

static void append_item(struct text *out, const struct document_part *part, const struct report_item *item)
{
  switch (item->kind) {
  case ITEM_PRINTED:
    append_printed(out, item->as.printed);
    break;
  case ITEM_HEADING:
    text_append_format(out, "\\%ssection{", item->level == 1 ? "" : item->level == 2 ? "sub" : "subsub");
    append_words(out, item->as.text);
    text_append(out, "}\n");
    break;
  case ITEM_NOTE:
    append_words(out, item->as.text);
    text_append(out, "\\par\n");
    break;
  case ITEM_TEXT:
    text_append(out, "{\\footnotesize\\ttfamily\\raggedright ");
    append_lines(out, item->as.text, LATEX_CODE);
    text_append(out, "\\par}\n");
    break;
  default:
    append_figure(out, item, &part->drawing);
  }
}

/* The command in small print with the numbers of its footnotes. */
static void append_command(struct text *out, const struct report *report, size_t n_warnings)
{
  text_append(out, "{\\footnotesize\\ttfamily\\raggedright\\textgreater{} ");
  latex_append_words(out, report->command, LATEX_CODE);
  for (size_t i = 1; i <= report->n_warnings; i++)
    text_append_format(out, "\\textsuperscript{%s%zu}", i > 1 ? "," : "", n_warnings + i);
  text_append(out, "\\par}\\nopagebreak\n");
}

static void append_warnings(struct text *out, const struct report *report, size_t n_warnings)
{
  for (size_t i = 0; i < report->n_warnings; i++) {
    text_append_format(out, "{\\footnotesize\\textsuperscript{%zu} ", n_warnings + i + 1);
    append_words(out, report->warnings[i]);
    text_append(out, "\\par}\n");
  }
}

/* A command with what it said. */
static void append_step(struct text *out, const struct report *report, size_t n_warnings)
{
  append_command(out, report, n_warnings);
  for (size_t i = 0; i < report->n_items; i++) {
    text_append(out, "{\\footnotesize\\leftskip=1.2em ");
    append_lines(out, report->items[i].as.text, LATEX_WORDS);
    text_append(out, "\\par}\n");
  }
}

/* A command with its tables and figures; the first of them stays on its page. */
static void append_result(struct text *out, const struct document_part *part, size_t n_warnings)
{
  const struct report *report = &part->report;
  bool is_headed = false;
  for (size_t i = 0; i < report->n_items; i++) {
    const bool whole = is_whole(&report->items[i]);
    if (whole)
      text_append(out, "\\begin{minipage}{\\linewidth}\\setlength\\parskip{3pt}\n");
    else if (report->items[i].kind == ITEM_PRINTED)
      text_append(out, "\\kaplanroom{8\\baselineskip}\n");
    if (!is_headed)
      append_command(out, report, n_warnings);
    is_headed = true;
    append_item(out, part, &report->items[i]);
    text_append(out, whole ? "\\end{minipage}\\par\\medskip\n" : "");
  }
}

static void append_part(struct text *out, const struct document *document, size_t at, size_t n_warnings)
{
  const struct document_part *part = &document->parts[at];
  const bool is_first = at && document_kind(part - 1) == DOCUMENT_HEADING;
  switch (document_kind(part)) {
  case DOCUMENT_STEP:
    append_step(out, &part->report, n_warnings);
    break;
  case DOCUMENT_RESULT:
    text_append(out, is_first ? "" : "\\bigskip\\pagebreak[2]\n");
    append_result(out, part, n_warnings);
    break;
  default:
    append_item(out, part, part->report.items);
  }
  append_warnings(out, &part->report, n_warnings);
}

static bool has_headings(const struct document *document)
{
  for (size_t i = 0; i < document->n_parts; i++)
    if (document_kind(&document->parts[i]) == DOCUMENT_HEADING)
      return true;
  return false;
}

void render_document_latex(struct text *out, const struct document *document)
{
  struct text origin = TEXT_INIT;
  size_t n_warnings = 0;
  document_append_origin(&origin, document);
  text_append_format(out, "%s\\begin{document}\n{\\LARGE\\bfseries\\raggedright ", preamble);
  append_words(out, document_title(document));
  text_append(out, "\\par}\n\\medskip{\\small ");
  append_words(out, text_string(&origin));
  text_append(out, "\\par}\n");
  text_append(out, has_headings(document) ? "\\tableofcontents\n" : "");
  for (size_t i = 0; i < document->n_parts; i++) {
    append_part(out, document, i, n_warnings);
    n_warnings += document->parts[i].report.n_warnings;
  }
  if (document->failure) {
    text_append(out, "\\bigskip\\fbox{\\parbox{0.95\\linewidth}{\\textbf{The script ends here:} ");
    append_words(out, document->failure);
    text_append(out, "}}\n");
  }
  text_append(out, "\\end{document}\n");
  text_clear(&origin);
}
