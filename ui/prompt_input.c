/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/prompt_input.h"

#include <string.h>

#include "base/utf8.h"
#include "ui/term_keys.h"

#define PASTE_BEGIN "\033[200~"
#define PASTE_END "\033[201~"

enum { LONGEST_SEQUENCE = 64, LONGEST_PASTE = 1 << 16 };

/* The bytes of the character that begins so; 1 for what begins none. */
static size_t character_length(const char *bytes, size_t length, bool utf8)
{
  unsigned char byte = (unsigned char)bytes[0];
  if (!utf8 || byte < 0xc2 || byte > 0xf4)
    return 1;
  size_t whole = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
  for (size_t i = 1; i < whole && i < length; i++)
    if (((unsigned char)bytes[i] & 0xc0) != 0x80)
      return 1;
  return length < whole ? 0 : whole;
}

static size_t sequence_length(const char *bytes, size_t length)
{
  if (length >= 3 && bytes[2] == '[') /* the Linux console's F1 to F5 */
    return length >= 4 ? 4 : 0;
  for (size_t i = 2; i < length; i++) {
    unsigned char byte = (unsigned char)bytes[i];
    if (byte < 0x20 || byte > 0x7e || i >= LONGEST_SEQUENCE)
      return i;
    if (byte >= 0x40 || byte == '$')
      return i + 1;
  }
  return 0;
}

size_t input_cut(const char *bytes, size_t length, bool utf8, enum input_kind *kind)
{
  size_t used;
  *kind = INPUT_CHARACTER;
  if (bytes[0] != '\033') {
    used = character_length(bytes, length, utf8);
  } else if (length == 1) {
    used = 0;
  } else if (bytes[1] == '\033') {
    *kind = INPUT_ESCAPE;
    used = 1;
  } else if (bytes[1] == '[') {
    used = sequence_length(bytes, length);
    bool paste = used == strlen(PASTE_BEGIN) && memcmp(bytes, PASTE_BEGIN, used) == 0;
    *kind = paste ? INPUT_PASTE : INPUT_SEQUENCE;
  } else if (bytes[1] == 'O') {
    *kind = INPUT_SEQUENCE;
    used = length >= 3 ? 3 : 0;
  } else {
    *kind = INPUT_META;
    used = character_length(bytes + 1, length - 1, utf8);
    used += used > 0;
  }
  if (used == 0)
    *kind = INPUT_UNFINISHED;
  return used;
}

const char *input_plain_sequence(const char *bytes, size_t length)
{
  struct key_decoder decoder;
  struct key key;
  key_decoder_init(&decoder, true);
  key_decoder_take(&decoder, bytes, length, true, &key);
  key_decoder_clear(&decoder);
  switch (key.code) {
  case KEYS_UP:
    return "\033[A";
  case KEYS_DOWN:
    return "\033[B";
  case KEYS_RIGHT:
    return "\033[C";
  case KEYS_LEFT:
    return "\033[D";
  case KEYS_HOME:
    return "\033[H";
  case KEYS_END:
    return "\033[F";
  case KEYS_DELETE:
    return "\033[3~";
  case KEYS_ENTER:
    return "\r";
  default:
    return NULL;
  }
}

size_t input_paste(const char *bytes, size_t length, struct text *paste, bool *closed)
{
  const char *end = memmem(bytes, length, PASTE_END, strlen(PASTE_END));
  size_t content = end ? (size_t)(end - bytes) : length;
  *closed = end;
  if (!end)
    for (size_t tail = strlen(PASTE_END) - 1; tail > 0 && content == length; tail--)
      if (length >= tail && memcmp(bytes + length - tail, PASTE_END, tail) == 0)
        content = length - tail;
  size_t room = LONGEST_PASTE - paste->length;
  text_append_bytes(paste, bytes, content < room ? content : room);
  return content + (end ? strlen(PASTE_END) : 0);
}

void input_append_pasted(struct text *line, const char *bytes, size_t length, bool utf8)
{
  for (size_t i = 0, used; i < length; i += used) {
    unsigned char byte = (unsigned char)bytes[i];
    used = 1;
    if (byte == '\r' || byte == '\n' || byte == '\t') {
      text_append_char(line, ' ');
      used += byte == '\r' && i + 1 < length && bytes[i + 1] == '\n';
    } else if (!utf8) {
      if ((byte >= 0x20 && byte < 0x7f) || byte >= 0xa0)
        text_append_char(line, (char)byte);
    } else {
      uint32_t point;
      used = utf8_decode(bytes + i, length - i, &point);
      if (!(point & UTF8_INVALID) && utf8_width(point) >= 0)
        text_append_bytes(line, bytes + i, used);
    }
  }
}
