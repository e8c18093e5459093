/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calibration plots: where marks, limits and the diagonal stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "report/draw_calibration.h"
#include "report/render.h"
#include "report/render_parts.h"
#include "report/report.h"

#define NA ((double)__builtin_nan(""))

/* Two times: a point at the upper right corner with limits, one at the lower left; one in the middle, corrected. */
static struct calibration_plot *plot_of_three(void)
{
  struct calibration_plot *plot = calibration_plot_new("Calibration");
  calibration_plot_add(plot, "at 12");
  calibration_plot_add_point(plot, (struct calibration_point){1, 1, 0.75, 1, NA});
  calibration_plot_add_point(plot, (struct calibration_point){0, 0, NA, NA, NA});
  calibration_plot_add(plot, "at 36");
  calibration_plot_add_point(plot, (struct calibration_point){0.5, 0.5, 0.5, 0.5, 0.25});
  calibration_plot_add_point(plot, (struct calibration_point){0.5, NA, NA, NA, NA}); /* not known: not drawn */
  return plot;
}

static char *draw(const struct calibration_plot *plot, enum charset charset, size_t rows, size_t columns)
{
  struct canvas canvas;
  struct text text = TEXT_INIT;
  canvas_init(&canvas, rows, columns);
  draw_calibration(plot, charset, &canvas, (struct area){0, 0, rows, columns});
  canvas_append(&canvas, &text);
  canvas_clear(&canvas);
  return text_take(&text);
}

static void test_places(void **state)
{
  (void)state;
  struct calibration_plot *plot = plot_of_three();
  char *drawn = draw(plot, CHARSET_ASCII, draw_calibration_rows(plot), 80);
  assert_int_equal(plot->series[1].n, 1);
  assert_string_equal(drawn,
                      "observed survival\n"
                      "1.00 +                                                  A\n"
                      "     |                                              . . |\n"
                      "     |                                            .     |\n"
                      "     |                                        . .       |\n"
                      "0.75 +                                    . .           |\n"
                      "     |                                  .\n"
                      "     |                              . .\n"
                      "     |                            .\n"
                      "0.50 +                        .B.\n"
                      "     |                      .\n"
                      "     |                  . .\n"
                      "     |                .\n"
                      "0.25 +            . .          x\n"
                      "     |        . .\n"
                      "     |      .\n"
                      "     |  . .\n"
                      "0.00 +A\n"
                      "     ++------------+-----------+------------+-----------+\n"
                      "     0.00         0.25        0.50         0.75        1.00 predicted\n"
                      "A at 12   B at 36   x corrected for optimism   | limits   . . perfect\n"
                      "agreement\n");
  free(drawn);
  calibration_plot_free(plot);
}

/* Every size, down to nothing, is drawn in without harm. */
static void test_sizes(void **state)
{
  (void)state;
  struct calibration_plot *plot = plot_of_three();
  for (size_t rows = 1; rows < 26; rows++)
    for (size_t columns = 1; columns < 90; columns++)
      free(draw(plot, CHARSET_BOX, rows, columns));
  calibration_plot_free(plot);
}

static size_t count(const char *text, const char *part)
{
  size_t n = 0;
  for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
    n++;
  return n;
}

static void test_svg(void **state)
{
  (void)state;
  struct calibration_plot *plot = plot_of_three();
  struct text svg = TEXT_INIT, picture = TEXT_INIT;
  render_svg_calibration(&svg, plot);
  assert_non_null(strstr(text_string(&svg), "<circle cx=\"262.00\" cy=\"224.00\"")); /* the middle of 400 pixels */
  assert_int_equal(count(text_string(&svg), "<circle"), 2); /* and in the legend */
  latex_append_picture(&picture, text_string(&svg), 300, 300);
  assert_int_equal(count(text_string(&picture), "circle"), 2);
  assert_non_null(strstr(text_string(&picture), "at 36"));
  text_clear(&svg);
  text_clear(&picture);
  calibration_plot_free(plot);
}

static void test_without_points_it_is_no_figure(void **state)
{
  (void)state;
  struct report report = REPORT_INIT;
  struct calibration_plot *plot = calibration_plot_new(NULL);
  calibration_plot_add(plot, "at 12");
  report_add_calibration(&report, plot);
  assert_null(report_find_figure(&report));
  report_add_calibration(&report, plot_of_three());
  assert_non_null(report_find_figure(&report));
  report_clear(&report);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_places),
      cmocka_unit_test(test_sizes),
      cmocka_unit_test(test_svg),
      cmocka_unit_test(test_without_points_it_is_no_figure),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
