/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the terminal share: term.c (curses), term_input.c (bytes, signals), term_print.c (plain lines). */
#ifndef KAPLAN_UI_TERM_INTERNAL_H
#define KAPLAN_UI_TERM_INTERNAL_H

#include <stdint.h>
#include <stdio.h>
#include <termios.h>

#include "ui/term.h"
#include "ui/term_color.h"
#include "ui/term_keys.h"

enum { TERM_INPUT_SIZE = 4096 };

struct term {
  struct screen *screen; /* curses' own; NULL where the cursor cannot be addressed: lines are printed */
  FILE *stream;          /* the tty for curses */
  int tty;
  struct termios found, program; /* the modes before, the modes meanwhile */
  char *notice;
  enum charset charset;
  bool utf8;
  bool xterm_like; /* knows bracketed paste and the mouse */
  bool mouse;
  unsigned long attributes[STYLE_COUNT]; /* curses attributes with the colour pair */
  size_t rows, columns;
  /* the last frame */
  struct canvas shown;
  bool repaint; /* nothing of it can be relied upon */
  size_t cursor_row, cursor_column;
  bool cursor_shown;
  /* input */
  struct key_decoder decoder;
  char input[TERM_INPUT_SIZE];
  size_t n_input;
  int64_t input_time; /* when its last byte came */
  int escape_delay;
  int64_t first_resize, last_resize; /* since the last KEYS_RESIZE; 0 = none */
  bool interrupted, stop_asked, continued;
  int end_signal;
};

/* term.c: leave and enter the full screen; the size, asked from the tty. */
void term_leave(struct term *term);
void term_enter(struct term *term);
void term_measure(struct term *term);

/* term_input.c */
int64_t term_now(void); /* milliseconds */
void term_take_signals(struct term *term);
void term_wait_key(struct term *term);

/* term_print.c: lines one after the other. */
void term_write(const struct term *term, const char *bytes, size_t length);
void term_print_changes(struct term *term, const struct frame *frame);
void term_print_text(const struct term *term, const char *text);
void term_append_glyph(const struct term *term, uint32_t glyph, struct text *text);

#endif
