/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forest plots: the axis that is chosen, and what is drawn, read back by position. */
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
#include "report/draw_forest.h"
#include "report/render.h"

static struct forest_plot *new_plot(void)
{
  struct forest_plot *plot = forest_plot_new(NULL, true);
  plot->label_title = memory_copy_string("subgroup");
  plot->counts_title = memory_copy_string("events/n");
  plot->numbers_title = memory_copy_string("HR (95 % CI)");
  plot->axis_title = memory_copy_string("hazard ratio");
  return plot;
}

static struct forest_row *add(struct forest_plot *plot, const char *label, double estimate, double low, double high)
{
  struct forest_row *row = forest_plot_add(plot, FOREST_ROW, 0, label);
  struct text text = TEXT_INIT;
  printed_append_interval(&text, estimate, low, high, 2, false);
  row->numbers = text_take(&text);
  row->counts = memory_copy_string("10/20");
  row->p = memory_copy_string("0.123");
  row->estimate = estimate;
  row->low = low;
  row->high = high;
  return row;
}

/* The drawing as text; the caller frees it. */
static char *draw(const struct forest_plot *plot, enum charset charset, size_t columns)
{
  struct canvas canvas;
  struct text text = TEXT_INIT;
  canvas_init(&canvas, draw_forest_rows(plot, columns, charset), columns);
  draw_forest(plot, charset, 0, &canvas, (struct area){0, 0, canvas.rows, columns}, NULL);
  canvas_append(&canvas, &text);
  canvas_clear(&canvas);
  return text_take(&text);
}

static void assert_drawn(const struct forest_plot *plot, enum charset charset, size_t columns, const char *expected)
{
  char *drawn = draw(plot, charset, columns);
  assert_string_equal(drawn, expected);
  free(drawn);
}

static void assert_has(const struct forest_plot *plot, enum charset charset, size_t columns, const char *part)
{
  char *drawn = draw(plot, charset, columns);
  if (!strstr(drawn, part))
    fail_msg("\"%s\" is not drawn:\n%s", part, drawn);
  free(drawn);
}

/* That part stands on the line of that label. */
static void assert_on_line(const struct forest_plot *plot, enum charset charset, const char *label, const char *part)
{
  char *drawn = draw(plot, charset, 80), *line = strstr(drawn, label);
  assert_non_null(line);
  line[strcspn(line, "\n")] = '\0';
  if (!strstr(line, part))
    fail_msg("\"%s\" is not on the line: %s", part, line);
  free(drawn);
}

static void test_one_row(void **state)
{
  (void)state;
  struct forest_plot *plot = new_plot();
  add(plot, "All", 1, 0.5, 2);
  assert_drawn(plot, CHARSET_ASCII, 72,
               "subgroup  events/n                                   HR (95 % CI)      p\n"
               "All          10/20  |------------#------------|  1.00 (0.50-2.00)  0.123\n"
               "                    +------------+------------+\n"
               "                   0.5           1            2  hazard ratio\n");
  forest_plot_free(plot);
}

/* An end outside the axis is an arrow, so are 0 and infinity; a limit that is not known draws no line. */
static void test_limits_without_a_place(void **state)
{
  (void)state;
  struct forest_plot *plot = new_plot();
  add(plot, "zero", 0.5, 0, 2);
  add(plot, "infinite", 2, 0.5, (double)INFINITY);
  add(plot, "far", 1, 1e-9, 1e9);
  add(plot, "unknown", 1, (double)NAN, (double)NAN);
  add(plot, "none", (double)NAN, (double)NAN, (double)NAN)->reason = memory_copy_string("no events");
  add(plot, "unsaid", 0, 0, (double)INFINITY);
  assert_on_line(plot, CHARSET_BOX, "zero", "◄──");
  assert_on_line(plot, CHARSET_BOX, "zero", "─┤");
  assert_on_line(plot, CHARSET_BOX, "infinite", "├─");
  assert_on_line(plot, CHARSET_BOX, "infinite", "──►");
  assert_on_line(plot, CHARSET_BOX, "far", "◄──");
  assert_on_line(plot, CHARSET_BOX, "far", "──►");
  assert_on_line(plot, CHARSET_BOX, "none", "no events");
  assert_on_line(plot, CHARSET_BOX, "unsaid", "not estimable");
  assert_on_line(plot, CHARSET_ASCII, "zero", "<---");
  assert_on_line(plot, CHARSET_ASCII, "infinite", "--->");
  assert_on_line(plot, CHARSET_ASCII, "unknown", " # ");
  char *drawn = draw(plot, CHARSET_ASCII, 80);
  for (const char *at = drawn; *at; at++)
    assert_true((unsigned char)*at < 0x80);
  free(drawn);
  forest_plot_free(plot);
}

