/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents: whatever stands in the data, HTML is well-formed XML without scripts or addresses, LaTeX has its braces and
 * environments in order, and Markdown its fences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "report/document.h"
#include "report/render_parts.h"

/* ---- a document that has everything, with `name` in every place that data can come to ---- */

static struct plot *a_plot(const char *name, size_t n_series)
{
  struct plot *plot = plot_new(n_series);
  plot->x_label = memory_copy_string(name);
  plot->y_label = memory_copy_string(name);
  plot->note = memory_copy_string(name);
  for (size_t s = 0; s < n_series; s++) {
    struct plot_series *series = &plot->series[s];
    series->label = memory_copy_string(name);
    series->legend = memory_copy_string(name);
    series->n = 3;
    series->total = 3;
    series->median = 20;
    double **arrays[] = {&series->time, &series->value, &series->low, &series->high, &series->n_risk, &series->n_event,
                         &series->n_censor};
    for (size_t a = 0; a < sizeof arrays / sizeof *arrays; a++) {
      *arrays[a] = memory_new(3, sizeof **arrays[a]);
      for (size_t i = 0; i < 3; i++)
        (*arrays[a])[i] = a == 0 ? 10 * (double)(i + 1) : a == 4 ? 3 - (double)i : a > 4 ? i == 2 : 0.8 - 0.3 * (double)i;
    }
  }
  return plot;
}

static struct printed_table *a_table(const char *name, size_t n_rows)
{
  struct printed_table *table = printed_table_new(name);
  printed_table_add_column(table, "", ALIGN_LEFT);
  printed_table_add_column(table, name, ALIGN_RIGHT);
  printed_table_begin_row(table, PRINTED_HEADING);
  printed_table_set(table, 0, "%s", name);
  printed_table_begin_row(table, PRINTED_RULE);
  for (size_t i = 0; i < n_rows; i++) {
    printed_table_begin_row(table, PRINTED_ROW);
    printed_table_set(table, 0, "  %s", name);
    printed_table_set(table, 1, "%s", name);
  }
  printed_table_note(table, "%s", name);
  printed_table_note(table, "%s", name);
  return table;
}

static void add_figures(struct report *report, const char *name)
{
  struct forest_plot *forest = forest_plot_new(name, true);
  struct forest_row *row = forest_plot_add(forest, FOREST_ROW, 1, name);
  row->estimate = 0.5;
  row->low = 0.1;
  row->high = 2;
  row->numbers = memory_copy_string(name);
  row->p = memory_copy_string(name);
  struct flow_plot *flow = flow_plot_new(name, 10);
  flow_plot_add_step(flow, name, name, 3, 7);
  flow_plot_add_line(flow_plot_add_branch(flow, name, NULL, 7), name, 7);
  struct nomogram_plot *nomogram = nomogram_plot_new(name, 100);
  struct nomogram_scale *scale = nomogram_plot_add(nomogram, SCALE_TERM, name);
  nomogram_scale_add(scale, 0, name);
  nomogram_scale_add(scale, 60, name);
  report_add_plot(report, a_plot(name, 2));
  report_add_plot(report, a_plot(name, 6)); /* panels */
  report_add_forest(report, forest);
  report_add_flow(report, flow);
  report_add_nomogram(report, nomogram);
}

static void take(struct document *document, struct report *report, const char *command)
{
  const struct draw_options drawing = DRAW_OPTIONS_INIT;
  report_set_command(report, command);
  document_take(document, report, &drawing);
}

static struct document document_about(const char *name)
{
  struct document document = {.title = memory_copy_string(name), .origin = memory_copy_string(name)};
  struct report report = REPORT_INIT;
  for (unsigned level = 1; level <= 3; level++) {
    report_add_heading(&report, level, name);
    take(&document, &report, name);
  }
  report_add_note(&report, name);
  take(&document, &report, name);
  for (size_t i = 0; i < 2; i++) {
    report_add_text(&report, "%s\n  %s", name, name);
    report_warn(&report, "%s", name);
    take(&document, &report, name);
  }
  report_add_printed(&report, a_table(name, 2));
  report_add_printed(&report, a_table(name, 40));
  report_add_text(&report, "%s", name);
  add_figures(&report, name);
  report_warn(&report, "%s", name);
  report_warn(&report, "%s", name);
  take(&document, &report, name);
  document.failure = memory_copy_string(name);
  return document;
}

static char *rendered(const struct document *document, enum render_format format)
{
  const struct render_options options = RENDER_OPTIONS_INIT;
  struct text out = TEXT_INIT;
  document_render(&out, document, format, &options);
  return text_take(&out);
}

