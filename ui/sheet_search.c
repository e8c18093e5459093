/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching the cells of the sheet.  A factor's levels are looked through once; a number is looked at again only where
 * the value is another than those met just before. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/text.h"
#include "ui/sheet.h"

static bool text_matches(const char *text, const char *needle)
{
  return strcasestr(text, needle) != NULL;
}

bool sheet_cell_matches(const struct column *column, size_t row, const char *needle)
{
  if (column_is_missing(column, row))
    return false;
  if (column->kind == COLUMN_FACTOR) {
    const struct level *level = &column->levels[column_code(column, row) - 1];
    return text_matches(level->name, needle) || (level->label && text_matches(level->label, needle));
  }
  struct text cell = TEXT_INIT;
  column_append_cell(column, row, &cell);
  const bool matches = text_matches(text_string(&cell), needle);
  text_clear(&cell);
  return matches;
}

enum { REMEMBERED = 1024 };

static int64_t milliseconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* When a search is to end. */
struct limit {
  int64_t until; /* INT64_MAX: never */
  struct task *task;
};

enum { STEPS_A_LOOK = 1024 };

/* Asked at each step, looks at each STEPS_A_LOOK-th. */
static bool is_up(const struct limit *limit, size_t step)
{
  return step % STEPS_A_LOOK == STEPS_A_LOOK - 1 &&
         (task_is_cancelled(limit->task) || (limit->until != INT64_MAX && milliseconds() > limit->until));
}

/* What is known of one column's values. */
struct matcher {
  const struct column *column;
  size_t place;    /* among the shown columns */
  bool *levels;    /* of a factor, by code */
  double *values;  /* of a number: met before, by a hash */
  uint8_t *answer; /* 0: not met, 1: does not match, 2: matches */
};

/* A needle with a letter or sign that no number or date has. */
static bool can_be_number(const char *needle)
{
  return needle[strspn(needle, "0123456789.+-eEinfINF")] == '\0';
}

/* The levels that match; how many there are, or -1 where the time was up. */
static int match_levels(struct matcher *matcher, const char *needle, const struct limit *limit)
{
  const struct column *column = matcher->column;
  int any = 0;
  matcher->levels = memory_new(column->n_levels + 1, sizeof *matcher->levels);
  for (uint32_t code = 1; code <= column->n_levels && any >= 0; code++) {
    const struct level *level = &column->levels[code - 1];
    matcher->levels[code] = text_matches(level->name, needle) || (level->label && text_matches(level->label, needle));
    any = is_up(limit, code) ? -1 : any || matcher->levels[code];
  }
  if (any <= 0)
    free(matcher->levels);
  return any;
}

/* 1 where the column may have what is looked for, 0 where not, -1 where the time was up. */
static int matcher_init(struct matcher *matcher, const struct column *column, const char *needle, const struct limit *limit)
{
  *matcher = (struct matcher){.column = column};
  if (column->kind == COLUMN_FACTOR)
    return match_levels(matcher, needle, limit);
  if (!can_be_number(needle))
    return 0;
  matcher->values = memory_new(REMEMBERED, sizeof *matcher->values);
  matcher->answer = memory_new(REMEMBERED, sizeof *matcher->answer);
  return 1;
}

static bool number_matches(struct matcher *matcher, size_t row, const char *needle)
{
  const double value = column_number(matcher->column, row);
  uint64_t bits;
  if (value != value)
    return false;
  memcpy(&bits, &value, sizeof bits);
  const size_t slot = bits * UINT64_C(0x9E3779B97F4A7C15) >> 54;
  if (!matcher->answer[slot] || matcher->values[slot] != value) {
    matcher->values[slot] = value;
    matcher->answer[slot] = sheet_cell_matches(matcher->column, row, needle) ? 2 : 1;
  }
  return matcher->answer[slot] == 2;
}

static bool matches(struct matcher *matcher, size_t row, const char *needle)
{
  return matcher->levels ? matcher->levels[column_code(matcher->column, row)] : number_matches(matcher, row, needle);
}

