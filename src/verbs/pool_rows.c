/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of published results on a scale on which they add, and what cannot be pooled. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "lang/token.h"
#include "stats/distribution.h"
#include "stats/proportion.h"
#include "verbs/arguments.h"
#include "verbs/pool_internal.h"
#include "verbs/printing.h"

/* ---- scales ---- */

static double logit(double p)
{
  return log(p / (1 - p));
}

static double to_additive(const struct pool_request *request, double value)
{
  switch (request->scale) {
  case POOL_RATIO:
  case POOL_TIME:
    return log(value);
  case POOL_PROPORTION:
    return logit(value);
  case POOL_PERCENT:
    return logit(value / 100);
  case POOL_DIFFERENCE:
    break;
  }
  return value;
}

double pool_shown(const struct pool_request *request, double value)
{
  switch (request->scale) {
  case POOL_RATIO:
  case POOL_TIME:
    return exp(value);
  case POOL_PROPORTION:
    return 1 / (1 + exp(-value));
  case POOL_PERCENT:
    return 100 / (1 + exp(-value));
  case POOL_DIFFERENCE:
    break;
  }
  return value;
}

/* ---- the command ---- */

/* A column of a range over studies, by its name: no standard error follows from it. */
static bool is_range(const char *name)
{
  static const char *const others[] = {"min", "max", "minimum", "maximum", "lowest", "highest"};
  if (strncmp(name, "range", 5) == 0)
    return true;
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (strcmp(name, others[i]) == 0)
      return true;
  return false;
}

static enum status read_word(const struct command_word *word, const struct state *state, const struct column **column,
                             struct error *error)
{
  if (arguments_find_column(state, word->text, word->start, word->length, column, error))
    return STATUS_ERROR;
  if ((*column)->kind != COLUMN_NUMBER) {
    error_set(error, "%s is no column of numbers", word->text);
    return error_in_command(error, word->start, word->length);
  }
  if (!is_range(word->text))
    return STATUS_OK;
  error_set(error, "%s is a range, no confidence limit: no standard error follows from it", word->text);
  error_hint(error, "pool takes an estimate with its two confidence limits, its standard error, or n=");
  return error_in_command(error, word->start, word->length);
}

static enum status read_columns(const struct command *command, const struct state *state, struct pool_request *request,
                                struct error *error)
{
  struct command_word *words;
  const size_t n_words = command_words(command, &words);
  const struct column *columns[3] = {NULL};
  enum status status = STATUS_OK;
  if (request->total ? n_words != 1 : n_words != 2 && n_words != 3) {
    error_set(error, "pool takes an estimate with its two limits, or with its standard error, or (n=) a number of so many");
    status = error_hint(error, "pool hr conf_low conf_high, by=treatment method=reml · pool responders, n=patients");
  }
  for (size_t i = 0; i < n_words && !status; i++)
    status = read_word(&words[i], state, &columns[i], error);
  command_words_free(words, n_words);
  request->estimate = columns[0];
  request->low = columns[1];
  request->high = columns[2];
  return status;
}

/* The column that the option names, or the one of that other name where there is one. */
static enum status read_option_column(const struct command *command, const struct state *state, const char *name,
                                      const char *otherwise, const struct column **column, struct error *error)
{
  const struct command_option *option = command_find_option(command, name);
  *column = otherwise ? cohort_find_column(state->cohort, otherwise) : NULL;
  return option ? arguments_find_column(state, option->value, option->start, option->length, column, error) : STATUS_OK;
}

static void read_method(const struct command *command, struct pool_request *request)
{
  const char *method = arguments_word(command, "method"), *test = arguments_word(command, "test");
  request->method = !method || strcmp(method, "dl") == 0 ? META_DL : strcmp(method, "reml") == 0 ? META_REML : META_FIXED;
  request->has_test = test != NULL;
  request->knapp_hartung = test ? strcmp(test, "knapp-hartung") == 0 : request->method == META_REML;
  request->mixed = arguments_flag(command, "mixed");
  request->exact = arguments_flag(command, "exact");
}

static bool is_candidate(const struct pool_request *request, const struct state *state, const struct bitmap *condition,
                         size_t row)
{
  return bitmap_has(&state->on_view->rows, row) && (!condition || bitmap_has(condition, row)) &&
         !isnan(column_number(request->estimate, row));
}

enum { MOST_TEXTS = 8 };