/* ---- a checker of XML ---- */

enum { DEPTH = 64, NAME = 32 };

struct checker {
  const char *at;
  char open[DEPTH][NAME];
  size_t depth;
};

/* &amp; &lt; &gt; &quot; and nothing else that begins with &. */
static void check_entity(const char *at)
{
  assert_true(strncmp(at, "&amp;", 5) == 0 || strncmp(at, "&lt;", 4) == 0 || strncmp(at, "&gt;", 4) == 0 ||
              strncmp(at, "&quot;", 6) == 0);
}

/* An attribute: a name of letters, an equals sign, a value in double quotes without < or a bare &; none begins with on. */
static void check_attribute(struct checker *checker)
{
  const size_t length = strspn(checker->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
  assert_true(length > 0 && strncmp(checker->at, "on", 2) != 0 && strncmp(checker->at, "src", 3) != 0);
  const bool is_reference = strncmp(checker->at, "href", 4) == 0;
  checker->at += length;
  assert_true(strncmp(checker->at, "=\"", 2) == 0);
  checker->at += 2;
  assert_true(!is_reference || *checker->at == '#'); /* links stay in the page */
  for (; *checker->at != '"'; checker->at++) {
    assert_true(*checker->at && *checker->at != '<');
    if (*checker->at == '&')
      check_entity(checker->at);
  }
  checker->at++;
}

static void check_tag(struct checker *checker)
{
  const bool closes = checker->at[1] == '/';
  char name[NAME] = "";
  checker->at += 1 + closes;
  const size_t length = strspn(checker->at, "abcdefghijklmnopqrstuvwxyz0123456789");
  assert_true(length > 0 && length < sizeof name);
  memcpy(name, checker->at, length);
  checker->at += length;
  assert_string_not_equal(name, "script");
  while (*checker->at == ' ') {
    checker->at++;
    check_attribute(checker);
  }
  const bool is_empty = *checker->at == '/';
  checker->at += is_empty;
  assert_int_equal(*checker->at, '>');
  checker->at++;
  if (closes) {
    assert_true(checker->depth > 0 && !is_empty);
    assert_string_equal(checker->open[--checker->depth], name);
  } else if (!is_empty) {
    assert_true(checker->depth < DEPTH);
    memcpy(checker->open[checker->depth++], name, sizeof name);
  }
}

static void assert_well_formed(const char *html)
{
  static const char type[] = "<!DOCTYPE html>\n";
  struct checker checker = {.at = html + strlen(type)};
  assert_memory_equal(html, type, strlen(type));
  while (*checker.at) {
    if (*checker.at == '<') {
      check_tag(&checker);
      continue;
    }
    assert_true(checker.depth > 0 || *checker.at == '\n');
    if (*checker.at == '&')
      check_entity(checker.at);
    checker.at++;
  }
  assert_int_equal(checker.depth, 0);
}

static size_t count(const char *text, const char *part)
{
  size_t n = 0;
  for (; (text = strstr(text, part)); text += strlen(part))
    n++;
  return n;
}

/* Each link's target is there, once. */
static void assert_links_arrive(const char *html)
{
  for (const char *at = html; (at = strstr(at, "href=\"#")); at++) {
    char *target = memory_copy_bytes(at + 7, strcspn(at + 7, "\""));
    struct text id = TEXT_INIT;
    text_append_format(&id, " id=\"%s\"", target);
    assert_int_equal(count(html, text_string(&id)), 1);
    text_clear(&id);
    free(target);
  }
}

/* ---- a checker of LaTeX ---- */

/* Braces and environments close in their order; outside of the preamble no comment begins.  Of data no command is left. */
static void assert_latex_closes(const char *latex)
{
  const char *at = strstr(latex, "\\begin{document}");
  long depth = 0;
  size_t n_math = 0;
  assert_non_null(at);
  for (; *at; at++) {
    if (*at == '\\' && at[1]) {
      at++;
      continue;
    }
    depth += (*at == '{') - (*at == '}');
    n_math += *at == '$';
    assert_true(depth >= 0 && *at != '%' && *at != '#');
  }
  assert_int_equal(depth, 0);
  assert_int_equal(n_math % 2, 0);
  static const char *const environments[] = {"tabular",       "longtable",   "minipage", "scope",
                                             "tikzpicture", "center", "document",  "landscape"};
  for (size_t i = 0; i < sizeof environments / sizeof *environments; i++) {
    struct text begin = TEXT_INIT, end = TEXT_INIT;
    text_append_format(&begin, "\\begin{%s}", environments[i]);
    text_append_format(&end, "\\end{%s}", environments[i]);
    assert_int_equal(count(latex, text_string(&begin)), count(latex, text_string(&end)));
    text_clear(&begin);
    text_clear(&end);
  }
}

/* ---- tests ---- */

static const char *const hostile[] = {
    "plain", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "&amp; & &#60;", "]]>-->", "\\input{x}", "$x_1$",
    "=cmd()", "% # ~ ^ { } _ \\", "[1pt]", "*", "年龄 χ² ≥ – × e\xCC\x81", "```\n# x", "a|b", "\\\\", "-- --", "", " ",
    "{", "}", "$", "\\end{document}", "</td></tr></table>", "\xFF\x1B[2J",
};

static void test_html_is_well_formed_whatever_the_data_say(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
    struct document document = document_about(hostile[i]);
    char *html = rendered(&document, FORMAT_HTML);
    assert_well_formed(html);
    assert_links_arrive(html);
    assert_int_equal(count(html, "http"), 1 + count(html, "xmlns=\"http://www.w3.org/2000/svg\"")); /* and http-equiv */
    free(html);
    document_clear(&document);
  }
}

