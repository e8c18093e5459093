/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/term_keys.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/memory.h"
#include "base/utf8.h"

#define PASTE_BEGIN "\033[200~"
#define PASTE_END "\033[201~"

enum { LONGEST_SEQUENCE = 64 };

void key_decoder_init(struct key_decoder *decoder, bool utf8)
{
  *decoder = (struct key_decoder){.utf8 = utf8};
}

void key_decoder_clear(struct key_decoder *decoder)
{
  free(decoder->sequences);
  *decoder = (struct key_decoder){.utf8 = decoder->utf8};
}

void key_decoder_add(struct key_decoder *decoder, const char *bytes, uint32_t code)
{
  struct key_sequence sequence = {.length = strlen(bytes), .code = code};
  if (sequence.length < 2 || sequence.length > sizeof sequence.bytes || bytes[0] != '\033')
    return;
  memcpy(sequence.bytes, bytes, sequence.length);
  MEMORY_APPEND(decoder->sequences, decoder->count, decoder->capacity, sequence);
}

/* The longest sequence of the table that the bytes begin with; *partial: they are the beginning of a longer one. */
static const struct key_sequence *find_sequence(const struct key_decoder *decoder, const char *bytes, size_t length,
                                                bool *partial)
{
  const struct key_sequence *found = NULL;
  *partial = false;
  for (size_t i = 0; i < decoder->count; i++) {
    const struct key_sequence *sequence = &decoder->sequences[i];
    if (sequence->length > length) {
      *partial |= memcmp(sequence->bytes, bytes, length) == 0;
    } else if (memcmp(sequence->bytes, bytes, sequence->length) == 0) {
      if (!found || found->length < sequence->length)
        found = sequence;
    }
  }
  return found;
}

/* ESC [ NUMBER ~ of the VT220 and its kin. */
static uint32_t numbered_key(int number)
{
  static const uint32_t codes[] = {
      [1] = KEYS_HOME, [2] = KEYS_INSERT, [3] = KEYS_DELETE,  [4] = KEYS_END, [5] = KEYS_PAGE_UP, [6] = KEYS_PAGE_DOWN,
      [7] = KEYS_HOME, [8] = KEYS_END,    [11] = KEYS_F1,     [12] = KEYS_F2, [13] = KEYS_F3,     [14] = KEYS_F4,
      [15] = KEYS_F5,  [17] = KEYS_F6,    [18] = KEYS_F7,     [19] = KEYS_F8, [20] = KEYS_F9,     [21] = KEYS_F10,
      [23] = KEYS_F11, [24] = KEYS_F12,
  };
  if (number < 0 || (size_t)number >= sizeof codes / sizeof *codes || codes[number] == 0)
    return KEYS_NONE;
  return codes[number];
}

/* ESC [ … LETTER and ESC O LETTER; with modifiers (ESC [ 1 ; 5 C) the key is the plain one. */
static uint32_t lettered_key(char letter)
{
  switch (letter) {
  case 'A':
    return KEYS_UP;
  case 'B':
    return KEYS_DOWN;
  case 'C':
    return KEYS_RIGHT;
  case 'D':
    return KEYS_LEFT;
  case 'H':
    return KEYS_HOME;
  case 'F':
    return KEYS_END;
  case 'P':
    return KEYS_F1;
  case 'Q':
    return KEYS_F2;
  case 'R':
    return KEYS_F3;
  case 'S':
    return KEYS_F4;
  case 'Z':
    return KEYS_BACK_TAB;
  default:
    return KEYS_NONE;
  }
}

/* The keypad in application mode: ESC O and a letter that lies a fixed way above the character. */
static uint32_t keypad_key(char letter)
{
  if (letter == 'M')
    return KEYS_ENTER;
  if (letter >= 'j' && letter <= 'y')
    return (uint32_t)(letter - 'j' + '*');
  if (letter >= 'a' && letter <= 'd') /* rxvt: arrows with Control */
    return lettered_key((char)(letter - 'a' + 'A'));
  return lettered_key(letter);
}

/* ESC [ < BUTTON ; COLUMN ; ROW and M (press) or m (release). */
static void decode_mouse(const char *parameters, char final, struct key *key)
{
  char *rest;
  unsigned long button = strtoul(parameters + 1, &rest, 10);
  unsigned long column = *rest == ';' ? strtoul(rest + 1, &rest, 10) : 0;
  unsigned long row = *rest == ';' ? strtoul(rest + 1, &rest, 10) : 0;
  if (final != 'M' || row == 0 || column == 0 || row > 10000 || column > 10000)
    return;
  if (button != 0 && button != 64 && button != 65)
    return; /* other buttons, modifiers, motion */
  *key = (struct key){.code = KEYS_MOUSE, .row = row - 1, .column = column - 1};
  key->mouse = button == 64 ? MOUSE_WHEEL_UP : button == 65 ? MOUSE_WHEEL_DOWN : MOUSE_PRESS;
}

/* ESC [ M and three bytes, each 32 more than it says: what terminals without the decimal form send. */
static size_t decode_old_mouse(const char *bytes, size_t length, bool late, struct key *key)
{
  if (length < 6)
    return late ? length : 0;
  int button = (unsigned char)bytes[3] - 32;
  int column = (unsigned char)bytes[4] - 33, row = (unsigned char)bytes[5] - 33;
  if ((button == 0 || button == 64 || button == 65) && row >= 0 && column >= 0) {
    *key = (struct key){.code = KEYS_MOUSE, .row = (size_t)row, .column = (size_t)column};
    key->mouse = button == 64 ? MOUSE_WHEEL_UP : button == 65 ? MOUSE_WHEEL_DOWN : MOUSE_PRESS;
  }
  return 6;
}

