/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Over a million hostile names go through every way by which text comes into a cell or into print: no control comes
 * out. */
#include "base/memory.h"
#include "base/utf8.h"
#include "explorer_case.h"
#include "hostile.h"
#include "report/render.h"
#include "ui/frame.h"
#include "ui/paint.h"
#include "verbs/batch.h"

enum { TABLE_ROWS = 64 };

static void assert_canvas_harmless(const struct canvas *canvas, const char *where)
{
  struct text text = TEXT_INIT;
  canvas_append(canvas, &text);
  assert_harmless(text_string(&text), text.length, "\n", where);
  text_clear(&text);
}

/* ---- cells ---- */

/* Painted into cells, cut and whole, in ASCII and not, by itself and over several lines. */
static void test_cells(void **state)
{
  (void)state;
  struct canvas canvas;
  canvas_init(&canvas, 24, 80);
  for (int round = 0; round < 20000; round++) {
    const enum charset charset = (enum charset)(round % 3);
    char name[NAME_SIZE];
    for (size_t row = 0; row < 20; row++) {
      make_name(name, NULL);
      const struct area line = {row, next_number(70), 1, 1 + next_number(80)};
      if (row % 4 == 0)
        canvas_text(&canvas, line, name, STYLE_TEXT, charset);
      else if (row % 4 == 1)
        paint_text(&canvas, line, name, STYLE_TEXT, charset);
      else if (row % 4 == 2)
        paint_text_right(&canvas, line, name, STYLE_TEXT, charset);
      else
        paint_rule(&canvas, line, name, true, charset);
    }
    make_name(name, NULL);
    paint_wrapped(&canvas, (struct area){20, 0, 4, 1 + next_number(20)}, name, STYLE_TEXT, charset);
    if (round % 4 == 3) {
      assert_canvas_harmless(&canvas, "cells");
      canvas_erase(&canvas);
    }
  }
  canvas_clear(&canvas);
}

/* Nothing is swallowed: each refused sign stands there in letters. */
static void test_what_is_refused_is_seen(void **state)
{
  (void)state;
  struct canvas canvas;
  struct text shown = TEXT_INIT, row = TEXT_INIT;
  canvas_init(&canvas, 1, 400);
  for (int i = 0; i < 100000; i++) {
    char name[NAME_SIZE];
    text_truncate(&shown, 0);
    text_truncate(&row, 0);
    make_name(name, &shown);
    canvas_erase(&canvas);
    canvas_text(&canvas, (struct area){0, 0, 1, 400}, name, STYLE_TEXT, CHARSET_BOX);
    canvas_append_row(&canvas, 0, &row);
    if (shown.length && strcmp(text_string(&shown), text_string(&row)) != 0)
      fail_msg("\"%s\" is shown, not \"%s\"", text_string(&row), text_string(&shown));
  }
  canvas_clear(&canvas);
  text_clear(&shown);
  text_clear(&row);
}

/* ---- print ---- */

/* A report with names wherever one can stand. */
static void make_report(struct report *report)
{
  char name[NAME_SIZE], other[NAME_SIZE];
  *report = (struct report)REPORT_INIT;
  make_name(name, NULL);
  report_set_command(report, name);
  struct table *table = table_new("km_summary", "group other");
  struct printed_table *printed = printed_table_new(name);
  make_name(name, NULL);
  printed_table_add_column(printed, name, ALIGN_LEFT);
  printed_table_add_column(printed, "n", ALIGN_RIGHT);
  for (size_t i = 0; i < TABLE_ROWS; i++) {
    make_name(name, NULL);
    make_name(other, NULL);
    table_add_text(table, name);
    table_add_text(table, other);
    printed_table_begin_row(printed, i % 8 ? PRINTED_ROW : PRINTED_HEADING);
    printed_table_set(printed, 0, "%s", name);
    printed_table_set(printed, 1, "%s", other);
  }
  make_name(name, NULL);
  printed_table_note(printed, "%s", name);
  report_warn(report, "%s", name);
  struct plot *plot = plot_new(2);
  for (size_t s = 0; s < 2; s++) {
    make_name(name, NULL);
    make_name(other, NULL);
    plot->series[s].label = memory_copy_string(name);
    plot->series[s].legend = memory_copy_string(other);
  }
  make_name(name, NULL);
  plot->x_label = memory_copy_string(name);
  plot->y_label = memory_copy_string(name);
  plot->note = memory_copy_string(name);
  report_add_table(report, table);
  report_add_printed(report, printed);
  report_add_plot(report, plot);
}