/* The axis holds every estimate, and the value of no effect, whatever comes. */
static void test_axis_holds_the_estimates(void **state)
{
  (void)state;
  static const double estimates[] = {1e-3, 0.02, 0.4, 0.999, 1, 1.0001, 3, 40, 999};
  for (size_t i = 0; i < sizeof estimates / sizeof *estimates; i++)
    for (int spread = 0; spread < 4; spread++) {
      struct forest_plot *plot = new_plot();
      struct forest_axis axis;
      add(plot, "row", estimates[i], estimates[i] / pow(10, spread), estimates[i] * pow(10, spread));
      forest_axis_of(plot, &axis);
      assert_true(axis.low <= 0.5 && axis.high >= 2 && axis.n_ticks >= 3 && axis.n_ticks <= FOREST_MAX_TICKS);
      assert_true(forest_axis_place(&axis, estimates[i]) >= -1e-9 && forest_axis_place(&axis, estimates[i]) <= 1 + 1e-9);
      assert_true(axis.tick[0] == 1);
      for (size_t t = 0; t < axis.n_ticks; t++)
        assert_true(axis.tick[t] >= axis.low * (1 - 1e-9) && axis.tick[t] <= axis.high * (1 + 1e-9));
      forest_plot_free(plot);
    }
}

static void test_axis_of_differences(void **state)
{
  (void)state;
  struct forest_plot *plot = new_plot();
  struct forest_axis axis;
  plot->is_ratio = false;
  forest_axis_of(plot, &axis);
  assert_true(axis.high > axis.low); /* nothing to show */
  add(plot, "a", -3, -4, -2);
  add(plot, "b", 5, (double)-INFINITY, 1e12);
  forest_axis_of(plot, &axis);
  assert_true(axis.low <= -4 && axis.high >= 5 && axis.high < 1e3);
  assert_true(forest_axis_null(&axis) == 0);
  assert_has(plot, CHARSET_BOX, 80, "►");
  forest_plot_free(plot);
}

static void test_summary_heading_reference(void **state)
{
  (void)state;
  struct forest_plot *plot = new_plot();
  forest_plot_add(plot, FOREST_HEADING, 0, "sex")->remark = memory_copy_string("interaction p = 0.004");
  add(plot, "female", 0.5, 0.25, 1)->indent = 1;
  forest_plot_add(plot, FOREST_REFERENCE, 1, "male")->numbers = memory_copy_string("reference");
  add(plot, "Pooled", 0.7, 0.5, 0.9)->kind = FOREST_SUMMARY;
  assert_has(plot, CHARSET_BOX, 80, "interaction p = 0.004\n");
  assert_has(plot, CHARSET_BOX, 80, "\n  female");
  assert_has(plot, CHARSET_BOX, 80, "reference");
  assert_has(plot, CHARSET_BOX, 80, "╞");
  assert_has(plot, CHARSET_BOX, 80, "◆");
  assert_has(plot, CHARSET_BOX, 80, "┊");
  assert_has(plot, CHARSET_ASCII, 80, "*");
  forest_plot_free(plot);
}

/* Rows and columns of a drawing: none is wider than the window. */
static void check_width(const char *drawn, size_t columns)
{
  for (const char *at = drawn; *at;) {
    const size_t length = strcspn(at, "\n");
    char *line = memory_copy_bytes(at, length);
    assert_true(utf8_string_width(line) <= columns);
    free(line);
    at += length + (at[length] == '\n');
  }
}

