/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One column while a text file is read.
 *
 * A column is undecided until its first present field, which makes it numeric, a date or a factor.  The first field
 * that a numeric or date column cannot hold makes it fail: its fields are then read again, as a factor, in a second
 * pass over the file.  A kind that the user asked for is never left: what does not fit becomes missing and is counted.
 * Life cycle: column_builder_init() … column_builder_add() for every row … column_builder_finish(), _clear(). */
#ifndef KAPLAN_DATA_COLUMN_BUILDER_H
#define KAPLAN_DATA_COLUMN_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/column.h"
#include "data/csv_scan.h"
#include "data/date_format.h"
#include "data/level_table.h"
#include "data/load.h"
#include "data/name_list.h"

enum builder_state { BUILDER_UNDECIDED, BUILDER_NUMBER, BUILDER_DATE, BUILDER_FACTOR, BUILDER_FAILED, BUILDER_DONE };

/* Where something was seen first, and the beginning of what it was; line 0 = not seen. */
struct builder_sighting {
  size_t line;
  char *value;
};

struct column_builder {
  const char *name; /* borrowed */
  enum builder_state state;
  bool is_asked_for; /* the kind is the user's wish, not a guess */
  bool wants_date;   /* which is a date */
  double *numbers;   /* in the states NUMBER and DATE */
  uint32_t *codes;   /* in the state FACTOR */
  struct level_table levels;
  bool has_point; /* a number with a decimal point was seen */
  struct builder_sighting comma, unread, long_integer;
  size_t n_unread;
};

/* What the columns of one file have in common. */
struct builder_context {
  size_t row, line;    /* of the record that is read */
  size_t capacity;     /* rows there is room for */
  bool decimal_commas; /* whether 1,5 is a number */
  struct name_list na; /* further missing markers */
  const struct date_format *date_format; /* the user's, or NULL */
  struct text scratch; /* for unescaping */
};

void column_builder_init(struct column_builder *builder, const char *name);
void column_builder_clear(struct column_builder *builder);

/* Sets the kind that the user asked for, before the first row. */
void column_builder_ask(struct column_builder *builder, const struct builder_context *context, enum column_kind kind);

/* Starts the second pass of a column that failed. */
void column_builder_restart(struct column_builder *builder, const struct builder_context *context);

/* Makes room for context->capacity rows. */
void column_builder_grow(struct column_builder *builder, const struct builder_context *context);

/* Takes the field of the row context->row, or a missing one. */
void column_builder_add(struct column_builder *builder, struct builder_context *context, const struct csv_field *field);
void column_builder_add_missing(struct column_builder *builder, const struct builder_context *context);

/* The column of context->row rows; what was noticed on the way goes into the report.  Texts that are all dates of one form
 * become dates.  The builder is empty afterwards. */
struct column *column_builder_finish(struct column_builder *builder, const struct builder_context *context,
                                     struct load_report *report);

#endif
