/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A nomogram's scales drawn in characters and as a figure. */
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
#include "base/utf8.h"
#include "report/render.h"

/* Age against 100 points, a factor whose names are long, total points and survival. */
static struct nomogram_plot *plot_of_four(void)
{
  struct nomogram_plot *plot = nomogram_plot_new("Nomogram of os", 160);
  nomogram_scale_add_round(nomogram_plot_add(plot, SCALE_POINTS, "Points"), 100);
  struct nomogram_scale *age = nomogram_plot_add(plot, SCALE_TERM, "age");
  for (int i = 0; i <= 4; i++) {
    char label[8];
    snprintf(label, sizeof label, "%d", 20 + 20 * i);
    nomogram_scale_add(age, 25 * i, label);
  }
  struct nomogram_scale *surgery = nomogram_plot_add(plot, SCALE_TERM, "surgery");
  surgery->is_names = true;
  nomogram_scale_add(surgery, 0, "Resection of the primary and hepatic lesions");
  nomogram_scale_add(surgery, 40, "Resection of the primary lesion");
  nomogram_scale_add(surgery, 60, "No resection");
  nomogram_scale_add_round(nomogram_plot_add(plot, SCALE_TOTAL, "Total points"), 160);
  struct nomogram_scale *survival = nomogram_plot_add(plot, SCALE_SURVIVAL, "Survival at 36");
  nomogram_scale_add(survival, 40, "0.9");
  nomogram_scale_add(survival, 100, "0.5");
  nomogram_scale_add(survival, 102, "0.4");
  return plot;
}

static char *drawn(const struct nomogram_plot *plot, const struct nomogram_drawing *drawing, size_t columns)
{
  struct canvas canvas;
  struct text text = TEXT_INIT;
  canvas_init(&canvas, draw_nomogram_rows(plot, drawing, columns), columns);
  draw_nomogram(plot, drawing, &canvas, (struct area){0, 0, canvas.rows, canvas.columns});
  canvas_append(&canvas, &text);
  canvas_clear(&canvas);
  return text_take(&text);
}

static void assert_drawn(const struct nomogram_plot *plot, const struct nomogram_drawing *drawing, size_t columns,
                         const char *expected)
{
  char *text = drawn(plot, drawing, columns);
  if (strcmp(text, expected) != 0)
    fail_msg("drawn:\n%s\nexpected:\n%s", text, expected);
  free(text);
}

static void scales_in_ascii(void **state)
{
  (void)state;
  struct nomogram_plot *plot = plot_of_four();
  const struct nomogram_drawing drawing = {.charset = CHARSET_ASCII, .two_rows = true};
  assert_drawn(plot, &drawing, 60,
               "Nomogram of os\n"
               "Points          +---+---+----+---+---+---+---+----+---+---+\n"
               "                0  10  20   30  40  50  60  70   80  90  100\n"
               "age             +----------+---------+----------+---------+\n"
               "               20         40        60         80        100\n"
               "                  Resection of the primary lesion\n"
               "surgery         +----------------+-------+\n"
               "               Resection~hepatic lesions No resection\n"
               "\n"
               "Total points    +----+-----+----+----+----+-----+----+----+\n"
               "                0   20    40   60   80   100   120  140  160\n"
               "Survival at 36             +--------------++\n"
               "                          0.9            0.5\n");
  nomogram_plot_free(plot);
}

static void scales_in_box_lines(void **state)
{
  (void)state;
  struct nomogram_plot *plot = plot_of_four();
  const struct nomogram_drawing drawing = {.charset = CHARSET_BOX, .two_rows = true};
  assert_drawn(plot, &drawing, 60,
               "Nomogram of os\n"
               "Points          ├───┬───┬────┬───┬───┬───┬───┬────┬───┬───┤\n"
               "                0  10  20   30  40  50  60  70   80  90  100\n"
               "age             ├──────────┬─────────┬──────────┬─────────┤\n"
               "               20         40        60         80        100\n"
               "                  Resection of the primary lesion\n"
               "surgery         ├────────────────┴───────┤\n"
               "               Resection…hepatic lesions No resection\n"
               "\n"
               "Total points    ├────┬─────┬────┬────┬────┬─────┬────┬────┤\n"
               "                0   20    40   60   80   100   120  140  160\n"
               "Survival at 36             ├──────────────┬┤\n"
               "                          0.9            0.5\n");
  nomogram_plot_free(plot);
}

/* Where nothing may stand above, names are cut and the numbers that do not fit are left out. */
static void one_row_of_labels(void **state)
{
  (void)state;
  struct nomogram_plot *plot = plot_of_four();
  const struct nomogram_drawing drawing = {.charset = CHARSET_ASCII};
  assert_drawn(plot, &drawing, 40,
               "Nomogram of os\n"
               "Points          +-+-+--+-+-+-+-+--+-+-+\n"
               "                0  20 30  50  70 80  100\n"
               "age             +-----+----+-----+----+\n"
               "               20    40   60    80   100\n"
               "surgery         +--------+---+\n"
               "               Res~and ~ Re~ No resecti~\n"
               "\n"
               "Total points    +--+--+-+--+--+--+-+--+\n"
               "                0 20 40   80 100  140\n"
               "Survival at 36        +-------+\n"
               "                     0.9     0.5\n");
  nomogram_plot_free(plot);
}

