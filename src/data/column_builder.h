/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the fields of one column over a stretch of rows, by one thread.
 *
 * Life cycle: column_builder_init(), then for each stretch column_builder_start(), column_builder_add() for every row and
 * column_builder_take(), which gives what was read; column_builder_clear().  The memory of one stretch serves the next. */
#ifndef KAPLAN_DATA_COLUMN_BUILDER_H
#define KAPLAN_DATA_COLUMN_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/column_part.h"
#include "data/csv_scan.h"
#include "data/date_format.h"
#include "data/level_table.h"
#include "data/name_list.h"

struct column_builder {
  struct column_notes notes;
  double *numbers; /* room for as many as the context's capacity, in the states NUMBER and DATE */
  uint32_t *codes; /* so in the state FACTOR */
  size_t numbers_capacity, codes_capacity;
  struct level_table levels;
};

/* What the columns of a stretch have in common. */
struct builder_context {
  size_t row, line;    /* of the record that is read; the stretch begins with row 0 and line 1 */
  size_t capacity;     /* rows there is room for */
  bool decimal_commas; /* whether 1,5 is a number */
  const struct name_list *na; /* further missing markers */
  const struct date_format *date_format; /* the user's, or NULL */
  struct text scratch; /* for unescaping */
};

/* An empty builder, and what it holds given back. */
void column_builder_init(struct column_builder *builder);
void column_builder_clear(struct column_builder *builder);

/* Begins a stretch.  `before` is what is known from earlier rows: what is asked for, that the column is a factor or has
 * failed.  With `continues` these rows end where the stretch begins, and all of it is known. */
void column_builder_start(struct column_builder *builder, const struct builder_context *context,
                          const struct column_notes *before, bool continues);

/* Begins a stretch in which the column is not read. */
void column_builder_skip(struct column_builder *builder);

/* Makes room for context->capacity rows. */
void column_builder_grow(struct column_builder *builder, const struct builder_context *context);

/* Takes the field of the row context->row, or a missing one. */
void column_builder_add(struct column_builder *builder, struct builder_context *context, const struct csv_field *field);
void column_builder_add_missing(struct column_builder *builder, const struct builder_context *context);

/* What was read, of context->row rows, in its narrowest form. */
struct column_part column_builder_take(struct column_builder *builder, const struct builder_context *context);

#endif