/* The distinct texts of a column among the rows, the first of them separated by commas; how many they are. */
static size_t distinct_texts(const struct column *column, const size_t *rows, size_t n, struct text *texts)
{
  struct column *factor = column_as_factor(column);
  bool *seen = memory_new(factor->n_levels + 1, sizeof *seen);
  size_t n_texts = 0;
  for (size_t i = 0; i < n; i++) {
    const uint32_t code = column_code(factor, rows[i]);
    if (seen[code])
      continue;
    seen[code] = true;
    if (n_texts < MOST_TEXTS)
      text_append_format(texts, "%s%s", n_texts ? ", " : "", code ? factor->levels[code - 1].name : "none");
    n_texts++;
  }
  if (n_texts > MOST_TEXTS)
    text_append(texts, " …");
  free(seen);
  column_release(factor);
  return n_texts;
}

static bool is_time_unit(const char *unit)
{
  double factor;
  return mark_unit_factor(unit, "days", &factor);
}

/* The one unit of the rows with an estimate, appended; fails where they differ. */
static enum status find_unit(const struct pool_request *request, const struct state *state, const struct bitmap *condition,
                             struct text *unit, struct error *error)
{
  size_t *rows = memory_new(state->cohort->n_rows, sizeof *rows), n = 0;
  enum status status = STATUS_OK;
  for (size_t row = 0; request->unit && row < state->cohort->n_rows; row++)
    if (is_candidate(request, state, condition, row) && !column_is_missing(request->unit, row))
      rows[n++] = row;
  if (n && distinct_texts(request->unit, rows, n, unit) > 1) {
    error_set(error, "estimates in different units cannot be pooled: %s", text_string(unit));
    status = error_hint(error, "choose one: if %s == …", request->unit->name);
  }
  free(rows);
  return status;
}

/* Whether the name of a column says that it holds ratios: then no column of units is about it. */
static bool names_ratio(const char *name)
{
  static const char *const names[] = {"hr", "HR", "or", "OR", "rr", "RR"};
  const size_t length = strlen(name);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(name, names[i]) == 0)
      return true;
  return length >= 5 && strcmp(name + length - 5, "ratio") == 0;
}

/* What the estimates are: as scale= says, else by their unit; ratios where limits stand alone, differences with an error. */
static enum status find_scale(const struct command *command, const struct state *state, const struct bitmap *condition,
                              struct pool_request *request, struct error *error)
{
  static const char *const words[] = {"ratio", "difference", "proportion", "percent", "time"};
  const char *scale = arguments_word(command, "scale");
  struct text unit = TEXT_INIT;
  if (find_unit(request, state, condition, &unit, error)) {
    text_clear(&unit);
    return STATUS_ERROR;
  }
  const bool percent = strcmp(text_string(&unit), "%") == 0;
  request->scale = request->high ? POOL_RATIO : POOL_DIFFERENCE;
  if (percent)
    request->scale = POOL_PERCENT;
  else if (is_time_unit(text_string(&unit)))
    request->scale = POOL_TIME;
  else if (strstr(text_string(&unit), "ratio"))
    request->scale = POOL_RATIO;
  for (size_t i = 0; scale && i < sizeof words / sizeof *words; i++)
    if (strcmp(scale, words[i]) == 0)
      request->scale = (enum pool_scale)i;
  text_clear(&unit);
  request->is_count = request->total && !scale && !percent;
  if (request->is_count)
    request->scale = POOL_PERCENT;
  const bool share = request->scale == POOL_PROPORTION || request->scale == POOL_PERCENT;
  if (request->total && !share) {
    error_set(error, "n= goes with a share of the patients: scale=percent, proportion, or a number of them");
    return error_hint(error, "pool responders, n=patients · pool rate, n=patients scale=percent");
  }
  if (request->high || request->total || !(share || request->scale == POOL_TIME))
    return STATUS_OK;
  error_set(error, "%s want limits, or n=", share ? "percentages and proportions" : "times");
  return error_hint(error, share ? "pool rate, n=patients scale=percent" : "pool median conf_low conf_high, scale=time");
}

