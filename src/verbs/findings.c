/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/findings.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/sort.h"
#include "stats/survival_data.h"
#include "verbs/printing.h"

/* ---- a column's values ---- */

double *members_values(const struct state *state, const struct column *column, size_t *n)
{
  const struct bitmap *rows = &state->members->rows;
  double *values = memory_new(state->members->count, sizeof *values);
  *n = 0;
  for (size_t row = 0; row < rows->n; row++)
    if (bitmap_has(rows, row) && !column_is_missing(column, row))
      values[(*n)++] = column_number(column, row);
  sort_numbers(values, *n);
  return values;
}

/* How many members have each level; counts[0] have none.  The caller frees them. */
static size_t *level_counts(const struct state *state, const struct column *column)
{
  size_t *counts = memory_new(column->n_levels + 1, sizeof *counts);
  for (size_t row = 0; row < state->members->rows.n; row++)
    if (bitmap_has(&state->members->rows, row))
      counts[column_code(column, row)]++;
  return counts;
}

/* Whether one of the words stands in a name; a word of up to two letters, as a part between underscores and the like. */
static bool name_has(const char *name, const char *const *words)
{
  for (; *words; words++) {
    const size_t length = strlen(*words);
    for (const char *at = strcasestr(name, *words); at; at = strcasestr(at + 1, *words))
      if (length > 2 || ((at == name || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[length])))
        return true;
  }
  return false;
}

enum column_role column_role_of(const struct state *state, const struct column *column)
{
  static const char *const ids[] = {"id", "patient_no", "mrn", "record", "identifier", NULL};
  static const char *const times[] = {"month", "days", "years", "time", "surv", "follow", "os", "pfs", "dfs", NULL};
  static const char *const events[] = {"death", "dead",    "died",     "event", "status", "censor",
                                       "relaps", "recurren", "progress", "vital", NULL};
  size_t distinct = 0, n = 0;
  if (name_has(column->name, ids))
    return ROLE_ID;
  if (column->kind == COLUMN_FACTOR) {
    size_t *counts = level_counts(state, column);
    for (size_t level = 1; level <= column->n_levels; level++)
      distinct += counts[level] > 0;
    free(counts);
  } else if (column->kind == COLUMN_NUMBER) {
    double *values = members_values(state, column, &n);
    for (size_t i = 0; i < n && distinct < 4; i++)
      distinct += i == 0 || values[i] != values[i - 1];
    free(values);
  }
  if (distinct >= 2 && distinct <= 3 && name_has(column->name, events))
    return ROLE_EVENT;
  return column->kind == COLUMN_NUMBER && distinct > 3 && name_has(column->name, times) ? ROLE_TIME : ROLE_NONE;
}

/* ---- the findings ---- */

void findings_init(struct findings *findings)
{
  static const char *const columns[] = {"column", "n", NULL};
  findings->table = table_new("describe_findings", "column finding n");
  findings->printed = printing_table("Worth a second look", columns);
  printed_table_add_column(findings->printed, "finding", ALIGN_LEFT);
}