static void test_every_format(void **state)
{
  (void)state;
  static const struct {
    const char *name, *breaks;
  } formats[] = {{"text", "\n"}, {"json", "\n"},  {"tsv", "\n\t"}, {"csv", "\n"},
                 {"md", "\n"},   {"latex", "\n"}, {"svg", "\n"}};
  for (int round = 0; round < 4000; round++) {
    struct report report;
    make_report(&report);
    for (size_t k = round % 4 ? 2 : 0; k < sizeof formats / sizeof *formats; k += round % 4 ? 4 - round % 4 : 1) {
      struct render_options options = RENDER_OPTIONS_INIT;
      struct text out = TEXT_INIT;
      enum render_format format;
      options.charset = (enum charset)(round % 3);
      options.plots = round % 2;
      assert_true(render_format_find(formats[k].name, &format));
      render_report(&out, &report, format, &options);
      assert_true(out.length > 0);
      assert_harmless(text_string(&out), out.length, formats[k].breaks, formats[k].name);
      text_clear(&out);
    }
    report_clear(&report);
  }
}

/* What is said of a line, or a file by its name, that is wrong. */
static void test_errors(void **state)
{
  (void)state;
  char *bytes = NULL;
  size_t length = 0;
  FILE *said = open_memstream(&bytes, &length);
  for (int i = 0; i < 20000; i++) {
    char name[NAME_SIZE], line[NAME_SIZE];
    make_name(name, NULL);
    make_name(line, NULL);
    struct error error = {
        .what = name, .hint = line, .file = name, .line = 1, .has_range = true, .start = 1, .length = 2};
    batch_print_error(said, name, line, &error);
  }
  fclose(said);
  assert_harmless(bytes, length, "\n", "errors");
  free(bytes);
}

/* ---- whole files ---- */

static void append_quoted(struct text *data, const char *name)
{
  text_append_char(data, '"');
  for (; *name; name++) {
    text_append_char(data, *name);
    if (*name == '"')
      text_append_char(data, '"');
  }
  text_append_char(data, '"');
}

/* What a reader of files lets in: valid UTF-8. */
static void make_cell(char name[NAME_SIZE])
{
  do
    make_name(name, NULL);
  while (!utf8_is_valid(name, strlen(name)));
}

/* Names of columns, levels and cells. */
static struct session *hostile_session(void)
{
  struct text data = TEXT_INIT;
  char name[NAME_SIZE], levels[3][NAME_SIZE];
  text_append(&data, "time,death,id,");
  for (int c = 0; c < 3; c++) {
    make_cell(name);
    append_quoted(&data, name);
    text_append_char(&data, c < 2 ? ',' : '\n');
    make_cell(levels[c]);
  }
  for (int i = 0; i < 24; i++) {
    make_cell(name);
    text_append_format(&data, "%d,%d,", 1 + i % 17, i % 3 != 0);
    append_quoted(&data, name);
    for (int c = 0; c < 3; c++) {
      text_append_char(&data, ',');
      append_quoted(&data, levels[(i + c) % (c + 2 < 3 ? c + 2 : 3)]);
    }
    text_append_char(&data, '\n');
  }
  struct session *session = session_on_bytes(text_string(&data), data.length);
  run(session, "endpoint os = Surv(time, death == 1)");
  text_clear(&data);
  return session;
}

