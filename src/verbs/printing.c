/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/printing.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"

struct printed_table *printing_table(const char *title, const char *const *columns)
{
  struct printed_table *printed = printed_table_new(title);
  for (size_t i = 0; columns[i]; i++)
    printed_table_add_column(printed, columns[i], i ? ALIGN_RIGHT : ALIGN_LEFT);
  return printed;
}

void printing_p(struct printed_table *printed, size_t column, double p)
{
  if (!isnan(p))
    printed_table_set_p(printed, column, p);
}

void printing_fixed(struct printed_table *printed, size_t column, double value, int decimals)
{
  struct text text = TEXT_INIT;
  if (isfinite(value))
    number_append_fixed(&text, value, decimals);
  else
    text_append(&text, "NE");
  printed_table_set(printed, column, "%s", text_string(&text));
  text_clear(&text);
}

void printing_interval(struct printed_table *printed, size_t column, double estimate, double low, double high,
                       int decimals)
{
  printed_table_set_interval(printed, column, estimate, low, high, decimals);
}

void printing_hazard_ratio(struct printed_table *printed, size_t column, double hr, double low, double high)
{
  printed_table_set_ratio(printed, column, hr, low, high);
}

void printing_coefficient(struct printed_table *printed, size_t column, double beta, double std_error)
{
  struct text text = TEXT_INIT;
  if (isnan(beta))
    return;
  number_append_fixed(&text, beta, 2);
  text_append_format(&text, " (%.2f)", std_error);
  printed_table_set(printed, column, "%s", text_string(&text));
  text_clear(&text);
}

void printing_count(struct printed_table *printed, size_t column, double count)
{
  struct text text = TEXT_INIT;
  printing_append_count(&text, count);
  printed_table_set(printed, column, "%s", text_string(&text));
  text_clear(&text);
}

void printing_append_count(struct text *text, double count)
{
  text_append_format(text, count == floor(count) || !isfinite(count) ? "%.10g" : "%.1f", count);
}

void printing_append_counted(struct text *text, double count, const char *one, const char *many)
{
  const bool is_one = !(count < 1) && !(count > 1);
  printing_append_count(text, count);
  text_append_format(text, " %s", is_one ? one : many);
}

void printing_note_limits(struct printed_table *printed, double level, const char *kind)
{
  printed_table_note(printed, "Limits: %g %%, %s.", 100 * level, kind);
}

/* Whether a word stands in a text by itself. */
static bool has_word(const char *text, const char *word)
{
  const size_t length = strlen(word);
  for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
    if ((at == text || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[length]))
      return true;
  return false;
}

static bool numbers_have(const struct printed_table *printed, const char *word)
{
  for (size_t r = 0; r < printed->n_rows; r++)
    for (size_t c = 1; c < printed->n_columns; c++)
      if (printed->columns[c].alignment == ALIGN_RIGHT && printed->rows[r].cells[c] &&
          has_word(printed->rows[r].cells[c], word))
        return true;
  return false;
}

void printing_note_abbreviations(struct printed_table *printed, const char *titles)
{
  static const char *const known[][2] = {
      {"CI", "confidence interval"}, {"HR", "hazard ratio"},      {"IQR", "interquartile range"},
      {"NE", "not estimable"},       {"NR", "not reached"},       {"SD", "standard deviation"},
      {"SE", "standard error"},      {"SEM", "standard error of the mean"}, {"SMD", "standardised mean difference"}};
  struct text text = TEXT_INIT;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (has_word(titles, known[i][0]) || numbers_have(printed, known[i][0]))
      text_append_format(&text, "%s%s, %s", text.length ? "; " : "", known[i][0], known[i][1]);
  if (text.length)
    printed_table_note(printed, "%s.", text_string(&text));
  text_clear(&text);
}

const char *printing_plural(size_t n, const char *one, const char *many)
{
  return n == 1 ? one : many;
}

void printing_merged(struct report *report, const struct gathered *gathered)
{
  if (gathered->n_merged)
    report_warn(report, "%zu %s from another by rounding only and %s taken as equal to it", gathered->n_merged,
                printing_plural(gathered->n_merged, "time differs", "times differ"),
                printing_plural(gathered->n_merged, "was", "were"));
  if (gathered->n_shrunk)
    report_warn(report, "%zu of these patients left out: the entry is then the exit, so that the time at risk is nothing",
                gathered->n_shrunk);
}

void printing_rows(struct report *report, const struct gathered *gathered)
{
  const size_t left_out = gathered->n_on_view - gathered->n_used;
  report_set_cohort(report, gathered->n_on_view, gathered->n_used);
  if (left_out)
    report_warn(report, "%zu of %zu patients left out: no outcome, or a missing value", left_out, gathered->n_on_view);
  printing_merged(report, gathered);
  if (!gathered->n_used)
    report_warn(report, "no patient is on view with what this needs; filter off shows all again");
}

void printing_append_study(struct text *text, const struct column *study, const struct column *year,
                           const struct column *with, size_t row)
{
  struct text name = TEXT_INIT, when = TEXT_INIT;
  column_append_cell(study, row, &name);
  if (year)
    column_append_cell(year, row, &when);
  text_append(text, name.length ? text_string(&name) : "no name");
  if (when.length && !strstr(text_string(&name), text_string(&when)))
    text_append_format(text, " %s", text_string(&when));
  if (with && !column_is_missing(with, row)) {
    text_append(text, ", ");
    column_append_cell(with, row, text);
  }
  text_clear(&name);
  text_clear(&when);
}