static void test_html_is_made_of_what_it_is(void **state)
{
  (void)state;
  struct document document = document_about("sex & age");
  char *html = rendered(&document, FORMAT_HTML);
  assert_non_null(strstr(html, "<h2 id=\"part-1\">sex &amp; age</h2>"));
  assert_non_null(strstr(html, "<h4 id=\"part-3\">sex &amp; age</h4>"));
  assert_non_null(strstr(html, "<li class=\"level-2\"><a href=\"#part-2\">"));
  assert_non_null(strstr(html, "<caption>sex &amp; age</caption>"));
  assert_non_null(strstr(html, "<th scope=\"rowgroup\" colspan=\"2\">sex &amp; age</th>"));
  assert_non_null(strstr(html, "<th scope=\"row\" style=\"padding-left: 2em\">"));
  assert_non_null(strstr(html, "<td class=\"number\">"));
  assert_int_equal(count(html, "<figure"), 5);
  assert_int_equal(count(html, "<ul class=\"steps\">"), 1); /* steps that follow one another are one list */
  assert_int_equal(count(html, "role=\"doc-footnote\""), 4);
  assert_non_null(strstr(html, "<ol class=\"warnings\" start=\"3\">"));
  assert_non_null(strstr(html, "The script ends here"));
  free(html);
  document_clear(&document);
}

static void test_latex_closes_whatever_the_data_say(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
    struct document document = document_about(hostile[i]);
    char *latex = rendered(&document, FORMAT_LATEX);
    assert_latex_closes(latex);
    assert_int_equal(count(latex, "\\end{document}"), 1);
    assert_null(strstr(latex, "\\input"));
    free(latex);
    document_clear(&document);
  }
}

static void test_latex_has_long_and_wide_tables(void **state)
{
  (void)state;
  struct document document = document_about("sex");
  char *latex = rendered(&document, FORMAT_LATEX);
  assert_int_equal(count(latex, "\\begin{longtable}"), 1);
  assert_int_equal(count(latex, "\\begin{tikzpicture}"), 5);
  assert_null(strstr(latex, "\\begin{landscape}"));
  free(latex);
  struct report report = REPORT_INIT;
  struct printed_table *wide = printed_table_new("wide");
  for (size_t c = 0; c < 14; c++)
    printed_table_add_column(wide, "a long title", ALIGN_RIGHT);
  printed_table_begin_row(wide, PRINTED_ROW);
  for (size_t c = 0; c < 14; c++)
    printed_table_set(wide, c, "0.123 (0.100-0.200)");
  report_add_printed(&report, wide);
  take(&document, &report, "wide");
  latex = rendered(&document, FORMAT_LATEX);
  assert_int_equal(count(latex, "\\begin{landscape}"), 1);
  assert_latex_closes(latex);
  free(latex);
  document_clear(&document);
}

