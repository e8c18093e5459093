/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flow charts: where boxes stand, and what is drawn in them. */
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
#include "report/draw_flow.h"
#include "report/render.h"

/* The drawing as text; the caller frees it. */
static char *draw(const struct flow_plot *plot, enum charset charset, size_t columns)
{
  struct area *areas = memory_new(flow_plot_n_boxes(plot), sizeof *areas);
  struct canvas canvas;
  struct text text = TEXT_INIT;
  canvas_init(&canvas, draw_flow_layout(plot, columns, areas), columns);
  draw_flow(plot, charset, &canvas);
  canvas_append(&canvas, &text);
  canvas_clear(&canvas);
  free(areas);
  return text_take(&text);
}

static void assert_drawn(const struct flow_plot *plot, enum charset charset, size_t columns, const char *expected)
{
  char *drawn = draw(plot, charset, columns);
  assert_string_equal(drawn, expected);
  free(drawn);
}

static struct flow_plot *plot_of_steps(size_t n_steps)
{
  struct flow_plot *plot = flow_plot_new("cohort.csv", 1000);
  for (size_t i = 1; i <= n_steps; i++) {
    struct text reason = TEXT_INIT;
    text_append_format(&reason, "reason %zu, told in so many words that a side box must break it", i);
    flow_plot_add_step(plot, text_string(&reason), i % 2 ? "drop if x > 1" : NULL, i, 1000 - i * (i + 1) / 2);
    text_clear(&reason);
  }
  return plot;
}

static void test_no_step(void **state)
{
  (void)state;
  struct flow_plot *plot = plot_of_steps(0);
  assert_drawn(plot, CHARSET_BOX, 60,
               "┌──────────────────────┐\n"
               "│ cohort.csv: n = 1000 │\n"
               "└──────────────────────┘\n");
  assert_int_equal(flow_plot_n_boxes(plot), 1);
  assert_int_equal(flow_plot_kept(plot), 1000);
  assert_null(flow_plot_excluded(plot, 0));
  assert_null(flow_plot_branch(plot, 0));
  flow_plot_free(plot);
}

static void test_one_step_in_both_charsets(void **state)
{
  (void)state;
  struct flow_plot *plot = flow_plot_new("a.csv", 12);
  flow_plot_add_step(plot, "under 18", NULL, 2, 10);
  flow_plot_add_branch(plot, "arm A", NULL, 6);
  flow_plot_add_branch(plot, "arm B", NULL, 4);
  assert_drawn(plot, CHARSET_BOX, 60,
               "┌───────────────┐\n"
               "│ a.csv: n = 12 │\n"
               "└───────┬───────┘ ┌──────────────────────┐\n"
               "        ├────────►│ 2 excluded: under 18 │\n"
               "┌───────┴───────┐ └──────────────────────┘\n"
               "│ kept: n = 10  │\n"
               "└───────┬───────┘\n"
               "        ├─────────────────┐\n"
               "┌───────┴──────┐  ┌───────┴──────┐\n"
               "│ arm A        │  │ arm B        │\n"
               "│ n = 6        │  │ n = 4        │\n"
               "└──────────────┘  └──────────────┘\n");
  assert_drawn(plot, CHARSET_ASCII, 60,
               "+---------------+\n"
               "| a.csv: n = 12 |\n"
               "+-------+-------+ +----------------------+\n"
               "        +-------->| 2 excluded: under 18 |\n"
               "+-------+-------+ +----------------------+\n"
               "| kept: n = 10  |\n"
               "+-------+-------+\n"
               "        +-----------------+\n"
               "+-------+------+  +-------+------+\n"
               "| arm A        |  | arm B        |\n"
               "| n = 6        |  | n = 4        |\n"
               "+--------------+  +--------------+\n");
  assert_int_equal(flow_plot_n_boxes(plot), 5);
  assert_int_equal(flow_plot_excluded(plot, 1)->excluded, 2);
  assert_null(flow_plot_excluded(plot, 3));
  assert_string_equal(flow_plot_branch(plot, 4)->label, "arm B");
  flow_plot_free(plot);
}

/* Boxes lie inside the drawing and do not cover one another; no line is wider than the window; every reason is whole. */
static void check(const struct flow_plot *plot, enum charset charset, size_t columns)
{
  const size_t n = flow_plot_n_boxes(plot);
  struct area *areas = memory_new(n, sizeof *areas);
  const size_t rows = draw_flow_layout(plot, columns, areas);
  char *drawn = draw(plot, charset, columns);
  for (size_t i = 0; i < n; i++) {
    assert_true(areas[i].row + areas[i].rows <= rows && areas[i].column + areas[i].columns <= columns);
    for (size_t k = 0; k < i; k++)
      assert_true(areas[i].row >= areas[k].row + areas[k].rows || areas[k].row >= areas[i].row + areas[i].rows ||
                  areas[i].column >= areas[k].column + areas[k].columns ||
                  areas[k].column >= areas[i].column + areas[i].columns);
  }
  for (const char *at = drawn; *at;) {
    const size_t length = strcspn(at, "\n");
    char *line = memory_copy_bytes(at, length);
    assert_true(utf8_string_width(line) <= columns);
    free(line);
    at += length + (at[length] == '\n');
  }
  for (size_t i = 0; i < plot->n_steps; i++) {
    struct text excluded = TEXT_INIT;
    text_append_format(&excluded, "%zu excluded: ", plot->steps[i].excluded);
    assert_non_null(strstr(drawn, text_string(&excluded)));
    text_clear(&excluded);
  }
  free(drawn);
  free(areas);
}

