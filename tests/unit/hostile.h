/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of data as an attacker writes it: escape sequences of every kind, C0 and C1 as bytes and as characters,
 * bidirectional, zero-width and tag characters, invalid UTF-8.  And what may come out: looked at byte by byte, by a
 * decoder and a list of harmful characters of this file's own. */
#ifndef KAPLAN_TESTS_HOSTILE_H
#define KAPLAN_TESTS_HOSTILE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

enum { NAME_SIZE = 96 };

/* ---- names ---- */

/* What is put in, and what stands for it on a screen. */
static const struct {
  const char *bytes, *shown;
} pieces[] = {
    {"\033[2J", "^[[2J"},
    {"\033[6n", "^[[6n"},
    {"\033[31m", "^[[31m"},
    {"\033c", "^[c"},
    {"\033", "^["},
    {"\033(0", "^[(0"},
    {"\033]0;owned\007", "^[]0;owned^G"},
    {"\033]2;x\033\\", "^[]2;x^[\\"},
    {"\033]8;;http://x\033\\", "^[]8;;http://x^[\\"},
    {"\033]52;c;eA==\007", "^[]52;c;eA==^G"},
    {"\033]0;never ended", "^[]0;never ended"},
    {"\033P$qm\033\\", "^[P$qm^[\\"},
    {"\033_Gx\033\\", "^[_Gx^[\\"},
    {"\033^x\033\\", "^[^x^[\\"},
    {"\033Xx\033\\", "^[Xx^[\\"},
    {"\033[?1049h", "^[[?1049h"},
    {"\r", "^M"},
    {"\b", "^H"},
    {"\v", "^K"},
    {"\f", "^L"},
    {"\016", "^N"},
    {"\017", "^O"},
    {"\005", "^E"},
    {"\177", "^?"},
    {"\x90", "<90>"},
    {"\x9B"
     "6n",
     "<9B>6n"},
    {"\x9D"
     "0;x\x9C",
     "<9D>0;x<9C>"},
    {"\x9F", "<9F>"},
    {"\x85", "<85>"},
    {"\xC2\x85", "<U+0085>"},
    {"\xC2\x9B"
     "2J",
     "<U+009B>2J"},
    {"\xC2\x9D"
     "0;x\xC2\x9C",
     "<U+009D>0;x<U+009C>"},
    {"\xC2\x90", "<U+0090>"},
    {"\u202A", "<U+202A>"},
    {"\u202B", "<U+202B>"},
    {"\u202C", "<U+202C>"},
    {"\u202D", "<U+202D>"},
    {"\u202E", "<U+202E>"},
    {"\u2066", "<U+2066>"},
    {"\u2067", "<U+2067>"},
    {"\u2068", "<U+2068>"},
    {"\u2069", "<U+2069>"},
    {"\u200E", "<U+200E>"},
    {"\u200F", "<U+200F>"},
    {"\u061C", "<U+061C>"},
    {"\u200B", "<U+200B>"},
    {"\u200C", "<U+200C>"},
    {"\u200D", "<U+200D>"},
    {"\u2060", "<U+2060>"},
    {"\uFEFF", "<U+FEFF>"},
    {"\uFE0E", "<U+FE0E>"},
    {"\uFE0F", "<U+FE0F>"},
    {"\u2028", "<U+2028>"},
    {"\u2029", "<U+2029>"},
    {"\U000E0001", "<U+E0001>"},
    {"\U000E0100", "<U+E0100>"},
    {"\u180B", "<U+180B>"},
    {"\U000E0041", "<U+E0041>"},
    {"\U000E007F", "<U+E007F>"},
    {"\uE000", "<U+E000>"},
    {"\uFFFE", "<U+FFFE>"},
    {"\xC0\x9B", "<C0><9B>"},
    {"\xE0\x80\x9B", "<E0><80><9B>"},
    {"\xED\xA0\x80", "<ED><A0><80>"},
    {"\xF4\x90\x80\x80", "<F4><90><80><80>"},
    {"\xE2\x80", "<E2><80>"},
    {"\xFF", "<FF>"},
    {"\xFE", "<FE>"},
    {"\xC3", "<C3>"},
    {"\xF0\x9F", "<F0><9F>"},
    {"plain", "plain"},
    {" ", " "},
    {"a", "a"},
    {"年龄", "年龄"},
    {"é", "é"},
    {"e\u0301", "e\u0301"},
    {"\\", "\\"},
    {"`", "`"},
    {"|", "|"},
    {"<b>", "<b>"},
    {"&amp;", "&amp;"},
    {"%s%n", "%s%n"},
    {"=1+1", "=1+1"},
    {"'", "'"},
    {"$x_1", "$x_1"},
    {"😀", "😀"},
};

