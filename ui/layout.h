/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where everything stands on a screen of a given size: one pure function, so that no size is a special case elsewhere.
 *
 * From 100 columns the variables stand left; from 80 they take their columns while they have the focus; under 80 they cover
 * the left part of what is behind.  Under 60 x 12 one pane has the screen, under 20 x 4 there is one line. */
#ifndef KAPLAN_UI_LAYOUT_H
#define KAPLAN_UI_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "report/canvas.h"

/* The views, by the digit that shows them. */
enum view {
  VIEW_NONE = 0,
  VIEW_CURVES = 1,
  VIEW_MODEL = 2,
  VIEW_TABLE1 = 3,
  VIEW_FOREST = 4,
  VIEW_NOMOGRAM = 5,
  VIEW_FLOW = 6,
  VIEW_DATA = 7,
  VIEW_LOG = 8,
  VIEW_RESIDUALS, /* opened over the model */
  VIEW_CARD,      /* opened over another: one patient */
  VIEW_FREQUENCY, /* a column's values */
  VIEW_SETTINGS,
  VIEW_RESTORE, /* sessions that were cut off */
  VIEW_WHY, /* opened over one of these: no digit */
  VIEW_COUNT
};

/* Which pane keys go to: the variables, the view, or the model under the curves. */
enum focus { FOCUS_VARIABLES, FOCUS_MAIN, FOCUS_MODEL };

struct layout_wishes {
  enum view view;
  enum focus focus;
  bool zoomed;         /* the focused pane alone */
  bool split;          /* another view stands beside the main one */
  bool beside_left;    /* to its left */
  bool prompting;      /* the message line is being typed in */
  size_t message_rows; /* 1 to 3 */
  size_t model_rows;   /* rows that the model could use, 0: there is none */
  size_t cut_rows;     /* rows of the pane of cut points, 0: nothing is being cut */
  size_t summary_rows; /* rows that the summary of the curves could use, 0: there is none */
};

enum layout_size { LAYOUT_LINE, LAYOUT_CURVE, LAYOUT_FULL };

enum { LAYOUT_SPLIT_LEAST = 121 }; /* columns for two views and the line between them */

/* Areas with 0 rows are not shown.  They do not overlap, but for the message, whose further rows cover the panes' last
 * ones, and for overlaid variables. */
struct layout {
  enum layout_size size;
  struct area bar, tabs, variables, main, model, summary, cuts, beside, message, keys;
  size_t rows_beneath; /* under all of it, for the tour */
  bool overlaid; /* the variables cover the left of the main pane */
};

/* The areas for a window of that size. */
struct layout layout_of(size_t rows, size_t columns, const struct layout_wishes *wishes);

#endif
