/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/endpoint.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/text.h"
#include "stats/survival_data.h"

/* An ascending key of a double's bits: sign-magnitude turned into an order of unsigned integers. */
static uint64_t sort_key(double value)
{
  uint64_t bits;
  value += 0.0; /* -0 becomes 0 */
  memcpy(&bits, &value, sizeof bits);
  return bits & UINT64_C(1) << 63 ? ~bits : bits | UINT64_C(1) << 63;
}

struct keyed_row {
  uint64_t key;
  uint32_t row;
};

/* One stable pass of the radix sort: counts, then deals by the byte at `shift`.  False where all keys share that byte. */
static bool radix_pass(const struct keyed_row *from, struct keyed_row *to, size_t n, unsigned shift)
{
  size_t start[2048] = {0};
  for (size_t i = 0; i < n; i++)
    start[from[i].key >> shift & 2047]++;
  if (start[from[0].key >> shift & 2047] == n)
    return false;
  size_t sum = 0;
  for (size_t i = 0; i < 2048; i++) {
    size_t count = start[i];
    start[i] = sum;
    sum += count;
  }
  for (size_t i = 0; i < n; i++)
    to[start[from[i].key >> shift & 2047]++] = from[i];
  return true;
}

/* Orders the rows that have a time by time, by row among equals (LSD radix sort on 11 bits a pass). */
static void sort_rows(struct endpoint *endpoint)
{
  size_t n = 0;
  struct keyed_row *rows = memory_resize(NULL, endpoint->n_rows, sizeof *rows);
  struct keyed_row *other = memory_resize(NULL, endpoint->n_rows, sizeof *other);
  for (size_t i = 0; i < endpoint->n_rows; i++)
    if (!isnan(endpoint->time[i]))
      rows[n++] = (struct keyed_row){.key = sort_key(endpoint->time[i]), .row = (uint32_t)i};
  for (unsigned shift = 0; n && shift < 64; shift += 11) {
    if (!radix_pass(rows, other, n, shift))
      continue;
    struct keyed_row *swap = rows;
    rows = other;
    other = swap;
  }
  endpoint->order = memory_resize(NULL, n, sizeof *endpoint->order);
  for (size_t i = 0; i < n; i++)
    endpoint->order[i] = rows[i].row;
  endpoint->n_valid = n;
  free(rows);
  free(other);
}

/* What a call such as months(a, b), or the last word of a name such as os_months, says of the unit; "" where nothing. */
static char *guess_unit(const struct expr *time)
{
  static const char *const units[][2] = {
      {"months", "months"}, {"month", "months"}, {"mo", "months"},   {"mos", "months"},  {"days", "days"},
      {"day", "days"},      {"years", "years"},  {"year", "years"},  {"yrs", "years"},   {"weeks", "weeks"},
      {"week", "weeks"},    {"wks", "weeks"},    {"hours", "hours"},
  };
  if (time->kind != EXPR_COLUMN && time->kind != EXPR_CALL)
    return memory_copy_string("");
  const char *word = time->text + strlen(time->text);
  while (word > time->text && isalpha((unsigned char)word[-1]))
    word--;
  for (size_t i = 0; i < sizeof units / sizeof *units; i++)
    if (strcmp(word, units[i][0]) == 0)
      return memory_copy_string(units[i][1]);
  return memory_copy_string("");
}

static void append_definition(struct text *text, const struct endpoint_definition *definition)
{
  text_append(text, "Surv(");
  if (definition->entry) {
    expr_append(text, definition->entry);
    text_append(text, ", ");
  }
  expr_append(text, definition->time);
  text_append(text, ", ");
  expr_append(text, definition->event);
  text_append(text, ")");
}

static const char no_question[] = "the event is no yes-or-no question";

enum { MAX_SHOWN_VALUES = 8 };

/* Computes one part of the outcome as numbers; `truth` says whether it must be one.  A number 0/1 serves as truth, so that
 * Surv(time, death) reads as in R. */
static enum status evaluate_part(const struct expr *expr, const struct cohort *cohort, bool truth, struct column **column,
                                 struct error *error)
{
  enum value_kind kind;
  if (expr_check(expr, cohort, &kind, error))
    return STATUS_ERROR;
  if (kind == VALUE_TEXT || (kind == VALUE_DATE && truth)) {
    error_set(error, "%s", truth ? no_question : "a time must be a number");
    error_hint(error, truth ? "say which value is the event: Surv(time, death == 1) or Surv(time, status == \"dead\")"
                            : "compute it from dates with derive: derive t = months(diagnosis, last_contact)");
    return error_in_command(error, expr->start, expr->length);
  }
  if (kind == VALUE_DATE) {
    error_set(error, "a time must be a duration, and this is a date");
    error_hint(error, "derive it first: derive t = months(diagnosis, last_contact)");
    return error_in_command(error, expr->start, expr->length);
  }
  return expr_evaluate(expr, cohort, "part", column, error);
}