/* A walk over all cells, line by line, from the top. */
struct walk {
  struct matcher *matchers;
  size_t n_matchers;
  struct sheet_found first, before, after, last; /* of all; the last before the cursor, the first behind it; of all */
};

/* Whether the cell is before (-1), at (0) or behind (1) the cursor. */
static int side(const struct sheet *sheet, size_t row, size_t column)
{
  if (row != sheet->list.cursor)
    return row < sheet->list.cursor ? -1 : 1;
  return column == sheet->column ? 0 : column < sheet->column ? -1 : 1;
}

static void take(const struct sheet *sheet, struct walk *walk, struct sheet_found found, int step)
{
  const int where = side(sheet, found.row, found.column);
  walk->last = found;
  if (!walk->first.found)
    walk->first = found;
  if (where < 0)
    walk->before = found;
  if (!walk->after.found && (where > 0 || (where == 0 && step == 0)))
    walk->after = found;
}

/* Goes through the rows and counts, until the time is up; returns the row it came to. */
static size_t walk_rows(const struct sheet *sheet, struct walk *walk, const char *needle, int step, const struct limit *limit)
{
  size_t count = 0, row = 0;
  for (; row < sheet->n_rows; row++) {
    if (is_up(limit, row))
      break;
    for (size_t i = 0; i < walk->n_matchers; i++) {
      struct matcher *matcher = &walk->matchers[i];
      if (matches(matcher, sheet->rows[row], needle))
        take(sheet, walk, (struct sheet_found){true, row, matcher->place, ++count, 0, false}, step);
    }
  }
  walk->last.count = count;
  return row;
}

/* Where the count stopped before the cursor, the first behind it is still looked for, for as long again. */
static void walk_on(const struct sheet *sheet, struct walk *walk, const char *needle, int step, const struct limit *limit)
{
  for (size_t row = sheet->list.cursor; row < sheet->n_rows && !walk->after.found; row++) {
    if (is_up(limit, row))
      break;
    for (size_t i = 0; i < walk->n_matchers; i++) {
      struct matcher *matcher = &walk->matchers[i];
      if (matches(matcher, sheet->rows[row], needle))
        take(sheet, walk, (struct sheet_found){true, row, matcher->place, 0, 0, false}, step);
    }
  }
}

/* Prepares what may match; false where the time was up. */
static bool prepare(const struct sheet *sheet, struct walk *walk, const char *needle, const struct limit *limit)
{
  int can_match = 0;
  for (size_t i = 0; i < sheet->n_columns && *needle && can_match >= 0; i++) {
    can_match = matcher_init(&walk->matchers[walk->n_matchers], sheet->columns[i].column, needle, limit);
    if (can_match > 0)
      walk->matchers[walk->n_matchers++].place = i;
  }
  return can_match >= 0;
}

struct sheet_found sheet_search(const struct sheet *sheet, const char *needle, int step, int patience, struct task *task)
{
  struct walk walk = {.matchers = memory_new(sheet->n_columns, sizeof *walk.matchers)};
  struct limit limit = {.until = patience < 0 ? INT64_MAX : milliseconds() + patience, .task = task};
  const bool is_prepared = prepare(sheet, &walk, needle, &limit);
  const size_t reached = !is_prepared ? 0 : walk.n_matchers ? walk_rows(sheet, &walk, needle, step, &limit) : sheet->n_rows;
  const size_t count = walk.last.count;
  limit.until += patience < 0 ? 0 : patience;
  if (is_prepared && reached < sheet->n_rows && reached <= sheet->list.cursor && step >= 0)
    walk_on(sheet, &walk, needle, step, &limit);
  struct sheet_found found = step >= 0 ? walk.after : walk.before;
  if (!found.found)
    found = step >= 0 ? walk.first : walk.last;
  found.count = count;
  found.complete = is_prepared && reached == sheet->n_rows;
  for (size_t i = 0; i < walk.n_matchers; i++) {
    free(walk.matchers[i].levels);
    free(walk.matchers[i].values);
    free(walk.matchers[i].answer);
  }
  free(walk.matchers);
  return found;
}
