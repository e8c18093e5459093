/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading fields into a column; column_part.c puts what was read together. */
#include "data/column_builder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "data/cell.h"
#include "data/date.h"

void column_builder_init(struct column_builder *builder)
{
  *builder = (struct column_builder){.levels = LEVEL_TABLE_INIT};
}

void column_builder_clear(struct column_builder *builder)
{
  column_notes_clear(&builder->notes);
  free(builder->numbers);
  free(builder->codes);
  level_table_clear(&builder->levels);
  column_builder_init(builder);
}

void column_builder_grow(struct column_builder *builder, const struct builder_context *context)
{
  const enum column_state state = builder->notes.state;
  if ((state == STATE_NUMBER || state == STATE_DATE) && builder->numbers_capacity < context->capacity) {
    builder->numbers_capacity = context->capacity;
    builder->numbers = memory_resize(builder->numbers, context->capacity, sizeof *builder->numbers);
  }
  if (state == STATE_FACTOR && builder->codes_capacity < context->capacity) {
    builder->codes_capacity = context->capacity;
    builder->codes = memory_resize(builder->codes, context->capacity, sizeof *builder->codes);
  }
}

/* The first present field decided: all rows before are missing. */
static void become(struct column_builder *builder, const struct builder_context *context, enum column_state state)
{
  builder->notes.state = state;
  column_builder_grow(builder, context);
  if (state == STATE_FACTOR)
    memset(builder->codes, 0, context->row * sizeof *builder->codes);
  else
    for (size_t i = 0; i < context->row; i++)
      builder->numbers[i] = (double)NAN;
}

void column_builder_start(struct column_builder *builder, const struct builder_context *context,
                          const struct column_notes *before, bool continues)
{
  const bool is_final = before->state == STATE_FACTOR || before->state == STATE_FAILED;
  column_notes_clear(&builder->notes);
  level_table_clear(&builder->levels);
  builder->notes.is_asked_for = before->is_asked_for;
  builder->notes.wants_date = before->wants_date;
  builder->notes.state = is_final || continues || before->is_asked_for ? before->state : STATE_UNDECIDED;
  if (continues) {
    builder->notes.has_point = before->has_point;
    builder->notes.comma.line = before->comma.line; /* whatever it was */
  }
  column_builder_grow(builder, context);
}

void column_builder_skip(struct column_builder *builder)
{
  column_notes_clear(&builder->notes);
  builder->notes.state = STATE_SKIPPED;
}

struct column_part column_builder_take(struct column_builder *builder, const struct builder_context *context)
{
  struct column_part part = COLUMN_PART_INIT;
  const enum column_state state = builder->notes.state;
  part.n_rows = context->row;
  if (state == STATE_NUMBER || state == STATE_DATE) {
    part.numbers = number_pack_of(builder->numbers, context->row);
  } else if (state == STATE_FACTOR) {
    part.codes = code_pack_of(builder->codes, context->row, builder->levels.n, NULL);
    part.levels = builder->levels;
    builder->levels = (struct level_table)LEVEL_TABLE_INIT;
  }
  part.notes = builder->notes;
  builder->notes = (struct column_notes){.state = STATE_SKIPPED};
  return part;
}

static void fail(struct column_builder *builder)
{
  builder->notes.state = STATE_FAILED;
}

static void sight(struct column_sighting *sighting, size_t line, const char *bytes, size_t length)
{
  if (sighting->line)
    return;
  sighting->line = line;
  sighting->value = memory_copy_bytes(bytes, length);
}

/* Whether a column of numbers, which has held whole numbers or decimal commas so far, can hold this form too. */
static bool admits_comma(const struct column_builder *builder, const struct builder_context *context)
{
  return context->decimal_commas && !builder->notes.has_point;
}

static bool fits_number(const struct column_builder *builder, const struct builder_context *context,
                        enum cell_form form, bool has_point)
{
  switch (form) {
  case CELL_NUMBER:
    return !(has_point && builder->notes.comma.line);
  case CELL_COMMA_NUMBER:
    return admits_comma(builder, context);
  case CELL_CODE: /* 007, or 007,5 */
  case CELL_LONG_INTEGER:
    return builder->notes.is_asked_for;
  default:
    return false;
  }
}

/* A field that does not fit: missing where the kind was asked for, the end of the guess otherwise. */
static void refuse(struct column_builder *builder, const struct builder_context *context, const char *bytes,
                   size_t length)
{
  if (!builder->notes.is_asked_for) {
    fail(builder);
    return;
  }
  builder->numbers[context->row] = (double)NAN;
  builder->notes.n_unread++;
  sight(&builder->notes.unread, context->line, bytes, length);
}

