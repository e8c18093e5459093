/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list that is longer than its window: a cursor, and the first row shown. */
#ifndef KAPLAN_UI_LIST_H
#define KAPLAN_UI_LIST_H

#include <stddef.h>

enum motion {
  MOTION_UP,
  MOTION_DOWN,
  MOTION_LEFT,
  MOTION_RIGHT,
  MOTION_PAGE_UP,
  MOTION_PAGE_DOWN,
  MOTION_HALF_UP,
  MOTION_HALF_DOWN,
  MOTION_HOME,
  MOTION_END
};

struct list {
  size_t cursor, top;
};

/* Moves the cursor among `count` rows of which `height` are shown; left and right do nothing. */
void list_move(struct list *list, enum motion motion, size_t count, size_t height);

/* Keeps the cursor among the rows and in the window. */
void list_follow(struct list *list, size_t count, size_t height);

/* Moves the window without a cursor: `top` alone. */
void list_scroll(struct list *list, enum motion motion, size_t count, size_t height);

#endif