enum { N_PIECES = sizeof pieces / sizeof *pieces };

static uint64_t hostile_seed = 1;
static size_t n_names; /* that have been made */

static inline size_t next_number(size_t n)
{
  hostile_seed = hostile_seed * 6364136223846793005u + 1442695040888963407u;
  return (size_t)(hostile_seed >> 33) % n;
}

/* A random name of one to four pieces and now and then any bytes; what it should look like goes to `shown` where
 * wanted.  A piece that has begun a character is closed by a letter, so that the next does not end it. */
static inline void make_name(char name[NAME_SIZE], struct text *shown)
{
  size_t length = 0;
  n_names++;
  for (size_t n = 1 + next_number(4); n > 0; n--) {
    const size_t piece = next_number(N_PIECES + N_PIECES / 8);
    if (piece >= N_PIECES) {
      name[length++] = (char)(1 + next_number(255));
      name[length++] = 'z';
      if (shown) /* what it is stays open: any byte */
        text_truncate(shown, 0);
      shown = NULL;
      continue;
    }
    memcpy(name + length, pieces[piece].bytes, strlen(pieces[piece].bytes));
    length += strlen(pieces[piece].bytes);
    name[length++] = 'z';
    if (shown)
      text_append_format(shown, "%sz", pieces[piece].shown);
  }
  name[length] = '\0';
}

/* ---- what may come out ---- */

/* Decodes strictly; 0 where the bytes are no UTF-8. */
static inline size_t strict_decode(const unsigned char *at, size_t left, uint32_t *point)
{
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const size_t n = *at < 0x80                  ? 1
                   : *at >= 0xC0 && *at < 0xE0 ? 2
                   : *at >= 0xE0 && *at < 0xF0 ? 3
                   : *at >= 0xF0 && *at < 0xF8 ? 4
                                               : 0;
  if (!n || n > left)
    return 0;
  *point = n == 1 ? *at : *at & (0x7Fu >> n);
  for (size_t i = 1; i < n; i++) {
    if ((at[i] & 0xC0) != 0x80)
      return 0;
    *point = *point << 6 | (at[i] & 0x3F);
  }
  return *point < least[n] || *point > 0x10FFFF || (*point >= 0xD800 && *point < 0xE000) ? 0 : n;
}

static inline bool is_harmful(uint32_t point)
{
  static const uint32_t ranges[][2] = {{0, 0x1F},        {0x7F, 0x9F},       {0xAD, 0xAD},       {0x61C, 0x61C},
                                       {0x180B, 0x180F}, {0x200B, 0x200F},   {0x2028, 0x202E},   {0x2060, 0x206F},
                                       {0xE000, 0xF8FF}, {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},
                                       {0xFFFE, 0xFFFF}, {0xE0000, 0xE0FFF}, {0xF0000, 0x10FFFF}};
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
    if (point >= ranges[i][0] && point <= ranges[i][1])
      return true;
  return false;
}

/* `breaks`: the line and field ends that the format itself has. */
static inline void assert_harmless(const char *bytes, size_t length, const char *breaks, const char *where)
{
  for (size_t at = 0, used; at < length; at += used) {
    uint32_t point = 0;
    used = strict_decode((const unsigned char *)bytes + at, length - at, &point);
    if (!used)
      fail_msg("%s: byte %02x is no UTF-8", where, (unsigned char)bytes[at]);
    if (is_harmful(point) && !(point && point < 0x80 && strchr(breaks, (int)point)))
      fail_msg("%s: U+%04X came out, after \"%.*s\"", where, (unsigned)point, at < 30 ? (int)at : 30,
               bytes + (at < 30 ? 0 : at - 30));
  }
}

#endif
