/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Curves are read back from the glyphs alone, by a decoder that shares nothing with the drawing but its geometry. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "report/draw.h"

enum { ROWS = 30, COLUMNS = 90, MAX_CURVES = 4, UNKNOWN = -1 };

/* A generator of its own, so that a failure can be repeated anywhere. */
static double next_uniform(uint64_t *seed)
{
  *seed = *seed * 6364136223846793005u + 1442695040888963407u;
  return (double)(*seed >> 11) / 9007199254740992.0;
}

static void fill_series(struct plot_series *series, size_t n, uint64_t *seed)
{
  series->label = memory_copy_string("group");
  series->legend = memory_copy_string("n");
  series->n = n;
  series->time = memory_new(n, sizeof(double));
  series->value = memory_new(n, sizeof(double));
  series->low = memory_new(n, sizeof(double));
  series->high = memory_new(n, sizeof(double));
  series->n_risk = memory_new(n, sizeof(double));
  series->n_event = memory_new(n, sizeof(double));
  series->n_censor = memory_new(n, sizeof(double));
  double time = 0, survival = 1, deaths = next_uniform(seed);
  for (size_t i = 0; i < n; i++) {
    time += next_uniform(seed) * 5;
    bool dies = next_uniform(seed) < deaths;
    double at_risk = (double)(n - i);
    survival *= dies ? 1 - 1 / at_risk : 1;
    series->time[i] = time;
    series->value[i] = survival;
    series->low[i] = fmax(0, survival - 0.1);
    series->high[i] = fmin(1, survival + 0.1);
    series->n_risk[i] = at_risk;
    series->n_event[i] = dies;
    series->n_censor[i] = !dies;
  }
  series->total = (double)n;
}

static struct plot *random_plot(size_t n_series, uint64_t *seed)
{
  struct plot *plot = plot_new(n_series);
  plot->x_label = memory_copy_string("months");
  for (size_t s = 0; s < n_series; s++)
    fill_series(&plot->series[s], 1 + (size_t)(next_uniform(seed) * 80), seed);
  return plot;
}

static uint32_t glyph_at(const struct canvas *canvas, const struct draw_geometry *geometry, size_t row, size_t column)
{
  return canvas->cells[(geometry->grid.row + row) * canvas->columns + geometry->grid.column + column].glyph;
}

static bool is_one_of(uint32_t glyph, const uint32_t *glyphs, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    if (glyphs[i] == glyph)
      return true;
  }
  return false;
}

/* Glyphs of the curves: those that stand level (line, censor tick), and those of a fall. */
static const uint32_t level_glyphs[2][MAX_CURVES][2] = {
    {{'-', '+'}, {'=', 'x'}, {'~', 'o'}, {'_', '*'}},
    {{0x2500, 0x253C}, {0x2501, 0x254B}, {0x2550, 0x256C}, {0x254C, '+'}},
};
static const uint32_t fall_glyphs[2][MAX_CURVES][3] = {
    {{'|', '|', '|'}, {'!', '!', '!'}, {':', ':', ':'}, {';', ';', ';'}},
    {{0x2510, 0x2502, 0x2514}, {0x2513, 0x2503, 0x2517}, {0x2557, 0x2551, 0x255A}, {0x256E, 0x254E, 0x2570}},
};

/* What a decoder looks at: a drawing in one character set. */
struct picture {
  struct canvas canvas;
  struct draw_geometry geometry;
  bool box;
};

static bool is_seen(const struct picture *picture, int row, size_t column, size_t series)
{
  uint32_t glyph = glyph_at(&picture->canvas, &picture->geometry, (size_t)row, column);
  return is_one_of(glyph, level_glyphs[picture->box][series], 2) ||
         is_one_of(glyph, fall_glyphs[picture->box][series], 3);
}

