/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/term_color.h"

#include <string.h>

bool color_is_wanted(enum term_color when, const char *no_color)
{
  if (when != COLOR_WHEN_AUTO)
    return when == COLOR_WHEN_ALWAYS;
  return !no_color || !*no_color;
}

/* Okabe and Ito's blue, vermillion and bluish green as the 256-colour cube has them nearest at a luminance that contrasts
 * about equally with black and with white (4.5 to 1; vermillion 4.46 on black), and the terminal's own foreground for the
 * fourth.  Smallest difference between two of them, with and without colour blindness (Machado 2009, CIEDE2000): 14.9;
 * no four fixed colours of the cube at that luminance keep further apart. */
static const struct term_look looks_256[STYLE_COUNT] = {
    [STYLE_TEXT] = {.foreground = -1},
    [STYLE_DIM] = {.foreground = 243},
    [STYLE_TITLE] = {.foreground = -1, .bold = true},
    [STYLE_KEY] = {.foreground = -1, .bold = true},
    [STYLE_WARNING] = {.foreground = 130, .bold = true},
    [STYLE_BAND] = {.foreground = 243},
    [STYLE_SERIES_1] = {.foreground = 63},
    [STYLE_SERIES_2] = {.foreground = 130},
    [STYLE_SERIES_3] = {.foreground = 29},
    [STYLE_SERIES_4] = {.foreground = -1},
};

/* Eight colours are what the terminal makes of them.  Blue is too dark on most black backgrounds and red is confused with
 * green: cyan, yellow, magenta and the terminal's own remain.  No bold on colour: it turns some into others. */
static const struct term_look looks_8[STYLE_COUNT] = {
    [STYLE_TEXT] = {.foreground = -1},
    [STYLE_DIM] = {.foreground = -1, .dim = true},
    [STYLE_TITLE] = {.foreground = -1, .bold = true},
    [STYLE_KEY] = {.foreground = -1, .bold = true},
    [STYLE_WARNING] = {.foreground = 5},
    [STYLE_BAND] = {.foreground = -1, .dim = true},
    [STYLE_SERIES_1] = {.foreground = 6},
    [STYLE_SERIES_2] = {.foreground = 3},
    [STYLE_SERIES_3] = {.foreground = 5},
    [STYLE_SERIES_4] = {.foreground = -1},
};

static const struct term_look looks_mono[STYLE_COUNT] = {
    [STYLE_TEXT] = {.foreground = -1},
    [STYLE_DIM] = {.foreground = -1, .dim = true},
    [STYLE_TITLE] = {.foreground = -1, .bold = true},
    [STYLE_KEY] = {.foreground = -1, .bold = true},
    [STYLE_WARNING] = {.foreground = -1, .bold = true},
    [STYLE_BAND] = {.foreground = -1, .dim = true},
    [STYLE_SERIES_1] = {.foreground = -1},
    [STYLE_SERIES_2] = {.foreground = -1, .bold = true},
    [STYLE_SERIES_3] = {.foreground = -1},
    [STYLE_SERIES_4] = {.foreground = -1, .bold = true},
};

void looks_choose(int colors, struct term_look looks[STYLE_COUNT])
{
  const struct term_look *chosen = colors >= 256 ? looks_256 : colors >= 8 ? looks_8 : looks_mono;
  memcpy(looks, chosen, sizeof looks_mono);
}
