/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the bytes that a terminal sends to keys.
 *
 * The sequences of the terminal's own description come first, then those that xterm, rxvt, PuTTY, screen and the Linux
 * console are known to send whatever their description says.  A sequence that is complete but means nothing is swallowed,
 * so that no part of it acts as a key.  No terminal is touched here. */
#ifndef KAPLAN_UI_TERM_KEYS_H
#define KAPLAN_UI_TERM_KEYS_H

#include "ui/key.h"

struct key_sequence {
  char bytes[16];
  size_t length;
  uint32_t code;
};

struct key_decoder {
  struct key_sequence *sequences;
  size_t count, capacity;
  bool utf8;    /* else one byte a character, as the locale has it */
  bool mouse;   /* mouse reports are expected */
  bool pasting; /* between the marks of a bracketed paste */
};

void key_decoder_init(struct key_decoder *decoder, bool utf8);
void key_decoder_clear(struct key_decoder *decoder);

/* Adds a sequence of this terminal; one that is no control sequence or too long is left out. */
void key_decoder_add(struct key_decoder *decoder, const char *bytes, uint32_t code);

/* Decodes what stands at the beginning of `length` bytes and returns how many it was: 0 where more must come first.
 * key->code is KEYS_NONE where those bytes are no key.  `late`: the patience is over, so what is there is all. */
size_t key_decoder_take(struct key_decoder *decoder, const char *bytes, size_t length, bool late, struct key *key);

/* How many milliseconds to wait for the rest of an unfinished key; `escape_delay` for an Escape alone. */
int key_decoder_patience(const struct key_decoder *decoder, const char *bytes, size_t length, int escape_delay);

#endif