static void test_twelve_steps(void **state)
{
  (void)state;
  struct flow_plot *plot = plot_of_steps(12);
  char *drawn = draw(plot, CHARSET_BOX, 60);
  assert_non_null(strstr(drawn, "│ 12 excluded: reason 12, told"));
  assert_non_null(strstr(drawn, "kept: n = 922"));
  free(drawn);
  for (size_t columns = 44; columns < 200; columns += 3) {
    check(plot, CHARSET_BOX, columns);
    check(plot, CHARSET_ASCII, columns);
  }
  flow_plot_free(plot);
}

/* Branches stand side by side while they have room, and are a list where not; their groups are lines. */
static void test_branches_at_every_width(void **state)
{
  (void)state;
  for (size_t n = 1; n < 40; n += 1 + n / 3) {
    struct flow_plot *plot = plot_of_steps(n % 3);
    for (size_t i = 0; i < n; i++) {
      struct flow_plot_branch *branch = flow_plot_add_branch(plot, i % 2 ? "接受了切除术的患者的分组" : "a branch with a long name", "x == 1", i);
      for (size_t k = 0; k < i % 4; k++)
        flow_plot_add_line(branch, "a group of it that is counted", k);
    }
    for (size_t columns = 44; columns < 160; columns += 7) {
      check(plot, CHARSET_BOX, columns);
      check(plot, CHARSET_ASCII, columns);
    }
    flow_plot_free(plot);
  }
}

static void test_long_and_odd_texts(void **state)
{
  (void)state;
  struct flow_plot *plot = flow_plot_new("a-file-with-a-name-that-is-longer-than-any-box-of-a-chart-can-be.csv", 1);
  flow_plot_add_step(plot, "\033[2J\u202E<b>&\"x\" AWordWithoutAnyBlankThatIsWiderThanTheBoxItStandsInWhateverItsWidth", NULL, 0, 1);
  flow_plot_add_step(plot, "", NULL, 1, 0);
  char *drawn = draw(plot, CHARSET_BOX, 60);
  assert_null(strchr(drawn, '\033'));
  assert_non_null(strstr(drawn, "n = 1 "));
  free(drawn);
  check(plot, CHARSET_BOX, 60);
  struct text out = TEXT_INIT;
  render_svg_flow(&out, plot);
  assert_non_null(strstr(text_string(&out), "&lt;b&gt;&amp;&quot;x&quot;"));
  assert_null(strchr(text_string(&out), '\033'));
  text_clear(&out);
  assert_false(draw_flow_fits(30));
  flow_plot_free(plot);
}

/* The filter is no step: a dashed box beneath all, at every width inside of the canvas. */
static void test_subgroup_on_view(void **state)
{
  (void)state;
  struct flow_plot *plot = plot_of_steps(0);
  flow_plot_set_view(plot, "first", 1);
  flow_plot_set_view(plot, "age > 60", 42);
  assert_int_equal(flow_plot_n_boxes(plot), 2);
  assert_null(flow_plot_branch(plot, 1));
  assert_null(flow_plot_excluded(plot, 1));
  assert_int_equal(flow_plot_kept(plot), 1000);
  assert_drawn(plot, CHARSET_BOX, 60,
               "┌──────────────────────┐\n"
               "│ cohort.csv: n = 1000 │\n"
               "└──────────────────────┘\n"
               "\n"
               "┌┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┐\n"
               "┆ Subgroup on view: age > 60 ┆\n"
               "┆ n = 42                     ┆\n"
               "└┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┘\n");
  flow_plot_free(plot);
  plot = plot_of_steps(2);
  flow_plot_add_branch(plot, "a", NULL, 500);
  flow_plot_add_branch(plot, "b", NULL, 497);
  flow_plot_set_view(plot, "size > 5 & a long name that does not end soon == \"a level\"", 3);
  for (size_t columns = 1; columns < 100; columns++)
    free(draw(plot, columns % 2 ? CHARSET_ASCII : CHARSET_BOX, columns));
  char *ascii = draw(plot, CHARSET_ASCII, 60);
  assert_non_null(strstr(ascii, ": n = 3 "));
  free(ascii);
  flow_plot_free(plot);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_no_step),
      cmocka_unit_test(test_one_step_in_both_charsets),
      cmocka_unit_test(test_twelve_steps),
      cmocka_unit_test(test_branches_at_every_width),
      cmocka_unit_test(test_long_and_odd_texts),
      cmocka_unit_test(test_subgroup_on_view),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