/* The numbers that cell_parse_plain() leaves over. */
static void add_number(struct column_builder *builder, const struct builder_context *context, const char *bytes,
                       size_t length)
{
  double value;
  enum cell_form form = cell_classify(bytes, length, &value);
  const bool has_comma = memchr(bytes, ',', length) != NULL, has_point = memchr(bytes, '.', length) != NULL;
  if (form == CELL_LONG_INTEGER)
    sight(&builder->notes.long_integer, context->line, bytes, length);
  if (!fits_number(builder, context, form, has_point) || (has_comma && !admits_comma(builder, context))) {
    refuse(builder, context, bytes, length);
    return;
  }
  if (has_comma)
    sight(&builder->notes.comma, context->line, bytes, length);
  builder->notes.has_point |= has_point;
  builder->numbers[context->row] = value;
}

/* In a column that was asked for as dates, the form that was given is one too; without any, all of the column's texts must
 * be seen before their form is known: the second pass collects them. */
static void add_date(struct column_builder *builder, const struct builder_context *context, const char *bytes,
                     size_t length)
{
  double *days = &builder->numbers[context->row];
  if (date_parse(bytes, length, days) ||
      (context->date_format && date_format_parse(context->date_format, bytes, length, days)))
    return;
  if (context->date_format)
    refuse(builder, context, bytes, length);
  else
    fail(builder);
}

/* Blanks inside quotes belong to a text, but not to a number or date. */
static void trim(const char **bytes, size_t *length)
{
  while (*length && (**bytes == ' ' || **bytes == '\t')) {
    ++*bytes;
    --*length;
  }
  while (*length && ((*bytes)[*length - 1] == ' ' || (*bytes)[*length - 1] == '\t'))
    --*length;
}

/* Lets the first present field decide what the column is. */
static void decide(struct column_builder *builder, const struct builder_context *context, const char *bytes,
                   size_t length)
{
  double value;
  trim(&bytes, &length);
  enum cell_form form = cell_classify(bytes, length, &value);
  if (form == CELL_LONG_INTEGER)
    sight(&builder->notes.long_integer, context->line, bytes, length);
  if (form == CELL_DATE)
    become(builder, context, STATE_DATE);
  else if (fits_number(builder, context, form, false))
    become(builder, context, STATE_NUMBER);
  else
    become(builder, context, STATE_FACTOR);
}

static inline bool is_missing(const struct builder_context *context, const char *bytes, size_t length)
{
  if (length == 0 || (length == 1 && *bytes == '.') || (length == 2 && bytes[0] == 'N' && bytes[1] == 'A'))
    return true;
  return context->na->n && name_list_has(context->na, bytes, length);
}

void column_builder_add_missing(struct column_builder *builder, const struct builder_context *context)
{
  if (builder->notes.state == STATE_NUMBER || builder->notes.state == STATE_DATE)
    builder->numbers[context->row] = (double)NAN;
  else if (builder->notes.state == STATE_FACTOR)
    builder->codes[context->row] = 0;
}

void column_builder_add(struct column_builder *builder, struct builder_context *context, const struct csv_field *field)
{
  const char *bytes = field->bytes;
  size_t length = field->length;
  bool has_point;
  if (builder->notes.state >= STATE_FAILED)
    return;
  if (field->is_escaped) {
    csv_field_unescape(field, &context->scratch);
    bytes = context->scratch.bytes;
    length = context->scratch.length;
  }
  if (is_missing(context, bytes, length)) {
    column_builder_add_missing(builder, context);
    return;
  }
  if (builder->notes.state == STATE_NUMBER && !builder->notes.comma.line &&
      cell_parse_plain(bytes, length, &builder->numbers[context->row], &has_point)) {
    builder->notes.has_point |= has_point;
    return;
  }
  if (builder->notes.state == STATE_UNDECIDED)
    decide(builder, context, bytes, length);
  if (builder->notes.state == STATE_FACTOR) {
    builder->codes[context->row] = level_table_code(&builder->levels, bytes, length, context->line, field->is_escaped);
    return;
  }
  if (field->is_quoted)
    trim(&bytes, &length);
  if (length == 0)
    column_builder_add_missing(builder, context);
  else if (builder->notes.state == STATE_DATE)
    add_date(builder, context, bytes, length);
  else
    add_number(builder, context, bytes, length);
}
