/* SPDX-License-Identifier: GPL-3.0-or-later */
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
#include "report/render_text_table.h"

static char *rendered(const struct report *report, enum render_format format, const struct render_options *options)
{
  struct text out = TEXT_INIT;
  render_report(&out, report, format, options);
  return text_take(&out);
}

static void assert_rendered(const struct report *report, enum render_format format, const char *expected)
{
  struct render_options options = RENDER_OPTIONS_INIT;
  char *out = rendered(report, format, &options);
  assert_string_equal(out, expected);
  free(out);
}

/* A report with one table and its printed form, both holding `name`. */
static struct report report_about(const char *name)
{
  struct report report = REPORT_INIT;
  struct table *table = table_new("km_summary", "group n ok");
  table_add_text(table, name);
  table_add_number(table, 0.1);
  table_add_truth(table, true);
  table_add_missing(table);
  table_add_number(table, 163);
  table_add_missing(table);
  struct printed_table *printed = printed_table_new("Summary");
  printed_table_add_column(printed, "group", ALIGN_LEFT);
  printed_table_add_column(printed, "n", ALIGN_RIGHT);
  printed_table_begin_row(printed, PRINTED_ROW);
  printed_table_set(printed, 0, "%s", name);
  printed_table_set(printed, 1, "%d", 163);
  report_set_command(&report, "km");
  report_add_table(&report, table);
  report_add_printed(&report, printed);
  return report;
}

static void json_is_as_in_the_contract(void **state)
{
  (void)state;
  struct report report = report_about("a\"b\\\x9B\n");
  assert_rendered(
      &report, FORMAT_JSON,
      "{\"command\": \"km\", \"cohort\": null, \"tables\": {\"km_summary\": {\"columns\": [\"group\", \"n\", "
      "\"ok\"], \"rows\": [[\"a\\\"b\\\\\xEF\xBF\xBD\\u000a\", 0.10000000000000001, true], "
      "[null, 163, null]]}}, \"warnings\": []}\n");
  report_clear(&report);
  report_set_command(&report, "x");
  report_set_cohort(&report, 163, 160);
  report_warn(&report, "%d rows left out", 3);
  assert_rendered(&report, FORMAT_JSON,
                  "{\"command\": \"x\", \"cohort\": {\"n\": 163, \"used\": 160, \"dropped\": 3}, \"tables\": {}, "
                  "\"warnings\": [\"3 rows left out\"]}\n");
  report_clear(&report);
}

static void tsv_and_csv_keep_fields_whole(void **state)
{
  (void)state;
  struct report report = report_about("a\tb,c\"d");
  struct render_options options = RENDER_OPTIONS_INIT;
  assert_rendered(&report, FORMAT_TSV,
                  "# km_summary\ngroup\tn\tok\na b,c\"d\t0.10000000000000001\ttrue\nNA\t163\tNA\n");
  options.table = "km_summary";
  char *csv = rendered(&report, FORMAT_CSV, &options);
  assert_string_equal(csv, "group,n,ok\n\"a b,c\"\"d\",0.10000000000000001,true\nNA,163,NA\n");
  free(csv);
  options.table = "other";
  csv = rendered(&report, FORMAT_CSV, &options);
  assert_string_equal(csv, "");
  free(csv);
  report_clear(&report);
}

static void csv_smuggles_no_formula(void **state)
{
  (void)state;
  static const char *const formulas[] = {"=1+1", "+1", "-1", "@SUM(A1)"};
  struct render_options options = RENDER_OPTIONS_INIT;
  options.table = "km_summary";
  for (size_t i = 0; i < sizeof formulas / sizeof *formulas; i++) {
    struct report report = report_about(formulas[i]);
    char *csv = rendered(&report, FORMAT_CSV, &options);
    assert_memory_equal(csv, "group,n,ok\n'", strlen("group,n,ok\n'"));
    free(csv);
    report_clear(&report);
  }
}

static void text_is_aligned_by_width(void **state)
{
  (void)state;
  struct report report = report_about("年龄");
  assert_rendered(&report, FORMAT_TEXT, "Summary\ngroup    n\n──────────\n年龄   163\n");
  report_clear(&report);
}

