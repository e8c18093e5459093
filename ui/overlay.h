/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text over the screen that explorer_show() brings. */
#ifndef KAPLAN_UI_OVERLAY_H
#define KAPLAN_UI_OVERLAY_H

#include "ui/explorer_internal.h"

/* A key while a text is shown.  True where the key took the text away and is still to do what it does; else *wish is for the
 * loop. */
bool overlay_key(struct explorer *explorer, uint32_t key, enum explorer_wish *wish);

/* Goes to the next line (step 1) or the one before (-1) that holds what is looked for, going round. */
void overlay_search(struct explorer *explorer, const char *needle, int step);

#endif
