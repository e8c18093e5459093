/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the SVG renderers share: the frame of a figure, text as XML, lines. */
#ifndef KAPLAN_REPORT_SVG_H
#define KAPLAN_REPORT_SVG_H

#include <stddef.h>

#include "base/text.h"

enum { SVG_FONT = 13 };

/* Opens a figure of that size on white, sans-serif at SVG_FONT; close it with "</svg>\n". */
void svg_begin(struct text *out, double width, double height);

/* Appends text as XML: markup escaped, what no display must see made visible. */
void svg_append_xml(struct text *out, const char *string);

/* A text whose start, middle or end (`anchor`) stands at x on the base line y; and in bold.  NULL appends nothing. */
void svg_label(struct text *out, double x, double y, const char *anchor, const char *string);
void svg_title(struct text *out, double x, double y, const char *string);

/* A line with its stroke's attributes; a box with a thin black frame. */
void svg_line(struct text *out, const double from[2], const double to[2], const char *attributes);
void svg_box(struct text *out, const double corner[2], double width, double height);

/* About the width of a text: the viewer's font is not known, so on the generous side. */
double svg_text_width(const char *string);

#endif
