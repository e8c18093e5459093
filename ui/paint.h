/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What panes draw with: lines of an area, wrapped text, rules, dimming. */
#ifndef KAPLAN_UI_PAINT_H
#define KAPLAN_UI_PAINT_H

#include "report/canvas.h"

/* Line `row` of an area, and what is right of its first `columns` columns; with 0 rows or columns where there is none. */
struct area area_line(struct area area, size_t row);
struct area area_after(struct area line, size_t columns);

/* Writes text at the beginning of a line and returns what is left of the line behind it. */
struct area paint_text(struct canvas *canvas, struct area line, const char *text, enum canvas_style style,
                       enum charset charset);

/* Writes text at the end of a line, if it is no wider, and returns what is left in front of it. */
struct area paint_text_right(struct canvas *canvas, struct area line, const char *text, enum canvas_style style,
                             enum charset charset);

/* Writes text over the lines of an area, broken between words, newlines obeyed; returns the lines it took. */
size_t paint_wrapped(struct canvas *canvas, struct area area, const char *text, enum canvas_style style,
                     enum charset charset);

/* The first line of what paint_wrapped() writes (the caller frees it), and the bytes to what follows it. */
char *paint_next_line(const char *text, size_t columns, size_t *next);

/* The lines that paint_wrapped() takes where there is room. */
size_t paint_wrapped_rows(const char *text, size_t columns);

/* A line across with a title in it; `focused` puts > before the title. */
void paint_rule(struct canvas *canvas, struct area line, const char *title, bool focused, enum charset charset);

/* A line down the area's first column. */
void paint_divider(struct canvas *canvas, struct area area, enum charset charset);

/* Dims all that stands in an area: it is out of date. */
void paint_dim(struct canvas *canvas, struct area area);

/* Blanks an area. */
void paint_blank(struct canvas *canvas, struct area area);

/* Copies a canvas into another at a place. */
void paint_copy(struct canvas *canvas, struct area area, const struct canvas *source);

#endif