/* Labels are cut (a brief one stands in before), numbers are whole at every width that is drawn; counts go first. */
static void test_numbers_are_never_cut(void **state)
{
  (void)state;
  struct forest_plot *plot = new_plot();
  for (size_t i = 0; i < 100; i++) {
    struct text label = TEXT_INIT;
    text_append_format(&label, "第%zu组：接受了原发灶和转移灶切除术的患者", i);
    struct forest_row *row = add(plot, text_string(&label), 0.1 + (double)i / 25, 0.0123, 123.45);
    row->indent = i % 3;
    if (i % 2)
      row->brief = memory_copy_string("简称");
    text_clear(&label);
  }
  size_t n_fitting = 0;
  for (size_t columns = 1; columns < 200; columns++)
    for (int c = 0; c < 2; c++) {
      const enum charset charset = c ? CHARSET_BOX : CHARSET_ASCII;
      if (!draw_forest_fits(plot, columns, charset)) {
        assert_true(columns < 70 && draw_forest_rows(plot, columns, charset) == 0);
        continue;
      }
      char *drawn = draw(plot, charset, columns);
      check_width(drawn, columns);
      size_t n = 0;
      for (const char *at = drawn; (at = strstr(at, "123.45)  0.123\n")); at++)
        n++;
      assert_int_equal(n, 100);
      free(drawn);
      n_fitting++;
    }
  assert_true(n_fitting > 200);
  forest_plot_free(plot);
}

/* A window over the rows: heads above, axis beneath, wherever it is, and any size of area lives. */
static void test_window_of_rows(void **state)
{
  (void)state;
  struct forest_plot *plot = new_plot();
  struct canvas canvas;
  struct forest_geometry geometry;
  for (size_t i = 0; i < 100; i++)
    add(plot, i == 57 ? "the row" : "row", 1, 0.5, 2);
  canvas_init(&canvas, 20, 80);
  draw_forest(plot, CHARSET_BOX, 50, &canvas, (struct area){2, 3, 15, 75}, &geometry);
  assert_int_equal(geometry.n_shown, 12);
  assert_int_equal(geometry.rows.row, 3);
  assert_int_equal(canvas.cells[(3 + 7) * 80 + 3].glyph, 't');
  draw_forest(plot, CHARSET_BOX, 95, &canvas, (struct area){2, 3, 15, 75}, &geometry);
  assert_int_equal(geometry.n_shown, 5);
  for (size_t rows = 0; rows < 8; rows++)
    for (size_t columns = 0; columns < 100; columns += 9)
      draw_forest(plot, CHARSET_BOX, rows * 30, &canvas, (struct area){rows * 3, columns, rows, columns}, &geometry);
  canvas_clear(&canvas);
  forest_plot_free(plot);
}

/* As SVG: text is text, no number that is none, nothing of a plot without rows but its frame. */
static void test_svg(void **state)
{
  (void)state;
  struct forest_plot *plot = new_plot();
  struct text out = TEXT_INIT;
  render_svg_forest(&out, plot);
  assert_non_null(strstr(text_string(&out), "</svg>"));
  text_truncate(&out, 0);
  add(plot, "<b> & \"年龄\"", 1, 0, (double)INFINITY)->weight = (double)INFINITY;
  add(plot, "none", (double)NAN, (double)NAN, (double)NAN);
  add(plot, "pooled", 5e4, 1e4, 1e5)->kind = FOREST_SUMMARY;
  render_svg_forest(&out, plot);
  assert_non_null(strstr(text_string(&out), "&lt;b&gt; &amp; &quot;年龄&quot;"));
  assert_non_null(strstr(text_string(&out), "not estimable"));
  assert_null(strstr(text_string(&out), "nan"));
  assert_null(strstr(text_string(&out), "inf"));
  text_clear(&out);
  forest_plot_free(plot);
}

/* What the rows are compared with stands left of the axis, in short where it is too wide, and in the SVG. */
static void test_reference(void **state)
{
  (void)state;
  struct forest_plot *plot = new_plot();
  struct text out = TEXT_INIT;
  plot->reference = memory_copy_string("reference: No resection of any kind");
  plot->brief_reference = memory_copy_string("reference: NR");
  add(plot, "All", 0.5, 0.3, 0.8);
  assert_has(plot, CHARSET_ASCII, 80, "reference: NR ");
  free(plot->rows[0].label);
  plot->rows[0].label = memory_copy_string("a label that makes room for it");
  assert_has(plot, CHARSET_ASCII, 120, "reference: No resection of any kind ");
  render_svg_forest(&out, plot);
  assert_non_null(strstr(text_string(&out), "reference: No resection of any kind"));
  text_clear(&out);
  forest_plot_free(plot);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_one_row),
      cmocka_unit_test(test_limits_without_a_place),
      cmocka_unit_test(test_axis_holds_the_estimates),
      cmocka_unit_test(test_axis_of_differences),
      cmocka_unit_test(test_summary_heading_reference),
      cmocka_unit_test(test_numbers_are_never_cut),
      cmocka_unit_test(test_window_of_rows),
      cmocka_unit_test(test_svg),
      cmocka_unit_test(test_reference),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