/* A table with little room: at 40 columns as it is, at fewer its columns come closer, then the limits stand under their
 * number; one that may not stack stays as wide as it is. */
static void numbers_stack_where_there_is_no_room(void **state)
{
  (void)state;
  struct printed_table *table = printed_table_new(NULL);
  printed_table_add_column(table, "", ALIGN_LEFT);
  printed_table_add_column(table, "HR (CI)", ALIGN_RIGHT);
  printed_table_add_column(table, "p", ALIGN_RIGHT);
  printed_table_begin_row(table, PRINTED_ROW);
  printed_table_set(table, 0, "lymph_node_status");
  printed_table_set_ratio(table, 1, 0.287, 0.087, 0.946);
  printed_table_set_p(table, 2, 0.04);
  static const struct {
    size_t columns;
    bool may_stack;
    const char *expected;
  } cases[] = {
      {42, true, "lymph_node_status  0.29 (0.09–0.95)  0.040\n"},
      {38, true, "lymph_node_\n  status       0.29 (0.09–0.95)  0.040\n"},
      {36, true, "lymph_node_\n  status      0.29 (0.09–0.95) 0.040\n"},
      {33, true, "lymph_node_           0.29  0.040\n  status       (0.09–0.95)\n"},
      {33, false, "lymph_node_status  0.29 (0.09–0.95)  0.040\n"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct text out = TEXT_INIT;
    table->may_stack = cases[i].may_stack;
    render_text_table(&out, table, cases[i].columns, false, false);
    const char *rows = strstr(text_string(&out), "lymph");
    assert_non_null(rows);
    assert_string_equal(rows, cases[i].expected);
    text_clear(&out);
  }
  printed_table_free(table);
}

static void markup_is_escaped(void **state)
{
  (void)state;
  struct render_options options = RENDER_OPTIONS_INIT;
  struct report report = report_about("a|b<i>_$50%&{x}\\^~#");
  char *out = rendered(&report, FORMAT_MARKDOWN, &options);
  assert_non_null(strstr(out, "a\\|b\\<i\\>\\_\\$50%\\&{x}\\\\^\\~\\#"));
  assert_non_null(strstr(out, "| --- | ---: |"));
  free(out);
  out = rendered(&report, FORMAT_LATEX, &options);
  assert_non_null(strstr(out, "a\\textbar{}b\\textless{}i\\textgreater{}\\_\\$50\\%\\&\\{x\\}\\textbackslash{}"
                              "\\textasciicircum{}\\textasciitilde{}\\# & 163"));
  free(out);
  report_clear(&report);
}

static void svg_holds_data_as_text(void **state)
{
  (void)state;
  struct draw_options options = DRAW_OPTIONS_INIT;
  struct text out = TEXT_INIT;
  struct plot *plot = plot_new(1);
  static const double times[] = {1, 2}, values[] = {0.5, 0.5}, ones[] = {1, 0}, others[] = {0, 1};
  plot->series->label = memory_copy_string("</text><script>&\"\033\x9B");
  plot->series->legend = memory_copy_string("n 2");
  plot->series->n = 2;
  plot->series->total = 2;
  plot->series->time = memory_copy(times, 2, sizeof *times);
  plot->series->value = memory_copy(values, 2, sizeof *values);
  plot->series->low = memory_copy(values, 2, sizeof *values);
  plot->series->high = memory_copy(values, 2, sizeof *values);
  plot->series->n_event = memory_copy(ones, 2, sizeof *ones);
  plot->series->n_censor = memory_copy(others, 2, sizeof *others);
  render_svg(&out, plot, &options);
  assert_null(strstr(text_string(&out), "<script"));
  assert_non_null(strstr(text_string(&out), "&lt;script&gt;&amp;"));
  assert_non_null(strstr(text_string(&out), "<path"));
  assert_null(strchr(text_string(&out), '\033'));
  assert_true(utf8_is_valid(text_string(&out), out.length));
  assert_string_equal(text_string(&out) + out.length - 7, "</svg>\n");
  text_clear(&out);
  plot_free(plot);
}

static struct plot *svg_plot(size_t n_series)
{
  static const double times[] = {1, 2, 3}, values[] = {0.75, 0.5, 0}, events[] = {1, 1, 2}, none[] = {1, 0, 0};
  struct plot *plot = plot_new(n_series);
  plot->title = memory_copy_string("level");
  plot->y_label = memory_copy_string("os");
  for (size_t s = 0; s < n_series; s++) {
    struct plot_series *series = &plot->series[s];
    series->label = memory_copy_string("group");
    series->legend = memory_copy_string("n 4");
    series->n = 3;
    series->total = 4;
    series->time = memory_copy(times, 3, sizeof *times);
    series->value = memory_copy(values, 3, sizeof *values);
    series->low = memory_copy(values, 3, sizeof *values);
    series->high = memory_copy(values, 3, sizeof *values);
    series->n_event = memory_copy(events, 3, sizeof *events);
    series->n_censor = memory_copy(none, 3, sizeof *none);
  }
  return plot;
}

static size_t count(const char *text, const char *part)
{
  size_t n = 0;
  for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
    n++;
  return n;
}

/* Every function in every window has finite places, and says what it is. */
static void svg_follows_window_and_function(void **state)
{
  (void)state;
  static const char *const names[] = {NULL, "1 \xE2\x88\x92 os", "cumulative hazard", "log("};
  struct plot *plot = svg_plot(2);
  for (int function = PLOT_SURVIVAL; function < PLOT_FUNCTION_COUNT; function++) {
    for (int zoomed = 0; zoomed < 2; zoomed++) {
      struct draw_options options = DRAW_OPTIONS_INIT;
      struct text out = TEXT_INIT;
      options.band = BAND_ALL;
      options.view = (struct plot_view){(enum plot_function)function, zoomed, zoomed ? 2.5 : 0, zoomed ? 0.4 : 0, zoomed};
      render_svg(&out, plot, &options);
      assert_null(strstr(text_string(&out), "nan"));
      assert_null(strstr(text_string(&out), "inf"));
      assert_int_equal(count(text_string(&out), "<svg"), count(text_string(&out), "</svg>"));
      if (names[function])
        assert_non_null(strstr(text_string(&out), names[function]));
      if (function != PLOT_LOG_LOG)
        assert_true(zoomed == (strstr(text_string(&out), ">3</text>") == NULL)); /* the tick of the last time */
      text_clear(&out);
    }
  }
  plot_free(plot);
}

static void svg_has_panels(void **state)
{
  (void)state;
  struct plot *plot = svg_plot(2), *many = svg_plot(7);
  struct draw_options options = DRAW_OPTIONS_INIT;
  struct text out = TEXT_INIT;
  plot->panels = memory_new(3, sizeof(struct plot *));
  for (; plot->n_panels < 3; plot->n_panels++)
    plot->panels[plot->n_panels] = svg_plot(2);
  render_svg(&out, plot, &options);
  assert_int_equal(count(text_string(&out), ">level"), 3);
  assert_int_equal(count(text_string(&out), "<svg"), 4); /* the figure, and a box a panel */
  text_clear(&out);
  struct plot *reference = svg_plot(1);
  many->reference = memory_new(1, sizeof *many->reference);
  *many->reference = reference->series[0];
  reference->n_series = 0;
  plot_free(reference);
  render_svg(&out, many, &options);
  assert_int_equal(count(text_string(&out), "<svg"), 8);
  assert_int_equal(count(text_string(&out), "stroke=\"#bbb\""), 7); /* the curve of all behind each */
  text_clear(&out);
  plot_free(plot);
  plot_free(many);
}

/* The last "H… V…" before the end of the first path of a curve: where it ends. */
static void curve_end(const char *svg, double *x, double *y)
{
  const char *path = strstr(svg, "stroke-width=\"2\" d=\"M"), *end = path ? strchr(path + 20, '"') : NULL;
  assert_non_null(end);
  while (end > path && *end != 'H')
    end--;
  assert_int_equal(sscanf(end, "H%lfV%lf", x, y), 2);
}

/* Of a hundred thousand times those that no eye tells apart are passed over; the curve begins and ends where it did, and a
 * short one keeps all its steps. */
static void svg_of_many_times_is_small(void **state)
{
  (void)state;
  enum { MANY = 100000 };
  struct plot *few = svg_plot(1), *many = svg_plot(1);
  struct plot_series *series = many->series;
  double **columns[] = {&series->time, &series->value, &series->low, &series->high, &series->n_event, &series->n_censor};
  series->n = series->total = MANY;
  for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
    *columns[c] = memory_resize(*columns[c], MANY, sizeof **columns[c]);
  for (size_t i = 0; i < MANY; i++) {
    series->time[i] = 3 * (double)(i + 1) / MANY;
    series->value[i] = series->low[i] = series->high[i] = 1 - (double)(i + 1) / MANY;
    series->n_event[i] = 1;
    series->n_censor[i] = 1;
  }
  struct draw_options options = DRAW_OPTIONS_INIT;
  options.band = BAND_ALL;
  struct text short_svg = TEXT_INIT, long_svg = TEXT_INIT;
  render_svg(&short_svg, few, &options);
  render_svg(&long_svg, many, &options);
  double x, y, many_x, many_y;
  curve_end(text_string(&short_svg), &x, &y);
  curve_end(text_string(&long_svg), &many_x, &many_y);
  assert_true(x == many_x && y == many_y); /* both end at 0 at the time 3 */
  assert_true(long_svg.length < 400000);
  assert_true(count(text_string(&long_svg), "H") > 2000);
  assert_true(count(text_string(&long_svg), "v8") < 300); /* ticks of censorings do not cover the curve */
  assert_int_equal(count(strstr(text_string(&short_svg), "stroke-width=\"2\" d=\"M"), "H"), 3);
  text_clear(&short_svg);
  text_clear(&long_svg);
  plot_free(few);
  plot_free(many);
}

static void no_renderer_lets_a_control_through(void **state)
{
  (void)state;
  uint64_t seed = 7;
  for (int round = 0; round < 2000; round++) {
    char name[32];
    for (size_t i = 0; i < sizeof name; i++) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      name[i] = (char)(1 + (seed >> 33) % 255);
    }
    memcpy(name + 8, "\xE2\x80\xAE\xC2\x9B\033[2J", 9);
    name[sizeof name - 1] = '\0';
    struct report report = report_about(name);
    report_add_text(&report, "%s", name);
    report_warn(&report, "%s", name);
    for (int format = FORMAT_TEXT; format <= FORMAT_LATEX; format++) {
      struct render_options options = RENDER_OPTIONS_INIT;
      options.charset = (enum charset)(round % 3);
      char *out = rendered(&report, (enum render_format)format, &options);
      const char *at = out;
      for (size_t left = strlen(out); left;) {
        uint32_t point;
        size_t used = utf8_decode(at, left, &point);
        assert_true(point == '\n' || (point == '\t' && format == FORMAT_TSV) || utf8_width(point) >= 0);
        at += used;
        left -= used;
      }
      free(out);
    }
    report_clear(&report);
  }
}

static void formats_are_found_by_name(void **state)
{
  (void)state;
  enum render_format format = FORMAT_TEXT;
  assert_true(render_format_find("latex", &format));
  assert_int_equal(format, FORMAT_LATEX);
  assert_false(render_format_find("pdf", &format));
  assert_int_equal(format, FORMAT_LATEX);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(json_is_as_in_the_contract),
      cmocka_unit_test(tsv_and_csv_keep_fields_whole),
      cmocka_unit_test(csv_smuggles_no_formula),
      cmocka_unit_test(text_is_aligned_by_width),
      cmocka_unit_test(numbers_stack_where_there_is_no_room),
      cmocka_unit_test(markup_is_escaped),
      cmocka_unit_test(svg_holds_data_as_text),
      cmocka_unit_test(svg_follows_window_and_function),
      cmocka_unit_test(svg_has_panels),
      cmocka_unit_test(svg_of_many_times_is_small),
      cmocka_unit_test(no_renderer_lets_a_control_through),
      cmocka_unit_test(formats_are_found_by_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
