/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two views beside one another.
 *
 * The view with the focus is always the explorer's own (wishes.view and the view_ fields); the other one's are put by here.
 * Going over to it exchanges the two, so that no pane need know of the split. */
#ifndef KAPLAN_UI_SPLIT_H
#define KAPLAN_UI_SPLIT_H

#include "ui/explorer_internal.h"

/* Opens the split with another view, or closes it. */
void split_toggle(struct explorer *explorer);

/* Goes over to the other view. */
void split_swap(struct explorer *explorer);

/* Draws the other view where the layout has a place for it. */
void split_draw(struct explorer *explorer, struct frame *frame);

/* Keeps the other view's results up to date; takes results that are its own: false where they are not. */
void split_refresh(struct explorer *explorer, void (*refresh_view)(struct explorer *explorer));
bool split_take(struct explorer *explorer, struct screen_results *results);

/* Releases what is put by. */
void split_clear(struct explorer *explorer);

#endif
