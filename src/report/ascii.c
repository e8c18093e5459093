/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/ascii.h"

#include <stddef.h>
#include <string.h>

#include "base/utf8.h"

const char *ascii_likeness(uint32_t point)
{
  static const struct {
    uint32_t point;
    const char *likeness;
  } table[] = {{0xA0, " "}, {0x2013, "-"}, {0x2014, "-"}, {0x2212, "-"}, {0xB1, "+/-"}, {0x2026, "..."}, {0xD7, "x"},  {0x2264, "<="},
               {0x2265, ">="}, {0xB7, "."},  {0x2500, "-"}, {0x2502, "|"},   {0x25A0, "#"}, {0x2191, "^"},
               {0x2193, "v"},  {0x2190, "<"}, {0x2192, ">"}, {0x2588, "#"},  {0x25B8, ">"}, {0x25BE, "v"},
               {0x1D43, "^a"}, {0x1D47, "^b"}, {0x1D9C, "^c"}, {0x1D48, "^d"}, {0x1D49, "^e"}, {0x1DA0, "^f"},
               {0x1D4D, "^g"}, {0x02B0, "^h"}, {0x2071, "^i"}, {0x02B2, "^j"}, {0x1D4F, "^k"}, {0x02E1, "^l"}};
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    if (table[i].point == point)
      return table[i].likeness;
  return NULL;
}

void ascii_append_visible(struct text *text, const char *string, int ascii)
{
  if (!ascii) {
    utf8_append_visible(text, string);
    return;
  }
  size_t left = strlen(string);
  struct text replaced = TEXT_INIT;
  while (left) {
    uint32_t point;
    size_t used = utf8_decode(string, left, &point);
    const char *likeness = ascii_likeness(point);
    if (likeness)
      text_append(&replaced, likeness);
    else
      text_append_bytes(&replaced, string, used);
    string += used;
    left -= used;
  }
  utf8_append_visible(text, text_string(&replaced));
  text_clear(&replaced);
}