static void add(struct findings *findings, const char *column, size_t n, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static void add(struct findings *findings, const char *column, size_t n, const char *format, ...)
{
  struct text text = TEXT_INIT;
  va_list arguments;
  va_start(arguments, format);
  text_append_vformat(&text, format, arguments);
  va_end(arguments);
  table_add_text(findings->table, column);
  table_add_text(findings->table, text_string(&text));
  table_add_number(findings->table, (double)n);
  printed_table_begin_row(findings->printed, PRINTED_ROW);
  printed_table_set(findings->printed, 0, "%s", column);
  printed_table_set(findings->printed, 1, "%zu", n);
  printed_table_set(findings->printed, 2, "%s", text_string(&text));
  text_clear(&text);
}

void findings_hand_over(struct findings *findings, struct report *report)
{
  report_add_table(report, findings->table);
  if (table_n_rows(findings->table)) {
    report_add_printed(report, findings->printed);
    return;
  }
  printed_table_free(findings->printed);
  report_add_note(report, "Nothing stands out: no empty or constant column, no code that looks like a missing value.");
}

/* Whether keep or drop asked for the column. */
static bool is_asked_for(const struct state *state, const struct column *column)
{
  for (size_t i = 0; i < state->n_steps; i++)
    if (strstr(state->steps[i].command, column->name))
      return true;
  return false;
}

/* One value in all: no news where the exclusions made it so, and no use in a model. */
static void add_constant(const struct state *state, const struct column *column, size_t n, const char *value,
                         struct findings *findings)
{
  add(findings, column->name, n, "constant: always %s%s", value, is_asked_for(state, column) ? ", by keep or drop" : "");
}

/* Nobody, or few, have a value; true where there is nothing else to look at. */
static bool look_presence(const struct state *state, const struct column *column, size_t present, struct findings *findings)
{
  const size_t n = state->members->count;
  if (!present && n)
    add(findings, column->name, n, "empty: nobody has a value");
  else if (present * 10 < n)
    add(findings, column->name, n - present, "nearly empty: %zu of %zu have a value", present, n);
  return !present;
}

/* ---- numbers ---- */

struct distinct {
  double value;
  size_t count;
};

/* The distinct values, ascending; the caller frees them. */
static struct distinct *distinct_values(const double *values, size_t n, size_t *n_distinct)
{
  struct distinct *distinct = NULL;
  size_t capacity = 0;
  *n_distinct = 0;
  for (size_t i = 0; i < n; i++) {
    if (i && values[i] == values[i - 1]) {
      distinct[*n_distinct - 1].count++;
      continue;
    }
    const struct distinct one = {values[i], 1};
    MEMORY_APPEND(distinct, *n_distinct, capacity, one);
  }
  return distinct;
}

static bool is_nines(double value)
{
  return value == 9 || value == 99 || value == 999 || value == 9999 || value == 99999;
}

/* 9, 99, 999 above all others by half, or -1, -9, -99 below numbers that are not negative. */
static void look_codes(const struct column *column, const struct distinct *values, size_t n, struct findings *findings)
{
  if (n < 2)
    return;
  const struct distinct *low = &values[0], *high = &values[n - 1];
  if (is_nines(high->value) && values[n - 2].value <= high->value / 2)
    add(findings, column->name, high->count, "%g stands alone above the others: a missing value? (na=%g when loading)",
        high->value, high->value);
  if ((low->value == -1 || is_nines(-low->value)) && values[1].value >= 0)
    add(findings, column->name, low->count, "%g stands alone below the others: a missing value? (na=%g when loading)",
        low->value, low->value);
}

enum { FEW_VALUES = 6, REPEATS = 5 };

/* Whole numbers of few values, each often: perhaps codes. */
static void look_few(const struct column *column, const struct distinct *values, size_t n, size_t present,
                     struct findings *findings)
{
  const bool is_truth = n == 2 && values[0].value == 0 && values[1].value == 1;
  struct text list = TEXT_INIT;
  bool whole = n >= 2 && n <= FEW_VALUES && present >= n * REPEATS && !is_truth;
  for (size_t i = 0; i < n && whole; i++) {
    whole = values[i].value == floor(values[i].value);
    text_append_format(&list, "%s%.10g", i ? " " : "", values[i].value);
  }
  if (whole)
    add(findings, column->name, present, "a number of %zu values: a factor? levels %s %s", n, column->name,
        text_string(&list));
  text_clear(&list);
}

static void look_id(const struct column *column, size_t repeated, size_t distinct, struct findings *findings)
{
  if (repeated)
    add(findings, column->name, repeated, "an id with %zu different values: some come more than once", distinct);
}

static void look_number(const struct state *state, const struct column *column, struct findings *findings)
{
  const enum column_role role = column_role_of(state, column);
  size_t n, n_distinct, negative = 0;
  double *values = members_values(state, column, &n);
  struct distinct *distinct = distinct_values(values, n, &n_distinct);
  if (!look_presence(state, column, n, findings)) {
    struct text only = TEXT_INIT;
    number_append_short(&only, values[0]);
    if (n_distinct == 1 && n > 1)
      add_constant(state, column, n, text_string(&only), findings);
    text_clear(&only);
    look_codes(column, distinct, n_distinct, findings);
    if (role != ROLE_EVENT && role != ROLE_ID)
      look_few(column, distinct, n_distinct, n, findings);
    if (role == ROLE_ID)
      look_id(column, n - n_distinct, n_distinct, findings);
    while (negative < n && values[negative] < 0)
      negative++;
    if (role == ROLE_TIME && negative)
      add(findings, column->name, negative, "negative, down to %.6g: times have a beginning", values[0]);
  }
  free(distinct);
  free(values);
}

/* ---- factors ---- */

static bool is_missing_word(const char *name)
{
  static const char *const words[] = {"9",  "99", "999", "-9",      "-99", "NA",      "N/A",     "n/a",          ".",
                                      "?",  "-",  "nan", "unknown", "unk", "missing", "not known", "not available", NULL};
  for (const char *const *word = words; *word; word++)
    if (strcasecmp(name, *word) == 0)
      return true;
  return false;
}

/* Whether two names are one but for letter case and blanks. */
static bool same_but_for_form(const char *a, const char *b)
{
  while (true) {
    a += strspn(a, " ");
    b += strspn(b, " ");
    if (!*a || !*b || tolower((unsigned char)*a) != tolower((unsigned char)*b))
      return !*a && !*b;
    a++;
    b++;
  }
}

enum { MANY_LEVELS = 50 }; /* with more of them pairs are not compared */

static void look_forms(const struct column *column, const size_t *counts, struct findings *findings)
{
  for (size_t a = 0; a < column->n_levels && column->n_levels <= MANY_LEVELS; a++)
    for (size_t b = a + 1; b < column->n_levels; b++)
      if (counts[a + 1] && counts[b + 1] && same_but_for_form(column->levels[a].name, column->levels[b].name))
        add(findings, column->name, counts[a + 1] + counts[b + 1], "\"%s\" and \"%s\" differ in case or blanks alone",
            column->levels[a].name, column->levels[b].name);
}

/* Text that is numbers but for a few: "12,5" or ">100" in one row makes all of it text.  True where it is. */
static bool look_numbers_as_text(const struct column *column, const size_t *counts, struct findings *findings)
{
  size_t numbers = 0, others = 0, used = 0;
  const char *other = NULL;
  for (size_t level = 0; level < column->n_levels; level++) {
    const char *name = column->levels[level].name;
    double value;
    if (!counts[level + 1])
      continue;
    used++;
    if (number_parse(name, strlen(name), &value)) {
      numbers++;
      continue;
    }
    others += counts[level + 1];
    other = other ? other : name;
  }
  if (used <= FEW_VALUES || numbers * 5 < used * 4 || !other)
    return false;
  add(findings, column->name, others, "text, though %zu of %zu values are numbers; the first other is \"%s\"", numbers, used,
      other);
  return true;
}

static void look_factor(const struct state *state, const struct column *column, struct findings *findings)
{
  size_t *counts = level_counts(state, column);
  size_t present = 0, used = 0;
  const char *only = "";
  for (size_t level = 0; level < column->n_levels; level++) {
    present += counts[level + 1];
    used += counts[level + 1] > 0;
    only = counts[level + 1] ? column->levels[level].name : only;
  }
  if (!look_presence(state, column, present, findings)) {
    if (used == 1 && present > 1)
      add_constant(state, column, present, only, findings);
    const bool is_numbers = look_numbers_as_text(column, counts, findings);
    for (size_t level = 0; level < column->n_levels && used > 1 && !is_numbers; level++)
      if (counts[level + 1] && is_missing_word(column->levels[level].name))
        add(findings, column->name, counts[level + 1], "the level \"%s\": a missing value?", column->levels[level].name);
    look_forms(column, counts, findings);
    if (column_role_of(state, column) == ROLE_ID)
      look_id(column, present - used, used, findings);
  }
  free(counts);
}

/* ---- dates ---- */

/* The date of the last contact: the first date whose name says so; NULL where none does. */
static const struct column *last_contact(const struct state *state)
{
  static const char *const words[] = {"last", "follow", "death", "censor", "contact", NULL};
  for (size_t i = 0; i < state->cohort->n_columns; i++)
    if (state->cohort->columns[i]->kind == COLUMN_DATE && name_has(state->cohort->columns[i]->name, words))
      return state->cohort->columns[i];
  return NULL;
}

static void look_date(const struct state *state, const struct column *column, struct findings *findings)
{
  const struct column *last = last_contact(state);
  size_t n, after = 0;
  double *values = members_values(state, column, &n);
  if (!look_presence(state, column, n, findings) && n > 1 && values[0] == values[n - 1])
    add(findings, column->name, n, "constant: one date");
  free(values);
  for (size_t row = 0; row < state->members->rows.n && last && last != column; row++)
    after += bitmap_has(&state->members->rows, row) && !column_is_missing(column, row) && !column_is_missing(last, row) &&
             column_number(column, row) > column_number(last, row);
  if (after)
    add(findings, column->name, after, "after %s: in the future of the patient", last->name);
}

void findings_look(const struct state *state, const struct column *column, struct findings *findings)
{
  if (column->kind == COLUMN_FACTOR)
    look_factor(state, column, findings);
  else if (column->kind == COLUMN_DATE)
    look_date(state, column, findings);
  else
    look_number(state, column, findings);
}

void findings_look_endpoint(const struct state *state, const struct endpoint *endpoint, struct findings *findings)
{
  static const char *const why[N_LEFT_OUT] = {
      [LEFT_OUT_NO_TIME] = "no outcome: the time is missing",
      [LEFT_OUT_NO_STATUS] = "no outcome: whether the event happened is missing",
      [LEFT_OUT_EMPTY_INTERVAL] = "no outcome: a negative time, or one that ends before it begins",
      [LEFT_OUT_BEFORE_LANDMARK] = "no outcome: before the landmark"};
  size_t left_out[N_LEFT_OUT] = {0}, zero = 0, negative = 0, events = 0, n = 0;
  for (size_t row = 0; row < endpoint->n_rows; row++) {
    if (!bitmap_has(&state->members->rows, row))
      continue;
    if (isnan(endpoint->time[row])) {
      left_out[endpoint->status[row]]++;
      continue;
    }
    n++;
    zero += endpoint->time[row] == 0;
    negative += endpoint->time[row] < 0;
    events += endpoint->status[row] == STATUS_EVENT;
  }
  for (size_t i = 0; i < N_LEFT_OUT; i++)
    if (left_out[i])
      add(findings, endpoint->name, left_out[i], "%s", why[i]);
  if (negative)
    add(findings, endpoint->name, negative, "a negative time, counted as it stands: times have a beginning");
  if (zero)
    add(findings, endpoint->name, zero, "time 0: the event or the last contact on the first day");
  if (n && (!events || events == n))
    add(findings, endpoint->name, n, events ? "everybody has the event: is the right value counted?"
                                            : "nobody has the event: is the right value counted?");
}