static void decode_csi(const char *parameters, char final, struct key *key)
{
  if (parameters[0] == '<') {
    decode_mouse(parameters, final, key);
  } else if (strchr("~$^@", final)) { /* rxvt ends with $ ^ @ where Shift or Control is held */
    key->code = numbered_key(atoi(parameters));
  } else if (final >= 'a' && final <= 'd' && !parameters[0]) { /* rxvt: arrows with Shift */
    key->code = lettered_key((char)(final - 'a' + 'A'));
  } else if (!strchr("<=>?", parameters[0]) || !parameters[0]) {
    key->code = lettered_key(final);
  }
}

/* Finds the end of ESC [ …: the length with its final byte, 0 where it has not come yet.  A control breaks it off. */
static size_t csi_length(const char *bytes, size_t length)
{
  for (size_t i = 2; i < length; i++) {
    unsigned char byte = (unsigned char)bytes[i];
    if (byte < 0x20 || byte > 0x7e || i >= LONGEST_SEQUENCE)
      return i;
    if (byte >= 0x40 || byte == '$')
      return i + 1;
  }
  return 0;
}

static size_t take_csi(struct key_decoder *decoder, const char *bytes, size_t length, bool late, struct key *key)
{
  if (length == 2 && late) { /* Escape, and a bracket typed after it */
    key->code = KEYS_ESCAPE;
    return 1;
  }
  if (length >= 3 && bytes[2] == 'M' && decoder->mouse)
    return decode_old_mouse(bytes, length, late, key);
  if (length >= 3 && bytes[2] == '[') { /* the Linux console's F1 to F5: ESC [ [ A … E */
    if (length < 4)
      return late ? length : 0;
    if (bytes[3] >= 'A' && bytes[3] <= 'E')
      key->code = KEYS_F1 + (uint32_t)(bytes[3] - 'A');
    return 4;
  }
  size_t used = csi_length(bytes, length);
  if (used == 0)
    return late ? length : 0;
  if (used == strlen(PASTE_BEGIN) && memcmp(bytes, PASTE_BEGIN, used) == 0) {
    decoder->pasting = true;
    return used;
  }
  char parameters[LONGEST_SEQUENCE];
  size_t n = used - 3;
  if (used < 3 || n >= sizeof parameters)
    return used;
  memcpy(parameters, bytes + 2, n);
  parameters[n] = '\0';
  decode_csi(parameters, bytes[used - 1], key);
  return used;
}

static size_t take_escape(struct key_decoder *decoder, const char *bytes, size_t length, bool late, struct key *key)
{
  bool partial;
  const struct key_sequence *sequence = find_sequence(decoder, bytes, length, &partial);
  if (partial && !late)
    return 0;
  if (sequence) {
    key->code = sequence->code;
    return sequence->length;
  }
  if (length >= 2 && bytes[1] == '[')
    return take_csi(decoder, bytes, length, late, key);
  if (length >= 3 && bytes[1] == 'O') {
    key->code = keypad_key(bytes[2]);
    return 3;
  }
  if (length < 2 || bytes[1] == 'O')
    if (!late)
      return 0;
  /* Nothing hangs on Alt here, so Escape and another key are two keys. */
  key->code = KEYS_ESCAPE;
  return 1;
}

/* Swallows what is pasted, up to the closing mark; of an unfinished mark only what came before it. */
static size_t take_paste(struct key_decoder *decoder, const char *bytes, size_t length, bool late, struct key *key)
{
  const char *end = memmem(bytes, length, PASTE_END, strlen(PASTE_END));
  if (end || late) {
    decoder->pasting = false;
    key->code = KEYS_PASTE;
    return end ? (size_t)(end - bytes) + strlen(PASTE_END) : length;
  }
  for (size_t tail = strlen(PASTE_END) - 1; tail > 0; tail--)
    if (length >= tail && memcmp(bytes + length - tail, PASTE_END, tail) == 0)
      return length - tail;
  return length;
}

static size_t take_character(const struct key_decoder *decoder, const char *bytes, size_t length, bool late,
                             struct key *key)
{
  unsigned char byte = (unsigned char)bytes[0];
  if (byte < 0x80) {
    key->code = byte == 8 ? KEYS_BACKSPACE : byte == '\n' ? KEYS_ENTER : byte;
    return 1;
  }
  if (!decoder->utf8) {
    wint_t wide = btowc(byte);
    if (wide != WEOF)
      key->code = (uint32_t)wide;
    return 1;
  }
  size_t whole = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
  bool broken = byte < 0xc2 || byte > 0xf4;
  for (size_t i = 1; i < whole && i < length; i++)
    broken |= ((unsigned char)bytes[i] & 0xc0) != 0x80;
  if (!broken && length < whole && !late)
    return 0;
  uint32_t point;
  size_t used = utf8_decode(bytes, length, &point);
  if (!(point & UTF8_INVALID) && utf8_width(point) >= 0)
    key->code = point;
  return used;
}

size_t key_decoder_take(struct key_decoder *decoder, const char *bytes, size_t length, bool late, struct key *key)
{
  *key = (struct key){.code = KEYS_NONE};
  if (length == 0 && !(late && decoder->pasting))
    return 0;
  if (decoder->pasting)
    return take_paste(decoder, bytes, length, late, key);
  if (bytes[0] == '\033')
    return take_escape(decoder, bytes, length, late, key);
  return take_character(decoder, bytes, length, late, key);
}

int key_decoder_patience(const struct key_decoder *decoder, const char *bytes, size_t length, int escape_delay)
{
  if (decoder->pasting)
    return 1000; /* a closing mark that never comes must not deafen the program */
  if (length == 1 && bytes[0] == '\033')
    return escape_delay;
  return escape_delay > 200 ? escape_delay : 200; /* a sequence has begun: a slow line may deliver it in pieces */
}
