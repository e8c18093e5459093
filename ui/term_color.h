/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How each style looks on a terminal: a foreground on the terminal's own background, and weight.
 *
 * Nothing is told by colour alone: curves have glyphs of their own, so mono loses nothing. */
#ifndef KAPLAN_UI_TERM_COLOR_H
#define KAPLAN_UI_TERM_COLOR_H

#include <stdbool.h>

#include "report/canvas.h"
#include "ui/term.h"

struct term_look {
  int foreground; /* a palette number, -1 = the terminal's own */
  bool bold, dim;
};

/* Whether colour is wanted: --color first, then NO_COLOR (present and not empty), then what the terminal can. */
bool color_is_wanted(enum term_color when, const char *no_color);

/* What the terminal's own background is; most do not tell. */
enum term_background { BACKGROUND_UNKNOWN, BACKGROUND_DARK, BACKGROUND_LIGHT };

/* From the value of $COLORFGBG ("15;0", "0;default;15"; NULL allowed), which rxvt, Konsole and others set. */
enum term_background background_of(const char *colorfgbg);

/* Looks for a terminal of that many colours (under 8: none) on that background. */
void looks_choose(int colors, enum term_background background, struct term_look looks[STYLE_COUNT]);

#endif