/* A figure has as many curves and words in TikZ as in SVG, and of a hundred thousand steps as many points as can be seen. */
static void test_pictures_are_the_drawings(void **state)
{
  (void)state;
  struct text svg = TEXT_INIT, picture = TEXT_INIT;
  struct plot *plot = a_plot("sex", 2);
  const struct draw_options options = DRAW_OPTIONS_INIT;
  render_svg(&svg, plot, &options);
  latex_append_picture(&picture, text_string(&svg), 480, 600);
  assert_int_equal(count(text_string(&svg), "<text"), count(text_string(&picture), "\\node"));
  assert_int_equal(count(text_string(&picture), "\\begin{scope}"), 1);
  assert_int_equal(count(text_string(&svg), "stroke-width=\"2\""), count(text_string(&picture), "line width=1.32pt"));
  assert_non_null(strstr(text_string(&picture), "dash pattern=on 5.28pt off 1.98pt"));
  assert_non_null(strstr(text_string(&picture), "rotate=90"));
  text_clear(&svg);
  text_clear(&picture);
  text_append(&svg, "<svg width=\"720\" height=\"400\"><path stroke=\"#0072B2\" d=\"M0 0");
  for (size_t i = 0; i < 100000; i++)
    text_append_format(&svg, "H%.4fV%.4f", (double)i * 0.0072, (double)i * 0.004);
  text_append(&svg, "\"/></svg>");
  latex_append_picture(&picture, text_string(&svg), 480, 600);
  assert_in_range(count(text_string(&picture), " -- "), 1000, 8000);
  assert_non_null(strstr(text_string(&picture), "(719.99,400.00)"));
  text_clear(&svg);
  text_clear(&picture);
  plot_free(plot);
}

static void test_markdown_keeps_its_fences(void **state)
{
  (void)state;
  struct document document = document_about("``` x");
  char *markdown = rendered(&document, FORMAT_MARKDOWN);
  const char *fence = strstr(markdown, "\n````text\n");
  assert_non_null(fence);
  assert_non_null(strstr(fence + 1, "\n````\n"));
  assert_non_null(strstr(markdown, "[^4]: "));
  assert_non_null(strstr(markdown, "  - [\\`\\`\\` x](#part-2)"));
  free(markdown);
  document_clear(&document);
}

static void test_text_and_all_others_let_no_control_through(void **state)
{
  (void)state;
  static const enum render_format formats[] = {FORMAT_TEXT, FORMAT_MARKDOWN, FORMAT_LATEX, FORMAT_HTML};
  struct document document = document_about("\x1B[2J\xE2\x80\xAE\xC2\x9B\x01");
  for (size_t i = 0; i < 4; i++) {
    char *out = rendered(&document, formats[i]);
    const char *at = out;
    for (size_t left = strlen(out); left;) {
      uint32_t point;
      const size_t used = utf8_decode(at, left, &point);
      assert_true(point == '\n' || utf8_width(point) >= 0);
      at += used;
      left -= used;
    }
    free(out);
  }
  document_clear(&document);
}

static void test_contents_fall_back_on_commands(void **state)
{
  (void)state;
  struct document document = DOCUMENT_INIT;
  struct report report = REPORT_INIT;
  size_t n;
  struct document_entry *entries = document_contents(&document, &n);
  assert_int_equal(n, 0);
  free(entries);
  char *html = rendered(&document, FORMAT_HTML);
  assert_well_formed(html);
  assert_non_null(strstr(html, "<h1>Results</h1>"));
  free(html);
  report_add_text(&report, "said");
  take(&document, &report, "load \"x\"");
  report_add_printed(&report, a_table("t", 1));
  take(&document, &report, "table1 sex");
  document_take(&document, &report, &(struct draw_options)DRAW_OPTIONS_INIT); /* an empty line */
  assert_int_equal(document.n_parts, 2);
  entries = document_contents(&document, &n);
  assert_int_equal(n, 1);
  assert_string_equal(entries[0].words, "table1 sex");
  free(entries);
  document_clear(&document);
}

static void test_the_first_heading_of_level_0_is_the_title(void **state)
{
  (void)state;
  struct document document = DOCUMENT_INIT;
  struct report report = REPORT_INIT;
  for (int i = 0; i < 2; i++) {
    report_add_heading(&report, 0, i ? "Second" : "First");
    take(&document, &report, "heading");
  }
  assert_int_equal(document.n_parts, 0);
  assert_string_equal(document_title(&document), "First");
  document_clear(&document);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_html_is_well_formed_whatever_the_data_say),
      cmocka_unit_test(test_html_is_made_of_what_it_is),
      cmocka_unit_test(test_latex_closes_whatever_the_data_say),
      cmocka_unit_test(test_latex_has_long_and_wide_tables),
      cmocka_unit_test(test_pictures_are_the_drawings),
      cmocka_unit_test(test_markdown_keeps_its_fences),
      cmocka_unit_test(test_text_and_all_others_let_no_control_through),
      cmocka_unit_test(test_the_first_heading_of_level_0_is_the_title),
      cmocka_unit_test(test_contents_fall_back_on_commands),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
