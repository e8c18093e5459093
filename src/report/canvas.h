/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A grid of character cells: the one thing that batch output and the explorer draw on.
 *
 * Text enters a cell through canvas_text() or canvas_put() only, which make control characters, bidirectional overrides
 * and invalid bytes visible (utf8.h): no byte of a data file can reach a terminal as a command.  Drawing outside the grid
 * is clipped silently, so that no window is too small to draw in. */
#ifndef KAPLAN_REPORT_CANVAS_H
#define KAPLAN_REPORT_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* What a cell is, not how it looks: the terminal chooses colours.  Nothing is told by colour alone. */
enum canvas_style {
  STYLE_TEXT,
  STYLE_DIM,     /* guides, frames, hints */
  STYLE_TITLE,   /* headings, the bar */
  STYLE_KEY,     /* keys in the key bar */
  STYLE_WARNING, /* warnings and errors */
  STYLE_BAND,    /* the confidence band */
  STYLE_SERIES_1,
  STYLE_SERIES_2,
  STYLE_SERIES_3,
  STYLE_SERIES_4,
  STYLE_COUNT
};

enum { ATTRIBUTE_REVERSE = 1, ATTRIBUTE_BOLD = 2, ATTRIBUTE_UNDERLINE = 4 };

struct canvas_cell {
  uint32_t glyph;    /* a printable code point; 0 = the right half of a wide glyph */
  uint32_t marks[2]; /* combining marks, 0 = none */
  uint8_t style;     /* enum canvas_style */
  uint8_t attributes;
};

struct canvas {
  size_t rows, columns;
  struct canvas_cell *cells; /* row-major */
};

/* Box drawing and ASCII are always there; braille on request. */
enum charset { CHARSET_ASCII, CHARSET_BOX, CHARSET_BRAILLE };

/* A part of a canvas. */
struct area {
  size_t row, column, rows, columns;
};

/* A grid of blanks. */
void canvas_init(struct canvas *canvas, size_t rows, size_t columns);
void canvas_clear(struct canvas *canvas);
void canvas_erase(struct canvas *canvas);

/* Puts one printable glyph; anything that utf8_width() refuses becomes "?". */
void canvas_put(struct canvas *canvas, size_t row, size_t column, uint32_t glyph, enum canvas_style style);

/* Writes UTF-8 text in at most `columns` columns from (row, column); what does not fit is cut with an ellipsis ("~" where
 * `charset` is ASCII).  In ASCII, glyphs of the interface that have an ASCII likeness (– … │) are replaced by it; letters
 * of data are kept.  Returns the columns written. */
size_t canvas_text(struct canvas *canvas, struct area area, const char *text, enum canvas_style style,
                   enum charset charset);

/* Bytes of `text` that stand on its first line when it is written in `columns` > 0 columns: up to a newline, or the last blank
 * before the line's end, or as many letters as fit.  What follows begins after a blank or newline that stands there. */
size_t canvas_line_length(const char *text, size_t columns);

/* Writes text over the lines of an area, broken between words, newlines obeyed; returns the lines it took.  And how many it
 * would take. */
size_t canvas_wrapped(struct canvas *canvas, struct area area, const char *text, enum canvas_style style,
                      enum charset charset);
size_t canvas_wrapped_rows(const char *text, size_t columns);

/* Adds attributes to the cells of an area. */
void canvas_add_attributes(struct canvas *canvas, struct area area, uint8_t attributes);

/* Fills an area with one glyph. */
void canvas_fill(struct canvas *canvas, struct area area, uint32_t glyph, enum canvas_style style);

/* Appends row `row` as UTF-8 without trailing blanks, or the whole canvas as lines. */
void canvas_append_row(const struct canvas *canvas, size_t row, struct text *text);
void canvas_append(const struct canvas *canvas, struct text *text);

#endif