/* The chosen scale has a mark of its own, the patient a marker, and what is read stands beneath the name, its amount whole. */
static void a_patient_is_marked(void **state)
{
  (void)state;
  struct nomogram_plot *plot = plot_of_four();
  struct nomogram_scale *surgery = &plot->scales[2];
  surgery->selected = true;
  surgery->marker = 40;
  surgery->reading = memory_copy_string("Resection of the primary lesion");
  surgery->amount = memory_copy_string("40.0");
  struct canvas canvas;
  struct text text = TEXT_INIT;
  const struct nomogram_drawing ascii = {.charset = CHARSET_ASCII, .label_columns = 18};
  const struct nomogram_drawing box = {.charset = CHARSET_BOX, .label_columns = 18};
  canvas_init(&canvas, 4, 60);
  draw_nomogram_scale(plot, 2, &ascii, &canvas, (struct area){0, 0, 2, 60});
  draw_nomogram_scale(plot, 2, &box, &canvas, (struct area){2, 0, 2, 60});
  canvas_append(&canvas, &text);
  assert_string_equal(text_string(&text),
               ">surgery            +--------------v-------+\n"
               "  Resection~: 40.0 Resec~c lesions Re~les~ No resection\n"
               ">surgery            ├──────────────▼───────┤\n"
               "  Resection…: 40.0 Resec…c lesions Re…les… No resection\n");
  text_clear(&text);
  canvas_clear(&canvas);
  nomogram_plot_free(plot);
}

/* Levels to choose from: the chosen one is in sight, however many stand before it. */
static void a_choice_shows_what_holds(void **state)
{
  (void)state;
  struct nomogram_plot *plot = nomogram_plot_new(NULL, 100);
  struct nomogram_scale *centre = nomogram_plot_add(plot, SCALE_CHOICE, "centre");
  const struct nomogram_drawing drawing = {.charset = CHARSET_ASCII, .label_columns = 8};
  for (int i = 0; i < 10; i++) {
    char label[24];
    snprintf(label, sizeof label, "hospital %d", i);
    nomogram_scale_add(centre, 0, label);
  }
  for (size_t i = 0; i < 10; i++) {
    char wanted[24];
    centre->chosen = i;
    char *text = drawn(plot, &drawing, 50);
    snprintf(wanted, sizeof wanted, "[hospital %zu]", i);
    if (!strstr(text, wanted))
      fail_msg("%s is not in\n%s", wanted, text);
    free(text);
  }
  nomogram_plot_free(plot);
}

/* Points of age and its square fall, then rise: the numbers behind the turn stand above. */
static void numbers_behind_a_turn_stand_above(void **state)
{
  (void)state;
  struct nomogram_plot *plot = nomogram_plot_new(NULL, 100);
  struct nomogram_scale *age = nomogram_plot_add(plot, SCALE_TERM, "age");
  const struct nomogram_drawing drawing = {.charset = CHARSET_ASCII, .two_rows = true, .label_columns = 4};
  static const double at[] = {60, 20, 0, 22, 63, 100};
  for (int i = 0; i < 6; i++) {
    char label[16];
    snprintf(label, sizeof label, "%d", 10 * (i + 1));
    nomogram_scale_add(age, at[i], label);
  }
  assert_drawn(plot, &drawing, 48,
               "              40              50             60\n"
               "age   +-------++--------------++--------------+\n"
               "     30      20              10\n");
  nomogram_plot_free(plot);
}

/* No two labels of a row overlap and none leaves its room, whatever the ticks and the width. */
static void labels_never_collide(void **state)
{
  (void)state;
  uint32_t seed = 7;
  for (int round = 0; round < 2000; round++) {
    struct nomogram_plot *plot = nomogram_plot_new(NULL, 100);
    struct nomogram_scale *scale = nomogram_plot_add(plot, SCALE_TERM, "x");
    double widths[24];
    struct nomogram_label labels[24];
    seed = seed * 1664525u + 1013904223u;
    const size_t n = 1 + (seed >> 8) % 24;
    scale->is_names = seed >> 31;
    for (size_t i = 0; i < n; i++) {
      seed = seed * 1664525u + 1013904223u;
      nomogram_scale_add(scale, (double)((seed >> 8) % 101), "name");
      widths[i] = (double)(1 + (seed >> 20) % 30);
    }
    const struct nomogram_room room = {
        .room = (double)(3 + (seed >> 16) % 90), .before = 1, .gap = 1, .two_rows = (seed >> 30) & 1, .cells = true};
    nomogram_place_labels(plot, scale, &room, widths, labels);
    for (size_t i = 0; i < n; i++) {
      if (!labels[i].is_shown)
        continue;
      assert_true(room.two_rows || !labels[i].is_above);
      assert_true(scale->is_names || labels[i].width == widths[i]);
      assert_true(labels[i].width <= widths[i] && labels[i].width >= 1);
      if (scale->is_names || widths[i] <= room.room)
        assert_true(labels[i].start >= -room.before && labels[i].start + labels[i].width <= room.room + room.before + 1);
      for (size_t k = 0; k < i; k++) {
        if (!labels[k].is_shown || labels[k].is_above != labels[i].is_above)
          continue;
        assert_true(labels[k].start + labels[k].width < labels[i].start + 1e-9 ||
                    labels[i].start + labels[i].width < labels[k].start + 1e-9);
      }
    }
    nomogram_plot_free(plot);
  }
}

