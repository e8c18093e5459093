/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colours at 256: contrast with the background (WCAG 2), and how far apart curves stand for people with and without
 * colour blindness: Machado, Oliveira and Fernandes (2009) at severity 1, differences by CIEDE2000 (Sharma, Wu and
 * Dalal 2005).  No style sets a background. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui/term_color.h"

enum { VISIONS = 4, CUBE = 16, COLORS = 256, OWN = -1 };

/* Linear light. */
struct light {
  double red, green, blue;
};

struct lab {
  double l, a, b;
};

static double linear(double level)
{
  level /= 255;
  return level <= 0.04045 ? level / 12.92 : pow((level + 0.055) / 1.055, 2.4);
}

/* The colours from 16 on, which every terminal has alike: a cube of six levels, then greys. */
static struct light colour(int number)
{
  static const double levels[] = {0, 95, 135, 175, 215, 255};
  assert_in_range(number, CUBE, COLORS - 1);
  if (number >= 232) {
    const double grey = linear(8 + 10 * (number - 232));
    return (struct light){grey, grey, grey};
  }
  number -= CUBE;
  return (struct light){linear(levels[number / 36]), linear(levels[number / 6 % 6]), linear(levels[number % 6])};
}

static double luminance(struct light light)
{
  return 0.2126 * light.red + 0.7152 * light.green + 0.0722 * light.blue;
}

