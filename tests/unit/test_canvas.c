/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "report/canvas.h"

static void assert_rows(struct canvas *canvas, const char *expected)
{
  struct text text = TEXT_INIT;
  canvas_append(canvas, &text);
  assert_string_equal(text_string(&text), expected);
  text_clear(&text);
}

static void text_is_cut_with_an_ellipsis(void **state)
{
  (void)state;
  struct canvas canvas;
  canvas_init(&canvas, 3, 6);
  assert_int_equal(canvas_text(&canvas, (struct area){0, 0, 1, 6}, "abcdef", STYLE_TEXT, CHARSET_BOX), 6);
  assert_int_equal(canvas_text(&canvas, (struct area){1, 1, 1, 4}, "abcdef", STYLE_TEXT, CHARSET_BOX), 4);
  assert_int_equal(canvas_text(&canvas, (struct area){2, 0, 1, 3}, "abcdef", STYLE_TEXT, CHARSET_ASCII), 3);
  assert_rows(&canvas, "abcdef\n abc…\nab~\n");
  canvas_clear(&canvas);
}

static void wide_glyphs_are_never_halved(void **state)
{
  (void)state;
  struct canvas canvas;
  canvas_init(&canvas, 1, 4);
  canvas_text(&canvas, (struct area){0, 0, 1, 4}, "年龄", STYLE_TEXT, CHARSET_ASCII);
  assert_rows(&canvas, "年龄\n");
  canvas_put(&canvas, 0, 1, 'x', STYLE_TEXT); /* over a right half */
  assert_rows(&canvas, " x龄\n");
  canvas_put(&canvas, 0, 2, 'y', STYLE_TEXT); /* over a left half */
  assert_rows(&canvas, " xy\n");
  canvas_put(&canvas, 0, 3, 0x5E74, STYLE_TEXT); /* no room for it */
  assert_int_equal(canvas.cells[3].glyph == 0x5E74, false);
  canvas_clear(&canvas);
}

static void marks_join_the_glyph_before(void **state)
{
  (void)state;
  struct canvas canvas;
  canvas_init(&canvas, 1, 3);
  assert_int_equal(canvas_text(&canvas, (struct area){0, 0, 1, 3},
                               "\xCC\x81"
                               "e\xCC\x81z",
                               STYLE_TEXT, CHARSET_BOX),
                   2);
  assert_rows(&canvas, "e\xCC\x81z\n");
  canvas_clear(&canvas);
}

static void ascii_has_likenesses_for_the_interface_only(void **state)
{
  (void)state;
  struct canvas canvas;
  canvas_init(&canvas, 1, 30);
  canvas_text(&canvas, (struct area){0, 0, 1, 30}, "70–NR é 年", STYLE_TEXT, CHARSET_ASCII);
  assert_rows(&canvas, "70-NR é 年\n");
  canvas_clear(&canvas);
}

static void drawing_outside_is_clipped(void **state)
{
  (void)state;
  struct canvas canvas;
  canvas_init(&canvas, 2, 2);
  canvas_put(&canvas, 2, 0, 'x', STYLE_TEXT);
  canvas_put(&canvas, 0, 2, 'x', STYLE_TEXT);
  canvas_put(&canvas, SIZE_MAX, SIZE_MAX, 'x', STYLE_TEXT);
  canvas_text(&canvas, (struct area){5, 5, 1, 5}, "x", STYLE_TEXT, CHARSET_BOX);
  canvas_text(&canvas, (struct area){0, 1, 1, 9}, "ab", STYLE_TEXT, CHARSET_BOX);
  canvas_fill(&canvas, (struct area){1, 1, 9, 9}, '#', STYLE_DIM);
  canvas_add_attributes(&canvas, (struct area){1, 1, 9, 9}, ATTRIBUTE_BOLD);
  assert_rows(&canvas, " a\n #\n");
  assert_int_equal(canvas.cells[3].attributes, ATTRIBUTE_BOLD);
  assert_int_equal(canvas.cells[2].attributes, 0);
  canvas_clear(&canvas);
}

/* A generator of its own, so that a failure can be repeated anywhere. */
static uint32_t next_random(uint64_t *seed)
{
  *seed = *seed * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(*seed >> 33);
}

static void assert_no_control(const struct text *text)
{
  const char *at = text_string(text);
  for (size_t left = text->length; left;) {
    uint32_t point;
    size_t used = utf8_decode(at, left, &point);
    assert_true(point == '\n' || utf8_width(point) >= 0);
    at += used;
    left -= used;
  }
}

static void no_bytes_of_data_reach_the_terminal_as_controls(void **state)
{
  (void)state;
  static const char *const attacks[] = {"\033[2J",      "\xC2\x9B",         "\xE2\x80\xAE", "\x9B",        "\r",
                                        "\xE2\x81\xA6", "\xF3\xA0\x80\x81", "\xEF\xB8\x8F", "\xE5\xB9\xB4"};
  uint64_t seed = 20;
  struct canvas canvas;
  struct text text = TEXT_INIT;
  canvas_init(&canvas, 2, 20);
  for (int round = 0; round < 100000; round++) {
    char bytes[40] = "";
    size_t length = 0;
    for (uint32_t wanted = next_random(&seed) % 24; length < wanted;) {
      if (next_random(&seed) % 4 == 0) {
        const char *attack = attacks[next_random(&seed) % (sizeof attacks / sizeof *attacks)];
        memcpy(bytes + length, attack, strlen(attack) + 1);
        length += strlen(attack);
      } else {
        bytes[length++] = (char)(1 + next_random(&seed) % 255);
        bytes[length] = '\0';
      }
    }
    struct area area = {next_random(&seed) % 3, next_random(&seed) % 24, 1, next_random(&seed) % 24};
    canvas_text(&canvas, area, bytes, STYLE_TEXT, (enum charset)(round % 3));
    text_truncate(&text, 0);
    canvas_append(&canvas, &text);
    assert_no_control(&text);
  }
  text_clear(&text);
  canvas_clear(&canvas);
}

static void put_refuses_what_is_not_printable(void **state)
{
  (void)state;
  static const uint32_t refused[] = {0, 0x1B, 0x9B, 0x202E, 0x301, 0xD800, UTF8_INVALID | 0x9B};
  struct canvas canvas;
  canvas_init(&canvas, 1, 1);
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    canvas_put(&canvas, 0, 0, refused[i], STYLE_TEXT);
    assert_rows(&canvas, "?\n");
  }
  canvas_clear(&canvas);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(text_is_cut_with_an_ellipsis),
      cmocka_unit_test(wide_glyphs_are_never_halved),
      cmocka_unit_test(marks_join_the_glyph_before),
      cmocka_unit_test(ascii_has_likenesses_for_the_interface_only),
      cmocka_unit_test(drawing_outside_is_clipped),
      cmocka_unit_test(no_bytes_of_data_reach_the_terminal_as_controls),
      cmocka_unit_test(put_refuses_what_is_not_printable),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