enum status pool_read(const struct command *command, const struct state *state, const struct bitmap *condition,
                      struct pool_request *request, struct error *error)
{
  const struct column *by;
  *request = (struct pool_request){.level = state->settings.level};
  if (read_option_column(command, state, "n", NULL, &request->total, error) ||
      read_columns(command, state, request, error) ||
      read_option_column(command, state, "study", "study", &request->study, error) ||
      read_option_column(command, state, "year", "year", &request->year, error) ||
      read_option_column(command, state, "with", NULL, &request->with, error) ||
      read_option_column(command, state, "endpoint", "endpoint", &request->endpoint, error) ||
      read_option_column(command, state, "unit", "unit", &request->unit, error) ||
      read_option_column(command, state, "by", NULL, &by, error))
    return STATUS_ERROR;
  request->range_low = cohort_find_column(state->cohort, "range_low");
  request->by = by ? column_as_factor(by) : NULL;
  if (!command_find_option(command, "unit") && names_ratio(request->estimate->name))
    request->unit = NULL;
  read_method(command, request);
  return find_scale(command, state, condition, request, error);
}

/* ---- rows ---- */

/* The patients that a cell says: 84; of "12/40" those it is a share of; of "12 vs 78" the first arm, whose estimate it is. */
static double read_total(const struct column *column, size_t row)
{
  struct text cell = TEXT_INIT;
  double total = (double)NAN;
  if (column->kind == COLUMN_NUMBER)
    return column_number(column, row);
  column_append_cell(column, row, &cell);
  const char *at = text_string(&cell), *slash = strchr(at, '/');
  at = slash ? slash + 1 : at;
  at += strspn(at, " ");
  const size_t digits = strspn(at, "0123456789");
  if (!digits || !number_parse(at, digits, &total) || (at[digits] && at[digits] != ' '))
    total = (double)NAN;
  text_clear(&cell);
  return total;
}

enum row_use { ROW_POOLED, ROW_NO_ESTIMATE, ROW_NO_LIMITS, ROW_ONLY_RANGE, ROW_UNFIT };

/* A share of n patients: its logit, and Wilson's or exact limits. */
static enum row_use read_share(const struct pool_request *request, size_t row, struct pool_studies *studies, bool *uneven)
{
  const double whole = request->scale == POOL_PERCENT ? 100 : 1;
  const double n = read_total(request->total, row), y = column_number(request->estimate, row);
  const double exact_events = request->is_count ? y : y / whole * n, events = floor(exact_events + 0.5);
  double limits[2];
  if (isnan(n))
    return ROW_NO_LIMITS;
  if (!(n >= 1) || !(events >= 0) || events > n)
    return ROW_UNFIT;
  *uneven = fabs(exact_events - events) > (request->is_count ? 1e-9 : 0.0051 * n);
  proportion_logit(events, n, &studies->estimate[studies->n], &studies->std_error[studies->n]);
  (request->exact ? proportion_exact : proportion_wilson)(events, n, request->level, limits);
  double *shown = studies->shown[studies->n];
  shown[0] = whole * events / n, shown[1] = whole * limits[0], shown[2] = whole * limits[1];
  return ROW_POOLED;
}

/* An estimate with limits, or with a standard error. */
static enum row_use read_estimate(const struct pool_request *request, size_t row, struct pool_studies *studies)
{
  const double y = column_number(request->estimate, row), low = column_number(request->low, row);
  const double high = request->high ? column_number(request->high, row) : (double)NAN;
  const double z = normal_half_width(request->level), estimate = to_additive(request, y);
  double std_error = low;
  if (isnan(low) || (request->high && isnan(high)))
    return request->range_low && !column_is_missing(request->range_low, row) ? ROW_ONLY_RANGE : ROW_NO_LIMITS;
  if (request->high)
    std_error = (to_additive(request, high) - to_additive(request, low)) / (2 * z);
  if (!isfinite(estimate) || !isfinite(std_error) || !(std_error > 0) || (request->high && (low > y || high < y)))
    return ROW_UNFIT;
  studies->estimate[studies->n] = estimate;
  studies->std_error[studies->n] = std_error;
  double *shown = studies->shown[studies->n];
  shown[0] = y;
  shown[1] = request->high ? low : pool_shown(request, estimate - z * std_error);
  shown[2] = request->high ? high : pool_shown(request, estimate + z * std_error);
  return ROW_POOLED;
}

