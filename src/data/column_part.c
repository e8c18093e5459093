/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Putting parts together; column_finish.c makes the column. */
#include "data/column_part.h"

#include <stdlib.h>

#include "base/memory.h"

void column_notes_clear(struct column_notes *notes)
{
  free(notes->comma.value);
  free(notes->unread.value);
  free(notes->long_integer.value);
  *notes = (struct column_notes){.state = STATE_UNDECIDED};
}

void column_part_clear(struct column_part *part)
{
  column_notes_clear(&part->notes);
  number_pack_clear(&part->numbers);
  code_pack_clear(&part->codes);
  level_table_clear(&part->levels);
  part->n_rows = 0;
}

void column_part_ask(struct column_part *whole, enum column_kind kind)
{
  whole->notes.is_asked_for = true;
  whole->notes.wants_date = kind == COLUMN_DATE;
  whole->notes.state = kind == COLUMN_FACTOR ? STATE_FACTOR : kind == COLUMN_DATE ? STATE_DATE : STATE_NUMBER;
}

void column_part_restart(struct column_part *whole)
{
  whole->notes.state = STATE_FACTOR;
  whole->n_rows = 0;
}

bool column_part_fits(const struct column_part *whole, const struct column_part *part)
{
  const struct column_notes *before = &whole->notes, *after = &part->notes;
  if (before->state == STATE_UNDECIDED || before->state == STATE_FAILED || after->state == STATE_UNDECIDED)
    return true;
  if (before->state != after->state)
    return false;
  return before->state != STATE_NUMBER ||
         !((before->comma.line && after->has_point) || (before->has_point && after->comma.line));
}

static void join_sighting(struct column_sighting *before, struct column_sighting *after, size_t lines_before)
{
  if (before->line || !after->line)
    return;
  *before = (struct column_sighting){after->line + lines_before, after->value};
  after->value = NULL;
}

static void join_notes(struct column_notes *before, struct column_notes *after, size_t lines_before)
{
  if (before->state == STATE_FACTOR)
    return; /* a factor sees nothing: what a part saw that took itself for the first is void */
  join_sighting(&before->comma, &after->comma, lines_before);
  join_sighting(&before->unread, &after->unread, lines_before);
  join_sighting(&before->long_integer, &after->long_integer, lines_before);
  before->has_point |= after->has_point;
  before->n_unread += after->n_unread;
  if (after->state != STATE_UNDECIDED)
    before->state = after->state;
}

static void append_missing(struct column_part *whole, size_t n)
{
  if (whole->notes.state == STATE_FACTOR)
    code_pack_append_missing(&whole->codes, n);
  else if (whole->notes.state != STATE_UNDECIDED)
    number_pack_append_missing(&whole->numbers, n);
}

static void append_levels(struct column_part *whole, struct column_part *part, size_t lines_before)
{
  uint32_t *map = memory_resize(NULL, part->levels.n + 1, sizeof *map);
  level_table_join(&whole->levels, &part->levels, lines_before, map);
  code_pack_append(&whole->codes, &part->codes, map, whole->levels.n);
  free(map);
}

static void expect(struct column_part *whole, size_t n_expected)
{
  if (whole->notes.state == STATE_FACTOR)
    code_pack_expect(&whole->codes, n_expected);
  else if (whole->notes.state != STATE_UNDECIDED)
    number_pack_expect(&whole->numbers, n_expected);
}

void column_part_append(struct column_part *whole, struct column_part *part, size_t lines_before, size_t n_expected)
{
  const enum column_state before = whole->notes.state, after = part->notes.state;
  if (before != STATE_FAILED)
    join_notes(&whole->notes, &part->notes, lines_before);
  if (whole->notes.state == STATE_FAILED) {
    number_pack_clear(&whole->numbers);
  } else {
    expect(whole, n_expected);
    if (before == STATE_UNDECIDED && after != STATE_UNDECIDED)
      append_missing(whole, whole->n_rows);
    if (after == STATE_UNDECIDED)
      append_missing(whole, part->n_rows);
    else if (after == STATE_FACTOR)
      append_levels(whole, part, lines_before);
    else
      number_pack_append(&whole->numbers, &part->numbers);
  }
  whole->n_rows += part->n_rows;
  column_part_clear(part);
}
