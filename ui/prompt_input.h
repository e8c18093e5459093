/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Typed bytes cut into whole keys before readline sees them: a character with all its bytes, a control sequence with its
 * end, a paste with its marks.  Readline handles each of them right when it comes in one piece. */
#ifndef KAPLAN_UI_PROMPT_INPUT_H
#define KAPLAN_UI_PROMPT_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum input_kind {
  INPUT_UNFINISHED,
  INPUT_CHARACTER, /* or a control character */
  INPUT_META,      /* Escape and a character at once: the Alt key */
  INPUT_SEQUENCE,  /* a function key */
  INPUT_ESCAPE,    /* an Escape that another one follows */
  INPUT_PASTE      /* the mark that opens a paste */
};

/* The first key of `length` > 0 bytes: its length (0 where unfinished) and kind. */
size_t input_cut(const char *bytes, size_t length, bool utf8, enum input_kind *kind);

/* The one spelling that readline knows for a function key; NULL for keys that mean nothing in a line. */
const char *input_plain_sequence(const char *bytes, size_t length);

/* Takes pasted bytes up to the closing mark into *paste and returns how many it took; *closed: the mark came.  Bytes that
 * may belong to the mark stay. */
size_t input_paste(const char *bytes, size_t length, struct text *paste, bool *closed);

/* Appends what of a paste may enter a line: newlines and tabs as blanks, nothing that a terminal would act on. */
void input_append_pasted(struct text *line, const char *bytes, size_t length, bool utf8);

#endif