/* The first distinct values of a column, ascending: "0, 1, 2". */
static void append_values(struct text *text, const struct column *column)
{
  double values[MAX_SHOWN_VALUES + 1];
  size_t n = 0;
  for (size_t row = 0; row < column_n_rows(column) && n <= MAX_SHOWN_VALUES; row++) {
    const double value = column_number(column, row);
    size_t k = 0;
    while (k < n && values[k] < value)
      k++;
    if (isnan(value) || (k < n && values[k] == value))
      continue;
    memmove(values + k + 1, values + k, (n - k) * sizeof *values);
    values[k] = value;
    n++;
  }
  for (size_t k = 0; k < n && k < MAX_SHOWN_VALUES; k++)
    text_append_format(text, "%s%g", k ? ", " : "", values[k]);
  text_append(text, n > MAX_SHOWN_VALUES ? ", …" : "");
}

/* A status given as a plain number must be 0 or 1: 1/2 codes and others are told, since an inverted event is the worst
 * silent error. */
static enum status check_event_codes(const struct column *event, const struct expr *expr, bool competing,
                                     struct error *error)
{
  for (size_t row = 0; row < column_n_rows(event); row++) {
    double value = column_number(event, row);
    if (isnan(value) || value == 0 || value == 1)
      continue;
    struct text name = TEXT_INIT, values = TEXT_INIT;
    expr_append(&name, expr);
    append_values(&values, event);
    error_set(error, "the %s %s is neither 0 nor 1 everywhere (row %zu has %g)", competing ? "competing event" : "event",
              text_string(&name), row + 1, value);
    error_hint(error, "its values are %s: say which is the %s, as in %s == VALUE", text_string(&values),
               competing ? "competing event" : "event", text_string(&name));
    text_clear(&name);
    text_clear(&values);
    return error_in_command(error, expr->start, expr->length);
  }
  return STATUS_OK;
}

struct parts {
  struct column *entry, *time, *event, *competing;
};

static void parts_release(struct parts *parts)
{
  column_release(parts->entry);
  column_release(parts->time);
  column_release(parts->event);
  column_release(parts->competing);
}

static enum status parts_evaluate(struct parts *parts, const struct endpoint_definition *definition,
                                  const struct cohort *cohort, struct error *error)
{
  if (evaluate_part(definition->time, cohort, false, &parts->time, error) ||
      (definition->entry && evaluate_part(definition->entry, cohort, false, &parts->entry, error)) ||
      evaluate_part(definition->event, cohort, true, &parts->event, error) ||
      check_event_codes(parts->event, definition->event, false, error))
    return STATUS_ERROR;
  if (!definition->competing)
    return STATUS_OK;
  if (evaluate_part(definition->competing, cohort, true, &parts->competing, error)) {
    if (error->what && strcmp(error->what, no_question) == 0) {
      error_set(error, "the competing event is no yes-or-no question");
      error_hint(error, "say which value it is: competing=status == 2 or competing=cause == \"other\"");
      error_in_command(error, definition->competing->start, definition->competing->length);
    }
    return STATUS_ERROR;
  }
  return check_event_codes(parts->competing, definition->competing, true, error);
}

/* Moves a row to the landmark: false where its time is not beyond it (equal but for rounding is not). */
static bool pass_landmark(const struct landmark *landmark, double *time, double *entry)
{
  if (isnan(landmark->time))
    return true;
  if (*time - landmark->time <= 1e-9 * fmax(1, fabs(landmark->time)))
    return false;
  *entry = fmax(*entry, landmark->time);
  if (!landmark->keep_clock) {
    *time -= landmark->time;
    *entry -= landmark->time;
  }
  return true;
}

/* What the parts say of one row. */
struct outcome {
  double time, entry, event, competing;
};

/* Fills one row's outcome from its parts.  A row is left out (time NaN) where its time, entry or
 * status is missing, or where it is never at risk. */
static void set_row(struct endpoint *endpoint, const struct parts *parts, size_t row, struct outcome outcome)
{
  double time = outcome.time, entry = outcome.entry;
  const double event = outcome.event, competing = outcome.competing;
  endpoint->time[row] = NAN;
  if (!isfinite(time) || !isfinite(entry)) {
    endpoint->status[row] = LEFT_OUT_NO_TIME;
  } else if (isnan(event) || (event == 0 && isnan(competing))) {
    endpoint->status[row] = LEFT_OUT_NO_STATUS;
  } else if (parts->entry && entry >= time) {
    endpoint->status[row] = LEFT_OUT_EMPTY_INTERVAL;
  } else if (!pass_landmark(&endpoint->landmark, &time, &entry)) {
    endpoint->status[row] = LEFT_OUT_BEFORE_LANDMARK;
  } else {
    endpoint->time[row] = time;
    endpoint->status[row] = event == 1 ? STATUS_EVENT : competing == 1 ? STATUS_COMPETING : STATUS_CENSORED;
  }
  if (endpoint->entry)
    endpoint->entry[row] = entry;
}