/* The lowest row of the column in which the curve is seen. */
static int lowest_seen(const struct picture *picture, size_t column, size_t series)
{
  for (int row = (int)picture->geometry.grid.rows - 1; row >= 0; row--) {
    if (is_seen(picture, row, column, series))
      return row;
  }
  return UNKNOWN;
}

/* The row in which the curve comes into a column from the left: where it is level, or begins to fall. */
static int entered_at(const struct picture *picture, size_t column, size_t series)
{
  for (int row = 0; column < picture->geometry.grid.columns && row < (int)picture->geometry.grid.rows; row++) {
    uint32_t glyph = glyph_at(&picture->canvas, &picture->geometry, (size_t)row, column);
    if (is_one_of(glyph, level_glyphs[picture->box][series], 2) || (picture->box && glyph == fall_glyphs[1][series][0]))
      return row;
    if (is_seen(picture, row, column, series))
      return UNKNOWN;
  }
  return UNKNOWN;
}

/* Where the curve stands at a column's end: where the next column takes it up, or where it is seen last, or where it
 * was before, hidden by another. */
static int decode(const struct picture *picture, size_t column, size_t series, int before)
{
  int next = entered_at(picture, column + 1, series);
  if (next != UNKNOWN && next >= before)
    return next;
  int seen = lowest_seen(picture, column, series);
  return seen == UNKNOWN ? before : seen;
}

/* The row of the value that stands at a column's end; the last column holds its right border too. */
static int expected_row(const struct plot_series *series, const struct draw_geometry *geometry, size_t column)
{
  double right = (double)(column + 1) * geometry->dt;
  double value =
      column + 1 == geometry->grid.columns ? series->value[series->n - 1] : plot_series_value_before(series, right);
  return (int)floor((1 - value) * (double)(geometry->grid.rows - 1) + 0.5);
}

static size_t end_column(const struct plot_series *series, const struct draw_geometry *geometry)
{
  size_t column = (size_t)floor(series->time[series->n - 1] / geometry->dt);
  return column < geometry->grid.columns ? column : geometry->grid.columns - 1;
}

static void one_curve_is_read_back_in_every_column(void **state)
{
  (void)state;
  uint64_t seed = 1;
  for (int round = 0; round < 200; round++) {
    struct plot *plot = random_plot(1, &seed);
    struct picture picture = {.box = round % 2};
    struct draw_options options = DRAW_OPTIONS_INIT;
    options.charset = round % 2 ? CHARSET_BOX : CHARSET_ASCII;
    options.legend = options.risk_table = false;
    canvas_init(&picture.canvas, ROWS, COLUMNS);
    draw_plot(plot, &options, &picture.canvas, (struct area){0, 0, ROWS, COLUMNS}, &picture.geometry);
    for (size_t c = 0; c <= end_column(plot->series, &picture.geometry); c++)
      assert_int_equal(lowest_seen(&picture, c, 0), expected_row(plot->series, &picture.geometry, c));
    for (size_t c = end_column(plot->series, &picture.geometry) + 1; c < picture.geometry.grid.columns; c++)
      assert_int_equal(lowest_seen(&picture, c, 0), UNKNOWN); /* never extrapolated */
    canvas_clear(&picture.canvas);
    plot_free(plot);
  }
}

static void several_curves_are_told_apart_without_colour(void **state)
{
  (void)state;
  uint64_t seed = 2;
  size_t read = 0, right = 0;
  for (int round = 0; round < 200; round++) {
    struct plot *plot = random_plot(2 + (size_t)round % 3, &seed);
    struct picture picture = {.box = round % 2};
    struct draw_options options = DRAW_OPTIONS_INIT;
    options.charset = round % 2 ? CHARSET_BOX : CHARSET_ASCII;
    options.legend = options.risk_table = options.median_lines = false;
    canvas_init(&picture.canvas, ROWS, COLUMNS);
    draw_plot(plot, &options, &picture.canvas, (struct area){0, 0, ROWS, COLUMNS}, &picture.geometry);
    for (size_t s = 0; s < plot->n_series; s++) {
      int row = 0;
      for (size_t c = 0; c <= end_column(&plot->series[s], &picture.geometry); c++) {
        row = decode(&picture, c, s, row);
        read++;
        right += row == expected_row(&plot->series[s], &picture.geometry, c);
      }
    }
    canvas_clear(&picture.canvas);
    plot_free(plot);
  }
  assert_true((double)right >= 0.99 * (double)read);
}