static void take_row(const struct pool_request *request, size_t row, struct pool_studies *studies,
                     struct pool_left_out *left_out)
{
  bool uneven = false;
  enum row_use use = ROW_NO_ESTIMATE;
  if (!isnan(column_number(request->estimate, row)))
    use = request->total ? read_share(request, row, studies, &uneven) : read_estimate(request, row, studies);
  else if (request->range_low && !column_is_missing(request->range_low, row))
    use = ROW_ONLY_RANGE;
  left_out->no_estimate += use == ROW_NO_ESTIMATE;
  left_out->no_limits += use == ROW_NO_LIMITS;
  left_out->only_range += use == ROW_ONLY_RANGE;
  left_out->unfit += use == ROW_UNFIT;
  left_out->uneven += use == ROW_POOLED && uneven;
  if (use == ROW_POOLED)
    studies->row[studies->n++] = row;
}

static enum status check_endpoints(const struct pool_request *request, const struct pool_studies *studies,
                                   struct error *error)
{
  struct text texts = TEXT_INIT;
  enum status status = STATUS_OK;
  if (request->endpoint && !request->mixed && studies->n &&
      distinct_texts(request->endpoint, studies->row, studies->n, &texts) > 1) {
    error_set(error, "estimates of different endpoints cannot be pooled: %s", text_string(&texts));
    status = error_hint(error, "choose one (if %s == …), pool each on its own (by=%s), or say that they are the same: mixed",
                        request->endpoint->name, request->endpoint->name);
  }
  text_clear(&texts);
  return status;
}

enum status pool_collect(const struct pool_request *request, const struct state *state, const struct bitmap *condition,
                         uint32_t code, struct pool_studies *studies, struct pool_left_out *left_out, struct error *error)
{
  const size_t n = state->cohort->n_rows;
  *studies = (struct pool_studies){
      .estimate = memory_new(n, sizeof(double)),
      .std_error = memory_new(n, sizeof(double)),
      .shown = memory_new(n, sizeof *studies->shown),
      .row = memory_new(n, sizeof(size_t)),
  };
  for (size_t row = 0; row < n; row++)
    if (bitmap_has(&state->on_view->rows, row) && (!condition || bitmap_has(condition, row)) &&
        (!request->by || column_code(request->by, row) == code))
      take_row(request, row, studies, left_out);
  enum status status = check_endpoints(request, studies, error);
  if (status)
    pool_studies_clear(studies);
  return status;
}

void pool_studies_clear(struct pool_studies *studies)
{
  free(studies->estimate);
  free(studies->std_error);
  free(studies->shown);
  free(studies->row);
}

void pool_append_name(const struct pool_request *request, size_t row, struct text *text)
{
  if (request->study)
    printing_append_study(text, request->study, request->year, request->with, row);
  else
    text_append_format(text, "row %zu", row + 1);
}

/* ---- warnings ---- */

void pool_warn_of_rows(const struct pool_left_out *left_out, bool has_total, struct report *report)
{
  const struct {
    size_t n;
    const char *why;
  } reasons[] = {
      {left_out->no_estimate, "no estimate"},
      {left_out->no_limits, has_total ? "an estimate without a number of patients"
                                      : "an estimate without limits, from which no standard error follows"},
      {left_out->only_range, "a range over studies is no confidence interval"},
      {left_out->unfit, "estimate and limits do not go together on this scale"},
  };
  for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
    if (reasons[i].n)
      report_warn(report, "%zu %s left out: %s", reasons[i].n, printing_plural(reasons[i].n, "row", "rows"), reasons[i].why);
  if (left_out->uneven)
    report_warn(report, "%zu %s no share of a whole number of the patients: perhaps estimated under censoring",
                left_out->uneven, printing_plural(left_out->uneven, "estimate is", "estimates are"));
}

void pool_warn_of_survival(const struct pool_request *request, const struct state *state, const struct bitmap *condition,
                           struct report *report)
{
  static const char *const words[] = {"OS", "PFS", "DFS", "RFS", "survival"};
  for (size_t row = 0; request->total && request->endpoint && row < state->cohort->n_rows; row++) {
    struct text cell = TEXT_INIT;
    bool is_survival = false;
    if (bitmap_has(&state->on_view->rows, row) && (!condition || bitmap_has(condition, row)))
      column_append_cell(request->endpoint, row, &cell);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
      is_survival = is_survival || strstr(text_string(&cell), words[i]);
    text_clear(&cell);
    if (is_survival) {
      report_warn(report, "survival rates are pooled here as shares of n patients: where some were censored before, "
                          "the limits are too narrow");
      return;
    }
  }
}
