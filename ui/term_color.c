/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/term_color.h"

#include <stdlib.h>
#include <string.h>

bool color_is_wanted(enum term_color when, const char *no_color)
{
  if (when != COLOR_WHEN_AUTO)
    return when == COLOR_WHEN_ALWAYS;
  return !no_color || !*no_color;
}

enum background_colour { LAST_DARK = 6, GREY = 8, LAST_OF_16 = 15 };

enum term_background background_of(const char *colorfgbg)
{
  const char *last = colorfgbg ? strrchr(colorfgbg, ';') : NULL;
  char *end;
  const long colour = last ? strtol(last + 1, &end, 10) : -1;
  if (colour < 0 || colour > LAST_OF_16 || end == last + 1 || *end)
    return BACKGROUND_UNKNOWN;
  return colour <= LAST_DARK || colour == GREY ? BACKGROUND_DARK : BACKGROUND_LIGHT;
}

/* The 256-colour cube: blue, orange and green after Okabe and Ito, and the terminal's own foreground for the fourth
 * curve.
 *
 * On a background that is known each has a contrast of at least 4.5 to 1, and any two are at least 15 apart, with and
 * without colour blindness (CIEDE2000; Machado 2009).  On one that may be black or white that cannot be had: only six
 * colours of the cube have that contrast with both, and no three of them with black and white are more than 12.7 apart.
 * These three keep 14.9 at 4.46 or more.  tests/unit/test_palette.c works all of it out. */
#define LOOKS_256(first, second, third, warning)                                                                       \
  {                                                                                                                    \
    [STYLE_TEXT] = {.foreground = -1}, [STYLE_DIM] = {.foreground = 243},                                              \
    [STYLE_TITLE] = {.foreground = -1, .bold = true}, [STYLE_KEY] = {.foreground = -1, .bold = true},                  \
    [STYLE_WARNING] = {.foreground = (warning), .bold = true}, [STYLE_BAND] = {.foreground = 243},                     \
    [STYLE_SERIES_1] = {.foreground = (first)}, [STYLE_SERIES_2] = {.foreground = (second)},                           \
    [STYLE_SERIES_3] = {.foreground = (third)}, [STYLE_SERIES_4] = {                                                   \
      .foreground = -1                                                                                                 \
    }                                                                                                                  \
  }
static const struct term_look looks_256[][STYLE_COUNT] = {
    [BACKGROUND_UNKNOWN] = LOOKS_256(63, 130, 29, 130),
    [BACKGROUND_DARK] = LOOKS_256(75, 214, 29, 214),
    [BACKGROUND_LIGHT] = LOOKS_256(27, 160, 29, 160),
};

/* Eight colours are what the terminal makes of them.  Blue is too dark on most black backgrounds and red is confused
 * with green: cyan, yellow, magenta and the terminal's own remain.  No bold on colour: it turns some into others. */
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

void looks_choose(int colors, enum term_background background, struct term_look looks[STYLE_COUNT])
{
  const struct term_look *chosen = colors >= 256 ? looks_256[background] : colors >= 8 ? looks_8 : looks_mono;
  memcpy(looks, chosen, sizeof looks_mono);
}
