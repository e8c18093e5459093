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

/* Windows and functions of all kinds, in turn. */
static struct plot_view odd_view(size_t i, double scale)
{
  return (struct plot_view){.function = (enum plot_function)(i % PLOT_FUNCTION_COUNT),
                            .first_time = i / 4 % 3 ? scale * (double)(i % 7) : 0,
                            .last_time = i / 4 % 3 ? scale * (double)(i % 7 + 5) : 0,
                            .low = i % 5 ? 0.3 : 0,
                            .high = i % 5 ? 0.8 : 0};
}

static void every_size_and_every_time_can_be_drawn(void **state)
{
  (void)state;
  static const double scales[] = {0, 1e-6, 1, 1e12};
  uint64_t seed = 4;
  for (size_t n = 0; n < 7; n++) {
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
          options.view = odd_view(rows * columns, scales[k]);
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

/* ---- windows, functions, panels ---- */

static void draw_view(const struct plot *plot, struct draw_options *options, struct plot_view view, struct picture *picture)
{
  options->view = view;
  options->charset = picture->box ? CHARSET_BOX : CHARSET_ASCII;
  options->legend = options->risk_table = options->median_lines = false;
  canvas_init(&picture->canvas, ROWS, COLUMNS);
  draw_plot(plot, options, &picture->canvas, (struct area){0, 0, ROWS, COLUMNS}, &picture->geometry);
}

/* The function's value just before the right border of a column: worked out here by itself. */
static double value_at(const struct plot_series *series, const struct draw_geometry *geometry, size_t column, bool *ended)
{
  const struct plot_window *window = &geometry->window;
  const double share = (double)(column + 1) / (double)geometry->grid.columns;
  const double left_share = (double)column / (double)geometry->grid.columns;
  const bool log_time = window->function == PLOT_LOG_LOG;
  double right = log_time ? window->first * pow(window->last / window->first, share)
                          : window->first + share * (window->last - window->first);
  double left = log_time ? window->first * pow(window->last / window->first, left_share)
                         : window->first + left_share * (window->last - window->first);
  *ended = left > series->time[series->n - 1];
  if (column + 1 == geometry->grid.columns)
    right = nextafter(window->last, INFINITY);
  double s = plot_series_value_before(series, right);
  switch (window->function) {
  case PLOT_EVENT:
    return 1 - s;
  case PLOT_CUMULATIVE_HAZARD:
    return -log(s);
  case PLOT_LOG_LOG:
    return log(-log(s));
  default:
    return s;
  }
}

/* In every column where the curve is in the window a glyph of it stands in its row, and nowhere else is one. */
static void assert_curve_in_window(const struct plot *plot, const struct picture *picture)
{
  const struct draw_geometry *geometry = &picture->geometry;
  for (size_t c = 0; c < geometry->grid.columns; c++) {
    bool ended;
    double value = value_at(plot->series, geometry, c, &ended);
    double row = floor((geometry->window.high - value) / (geometry->window.high - geometry->window.low) *
                           (double)(geometry->grid.rows - 1) + 0.5);
    bool inside = !ended && row >= 0 && row < (double)geometry->grid.rows;
    if (inside)
      assert_true(is_one_of(glyph_at(&picture->canvas, geometry, (size_t)row, c),
                            (const uint32_t[]){'-', '|', '+', 0x2500, 0x2502, 0x2510, 0x2514, 0x250C, 0x2518, 0x253C}, 10));
    for (size_t r = 0; ended && r < geometry->grid.rows; r++) /* letters and the function's name may stand there */
      assert_false(is_one_of(glyph_at(&picture->canvas, geometry, r, c), (const uint32_t[]){'|', 0x2500, 0x2502, 0x253C}, 4));
  }
}

static void every_function_is_drawn_in_every_window(void **state)
{
  (void)state;
  uint64_t seed = 6;
  for (int round = 0; round < 400; round++) {
    struct plot *plot = random_plot(1, &seed);
    struct picture picture = {.box = round % 2};
    struct draw_options options = DRAW_OPTIONS_INIT;
    const double last = plot_last_time(plot), from = round / 8 % 2 ? last * next_uniform(&seed) * 0.5 : 0;
    const struct plot_view view = {.function = (enum plot_function)(round / 2 % 4),
                                   .first_time = from,
                                   .last_time = round / 16 % 2 ? from + last * 0.4 : 0,
                                   .low = round / 32 % 2 ? 0.25 : 0,
                                   .high = round / 32 % 2 ? 0.75 : 0};
    draw_view(plot, &options, view, &picture);
    if (from <= 0 || view.last_time > 0)
      assert_curve_in_window(plot, &picture);
    canvas_clear(&picture.canvas);
    plot_free(plot);
  }
}

static bool holds(const struct canvas *canvas, const char *words)
{
  struct text text = TEXT_INIT;
  canvas_append(canvas, &text);
  bool found = strstr(text_string(&text), words) != NULL;
  text_clear(&text);
  return found;
}

static void axes_follow_the_window(void **state)
{
  (void)state;
  uint64_t seed = 7;
  struct plot *plot = random_plot(2, &seed);
  struct draw_options options = DRAW_OPTIONS_INIT;
  struct canvas canvas;
  options.view = (struct plot_view){.function = PLOT_EVENT, .first_time = 24, .last_time = 72, .low = 0.2, .high = 0.6};
  canvas_init(&canvas, ROWS, COLUMNS);
  draw_plot(plot, &options, &canvas, (struct area){0, 0, ROWS, COLUMNS}, NULL);
  assert_true(holds(&canvas, "24") && holds(&canvas, "72") && holds(&canvas, "0.60") && holds(&canvas, "0.20"));
  assert_false(holds(&canvas, "1.00"));
  assert_true(holds(&canvas, "1 \xE2\x88\x92 S")); /* the function's name, with a minus sign */
  canvas_clear(&canvas);
  plot_free(plot);
}

/* Two curves that are one: their glyphs alternate, both letters stand at the end. */
static void curves_that_lie_on_one_another_alternate(void **state)
{
  (void)state;
  uint64_t seed = 8, same = 8;
  struct plot *plot = plot_new(2);
  fill_series(&plot->series[0], 40, &seed);
  fill_series(&plot->series[1], 40, &same);
  for (size_t s = 0; s < 2; s++)
    memset(plot->series[s].n_censor, 0, 40 * sizeof(double));
  struct picture picture = {.box = false};
  struct draw_options options = DRAW_OPTIONS_INIT;
  draw_view(plot, &options, (struct plot_view){PLOT_SURVIVAL, 0, 0, 0, 0}, &picture);
  size_t lines[2] = {0, 0};
  for (size_t c = 0; c < picture.geometry.grid.columns; c++)
    for (size_t r = 0; r < picture.geometry.grid.rows; r++) {
      uint32_t glyph = glyph_at(&picture.canvas, &picture.geometry, r, c);
      assert_false(glyph == (c % 2 ? '-' : '='));
      lines[0] += glyph == '-';
      lines[1] += glyph == '=';
    }
  assert_true(lines[0] > 5 && lines[1] > 5);
  assert_true(holds(&picture.canvas, "AB"));
  canvas_clear(&picture.canvas);
  plot_free(plot);
}

/* What stands without limits stands with them, too. */
static void bands_never_cover_anything(void **state)
{
  (void)state;
  uint64_t seed = 9;
  for (int round = 0; round < 40; round++) {
    struct plot *plot = random_plot(1 + (size_t)round % 4, &seed);
    plot->series[0].median = plot_last_time(plot) / 3; /* its guides stand, too */
    struct canvas plain, banded;
    struct draw_options options = DRAW_OPTIONS_INIT;
    options.charset = (enum charset)(round % 3);
    options.view.function = (enum plot_function)(round / 3 % 2);
    canvas_init(&plain, ROWS, COLUMNS);
    canvas_init(&banded, ROWS, COLUMNS);
    draw_plot(plot, &options, &plain, (struct area){0, 0, ROWS, COLUMNS}, NULL);
    options.band = round % 2 ? 0 : BAND_ALL;
    draw_plot(plot, &options, &banded, (struct area){0, 0, ROWS, COLUMNS}, NULL);
    for (size_t i = 0; i < (size_t)ROWS * COLUMNS; i++)
      assert_true(plain.cells[i].glyph == banded.cells[i].glyph || plain.cells[i].glyph == ' ');
    canvas_clear(&plain);
    canvas_clear(&banded);
    plot_free(plot);
  }
}

/* Each column of cells has dots of both curves where they are; the first curve's line is whole. */
static void braille_draws_two_curves(void **state)
{
  (void)state;
  uint64_t seed = 10;
  struct plot *plot = random_plot(2, &seed);
  struct draw_options options = DRAW_OPTIONS_INIT;
  struct draw_geometry geometry;
  struct canvas canvas;
  options.charset = CHARSET_BRAILLE;
  options.legend = options.risk_table = options.median_lines = false;
  canvas_init(&canvas, ROWS, COLUMNS);
  draw_plot(plot, &options, &canvas, (struct area){0, 0, ROWS, COLUMNS}, &geometry);
  for (size_t c = 0; c + 1 < end_column(&plot->series[0], &geometry); c++) {
    double value = plot_series_value_before(&plot->series[0], (double)(c + 1) * geometry.dt);
    size_t dots = (size_t)floor((1 - value) * (double)(geometry.grid.rows * 4 - 1) + 0.5);
    uint32_t glyph = glyph_at(&canvas, &geometry, dots / 4, c);
    assert_in_range(glyph, 0x2801, 0x28FF);
    static const uint8_t right[] = {0x08, 0x10, 0x20, 0x80};
    assert_true(glyph & right[dots % 4]);
  }
  assert_true(holds(&canvas, "A") && holds(&canvas, "B"));
  canvas_clear(&canvas);
  plot_free(plot);
}

static struct plot *panelled_plot(size_t n_panels, size_t n_series, uint64_t *seed)
{
  struct plot *plot = random_plot(n_series, seed);
  plot->panels = memory_new(n_panels, sizeof(struct plot *));
  plot->panels_label = memory_copy_string("type");
  for (; plot->n_panels < n_panels; plot->n_panels++) {
    struct plot *panel = random_plot(n_series, seed);
    char title[16];
    snprintf(title, sizeof title, "level %c", (char)('a' + plot->n_panels));
    panel->title = memory_copy_string(title);
    panel->note = memory_copy_string("n 12  p = 0.500");
    plot->panels[plot->n_panels] = panel;
  }
  return plot;
}

static void four_panels_fit_a_small_screen(void **state)
{
  (void)state;
  uint64_t seed = 11;
  struct plot *plot = panelled_plot(4, 2, &seed);
  struct draw_options options = DRAW_OPTIONS_INIT;
  struct draw_geometry geometry;
  struct canvas canvas;
  canvas_init(&canvas, 17, 80);
  draw_plot(plot, &options, &canvas, (struct area){0, 0, 17, 80}, &geometry);
  assert_int_equal(geometry.n_shown, 4);
  assert_true(geometry.grid.rows >= 5 && geometry.grid.columns >= 30);
  assert_true(holds(&canvas, "level a  n 12  p = 0.500") && holds(&canvas, "level d  n 12  p = 0.500"));
  assert_true(holds(&canvas, "by type"));
  assert_false(holds(&canvas, "of 4"));
  canvas_clear(&canvas);
  plot_free(plot);
}

static void panels_that_do_not_fit_are_on_further_pages(void **state)
{
  (void)state;
  uint64_t seed = 12;
  struct plot *plot = panelled_plot(9, 2, &seed);
  struct draw_options options = DRAW_OPTIONS_INIT;
  struct draw_geometry geometry;
  size_t seen = 0;
  for (options.first_panel = 0; options.first_panel < 9; options.first_panel += geometry.n_shown) {
    struct canvas canvas;
    canvas_init(&canvas, 17, 80);
    draw_plot(plot, &options, &canvas, (struct area){0, 0, 17, 80}, &geometry);
    assert_int_equal(geometry.first_panel, options.first_panel);
    assert_in_range(geometry.n_shown, 1, 8);
    assert_true(holds(&canvas, "of 9"));
    for (size_t i = 0; i < 9; i++) {
      char title[16];
      snprintf(title, sizeof title, "level %c", (char)('a' + i));
      seen += holds(&canvas, title);
    }
    canvas_clear(&canvas);
  }
  assert_int_equal(seen, 9);
  plot_free(plot);
}

/* More than four curves: one each, before that of all. */
static void many_curves_have_a_panel_each(void **state)
{
  (void)state;
  uint64_t seed = 13;
  struct plot *plot = random_plot(6, &seed), *all = random_plot(1, &seed);
  plot->reference = memory_new(1, sizeof *plot->reference);
  *plot->reference = all->series[0];
  all->n_series = 0;
  plot_free(all);
  struct draw_options options = DRAW_OPTIONS_INIT;
  struct draw_geometry geometry;
  struct canvas canvas;
  options.charset = CHARSET_ASCII;
  canvas_init(&canvas, 40, 120);
  draw_plot(plot, &options, &canvas, (struct area){0, 0, 40, 120}, &geometry);
  assert_int_equal(geometry.n_shown, 6);
  assert_true(holds(&canvas, "6 curves, each before that of all (dim)"));
  assert_false(holds(&canvas, "==")); /* a second curve's glyph */
  canvas_clear(&canvas);
  plot_free(plot);
}

static void panels_of_every_size_keep_to_their_area(void **state)
{
  (void)state;
  uint64_t seed = 14;
  for (size_t n = 1; n < 8; n += 2) {
    struct plot *plot = panelled_plot(n, 3, &seed);
    plot_series_cumulate(&plot->panels[0]->series[0]);
    plot->panels[0]->series[1].n = 0; /* a group that the panel lacks */
    for (size_t rows = 1; rows < 50; rows += 2)
      for (size_t columns = 1; columns < 170; columns += 5) {
        struct canvas canvas;
        struct draw_options options = DRAW_OPTIONS_INIT;
        options.charset = (enum charset)(columns % 3);
        options.band = (int)(rows % 4) - 2;
        options.first_panel = rows;
        options.view = odd_view(rows * columns, 1);
        canvas_init(&canvas, rows + 2, columns + 2);
        draw_plot(plot, &options, &canvas, (struct area){1, 1, rows, columns}, NULL);
        for (size_t c = 0; c < columns + 2; c++)
          assert_true(canvas.cells[c].glyph == ' ' && canvas.cells[(rows + 1) * (columns + 2) + c].glyph == ' ');
        canvas_clear(&canvas);
      }
    plot_free(plot);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_curve_is_read_back_in_every_column),
      cmocka_unit_test(several_curves_are_told_apart_without_colour),
      cmocka_unit_test(rows_of_a_risk_table_sum_to_the_group),
      cmocka_unit_test(every_size_and_every_time_can_be_drawn),
      cmocka_unit_test(a_pane_of_a_usual_size_keeps_to_its_area),
      cmocka_unit_test(every_function_is_drawn_in_every_window),
      cmocka_unit_test(axes_follow_the_window),
      cmocka_unit_test(curves_that_lie_on_one_another_alternate),
      cmocka_unit_test(bands_never_cover_anything),
      cmocka_unit_test(braille_draws_two_curves),
      cmocka_unit_test(four_panels_fit_a_small_screen),
      cmocka_unit_test(panels_that_do_not_fit_are_on_further_pages),
      cmocka_unit_test(many_curves_have_a_panel_each),
      cmocka_unit_test(panels_of_every_size_keep_to_their_area),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
