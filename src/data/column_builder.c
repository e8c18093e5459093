/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading fields into a column; column_finish.c makes the column and says what was noticed. */
#include "data/column_builder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "data/cell.h"
#include "data/date.h"

void column_builder_init(struct column_builder *builder, const char *name)
{
  *builder = (struct column_builder){.name = name, .levels = LEVEL_TABLE_INIT};
}

void column_builder_clear(struct column_builder *builder)
{
  free(builder->numbers);
  free(builder->codes);
  free(builder->comma.value);
  free(builder->unread.value);
  free(builder->long_integer.value);
  level_table_clear(&builder->levels);
  *builder = (struct column_builder){.state = BUILDER_DONE};
}

static void start_numbers(struct column_builder *builder, const struct builder_context *context,
                          enum builder_state state)
{
  builder->state = state;
  builder->numbers = memory_resize(NULL, context->capacity, sizeof *builder->numbers);
  for (size_t i = 0; i < context->row; i++)
    builder->numbers[i] = (double)NAN;
}

static void start_codes(struct column_builder *builder, const struct builder_context *context)
{
  builder->state = BUILDER_FACTOR;
  builder->codes = memory_new(context->capacity, sizeof *builder->codes);
}

void column_builder_ask(struct column_builder *builder, const struct builder_context *context, enum column_kind kind)
{
  builder->is_asked_for = true;
  builder->wants_date = kind == COLUMN_DATE;
  if (kind == COLUMN_FACTOR)
    start_codes(builder, context);
  else
    start_numbers(builder, context, kind == COLUMN_DATE ? BUILDER_DATE : BUILDER_NUMBER);
}

void column_builder_restart(struct column_builder *builder, const struct builder_context *context)
{
  start_codes(builder, context);
}

void column_builder_grow(struct column_builder *builder, const struct builder_context *context)
{
  if (builder->numbers)
    builder->numbers = memory_resize(builder->numbers, context->capacity, sizeof *builder->numbers);
  if (builder->codes)
    builder->codes = memory_resize(builder->codes, context->capacity, sizeof *builder->codes);
}

static void fail(struct column_builder *builder)
{
  free(builder->numbers);
  builder->numbers = NULL;
  builder->state = BUILDER_FAILED;
}

static void sight(struct builder_sighting *sighting, size_t line, const char *bytes, size_t length)
{
  if (sighting->line)
    return;
  sighting->line = line;
  sighting->value = memory_copy_bytes(bytes, length);
}

/* Whether a column of numbers, which has held whole numbers or decimal commas so far, can hold this form too. */
static bool admits_comma(const struct column_builder *builder, const struct builder_context *context)
{
  return context->decimal_commas && !builder->has_point;
}

static bool fits_number(const struct column_builder *builder, const struct builder_context *context,
                        enum cell_form form, bool has_point)
{
  switch (form) {
  case CELL_NUMBER:
    return !(has_point && builder->comma.line);
  case CELL_COMMA_NUMBER:
    return admits_comma(builder, context);
  case CELL_CODE: /* 007, or 007,5 */
  case CELL_LONG_INTEGER:
    return builder->is_asked_for;
  default:
    return false;
  }
}

/* A field that does not fit: missing where the kind was asked for, the end of the guess otherwise. */
static void refuse(struct column_builder *builder, const struct builder_context *context, const char *bytes,
                   size_t length)
{
  if (!builder->is_asked_for) {
    fail(builder);
    return;
  }
  builder->numbers[context->row] = (double)NAN;
  builder->n_unread++;
  sight(&builder->unread, context->line, bytes, length);
}

/* The numbers that cell_parse_plain() leaves over. */
static void add_number(struct column_builder *builder, const struct builder_context *context, const char *bytes,
                       size_t length)
{
  double value;
  enum cell_form form = cell_classify(bytes, length, &value);
  const bool has_comma = memchr(bytes, ',', length) != NULL, has_point = memchr(bytes, '.', length) != NULL;
  if (form == CELL_LONG_INTEGER)
    sight(&builder->long_integer, context->line, bytes, length);
  if (!fits_number(builder, context, form, has_point) || (has_comma && !admits_comma(builder, context))) {
    refuse(builder, context, bytes, length);
    return;
  }
  if (has_comma)
    sight(&builder->comma, context->line, bytes, length);
  builder->has_point |= has_point;
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
    sight(&builder->long_integer, context->line, bytes, length);
  if (form == CELL_DATE)
    start_numbers(builder, context, BUILDER_DATE);
  else if (fits_number(builder, context, form, false))
    start_numbers(builder, context, BUILDER_NUMBER);
  else
    start_codes(builder, context);
}

static inline bool is_missing(const struct builder_context *context, const char *bytes, size_t length)
{
  if (length == 0 || (length == 1 && *bytes == '.') || (length == 2 && bytes[0] == 'N' && bytes[1] == 'A'))
    return true;
  return context->na.n && name_list_has(&context->na, bytes, length);
}

void column_builder_add_missing(struct column_builder *builder, const struct builder_context *context)
{
  if (builder->state == BUILDER_NUMBER || builder->state == BUILDER_DATE)
    builder->numbers[context->row] = (double)NAN;
  else if (builder->state == BUILDER_FACTOR)
    builder->codes[context->row] = 0;
}

void column_builder_add(struct column_builder *builder, struct builder_context *context, const struct csv_field *field)
{
  const char *bytes = field->bytes;
  size_t length = field->length;
  bool has_point;
  if (builder->state >= BUILDER_FAILED)
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
  if (builder->state == BUILDER_NUMBER && !builder->comma.line &&
      cell_parse_plain(bytes, length, &builder->numbers[context->row], &has_point)) {
    builder->has_point |= has_point;
    return;
  }
  if (builder->state == BUILDER_UNDECIDED)
    decide(builder, context, bytes, length);
  if (builder->state == BUILDER_FACTOR) {
    builder->codes[context->row] = level_table_code(&builder->levels, bytes, length, context->line, field->is_escaped);
    return;
  }
  if (field->is_quoted)
    trim(&bytes, &length);
  if (length == 0)
    column_builder_add_missing(builder, context);
  else if (builder->state == BUILDER_DATE)
    add_date(builder, context, bytes, length);
  else
    add_number(builder, context, bytes, length);
}
