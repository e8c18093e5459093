/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the builder to the column, and what a person should know about the way it was understood. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "data/cell.h"
#include "data/column_builder.h"

enum {
  MOST_ODD_LEVELS = 3, /* a column of numbers with more odd values than this was meant as a factor */
  SHOWN_BYTES = 40,    /* of a value in a message */
  LEAST_REGULAR = 90   /* per cent of the present rows that are numbers where odd values are pointed out */
};

static bool is_plain_name(const char *name)
{
  if (!*name || (*name >= '0' && *name <= '9') || *name == '.')
    return false;
  for (; *name; name++) {
    const bool is_letter = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') || (*name & 0x80);
    if (!is_letter && !(*name >= '0' && *name <= '9') && *name != '_' && *name != '.')
      return false;
  }
  return true;
}

/* The name as it is typed in a command: in backticks where it holds more than letters, digits, _ and points. */
static const char *typed_name(struct text *text, const char *name)
{
  const char *tick = is_plain_name(name) ? "" : "`";
  text_append_format(text, "%s%s%s", tick, name, tick);
  return text_string(text);
}

static void append_quoted(struct text *text, const char *bytes, size_t length)
{
  size_t shown = length;
  if (length > SHOWN_BYTES)
    for (shown = SHOWN_BYTES; shown > 0 && ((unsigned char)bytes[shown] & 0xC0) == 0x80;)
      shown--; /* not in the middle of a character */
  text_append_char(text, '"');
  text_append_bytes(text, bytes, shown);
  text_append(text, shown < length ? "…\"" : "\"");
}

/* A factor that is nearly all of one form, and the few levels that are not. */
struct odd_levels {
  uint32_t codes[MOST_ODD_LEVELS];
  size_t n;
};

static bool is_of_form(const struct level_entry *level, enum cell_form form)
{
  double value;
  return cell_classify(level->bytes, level->length, &value) == form;
}

/* Collects the levels that are not of the form; false where there are none or too many to be slips. */
static bool find_odd_levels(const struct level_table *levels, enum cell_form form, struct odd_levels *odd)
{
  odd->n = 0;
  for (size_t i = 0; i < levels->n; i++) {
    if (is_of_form(&levels->entries[i], form))
      continue;
    if (odd->n == MOST_ODD_LEVELS)
      return false;
    odd->codes[odd->n++] = (uint32_t)(i + 1);
  }
  return odd->n > 0 && odd->n < levels->n;
}

/* Whether the present rows are odd in at most one of ten. */
static bool are_rare(const struct odd_levels *odd, const uint32_t *codes, size_t n_rows)
{
  size_t n_present = 0, n_odd = 0;
  for (size_t row = 0; row < n_rows; row++) {
    n_present += codes[row] != 0;
    for (size_t i = 0; i < odd->n; i++)
      n_odd += codes[row] == odd->codes[i];
  }
  return n_odd * 100 <= n_present * (100 - LEAST_REGULAR);
}

static void warn_odd_levels(const struct column_builder *builder, const struct odd_levels *odd, const char *kind,
                            const char *option, struct load_report *report)
{
  struct text values = TEXT_INIT, name = TEXT_INIT;
  const struct level_entry *entries = builder->levels.entries;
  for (size_t i = 0; i < odd->n; i++) {
    const struct level_entry *entry = &entries[odd->codes[i] - 1];
    text_append(&values, i == 0 ? "" : i + 1 == odd->n ? " and " : ", ");
    append_quoted(&values, entry->bytes, entry->length);
    text_append_format(&values, " (line %u)", entry->first_line);
  }
  load_report_warn(report,
                   "line %u, column %s: the column is read as text because of %s; all other values are %s: "
                   "%s=%s makes %s missing",
                   entries[odd->codes[0] - 1].first_line, builder->name, text_string(&values), kind, option,
                   typed_name(&name, builder->name), odd->n == 1 ? "this one" : "these");
  text_clear(&values);
  text_clear(&name);
}

/* Where every level has a decimal comma or is a whole number, but the file's delimiter forbids to read it so. */
static bool has_decimal_commas(const struct level_table *levels, size_t *first)
{
  double value;
  *first = levels->n;
  for (size_t i = 0; i < levels->n; i++) {
    enum cell_form form = cell_classify(levels->entries[i].bytes, levels->entries[i].length, &value);
    if (form == CELL_COMMA_NUMBER && *first == levels->n)
      *first = i;
    else if (form != CELL_NUMBER && form != CELL_COMMA_NUMBER)
      return false;
  }
  return *first < levels->n;
}

