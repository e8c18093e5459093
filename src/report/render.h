/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The renderers: the only code that knows a format.  Each appends to a text. */
#ifndef KAPLAN_REPORT_RENDER_H
#define KAPLAN_REPORT_RENDER_H

#include "base/text.h"
#include "report/draw.h"
#include "report/report.h"

enum render_format {
  FORMAT_TEXT,
  FORMAT_JSON,
  FORMAT_TSV,
  FORMAT_CSV,
  FORMAT_MARKDOWN,
  FORMAT_LATEX,
  FORMAT_SVG,
  FORMAT_HTML /* a whole document always (document.h) */
};

struct render_options {
  enum charset charset; /* of text: frames and curves */
  size_t columns;       /* width of text output */
  bool may_close_up;    /* a table too wide for it by its gaps alone gets narrow ones: a terminal would cut its rows */
  bool plots;           /* whether text draws plots */
  struct draw_options drawing; /* how: band, risk table, median lines; the charset is this structure's */
  const char *table;    /* id of the one table wanted, or NULL: all */
};

#define RENDER_OPTIONS_INIT {.charset = CHARSET_BOX, .columns = 80, .drawing = DRAW_OPTIONS_INIT}

/* The format with that name ("text", "json", "tsv", "csv", "md", "latex", "svg", "html"); false where there is none. */
bool render_format_find(const char *name, enum render_format *format);

/* Text: printed tables, aligned; curves drawn 72 to 100 columns wide and 20 rows high, forest plots and flow charts as high as
 * they are (left out where the columns are too few for them); notes.  No warnings: they go to
 * standard error. */
void render_text(struct text *out, const struct report *report, const struct render_options *options);

/* One JSON object on one line, as the contract says; not finite = null; 17 significant digits. */
void render_json(struct text *out, const struct report *report, const struct render_options *options);

/* Header line and rows of one table, tab separated (raw; tabs and newlines in data become blanks, NA for missing) or comma
 * separated (RFC 4180; a text cell that a spreadsheet would take for a formula, = + - @ at its beginning, gets an
 * apostrophe in front; NA for missing).  Without `table`, every table, each under a line "# id". */
void render_delimited(struct text *out, const struct report *report, const struct render_options *options, char separator);

/* Printed tables as Markdown tables, plots in fenced blocks; as LaTeX tabulars, without plots; headings and notes as each
 * language has them. */
void render_markdown(struct text *out, const struct report *report, const struct render_options *options);
void render_latex(struct text *out, const struct report *report, const struct render_options *options);

/* The plot as a self-contained SVG of 720 x 540: steps, censor ticks, band where `band` names one, risk table, legend;
 * colours of Okabe and Ito, and dash patterns so that colour is not needed. */
void render_svg(struct text *out, const struct plot *plot, const struct draw_options *options);

/* A forest plot, squares sized by weight; a flow chart.  As wide and as high as their texts need. */
void render_svg_calibration(struct text *out, const struct calibration_plot *plot);
void render_svg_forest(struct text *out, const struct forest_plot *plot);
void render_svg_flow(struct text *out, const struct flow_plot *plot);

/* A figure as SVG; the report's first figure, false where it has none. */
void render_svg_item(struct text *out, const struct report_item *item, const struct draw_options *drawing);
bool render_svg_report(struct text *out, const struct report *report, const struct draw_options *drawing);

/* The scales of a nomogram as a self-contained SVG 720 wide and as high as they need: names at the left, ticks and labels
 * that do not overlap.  A patient's marks are not drawn. */
void render_svg_nomogram(struct text *out, const struct nomogram_plot *plot);

/* Dispatches; an SVG is the report's first figure, HTML a document of this report alone. */
void render_report(struct text *out, const struct report *report, enum render_format format,
                   const struct render_options *options);

#endif