/* An endpoint whose rows are filled by all cores. */
struct filling {
  struct endpoint *endpoint;
  const struct parts *parts;
};

enum { BLOCK_ROWS = 256, PART_ROWS = 1 << 15 };

/* A part's rows, whose numbers are fetched a block at a time. */
static void fill_part(void *context, size_t part)
{
  const struct filling *filling = context;
  const struct parts *parts = filling->parts;
  const size_t begin = part * PART_ROWS, rest = filling->endpoint->n_rows - begin;
  const size_t end = begin + (rest < PART_ROWS ? rest : PART_ROWS);
  double time[BLOCK_ROWS], event[BLOCK_ROWS], entry[BLOCK_ROWS] = {0}, competing[BLOCK_ROWS] = {0};
  for (size_t first = begin; first < end; first += BLOCK_ROWS) {
    const size_t n = end - first < BLOCK_ROWS ? end - first : BLOCK_ROWS;
    column_numbers(parts->time, first, n, time);
    column_numbers(parts->event, first, n, event);
    if (parts->entry)
      column_numbers(parts->entry, first, n, entry);
    if (parts->competing)
      column_numbers(parts->competing, first, n, competing);
    for (size_t i = 0; i < n; i++)
      set_row(filling->endpoint, parts, first + i, (struct outcome){time[i], entry[i], event[i], competing[i]});
  }
}

static void fill_rows(struct endpoint *endpoint, const struct parts *parts)
{
  struct filling filling = {endpoint, parts};
  parallel_run((endpoint->n_rows + PART_ROWS - 1) / PART_ROWS, fill_part, &filling);
}

/* What a subgroup walks by. */
static void copy_sorted(struct endpoint *endpoint)
{
  const size_t n = endpoint->n_valid;
  endpoint->sorted_time = memory_resize(NULL, n, sizeof *endpoint->sorted_time);
  endpoint->sorted_status = memory_resize(NULL, n, sizeof *endpoint->sorted_status);
  for (size_t i = 0; i < n; i++) {
    endpoint->sorted_time[i] = endpoint->time[endpoint->order[i]];
    endpoint->sorted_status[i] = endpoint->status[endpoint->order[i]];
  }
}

/* How many distinct times near-equality merges over the whole cohort. */
static void count_merged(struct endpoint *endpoint)
{
  size_t n = endpoint->n_valid;
  double *time = memory_resize(NULL, n, sizeof *time);
  double *entry = endpoint->entry ? memory_resize(NULL, n, sizeof *entry) : NULL;
  for (size_t i = 0; i < n; i++) {
    time[i] = endpoint->time[endpoint->order[i]];
    if (entry)
      entry[i] = endpoint->entry[endpoint->order[i]];
  }
  endpoint->is_apart = survival_times_are_apart(time, entry, n);
  endpoint->n_merged = n && !endpoint->is_apart ? survival_times_merge(time, entry, n) : 0;
  free(time);
  free(entry);
}

enum status endpoint_new(const struct endpoint_definition *definition, const struct cohort *cohort,
                         struct endpoint **endpoint, struct error *error)
{
  struct parts parts = {.time = NULL};
  if (parts_evaluate(&parts, definition, cohort, error)) {
    parts_release(&parts);
    return STATUS_ERROR;
  }
  struct endpoint *new = memory_new(1, sizeof *new);
  atomic_init(&new->references, 1);
  new->name = memory_copy_string(definition->name);
  struct text text = TEXT_INIT;
  append_definition(&text, definition);
  new->definition = text_take(&text);
  if (definition->competing) {
    expr_append(&text, definition->competing);
    new->competing = text_take(&text);
  }
  new->landmark = definition->landmark;
  new->unit = guess_unit(definition->time);
  new->n_rows = cohort->n_rows;
  new->time = memory_resize(NULL, cohort->n_rows, sizeof *new->time);
  new->status = memory_new(cohort->n_rows, sizeof *new->status);
  if (definition->entry || (!isnan(definition->landmark.time) && definition->landmark.keep_clock))
    new->entry = memory_resize(NULL, cohort->n_rows, sizeof *new->entry);
  fill_rows(new, &parts);
  parts_release(&parts);
  sort_rows(new);
  copy_sorted(new);
  count_merged(new);
  *endpoint = new;
  return STATUS_OK;
}

struct endpoint *endpoint_retain(const struct endpoint *endpoint)
{
  struct endpoint *shared = (struct endpoint *)endpoint;
  atomic_fetch_add(&shared->references, 1);
  return shared;
}

void endpoint_release(const struct endpoint *endpoint)
{
  struct endpoint *shared = (struct endpoint *)endpoint;
  if (!shared || atomic_fetch_sub(&shared->references, 1) != 1)
    return;
  free(shared->name);
  free(shared->definition);
  free(shared->competing);
  free(shared->unit);
  free(shared->time);
  free(shared->entry);
  free(shared->status);
  free(shared->order);
  free(shared->sorted_time);
  free(shared->sorted_status);
  free(shared);
}