static void no_window_is_too_small(void **state)
{
  (void)state;
  struct nomogram_plot *plot = plot_of_four();
  plot->scales[1].marker = 30;
  for (size_t rows = 1; rows < 16; rows++) {
    for (size_t columns = 1; columns < 70; columns++) {
      const struct nomogram_drawing drawing = {.charset = CHARSET_BOX, .two_rows = rows % 2 == 0};
      struct canvas canvas;
      canvas_init(&canvas, rows, columns);
      draw_nomogram(plot, &drawing, &canvas, (struct area){0, 0, rows, columns});
      canvas_clear(&canvas);
    }
  }
  nomogram_plot_free(plot);
  nomogram_plot_free(NULL);
}

static void a_figure_is_whole_and_escaped(void **state)
{
  (void)state;
  struct nomogram_plot *plot = plot_of_four();
  struct text out = TEXT_INIT;
  nomogram_scale_add(&plot->scales[2], 80, "<b>&\"\x1B[2J");
  struct nomogram_scale *strange = nomogram_plot_add(plot, SCALE_TERM, "a<b & \"c\"");
  strange->reading = memory_copy_string("sex=<male>");
  nomogram_scale_add(strange, 10, "1");
  render_svg_nomogram(&out, plot);
  const char *svg = text_string(&out);
  assert_ptr_equal(strstr(svg, "<svg xmlns="), svg);
  assert_string_equal(svg + strlen(svg) - strlen("</svg>\n"), "</svg>\n");
  assert_non_null(strstr(svg, ">a&lt;b &amp; &quot;c&quot;</text>"));
  assert_non_null(strstr(svg, ">sex=&lt;male&gt;</text>"));
  assert_non_null(strstr(svg, ">Survival at 36</text>"));
  assert_non_null(strstr(svg, ">No resection</text>"));
  assert_null(strchr(svg, '\x1B'));
  assert_null(strstr(svg, "<b>"));
  text_clear(&out);
  nomogram_plot_free(plot);
}

/* A report prints it where plots are wanted, and it is the figure of an SVG. */
static void a_report_has_it(void **state)
{
  (void)state;
  struct report report = REPORT_INIT;
  struct render_options options = RENDER_OPTIONS_INIT;
  struct text out = TEXT_INIT;
  report_set_command(&report, "nomogram");
  assert_null(report_find_figure(&report));
  report_add_nomogram(&report, plot_of_four());
  assert_non_null(report_find_figure(&report));
  render_report(&out, &report, FORMAT_TEXT, &options);
  assert_int_equal(out.length, 0);
  options.plots = true;
  render_report(&out, &report, FORMAT_TEXT, &options);
  assert_non_null(strstr(text_string(&out), "Total points"));
  text_truncate(&out, 0);
  render_report(&out, &report, FORMAT_SVG, &options);
  assert_non_null(strstr(text_string(&out), "Total points"));
  text_truncate(&out, 0);
  render_report(&out, &report, FORMAT_MARKDOWN, &options);
  assert_non_null(strstr(text_string(&out), "```text\nNomogram of os"));
  text_clear(&out);
  report_clear(&report);
}

static size_t n_cleared;

static void clear_sequel(void *data)
{
  n_cleared++;
  free(data);
}

static void other_clear(void *data)
{
  free(data);
}

/* What a screen goes on from is cleared once, or handed over to who knows it. */
static void a_report_has_a_sequel(void **state)
{
  (void)state;
  struct report report = REPORT_INIT;
  n_cleared = 0;
  assert_null(report_take_sequel(&report, clear_sequel));
  report_set_sequel(&report, memory_new(1, 1), clear_sequel);
  assert_null(report_take_sequel(&report, other_clear));
  report_set_sequel(&report, memory_new(1, 1), clear_sequel);
  assert_int_equal(n_cleared, 1);
  void *taken = report_take_sequel(&report, clear_sequel);
  assert_non_null(taken);
  free(taken);
  report_clear(&report);
  assert_int_equal(n_cleared, 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(scales_in_ascii),
      cmocka_unit_test(scales_in_box_lines),
      cmocka_unit_test(one_row_of_labels),
      cmocka_unit_test(a_patient_is_marked),
      cmocka_unit_test(a_choice_shows_what_holds),
      cmocka_unit_test(numbers_behind_a_turn_stand_above),
      cmocka_unit_test(labels_never_collide),
      cmocka_unit_test(no_window_is_too_small),
      cmocka_unit_test(a_figure_is_whole_and_escaped),
      cmocka_unit_test(a_report_has_it),
      cmocka_unit_test(a_report_has_a_sequel),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