static void rows_of_a_risk_table_sum_to_the_group(void **state)
{
  (void)state;
  uint64_t seed = 3;
  for (int round = 0; round < 50; round++) {
    struct plot *plot = random_plot(2, &seed);
    struct canvas canvas;
    struct text row = TEXT_INIT;
    struct draw_options options = DRAW_OPTIONS_INIT;
    canvas_init(&canvas, ROWS, COLUMNS);
    draw_plot(plot, &options, &canvas, (struct area){0, 0, ROWS, COLUMNS}, NULL);
    canvas_append_row(&canvas, ROWS - 2, &row);
    const char *at = strchr(text_string(&row), 'A');
    assert_non_null(at);
    size_t entries = 0;
    int at_risk, events, censored, used;
    for (at++; sscanf(at, " %d/%d/%d%n", &at_risk, &events, &censored, &used) == 3; at += used, entries++)
      assert_int_equal(at_risk + events + censored, (int)plot->series[0].total);
    assert_true(entries >= 2);
    text_clear(&row);
    canvas_clear(&canvas);
    plot_free(plot);
  }
}

static void every_size_and_every_time_can_be_drawn(void **state)
{
  (void)state;
  static const double scales[] = {0, 1e-6, 1, 1e12};
  uint64_t seed = 4;
  for (size_t n = 0; n < 6; n++) {
    struct plot *plot = random_plot(n, &seed);
    for (size_t k = 0; k < sizeof scales / sizeof *scales; k++) {
      for (size_t s = 0; s < n; s++) {
        for (size_t i = 0; i < plot->series[s].n; i++)
          plot->series[s].time[i] = scales[k] * (double)(i + 1);
      }
      for (size_t rows = 1; rows < 30; rows += 2) {
        for (size_t columns = 1; columns < 100; columns += 3) {
          struct canvas canvas; /* no larger than the drawing: the sanitizer sees a step outside */
          struct draw_options options = DRAW_OPTIONS_INIT;
          options.charset = (enum charset)(columns % 3);
          options.band = (int)(rows % 4) - 2;
          options.cursor = scales[k];
          canvas_init(&canvas, rows, columns);
          draw_plot(plot, &options, &canvas, (struct area){0, 0, rows, columns}, NULL);
          canvas_clear(&canvas);
        }
      }
    }
    plot_free(plot);
  }
}

static void a_pane_of_a_usual_size_keeps_to_its_area(void **state)
{
  (void)state;
  uint64_t seed = 5;
  struct plot *plot = random_plot(3, &seed);
  for (size_t columns = 20; columns < 90; columns++) {
    struct canvas canvas;
    struct draw_options options = DRAW_OPTIONS_INIT;
    canvas_init(&canvas, ROWS, columns + 2);
    draw_plot(plot, &options, &canvas, (struct area){1, 1, ROWS - 2, columns}, NULL);
    for (size_t row = 0; row < ROWS; row++) {
      assert_int_equal(canvas.cells[row * canvas.columns].glyph, ' ');
      assert_int_equal(canvas.cells[row * canvas.columns + columns + 1].glyph, ' ');
    }
    canvas_clear(&canvas);
  }
  plot_free(plot);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_curve_is_read_back_in_every_column),
      cmocka_unit_test(several_curves_are_told_apart_without_colour),
      cmocka_unit_test(rows_of_a_risk_table_sum_to_the_group),
      cmocka_unit_test(every_size_and_every_time_can_be_drawn),
      cmocka_unit_test(a_pane_of_a_usual_size_keeps_to_its_area),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
