/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person pressed, decoded: a character, a named key, a mouse event or a paste. */
#ifndef KAPLAN_UI_KEY_H
#define KAPLAN_UI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Control characters are themselves (Ctrl-C = 3, Tab = 9, Enter = 13, Escape = 27); named keys lie beyond Unicode. */
enum key_code {
  KEYS_CTRL_B = 2,
  KEYS_CTRL_C = 3,
  KEYS_CTRL_D = 4,
  KEYS_CTRL_F = 6,
  KEYS_TAB = 9,
  KEYS_CTRL_L = 12,
  KEYS_ENTER = 13,
  KEYS_CTRL_O = 15,
  KEYS_CTRL_R = 18,
  KEYS_CTRL_S = 19,
  KEYS_CTRL_U = 21,
  KEYS_CTRL_Z = 26,
  KEYS_ESCAPE = 27,
  KEYS_BACKSPACE = 127,
  KEYS_NONE = 0x200000, /* nothing came */
  KEYS_UP,
  KEYS_DOWN,
  KEYS_LEFT,
  KEYS_RIGHT,
  KEYS_HOME,
  KEYS_END,
  KEYS_PAGE_UP,
  KEYS_PAGE_DOWN,
  KEYS_INSERT,
  KEYS_DELETE,
  KEYS_BACK_TAB,
  KEYS_F1,
  KEYS_F2,
  KEYS_F3,
  KEYS_F4,
  KEYS_F5,
  KEYS_F6,
  KEYS_F7,
  KEYS_F8,
  KEYS_F9,
  KEYS_F10,
  KEYS_F11,
  KEYS_F12,
  KEYS_MOUSE,
  KEYS_PASTE,  /* text was pasted: swallowed outside the prompt */
  KEYS_RESIZE, /* the window has another size */
  KEYS_HANGUP  /* the terminal is gone */
};

struct key {
  uint32_t code;
  size_t row, column; /* KEYS_MOUSE: where */
  enum { MOUSE_PRESS, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN } mouse;
};

#endif
