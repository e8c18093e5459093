/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A frame: what the screen shows at one moment, as a grid of cells and a cursor.  Panes draw into it; term.c sends the
 * difference from the last one to the terminal; tests print it. */
#ifndef KAPLAN_UI_FRAME_H
#define KAPLAN_UI_FRAME_H

#include <stdbool.h>

#include "report/canvas.h"

struct frame {
  struct canvas canvas;
  size_t cursor_row, cursor_column; /* on the focused row, also where the cursor is not shown */
  bool cursor_shown;
};

void frame_init(struct frame *frame, size_t rows, size_t columns);
void frame_clear(struct frame *frame);

/* The frame as lines of text for kept screens: the characters; with `attributes`, under each line that has any, a line
 * that names them by one letter a cell. */
void frame_append(const struct frame *frame, bool attributes, struct text *text);

#endif