static void assert_frame_harmless(struct fixture *fixture, const char *where)
{
  static const size_t sizes[][2] = {{24, 80}, {48, 160}, {10, 40}};
  const size_t *size = sizes[next_number(3)];
  struct frame frame;
  frame_init(&frame, size[0], size[1]);
  explorer_draw(fixture->explorer, &frame);
  assert_canvas_harmless(&frame.canvas, where);
  frame_clear(&frame);
}

/* A walk through every view, the prompt with a line from history among them, and what can be copied. */
static void test_the_explorer(void **state)
{
  (void)state;
  static const char *const ways[] = {"\tjb", "jc",    "jF", "q",  "I", "q", "2", "3", "4",  "5",  "6",
                                     "7",    "7ll\r", "q",  "7F", "q", "8", "?", "q", "1x", "1p", "1w"};
  for (int round = 0; round < 60; round++) {
    struct fixture *fixture = fixture_new(hostile_session(), round % 2 ? CHARSET_BOX : CHARSET_ASCII);
    char name[NAME_SIZE];
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
      press_all(fixture, ways[i]);
      assert_frame_harmless(fixture, ways[i]);
      char *plain = explorer_plain_text(fixture->explorer, 80);
      assert_harmless(plain, strlen(plain), "\n", "plain text of a view");
      free(plain);
    }
    make_name(name, NULL);
    explorer_run(fixture->explorer, name);
    assert_frame_harmless(fixture, "an error");
    press(fixture, '8');
    assert_frame_harmless(fixture, "the log");
    if (press(fixture, ':') == WISH_PROMPT) {
      char *matches[] = {name, name, name, NULL};
      explorer_prompt_changed(fixture->explorer, explorer_prompt_prefix(fixture->explorer), name, strlen(name),
                              matches);
      assert_frame_harmless(fixture, "the prompt");
      explorer_prompt_done(fixture->explorer, NULL);
    }
    explorer_notice(fixture->explorer, name);
    assert_frame_harmless(fixture, "a notice");
    void *one = fixture;
    tear_down(&one);
  }
}

/* Scripts by hostile names, with what they say to standard error. */
static void test_files_by_such_names(void **state)
{
  (void)state;
  for (int i = 0; i < 300; i++) {
    char name[NAME_SIZE], *bytes = NULL;
    size_t length = 0;
    struct text path = TEXT_INIT;
    make_name(name, NULL);
    for (char *at = name; *at; at++)
      *at = *at == '/' ? '_' : *at;
    text_append_format(&path, "/tmp/kaplan-%ld-%s.kap", (long)getpid(), name);
    FILE *script = fopen(text_string(&path), "w");
    assert_non_null(script);
    fprintf(
        script,
        "load \"%s/samples/xu2025/xu2025.csv\"\nendpoint os = Surv(os_months, death == 1)\nkm age\nload \"%s.csv\"\n",
        source_directory(), name);
    fclose(script);
    struct batch batch = {.session = session_new(),
                          .format = i % 2 ? FORMAT_HTML : FORMAT_TEXT,
                          .rendering = RENDER_OPTIONS_INIT,
                          .print = true,
                          .timing = true};
    batch.out = batch.errors = open_memstream(&bytes, &length);
    batch_run_script(&batch, text_string(&path));
    batch.failed = false; /* what was found before the last line failed is printed, too */
    batch_finish(&batch);
    fclose(batch.out);
    assert_true(length > 100);
    assert_harmless(bytes, length, "\n", "a script");
    unlink(text_string(&path));
    session_free(batch.session);
    text_clear(&path);
    free(bytes);
  }
}

static void test_that_was_a_million(void **state)
{
  (void)state;
  assert_true(n_names >= 1000000);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_cells),
      cmocka_unit_test(test_what_is_refused_is_seen),
      cmocka_unit_test(test_every_format),
      cmocka_unit_test(test_errors),
      cmocka_unit_test(test_the_explorer),
      cmocka_unit_test(test_files_by_such_names),
      cmocka_unit_test(test_that_was_a_million),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
