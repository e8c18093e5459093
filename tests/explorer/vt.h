/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A terminal in memory for tests: bytes in, a grid of characters and the modes out.  It knows only what its terminfo entry
 * describes; everything else is a complaint. */
#ifndef KAPLAN_TESTS_VT_H
#define KAPLAN_TESTS_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

#define VT_ROWS 400
#define VT_COLUMNS 600

struct vt_cell {
  wchar_t glyph; /* 0 = right half of a wide one */
  bool reverse, bold, underline, dim;
  int foreground; /* -1 = the terminal's own */
};

struct vt {
  size_t rows, columns, row, column;
  bool wrap_pending;
  struct vt_cell cells[VT_ROWS][VT_COLUMNS];
  struct vt_cell pen;
  wchar_t last; /* for "repeat" */
  size_t top, bottom; /* scrolling region, bottom exclusive */
  /* modes that a program must put back */
  bool alternate, cursor_hidden, paste, mouse, keypad, line_drawing;
  /* parser */
  char sequence[128];
  size_t n_sequence;
  char character[8];
  size_t n_character;
  /* what the terminfo entry has */
  char *known[2000];
  size_t n_known;
  bool xterm_like;
  /* complaints */
  size_t n_unknown;
  char unknown[200]; /* the first */
};

/* A blank screen that knows the sequences of that terminfo entry; false where there is none. */
bool vt_init(struct vt *vt, const char *type, size_t rows, size_t columns);
void vt_clear(struct vt *vt);
void vt_resize(struct vt *vt, size_t rows, size_t columns);
void vt_feed(struct vt *vt, const char *bytes, size_t length);

/* Row `row` as a string in the locale's encoding without trailing blanks; the caller frees it. */
char *vt_row(const struct vt *vt, size_t row);
bool vt_contains(const struct vt *vt, const char *text);

#endif