static double contrast(struct light a, struct light b)
{
  const double x = luminance(a), y = luminance(b);
  return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

/* What is seen of it: whole, without the long, the middle, the short cones. */
static struct light seen(struct light light, int vision)
{
  static const double matrices[VISIONS][3][3] = {
      {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
      {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
      {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
      {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
  };
  double out[3];
  for (size_t i = 0; i < 3; i++) {
    const double *row = matrices[vision][i];
    out[i] = fmin(1, fmax(0, row[0] * light.red + row[1] * light.green + row[2] * light.blue));
  }
  return (struct light){out[0], out[1], out[2]};
}

static double lab_part(double share)
{
  return share > 216.0 / 24389 ? cbrt(share) : (24389.0 / 27 * share + 16) / 116;
}

/* sRGB's primaries, white of D65. */
static struct lab lab_of(struct light light)
{
  const double x = lab_part((0.4124564 * light.red + 0.3575761 * light.green + 0.1804375 * light.blue) / 0.95047);
  const double y = lab_part(0.2126729 * light.red + 0.7151522 * light.green + 0.0721750 * light.blue);
  const double z = lab_part((0.0193339 * light.red + 0.1191920 * light.green + 0.9503041 * light.blue) / 1.08883);
  return (struct lab){116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

static double degrees(double angle)
{
  return angle * M_PI / 180;
}

static double hue_of(double a, double b)
{
  const double hue = a == 0 && b == 0 ? 0 : atan2(b, a) * 180 / M_PI;
  return hue < 0 ? hue + 360 : hue;
}

static double seventh_root(double chroma)
{
  const double power = pow(chroma, 7);
  return sqrt(power / (power + pow(25, 7)));
}

static double ciede2000(struct lab one, struct lab two)
{
  const double g = 0.5 * (1 - seventh_root((hypot(one.a, one.b) + hypot(two.a, two.b)) / 2));
  const double a1 = (1 + g) * one.a, a2 = (1 + g) * two.a, c1 = hypot(a1, one.b), c2 = hypot(a2, two.b);
  const double h1 = hue_of(a1, one.b), h2 = hue_of(a2, two.b), apart = h2 - h1;
  const double turn = c1 * c2 == 0 ? 0 : apart > 180 ? apart - 360 : apart < -180 ? apart + 360 : apart;
  const double dh = 2 * sqrt(c1 * c2) * sin(degrees(turn / 2)), l = (one.l + two.l) / 2, c = (c1 + c2) / 2;
  const double h = c1 * c2 == 0         ? h1 + h2
                   : fabs(apart) <= 180 ? (h1 + h2) / 2
                                        : (h1 + h2 + (h1 + h2 < 360 ? 360 : -360)) / 2;
  const double t = 1 - 0.17 * cos(degrees(h - 30)) + 0.24 * cos(degrees(2 * h)) + 0.32 * cos(degrees(3 * h + 6)) -
                   0.20 * cos(degrees(4 * h - 63));
  const double sl = 1 + 0.015 * (l - 50) * (l - 50) / sqrt(20 + (l - 50) * (l - 50)), sc = 1 + 0.045 * c,
               sh = 1 + 0.015 * c * t;
  const double rt = -sin(degrees(60 * exp(-((h - 275) / 25) * ((h - 275) / 25)))) * 2 * seventh_root(c);
  const double x = (two.l - one.l) / sl, y = (c2 - c1) / sc, z = dh / sh;
  return sqrt(x * x + y * y + z * z + rt * y * z);
}

/* The least difference that anybody sees. */
static double difference(struct light a, struct light b)
{
  double least = INFINITY;
  for (int vision = 0; vision < VISIONS; vision++)
    least = fmin(least, ciede2000(lab_of(seen(a, vision)), lab_of(seen(b, vision))));
  return least;
}

static const struct light black = {0, 0, 0}, white = {1, 1, 1};

/* Pairs 1, 4, 9, 17 and 25 of the paper's table. */
static void test_the_measure(void **state)
{
  (void)state;
  static const struct {
    struct lab one, two;
    double difference;
  } pairs[] = {{{50, 2.6772, -79.7751}, {50, 0, -82.7485}, 2.0425},
               {{50, -1.3802, -84.2814}, {50, 0, -82.7485}, 1.0000},
               {{50, 2.4900, -0.0010}, {50, -2.4900, 0.0009}, 7.1792},
               {{50, 2.5, 0}, {73, 25, -18}, 27.1492},
               {{60.2574, -34.0099, 36.2677}, {60.4626, -34.1751, 39.4387}, 1.2644}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    assert_true(fabs(ciede2000(pairs[i].one, pairs[i].two) - pairs[i].difference) < 5e-5);
  assert_true(fabs(contrast(black, white) - 21) < 1e-9);
}

/* The least contrast with a background of all colours used, and the least difference of two curves; the terminal's own
 * foreground is black or white, or a grey near to it. */
static void measure(enum term_background background, struct light behind, double *least_contrast,
                    double *least_difference)
{
  struct term_look looks[STYLE_COUNT];
  const double near = linear(luminance(behind) < 0.5 ? 204 : 51);
  const struct light own[] = {luminance(behind) < 0.5 ? white : black, {near, near, near}};
  *least_contrast = *least_difference = INFINITY;
  looks_choose(COLORS, background, looks);
  for (int style = 0; style < STYLE_COUNT; style++)
    if (looks[style].foreground != OWN)
      *least_contrast = fmin(*least_contrast, contrast(colour(looks[style].foreground), behind));
  for (int a = STYLE_SERIES_1; a <= STYLE_SERIES_4; a++)
    for (int b = a + 1; b <= STYLE_SERIES_4; b++) {
      assert_true(looks[a].foreground != looks[b].foreground && looks[a].foreground != OWN);
      for (size_t k = 0; k < 2; k++)
        *least_difference =
            fmin(*least_difference, difference(colour(looks[a].foreground),
                                               looks[b].foreground == OWN ? own[k] : colour(looks[b].foreground)));
    }
}

static void test_curves_on_a_known_background(void **state)
{
  (void)state;
  double contrasts, differences;
  measure(BACKGROUND_DARK, black, &contrasts, &differences);
  assert_true(contrasts >= 4.5 && differences >= 15);
  measure(BACKGROUND_LIGHT, white, &contrasts, &differences);
  assert_true(contrasts >= 4.5 && differences >= 15);
}

/* Where it may be black or white: a little under both, for the search below finds none that reach both. */
static void test_curves_on_an_unknown_background(void **state)
{
  (void)state;
  double contrasts, differences;
  measure(BACKGROUND_UNKNOWN, black, &contrasts, &differences);
  assert_true(contrasts >= 4.45 && differences >= 14.9);
  measure(BACKGROUND_UNKNOWN, white, &contrasts, &differences);
  assert_true(contrasts >= 4.5 && differences >= 14.9);
}

static void test_no_palette_serves_both(void **state)
{
  (void)state;
  int fit[COLORS], n = 0;
  double best = 0;
  for (int i = CUBE; i < COLORS; i++)
    if (contrast(colour(i), black) >= 4.5 && contrast(colour(i), white) >= 4.5)
      fit[n++] = i;
  assert_int_equal(n, 6);
  for (int i = 0; i < n; i++)
    for (int j = i + 1; j < n; j++)
      for (int k = j + 1; k < n; k++) {
        const struct light a = colour(fit[i]), b = colour(fit[j]), c = colour(fit[k]);
        double least = fmin(difference(a, b), fmin(difference(a, c), difference(b, c)));
        const struct light three[] = {a, b, c};
        for (size_t m = 0; m < 3; m++)
          least = fmin(least, fmin(difference(three[m], black), difference(three[m], white)));
        best = fmax(best, least);
      }
  assert_true(best < 12.7);
}

/* Eight colours are the terminal's: four different ones, none redefined.  Without colour, weight alone. */
static void test_few_colours(void **state)
{
  (void)state;
  struct term_look looks[STYLE_COUNT];
  looks_choose(8, BACKGROUND_UNKNOWN, looks);
  for (int a = STYLE_SERIES_1; a <= STYLE_SERIES_4; a++)
    for (int b = a + 1; b <= STYLE_SERIES_4; b++)
      assert_true(looks[a].foreground < 8 && looks[a].foreground != looks[b].foreground);
  looks_choose(0, BACKGROUND_DARK, looks);
  for (int style = 0; style < STYLE_COUNT; style++)
    assert_int_equal(looks[style].foreground, OWN);
}

static void test_the_background_is_told(void **state)
{
  (void)state;
  static const struct {
    const char *value;
    enum term_background background;
  } cases[] = {{NULL, BACKGROUND_UNKNOWN},   {"", BACKGROUND_UNKNOWN},           {"15;0", BACKGROUND_DARK},
               {"0;15", BACKGROUND_LIGHT},   {"0;default;15", BACKGROUND_LIGHT}, {"7;default", BACKGROUND_UNKNOWN},
               {"12;8", BACKGROUND_DARK},    {"0;7", BACKGROUND_LIGHT},          {"0;99", BACKGROUND_UNKNOWN},
               {"0;-1", BACKGROUND_UNKNOWN}, {"0;7x", BACKGROUND_UNKNOWN},       {";", BACKGROUND_UNKNOWN}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_int_equal(background_of(cases[i].value), cases[i].background);
}

static void test_color_is_asked_for(void **state)
{
  (void)state;
  assert_true(color_is_wanted(COLOR_WHEN_AUTO, NULL));
  assert_true(color_is_wanted(COLOR_WHEN_AUTO, ""));
  assert_false(color_is_wanted(COLOR_WHEN_AUTO, "1"));
  assert_true(color_is_wanted(COLOR_WHEN_ALWAYS, "1"));
  assert_false(color_is_wanted(COLOR_WHEN_NEVER, NULL));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_measure),
      cmocka_unit_test(test_curves_on_a_known_background),
      cmocka_unit_test(test_curves_on_an_unknown_background),
      cmocka_unit_test(test_no_palette_serves_both),
      cmocka_unit_test(test_few_colours),
      cmocka_unit_test(test_the_background_is_told),
      cmocka_unit_test(test_color_is_asked_for),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
