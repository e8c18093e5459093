/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is printed behind or without the full screen, line by line. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "hostile.h"
#include "ui/term_internal.h"

enum { NAMES = 10000 };

/* What has come to the terminal's file since; the caller frees it. */
static char *taken(FILE *file, size_t *length)
{
  const off_t end = lseek(fileno(file), 0, SEEK_END);
  char *bytes = malloc((size_t)end + 1);
  assert_int_equal(pread(fileno(file), bytes, (size_t)end, 0), end);
  *length = (size_t)end;
  return bytes;
}

static void test_text_from_data_is_made_visible(void **state)
{
  (void)state;
  FILE *file = tmpfile();
  struct term term = {.tty = fileno(file), .utf8 = true};
  char name[NAME_SIZE];
  size_t length;
  for (int i = 0; i < NAMES; i++) {
    make_name(name, NULL);
    term_print_text(&term, name);
  }
  char *bytes = taken(file, &length);
  assert_true(length > 5 * NAMES);
  assert_harmless(bytes, length, "\r\n", "printed text");
  free(bytes);
  fclose(file);
}

/* Glyphs that no canvas lets in. */
static void test_no_glyph_is_a_control(void **state)
{
  (void)state;
  const struct term term = {.utf8 = true};
  struct text text = TEXT_INIT;
  for (uint32_t point = 0; point < 0x110000; point += point < 0x3000 ? 1 : 97)
    term_append_glyph(&term, point, &text);
  assert_harmless(text_string(&text), text.length, "", "a glyph");
  text_clear(&text);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_text_from_data_is_made_visible),
      cmocka_unit_test(test_no_glyph_is_a_control),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
