/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A column over a stretch of a text file's rows: what one thread read of it (column_builder.h), and, when the stretches
 * are put one behind the other, the whole.
 *
 * A column is undecided until its first present field, which makes it numeric, a date or a factor.  The first field
 * that a numeric or date column cannot hold makes it fail: its fields are then read again, as a factor, in a second
 * pass.  A kind that the user asked for is never left: what does not fit becomes missing and is counted.
 *
 * A part is read without knowing what stands before it.  column_part_fits() tells whether it is what one reader who
 * came all the way would have made of it; where not, it is read again with that knowledge. */
#ifndef KAPLAN_DATA_COLUMN_PART_H
#define KAPLAN_DATA_COLUMN_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/task.h"
#include "data/code_pack.h"
#include "data/column.h"
#include "data/date_format.h"
#include "data/level_table.h"
#include "data/load.h"
#include "data/number_pack.h"

enum column_state { STATE_UNDECIDED, STATE_NUMBER, STATE_DATE, STATE_FACTOR, STATE_FAILED, STATE_SKIPPED };

/* Where something was seen first, and the beginning of what it was; line 0 = not seen. */
struct column_sighting {
  size_t line;
  char *value;
};

/* What a reader of the column knows at a row. */
struct column_notes {
  enum column_state state;
  bool is_asked_for; /* the kind is the user's wish, not a guess */
  bool wants_date;   /* which is a date */
  bool has_point;    /* a number with a decimal point was seen */
  struct column_sighting comma, unread, long_integer;
  size_t n_unread;
};

struct column_part {
  struct column_notes notes;
  size_t n_rows;
  struct number_pack numbers; /* in the states NUMBER and DATE */
  struct code_pack codes;     /* in the state FACTOR */
  struct level_table levels;
};

#define COLUMN_PART_INIT                                                                                               \
  {                                                                                                                    \
    .numbers = NUMBER_PACK_INIT, .codes = CODE_PACK_INIT, .levels = LEVEL_TABLE_INIT                                   \
  }

/* Gives back what they hold; they are as new. */
void column_notes_clear(struct column_notes *notes);
void column_part_clear(struct column_part *part);

/* Makes an empty part the kind that the user asked for. */
void column_part_ask(struct column_part *whole, enum column_kind kind);

/* Makes a column that failed an empty factor, for the second pass. */
void column_part_restart(struct column_part *whole);

/* Whether the part, which was begun as undecided (or as what was asked for), is the same as if it had been read behind
 * the whole. */
bool column_part_fits(const struct column_part *whole, const struct column_part *part);

/* Puts the part, which fits, behind the whole; its lines count from `lines_before`.  Empties the part.  n_expected: how
 * many rows there will be, about. */
void column_part_append(struct column_part *whole, struct column_part *part, size_t lines_before, size_t n_expected);

/* The column of all rows under that name; what was noticed on the way goes into the report.  Texts that are all dates
 * of one form (`date_format`: the user's, or NULL) become dates.  The whole is empty afterwards.  Once the task is
 * cancelled, the column may be wrong. */
struct column *column_part_finish(struct column_part *whole, const char *name, const struct date_format *date_format,
                                  struct load_report *report, struct task *task);

#endif
