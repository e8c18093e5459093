/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/list.h"

/* `at` moved within 0 … last. */
static size_t moved(size_t at, enum motion motion, size_t last, size_t height)
{
  const size_t page = height > 1 ? height - 1 : 1, half = height > 1 ? height / 2 : 1;
  size_t back = 0, forth = 0;
  switch (motion) {
  case MOTION_UP:
    back = 1;
    break;
  case MOTION_DOWN:
    forth = 1;
    break;
  case MOTION_PAGE_UP:
    back = page;
    break;
  case MOTION_PAGE_DOWN:
    forth = page;
    break;
  case MOTION_HALF_UP:
    back = half;
    break;
  case MOTION_HALF_DOWN:
    forth = half;
    break;
  case MOTION_HOME:
    return 0;
  case MOTION_END:
    return last;
  case MOTION_LEFT:
  case MOTION_RIGHT:
    break;
  }
  at = at > back ? at - back : 0;
  return last - (at < last ? at : last) > forth ? at + forth : last;
}

void list_follow(struct list *list, size_t count, size_t height)
{
  if (list->cursor >= count)
    list->cursor = count ? count - 1 : 0;
  if (height == 0)
    height = 1;
  if (list->top + height > count)
    list->top = count > height ? count - height : 0;
  if (list->cursor < list->top)
    list->top = list->cursor;
  if (list->cursor >= list->top + height)
    list->top = list->cursor - height + 1;
}

void list_move(struct list *list, enum motion motion, size_t count, size_t height)
{
  if (count && motion != MOTION_LEFT && motion != MOTION_RIGHT)
    list->cursor = moved(list->cursor, motion, count - 1, height);
  list_follow(list, count, height);
}

void list_scroll(struct list *list, enum motion motion, size_t count, size_t height)
{
  if (motion != MOTION_LEFT && motion != MOTION_RIGHT)
    list->top = moved(list->top, motion, count > height ? count - height : 0, height);
}