static void warn_decimal_commas(const struct column_builder *builder, size_t first, struct load_report *report)
{
  const struct level_entry *entry = &builder->levels.entries[first];
  struct text value = TEXT_INIT;
  append_quoted(&value, entry->bytes, entry->length);
  load_report_warn(
      report,
      "line %u, column %s: %s has a comma, so the column is read as text; write all numbers with a decimal "
      "point (commas are read as such where semicolons separate the fields and no number has a point)",
      entry->first_line, builder->name, text_string(&value));
  text_clear(&value);
}

static void warn_about_factor(const struct column_builder *builder, size_t n_rows, struct load_report *report)
{
  struct odd_levels odd;
  size_t first;
  if (builder->is_asked_for)
    return;
  if (builder->long_integer.line) {
    struct text name = TEXT_INIT;
    load_report_warn(report,
                     "line %zu, column %s: \"%.40s\" has more digits than a number can hold, so the column is read as "
                     "text; numeric=%s rounds it",
                     builder->long_integer.line, builder->name, builder->long_integer.value,
                     typed_name(&name, builder->name));
    text_clear(&name);
  } else if (has_decimal_commas(&builder->levels, &first)) {
    warn_decimal_commas(builder, first, report);
  } else if (find_odd_levels(&builder->levels, CELL_NUMBER, &odd) && are_rare(&odd, builder->codes, n_rows)) {
    warn_odd_levels(builder, &odd, "numbers", "numeric", report);
  } else if (find_odd_levels(&builder->levels, CELL_DATE, &odd) && are_rare(&odd, builder->codes, n_rows)) {
    warn_odd_levels(builder, &odd, "dates", "date", report);
  }
}

static void warn_about_numbers(const struct column_builder *builder, struct load_report *report)
{
  if (builder->comma.line)
    load_report_warn(report, "line %zu, column %s: commas are read as decimal points (\"%.40s\")", builder->comma.line,
                     builder->name, builder->comma.value);
  if (!builder->n_unread)
    return;
  struct text value = TEXT_INIT;
  append_quoted(&value, builder->unread.value, strlen(builder->unread.value));
  load_report_warn(report, "line %zu, column %s: %s is not a %s; %zu such field%s read as missing",
                   builder->unread.line, builder->name, text_string(&value),
                   builder->state == BUILDER_DATE ? "date (YYYY-MM-DD)" : "number", builder->n_unread,
                   builder->n_unread == 1 ? " is" : "s are");
  text_clear(&value);
}

static struct column *finish_factor(struct column_builder *builder, size_t n_rows)
{
  const size_t n_levels = builder->levels.n;
  char **names = memory_resize(NULL, n_levels, sizeof *names);
  for (size_t i = 0; i < n_levels; i++)
    names[i] = memory_copy_bytes(builder->levels.entries[i].bytes, builder->levels.entries[i].length);
  level_table_clear(&builder->levels);
  return column_new_sorted_factor(builder->name, builder->codes, n_rows, names, n_levels);
}

/* Takes the numbers over; where nothing was present there are none yet. */
static struct column *finish_numbers(struct column_builder *builder, size_t n_rows)
{
  double *numbers = memory_resize(builder->numbers, n_rows, sizeof *numbers);
  builder->numbers = NULL;
  if (builder->state == BUILDER_UNDECIDED)
    for (size_t i = 0; i < n_rows; i++)
      numbers[i] = (double)NAN;
  return column_new_numbers(builder->name, builder->state == BUILDER_DATE ? COLUMN_DATE : COLUMN_NUMBER, numbers,
                            n_rows);
}

struct column *column_builder_finish(struct column_builder *builder, size_t n_rows, struct load_report *report)
{
  struct column *column;
  if (builder->state == BUILDER_FACTOR) {
    warn_about_factor(builder, n_rows, report);
    column = finish_factor(builder, n_rows);
  } else {
    if (builder->state == BUILDER_UNDECIDED && n_rows)
      load_report_warn(report, "column %s: all values are missing", builder->name);
    warn_about_numbers(builder, report);
    column = finish_numbers(builder, n_rows);
  }
  column_builder_clear(builder);
  return column;
}
