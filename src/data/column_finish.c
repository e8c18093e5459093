/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what was read to the column, and what a person should know about the way it was understood. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "data/cell.h"
#include "data/column_part.h"
#include "data/date.h"

enum {
  MOST_ODD_LEVELS = 3,   /* a column of few numbers with more odd values than this was meant as a factor */
  MANY_VALUES = 12,      /* so many different numbers are no codes */
  MOST_ODD_OF_FEW = 10,  /* per cent of the present rows that may be odd, of few different numbers */
  MOST_ODD_OF_MANY = 25, /* and of many */
  LEAST_ROWS = 10,       /* from which a single negative number is odd */
  MOST_SHOWN_LEVELS = 3,
  SHOWN_BYTES = 40, /* of a value in a message */
  BLOCK_ROWS = 512
};

/* The column that is made. */
struct subject {
  const char *name;
  struct column_part *part; /* all rows of it */
  struct task *task;
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

/* A factor that is nearly all of one form: how many rows are, and the first levels that are not. */
struct odd_levels {
  uint32_t codes[MOST_SHOWN_LEVELS];
  size_t n;         /* in codes */
  size_t n_all;     /* levels that are not of the form */
  size_t n_present, n_odd; /* rows */
};

static bool is_of_form(const struct level_entry *level, enum cell_form form)
{
  double value;
  return cell_classify(level->bytes, level->length, &value) == form;
}

/* How many rows each code has, and how many any.  The caller's to free. */
static uint32_t *count_codes(const struct subject *subject, size_t *n_present)
{
  uint32_t *counts = memory_new(subject->part->levels.n + 1, sizeof *counts);
  code_pack_count(&subject->part->codes, counts);
  *n_present = subject->part->n_rows - counts[0];
  return counts;
}

/* Whether a column of texts was meant to be of the form: few levels in at most a tenth of the rows are odd, or, among many
 * different values, at most a quarter of the rows. */
static bool is_nearly(const struct subject *subject, enum cell_form form, struct odd_levels *odd)
{
  const struct level_table *levels = &subject->part->levels;
  bool *is_odd = memory_new(levels->n + 1, sizeof *is_odd);
  *odd = (struct odd_levels){.n = 0};
  for (size_t i = 0; i < levels->n; i++) {
    is_odd[i + 1] = !is_of_form(&levels->entries[i], form);
    if (is_odd[i + 1] && odd->n_all++ < MOST_SHOWN_LEVELS)
      odd->codes[odd->n++] = (uint32_t)(i + 1);
  }
  if (odd->n_all && odd->n_all < levels->n) {
    uint32_t *counts = count_codes(subject, &odd->n_present);
    for (size_t i = 1; i <= levels->n; i++)
      odd->n_odd += is_odd[i] ? counts[i] : 0;
    free(counts);
  }
  free(is_odd);
  const size_t n_regular = levels->n - odd->n_all;
  const size_t most = n_regular >= MANY_VALUES ? MOST_ODD_OF_MANY : odd->n_all <= MOST_ODD_LEVELS ? MOST_ODD_OF_FEW : 0;
  return odd->n_odd && n_regular && odd->n_odd * 100 <= odd->n_present * most;
}

static void warn_odd_levels(const struct subject *subject, const struct odd_levels *odd, const char *kind,
                            const char *option, struct load_report *report)
{
  struct text values = TEXT_INIT, name = TEXT_INIT;
  const struct level_entry *entries = subject->part->levels.entries;
  for (size_t i = 0; i < odd->n; i++) {
    const struct level_entry *entry = &entries[odd->codes[i] - 1];
    text_append(&values, i == 0 ? "" : ", ");
    append_quoted(&values, entry->bytes, entry->length);
  }
  load_report_warn(report,
                   "line %u, column %s: %zu of %zu values are %s, %zu %s not (%s%s), so the column is read as text: "
                   "%s=\"%s\" reads %s as missing",
                   entries[odd->codes[0] - 1].first_line, subject->name, odd->n_present - odd->n_odd, odd->n_present, kind,
                   odd->n_odd, odd->n_odd == 1 ? "is" : "are", text_string(&values), odd->n_all > odd->n ? ", …" : "", option,
                   typed_name(&name, subject->name), odd->n_odd == 1 ? "this one" : "these");
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

static void warn_decimal_commas(const struct subject *subject, size_t first, struct load_report *report)
{
  const struct level_entry *entry = &subject->part->levels.entries[first];
  struct text value = TEXT_INIT;
  append_quoted(&value, entry->bytes, entry->length);
  load_report_warn(
      report,
      "line %u, column %s: %s has a comma, so the column is read as text; write all numbers with a decimal "
      "point (commas are read as such where semicolons separate the fields and no number has a point)",
      entry->first_line, subject->name, text_string(&value));
  text_clear(&value);
}

/* Words that stand for nothing but a missing value; "unknown" may be a level of its own. */
static bool is_missing_word(const struct level_entry *level)
{
  static const char *const words[] = {"n/a", "#n/a", "na", "nan", "null", "none given", "missing", "k.a.", "?", "-", "--",
                                      "-9", "-99", "-999", "-9999"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (level->length == strlen(words[i]) && strncasecmp(level->bytes, words[i], level->length) == 0)
      return true;
  return false;
}

static void warn_missing_words(const struct subject *subject, struct load_report *report)
{
  struct text quoted = TEXT_INIT, words = TEXT_INIT;
  size_t line = 0;
  for (size_t i = 0; i < subject->part->levels.n && subject->part->levels.n > 1; i++) {
    const struct level_entry *entry = &subject->part->levels.entries[i];
    if (!is_missing_word(entry))
      continue;
    line = line ? line : entry->first_line;
    text_append(&quoted, quoted.length ? ", " : "");
    append_quoted(&quoted, entry->bytes, entry->length);
    text_append(&words, words.length ? "," : "");
    text_append_bytes(&words, entry->bytes, entry->length);
  }
  if (line)
    load_report_warn(report, "line %zu, column %s: %s is read as a level; if it means missing: na=\"%s\"", line, subject->name,
                     text_string(&quoted), text_string(&words));
  text_clear(&quoted);
  text_clear(&words);
}

/* A negative code such as -9, the least number, among numbers that are else not negative. */
static void warn_missing_code(const struct column *column, double least, struct load_report *report)
{
  static const double codes[] = {-9, -99, -999, -9999};
  size_t n = 0, n_negative = 0;
  bool is_code = false;
  for (size_t i = 0; i < 4; i++)
    is_code |= least == codes[i];
  for (size_t row = 0; row < column_n_rows(column) && is_code; row++) {
    n_negative += column_number(column, row) < 0;
    n += column_number(column, row) == least;
  }
  if (is_code && n == n_negative && column_n_rows(column) >= LEAST_ROWS)
    load_report_warn(report, "column %s: %g occurs %zu time%s, and no other value is negative; if it means missing: na=\"%g\"",
                     column->name, least, n, n == 1 ? "" : "s", least);
}

static void warn_about_factor(const struct subject *subject, struct load_report *report)
{
  struct odd_levels odd;
  size_t first;
  if (subject->part->notes.is_asked_for)
    return;
  if (subject->part->notes.long_integer.line) {
    struct text name = TEXT_INIT;
    load_report_warn(report,
                     "line %zu, column %s: \"%.40s\" has more digits than a number can hold, so the column is read as "
                     "text; numeric=%s rounds it",
                     subject->part->notes.long_integer.line, subject->name, subject->part->notes.long_integer.value,
                     typed_name(&name, subject->name));
    text_clear(&name);
  } else if (has_decimal_commas(&subject->part->levels, &first)) {
    warn_decimal_commas(subject, first, report);
  } else if (is_nearly(subject, CELL_NUMBER, &odd)) {
    warn_odd_levels(subject, &odd, "numbers", "numeric", report);
  } else if (is_nearly(subject, CELL_DATE, &odd)) {
    warn_odd_levels(subject, &odd, "dates", "date", report);
  } else {
    warn_missing_words(subject, report);
  }
}

static void warn_about_numbers(const struct subject *subject, struct load_report *report)
{
  if (subject->part->notes.comma.line)
    load_report_warn(report, "line %zu, column %s: commas are read as decimal points (\"%.40s\")", subject->part->notes.comma.line,
                     subject->name, subject->part->notes.comma.value);
  if (!subject->part->notes.n_unread)
    return;
  struct text value = TEXT_INIT;
  append_quoted(&value, subject->part->notes.unread.value, strlen(subject->part->notes.unread.value));
  load_report_warn(report, "line %zu, column %s: %s is not a %s; %zu such field%s read as missing",
                   subject->part->notes.unread.line, subject->name, text_string(&value),
                   subject->part->notes.state == STATE_DATE ? "date" : "number", subject->part->notes.n_unread,
                   subject->part->notes.n_unread == 1 ? " is" : "s are");
  text_clear(&value);
}

static struct column *finish_factor(const struct subject *subject)
{
  struct level_table *levels = &subject->part->levels;
  const size_t n_levels = levels->n;
  char **names = memory_resize(NULL, n_levels, sizeof *names);
  for (size_t i = 0; i < n_levels; i++)
    names[i] = memory_copy_bytes(levels->entries[i].bytes, levels->entries[i].length);
  level_table_clear(levels);
  return column_new_packed_factor(subject->name, &subject->part->codes, names, n_levels, subject->task);
}

/* Where nothing was present there are no numbers yet. */
static struct column *finish_numbers(const struct subject *subject)
{
  struct number_pack *numbers = &subject->part->numbers;
  if (subject->part->notes.state == STATE_UNDECIDED)
    number_pack_append_missing(numbers, subject->part->n_rows);
  const bool is_date = subject->part->notes.state == STATE_DATE;
  return column_new_packed(subject->name, is_date ? COLUMN_DATE : COLUMN_NUMBER, numbers);
}

/* ---- texts that are dates ---- */

/* How many present rows are dates of a form, each level read once; none where the first level is not (unless the column was
 * asked for as dates), so that a million texts are not read in vain. */
static size_t count_dates(const struct subject *subject, const struct date_format *format, const uint32_t *counts)
{
  const struct level_entry *first = subject->part->levels.entries;
  size_t n = 0;
  double days;
  if (!subject->part->notes.wants_date && !date_format_parse(format, first->bytes, first->length, &days))
    return 0;
  for (size_t i = 0; i < subject->part->levels.n; i++) {
    const struct level_entry *entry = &subject->part->levels.entries[i];
    n += date_format_parse(format, entry->bytes, entry->length, &days) ? counts[i + 1] : 0;
  }
  return n;
}

/* The form that most rows are dates of; *other is one that as many are of, with day and month in the other order. */
static const struct date_format *find_format(const struct subject *subject, const uint32_t *counts, size_t *most,
                                             const struct date_format **other)
{
  const struct date_format *found = NULL;
  *most = 0;
  *other = NULL;
  for (const struct date_format *format = date_formats; format->name; format++) {
    const size_t n = count_dates(subject, format, counts);
    if (n == *most && n)
      *other = format;
    if (n <= *most)
      continue;
    *most = n;
    *other = NULL;
    found = format;
  }
  return found;
}

/* The dates of the levels in that form or as YYYY-MM-DD, by code; what is neither is missing, and seen as unread. */
static struct column *finish_dates(const struct subject *subject, const struct date_format *format, const uint32_t *counts)
{
  const struct level_table *levels = &subject->part->levels;
  struct column_notes *notes = &subject->part->notes;
  double *days = memory_new(levels->n + 1, sizeof *days);
  days[0] = (double)NAN;
  for (size_t i = 0; i < levels->n; i++) {
    const struct level_entry *entry = &levels->entries[i];
    if (date_parse(entry->bytes, entry->length, &days[i + 1]) ||
        (format && date_format_parse(format, entry->bytes, entry->length, &days[i + 1])))
      continue;
    days[i + 1] = (double)NAN;
    if (!notes->n_unread)
      notes->unread = (struct column_sighting){entry->first_line, memory_copy_bytes(entry->bytes, entry->length)};
    notes->n_unread += counts[i + 1];
  }
  const struct code_pack *codes = &subject->part->codes;
  struct number_pack pack = NUMBER_PACK_INIT;
  number_pack_expect(&pack, codes->n);
  for (size_t first = 0; first < codes->n; first += BLOCK_ROWS) {
    const size_t n = codes->n - first < BLOCK_ROWS ? codes->n - first : BLOCK_ROWS;
    double numbers[BLOCK_ROWS];
    for (size_t i = 0; i < n; i++)
      numbers[i] = days[code_pack_at(codes, first + i)];
    struct number_pack part = number_pack_of(numbers, n);
    number_pack_append(&pack, &part);
    number_pack_clear(&part);
  }
  free(days);
  return column_new_packed(subject->name, COLUMN_DATE, &pack);
}

static void say_format(const struct subject *subject, const struct date_format *format, struct load_report *report)
{
  struct text value = TEXT_INIT;
  append_quoted(&value, subject->part->levels.entries[0].bytes, subject->part->levels.entries[0].length);
  load_report_warn(report, "line %u, column %s: read as dates of the form %s (%s)", subject->part->levels.entries[0].first_line,
                   subject->name, format->name, text_string(&value));
  text_clear(&value);
}

static void say_doubt(const struct subject *subject, const struct date_format *format,
                      const struct date_format *other, struct load_report *report)
{
  struct text value = TEXT_INIT;
  append_quoted(&value, subject->part->levels.entries[0].bytes, subject->part->levels.entries[0].length);
  load_report_warn(report,
                   "line %u, column %s: %s and all others may be %s or %s, so the column is read as text: dateformat=\"%s\" "
                   "or dateformat=\"%s\" says which",
                   subject->part->levels.entries[0].first_line, subject->name, text_string(&value), format->name, other->name,
                   format->name, other->name);
  text_clear(&value);
}

static void say_nearly(const struct subject *subject, const struct date_format *format, size_t n_dates,
                       size_t n_present, struct load_report *report)
{
  struct text name = TEXT_INIT;
  load_report_warn(report, "column %s: %zu of %zu values are dates of the form %s, so the column is read as text: date=\"%s\" "
                           "reads the others as missing", subject->name, n_dates, n_present, format->name,
                   typed_name(&name, subject->name));
  text_clear(&name);
}

/* The column of texts as dates, where it was asked for or all are dates of one form; NULL where they stay texts. */
static struct column *try_dates(const struct subject *subject, const struct date_format *asked, struct load_report *report)
{
  const struct level_table *levels = &subject->part->levels;
  const struct column_notes *notes = &subject->part->notes;
  size_t n_present, most = 0;
  double days;
  const struct level_entry *first = levels->entries;
  const struct date_format *format = asked, *other = NULL;
  if (!levels->n || (notes->is_asked_for && !notes->wants_date))
    return NULL;
  if (!notes->wants_date && !(first->length >= 8 && first->length <= 10 && first->bytes[0] >= '0' && first->bytes[0] <= '9'))
    return NULL;
  uint32_t *counts = count_codes(subject, &n_present);
  if (format)
    most = count_dates(subject, format, counts);
  if (!format || (!notes->wants_date && most < n_present)) /* what was given is of another column */
    format = find_format(subject, counts, &most, &other);
  struct column *column = NULL;
  if (other && (notes->wants_date || most == n_present))
    say_doubt(subject, format, other, report);
  else if (notes->wants_date || (format && most == n_present))
    column = finish_dates(subject, format, counts);
  else if (format && most * 100 >= n_present * (100 - MOST_ODD_OF_FEW))
    say_nearly(subject, format, most, n_present, report);
  if (column && format && !date_parse(first->bytes, first->length, &days))
    say_format(subject, format, report);
  free(counts);
  return column;
}

struct column *column_part_finish(struct column_part *whole, const char *name, const struct date_format *date_format,
                                  struct load_report *report, struct task *task)
{
  const struct subject subject = {name, whole, task};
  struct column *column = whole->notes.state == STATE_FACTOR ? try_dates(&subject, date_format, report) : NULL;
  if (column) {
    whole->notes.state = STATE_DATE;
    warn_about_numbers(&subject, report);
  } else if (whole->notes.state == STATE_FACTOR) {
    warn_about_factor(&subject, report);
    column = finish_factor(&subject);
  } else {
    if (whole->notes.state == STATE_UNDECIDED && whole->n_rows)
      load_report_warn(report, "column %s: all values are missing", name);
    warn_about_numbers(&subject, report);
    const bool is_number = whole->notes.state == STATE_NUMBER;
    const double least = is_number ? number_pack_least(&whole->numbers) : 0;
    column = finish_numbers(&subject);
    if (is_number)
      warn_missing_code(column, least, report);
  }
  column_part_clear(whole);
  return column;
}
