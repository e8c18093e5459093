/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Views as a table: what each is called, whose keys hold in it, how it is drawn and moved in.  A new view is a file pane_*.c
 * and a row in pane.c. */
#ifndef KAPLAN_UI_PANE_H
#define KAPLAN_UI_PANE_H

#include "ui/explorer_internal.h"

struct pane {
  const char *title; /* in the row of views; NULL: opened over a view, it is not in that row */
  unsigned context;  /* a bit of enum key_context: the keys that hold here */
  void (*draw)(struct explorer *explorer, struct frame *frame, struct area area);
  void (*move)(struct explorer *explorer, enum motion motion); /* up, down, pages, ends */
  void (*sideways)(struct explorer *explorer, int step);       /* 1 right, -1 left */
  void (*search)(struct explorer *explorer, int step);         /* the next, the previous found; NULL: the variables are searched */
  void (*enter)(struct explorer *explorer);                    /* the view is brought up; NULL: nothing is to be done */
  /* / is being typed, or was: goes to the first found from where the cursor was before; NULL is taken back.  Where there is
   * one, `search` only does n and N. */
  void (*search_live)(struct explorer *explorer, const char *needle);
};

/* A view's row; not of VIEW_NONE. */
const struct pane *pane_of(enum view view);

/* Opens a view over the one that is shown; pane_close() brings that back.  Opening another closes the first. */
void pane_open(struct explorer *explorer, enum view view);
bool pane_close(struct explorer *explorer); /* false where none was open */

/* The rows of the main area that a view's list has beside `taken` ones; 1 at least. */
size_t pane_height(const struct explorer *explorer, size_t taken);

#endif
