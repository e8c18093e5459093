/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the renderers of one report and of a document share. */
#ifndef KAPLAN_REPORT_RENDER_PARTS_H
#define KAPLAN_REPORT_RENDER_PARTS_H

#include "report/render.h"

/* Markdown: data as words (markup escaped); as code in a line, in as many backticks as it needs; and one item. */
void markdown_append_words(struct text *out, const char *string);
void markdown_append_code(struct text *out, const char *string);
void markdown_append_item(struct text *out, const struct report_item *item, const struct render_options *options);

/* LaTeX: where words stand. */
enum latex_place {
  LATEX_FRAGMENT, /* in a document of the user's own: letters beyond ASCII as they are */
  LATEX_WORDS,    /* in a document of ours: such letters through \kaplanchar, which no engine stops at */
  LATEX_CODE      /* the same in typewriter type: quotes straight, a line may break after _ / and , */
};

/* Appends data as LaTeX text: what TeX would take for a command is escaped, signs that it has under a name are named. */
void latex_append_words(struct text *out, const char *string, enum latex_place place);

/* Appends a figure that one of the SVG renderers drew as a picture of TikZ, scaled to at most `width` x `height` points.  It
 * knows the elements that those renderers use, no other SVG. */
void latex_append_picture(struct text *out, const char *svg, double width, double height);

/* The blanks that a cell begins with tell its indent: how many. */
size_t render_indent(const char *cell);

/* The cell of a row, "" where it is empty; whether a row's cells behind the first are all empty. */
const char *render_cell(const struct printed_row *row, size_t column);
bool render_stands_alone(const struct printed_table *table, const struct printed_row *row);

/* Whether any column has a title. */
bool render_has_titles(const struct printed_table *table);

#endif
