/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document for LaTeX: tables of booktabs that go over pages, wide ones smaller or across the page, figures of TikZ. */
#include <math.h>
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

/* Points: the page's text, upright and across.  A table of at most SHORT rows is not broken over pages, and a title of at most
 * TITLE letters not into lines. */
enum { TEXT_WIDTH = 483, TEXT_HEIGHT = 640, ACROSS_WIDTH = 725, LEAST_COLUMN = 70, GAP = 8, SHORT = 32, TITLE = 14 };

static void append_words(struct text *out, const char *words)
{
  latex_append_words(out, words, LATEX_WORDS);
}

/* ---- tables ---- */

/* How a table is set: the size of its letters, whether it stands across the page, and how wide columns of words are at most,
 * whose texts are broken into lines beyond that. */
struct layout {
  const char *size;
  double letter;   /* points a letter takes on average */
  bool across;
  double most;     /* in points; infinite: no column is broken */
  size_t *columns; /* letters of each */
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

/* Titles are broken between words, so that they widen a column by their longest word or a few letters at most. */
static size_t *measure(const struct printed_table *table)
{
  size_t *columns = memory_new(table->n_columns, sizeof *columns);
  for (size_t c = 0; c < table->n_columns; c++) {
    const size_t whole = utf8_string_width(table->columns[c].title), word = word_columns(table->columns[c].title);
    const size_t few = whole < TITLE ? whole : TITLE;
    columns[c] = word > few ? word : few;
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

/* Whether a column is broken into lines. */
static bool is_broken(const struct printed_table *table, const struct layout *layout, size_t column)
{
  return table->columns[column].alignment == ALIGN_LEFT && layout->letter * (double)layout->columns[column] > layout->most;
}

static double width_of(const struct printed_table *table, const struct layout *layout)
{
  double width = 0;
  for (size_t c = 0; c < table->n_columns; c++)
    width += GAP + (is_broken(table, layout, c) ? layout->most : layout->letter * (double)layout->columns[c]);
  return width;
}

/* Whether the table fits in that size into that width, columns of words broken as little as need be where they `may_break`. */
static bool fits(const struct printed_table *table, struct layout *layout, double room, bool may_break)
{
  layout->most = INFINITY;
  if (width_of(table, layout) <= room || !may_break)
    return width_of(table, layout) <= room;
  for (layout->most = room; layout->most > LEAST_COLUMN && width_of(table, layout) > room;)
    layout->most -= 5;
  return width_of(table, layout) <= room;
}

static struct layout layout_of(const struct printed_table *table)
{
  static const struct {
    const char *size;
    double letter;
    bool across, may_break;
  } tries[] = {
      {"\\small", 4.8, false, false},    {"\\footnotesize", 4.35, false, false}, {"\\footnotesize", 4.35, false, true},
      {"\\small", 4.8, true, false},     {"\\footnotesize", 4.35, true, true},   {"\\scriptsize", 3.9, true, true},
      {"\\tiny", 3.1, true, true},
  };
  struct layout layout = {.columns = measure(table)};
  for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
    layout.size = tries[i].size;
    layout.letter = tries[i].letter;
    layout.across = tries[i].across;
    if (fits(table, &layout, layout.across ? ACROSS_WIDTH : TEXT_WIDTH, tries[i].may_break))
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
    if (is_broken(table, layout, c))
      text_append_format(out, ">{\\raggedright\\arraybackslash}p{%.0fpt}", layout->most);
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
  text_append_format(out, "{%s\n", layout.size);
  if (table->n_rows <= SHORT && !layout.across)
    append_short(out, table, &layout);
  else
    append_long(out, table, &layout);
  for (size_t i = 0; i < table->n_notes; i++) {
    text_append(out, i ? "\\newline\n" : "{\\footnotesize\\raggedright ");
    style_append_slanted(out, table, table->notes[i], &slant);
  }
  text_append(out, table->n_notes ? "\\par}\n" : "");
  free(layout.columns);
}

/* How an item stands on its page, so that what is said of it can stay with it. */
enum stand { STANDS_WHOLE, STANDS_BROKEN, STANDS_ACROSS, STANDS_FREE };

static enum stand stand_of(const struct report_item *item)
{
  if (item->kind != ITEM_PRINTED)
    return report_item_is_figure(item) ? STANDS_WHOLE : STANDS_FREE;
  const struct layout layout = layout_of(item->as.printed);
  free(layout.columns);
  return layout.across ? STANDS_ACROSS : item->as.printed->n_rows <= SHORT ? STANDS_WHOLE : STANDS_BROKEN;
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

/* A command with its tables and figures; the first of them stands on its page. */
static void append_result(struct text *out, const struct document_part *part, size_t n_warnings)
{
  static const char *const begins[] = {[STANDS_WHOLE] = "\\begin{minipage}{\\linewidth}\\setlength\\parskip{3pt}\n",
                                       [STANDS_BROKEN] = "\\kaplanroom{8\\baselineskip}\n",
                                       [STANDS_ACROSS] = "\\begin{landscape}\n",
                                       [STANDS_FREE] = ""};
  static const char *const ends[] = {[STANDS_WHOLE] = "\\end{minipage}\\par\\medskip\n",
                                     [STANDS_BROKEN] = "",
                                     [STANDS_ACROSS] = "\\end{landscape}\n",
                                     [STANDS_FREE] = ""};
  const struct report *report = &part->report;
  for (size_t i = 0; i < report->n_items; i++) {
    const enum stand stand = stand_of(&report->items[i]);
    text_append(out, begins[stand]);
    if (i == 0)
      append_command(out, report, n_warnings);
    append_item(out, part, &report->items[i]);
    text_append(out, ends[stand]);
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

/* Whether the contents have headings to list. */
static bool has_contents(const struct document *document)
{
  size_t n;
  struct document_entry *entries = document_contents(document, &n);
  const bool has = n && document_kind(&document->parts[entries[0].part]) == DOCUMENT_HEADING;
  free(entries);
  return has;
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
  text_append(out, has_contents(document) ? "\\tableofcontents\n" : "");
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
