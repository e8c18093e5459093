/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pool: results of several studies, pooled. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "stats/distribution.h"
#include "stats/meta.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/printing.h"

/* The columns: an estimate with its limits, or with its standard error. */
struct request {
  const struct column *estimate, *low, *high; /* high NULL: low is the standard error */
  const struct column *study;                 /* names the rows, or NULL */
  struct column *by;                          /* factor, or NULL */
  bool is_ratio;                              /* estimates and limits are ratios: pooled as logarithms */
  enum meta_method method;
  bool knapp_hartung;
  double level;
};

/* Studies that can be pooled, on the additive scale. */
struct studies {
  double *estimate, *std_error;
  size_t *row;
  size_t n, n_left_out;
};

struct output {
  struct table *pool, *studies;
  struct printed_table *printed;
  struct forest_plot *plot;
};

static enum status read_columns(const struct command *command, const struct state *state, struct request *request,
                                struct error *error)
{
  struct command_word *words;
  const size_t n_words = command_words(command, &words);
  const struct column *columns[3] = {NULL};
  enum status status = STATUS_OK;
  if (n_words != 2 && n_words != 3) {
    error_set(error, "pool takes an estimate with its two limits, or with its standard error");
    status = error_hint(error, "pool hr conf_low conf_high, by=treatment method=reml");
  }
  for (size_t i = 0; i < n_words && !status; i++) {
    status = arguments_find_column(state, words[i].text, words[i].start, words[i].length, &columns[i], error);
    if (!status && columns[i]->kind != COLUMN_NUMBER) {
      error_set(error, "%s is no column of numbers", words[i].text);
      status = error_in_command(error, words[i].start, words[i].length);
    }
  }
  command_words_free(words, n_words);
  request->estimate = columns[0];
  request->low = columns[1];
  request->high = columns[2];
  return status;
}

static enum status read_option_column(const struct command *command, const struct state *state, const char *name,
                                      const struct column **column, struct error *error)
{
  const struct command_option *option = command_find_option(command, name);
  *column = NULL;
  return option ? arguments_find_column(state, option->value, option->start, option->length, column, error) : STATUS_OK;
}

static enum status read_request(const struct command *command, const struct state *state, struct request *request,
                                struct error *error)
{
  const struct column *by;
  *request = (struct request){.level = state->settings.level};
  if (read_columns(command, state, request, error) ||
      read_option_column(command, state, "study", &request->study, error) ||
      read_option_column(command, state, "by", &by, error))
    return STATUS_ERROR;
  const char *method = arguments_word(command, "method"), *scale = arguments_word(command, "scale");
  const char *test = arguments_word(command, "test");
  request->by = by ? column_as_factor(by) : NULL;
  request->is_ratio = scale ? strcmp(scale, "ratio") == 0 : request->high != NULL;
  request->method = !method || strcmp(method, "dl") == 0 ? META_DL : strcmp(method, "reml") == 0 ? META_REML : META_FIXED;
  request->knapp_hartung = test ? strcmp(test, "knapp-hartung") == 0 : request->method == META_REML;
  return STATUS_OK;
}

/* One row's estimate and standard error on the additive scale; false where they cannot be had. */
static bool read_row(const struct request *request, size_t row, double *estimate, double *std_error)
{
  const double y = column_number(request->estimate, row), low = column_number(request->low, row);
  const double z = normal_half_width(request->level);
  *estimate = request->is_ratio ? log(y) : y;
  *std_error = low;
  if (request->high) {
    const double high = column_number(request->high, row);
    *std_error = request->is_ratio ? (log(high) - log(low)) / (2 * z) : (high - low) / (2 * z);
  }
  return isfinite(*estimate) && isfinite(*std_error) && *std_error > 0;
}

static void collect(const struct request *request, const struct state *state, const struct bitmap *condition,
                    uint32_t code, struct studies *studies)
{
  const size_t n = state->cohort->n_rows;
  *studies = (struct studies){
      .estimate = memory_new(n, sizeof(double)),
      .std_error = memory_new(n, sizeof(double)),
      .row = memory_new(n, sizeof(size_t)),
  };
  for (size_t row = 0; row < n; row++) {
    if (!bitmap_has(&state->on_view->rows, row) || (condition && !bitmap_has(condition, row)) ||
        (request->by && column_code(request->by, row) != code))
      continue;
    if (!read_row(request, row, &studies->estimate[studies->n], &studies->std_error[studies->n])) {
      studies->n_left_out++;
      continue;
    }
    studies->row[studies->n++] = row;
  }
}

static void studies_clear(struct studies *studies)
{
  free(studies->estimate);
  free(studies->std_error);
  free(studies->row);
}

static double shown(const struct request *request, double value)
{
  return request->is_ratio ? exp(value) : value;
}

/* A row of the figure, with the texts of the printed row that was just made. */
static struct forest_row *draw_row(struct output *output, enum forest_row_kind kind, unsigned indent, const char *label,
                                   const double values[3])
{
  char *const *cells = output->printed->rows[output->printed->n_rows - 1].cells;
  struct forest_row *row = forest_plot_add(output->plot, kind, indent, label);
  row->numbers = cells[1] ? memory_copy_string(cells[1]) : NULL;
  row->counts = cells[2] ? memory_copy_string(cells[2]) : NULL;
  row->p = cells[3] ? memory_copy_string(cells[3]) : NULL;
  row->estimate = values[0];
  row->low = values[1];
  row->high = values[2];
  return row;
}

static void add_studies(const struct request *request, const struct studies *studies, const struct meta_result *result,
                        const char *group, struct output *output)
{
  const double z = normal_half_width(request->level);
  double total = 0;
  for (size_t i = 0; i < studies->n; i++)
    total += 1 / (studies->std_error[i] * studies->std_error[i] + result->tau2);
  for (size_t i = 0; i < studies->n; i++) {
    const double y = studies->estimate[i], s = studies->std_error[i];
    const double low = shown(request, y - z * s), high = shown(request, y + z * s);
    const double percent = 100 / (s * s + result->tau2) / total;
    struct text name = TEXT_INIT;
    if (request->study)
      column_append_cell(request->study, studies->row[i], &name);
    else
      text_append_format(&name, "row %zu", studies->row[i] + 1);
    table_add_text(output->studies, group);
    table_add_text(output->studies, text_string(&name));
    table_add_number(output->studies, shown(request, y));
    table_add_number(output->studies, low);
    table_add_number(output->studies, high);
    table_add_number(output->studies, percent);
    printed_table_begin_row(output->printed, PRINTED_ROW);
    printed_table_set(output->printed, 0, "%s%s", request->by ? "  " : "", text_string(&name));
    printing_interval(output->printed, 1, shown(request, y), low, high, 2);
    printing_fixed(output->printed, 2, percent, 1);
    draw_row(output, FOREST_ROW, request->by != NULL, text_string(&name), (double[]){shown(request, y), low, high})->weight =
        percent;
    text_clear(&name);
  }
}

static void add_pooled(const struct request *request, const struct meta_result *result, const char *group,
                       struct output *output)
{
  const double values[] = {shown(request, result->estimate),  shown(request, result->conf_low),
                           shown(request, result->conf_high), result->p_value, result->q, result->q_df, result->q_p,
                           result->i2, result->tau2};
  table_add_text(output->pool, group);
  table_add_number(output->pool, (double)result->k);
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    table_add_number(output->pool, values[i]);
  struct text heterogeneity = TEXT_INIT;
  text_append_format(&heterogeneity, "%sPooled (k = %zu)", request->by ? "  " : "", result->k);
  printed_table_begin_row(output->printed, PRINTED_ROW);
  printed_table_set(output->printed, 0, "%s", text_string(&heterogeneity));
  printing_interval(output->printed, 1, values[0], values[1], values[2], 2);
  printing_p(output->printed, 3, result->p_value);
  printing_fixed(output->printed, 4, result->q, 2);
  printing_p(output->printed, 5, result->q_p);
  printing_fixed(output->printed, 6, result->i2, 0);
  printing_fixed(output->printed, 7, result->tau2, 3);
  text_clear(&heterogeneity);
}

/* A diamond that only the figure has. */
static void draw_pooled(const struct request *request, const struct meta_result *result, enum meta_method method,
                        struct output *output)
{
  static const char *const names[] = {"Fixed effect", "Random effects (DL)", "Random effects (REML)"};
  static const char *const briefs[] = {"Fixed", "Random (DL)", "Random (REML)"};
  const double values[] = {shown(request, result->estimate), shown(request, result->conf_low),
                           shown(request, result->conf_high)};
  struct forest_row *row = forest_plot_add(output->plot, FOREST_SUMMARY, request->by != NULL, names[method]);
  struct text text = TEXT_INIT;
  printed_append_interval(&text, values[0], values[1], values[2], 2, false);
  row->brief = memory_copy_string(briefs[method]);
  row->numbers = text_take(&text);
  if (!isnan(result->p_value))
    number_append_p(&text, result->p_value, false);
  row->p = text_take(&text);
  row->p_value = result->p_value;
  row->estimate = values[0];
  row->low = values[1];
  row->high = values[2];
}

/* The pooled results of a group in the figure: with fixed effect, and as asked where that is another; how far the studies
 * differ. */
static void draw_group(const struct request *request, const struct studies *studies, const struct meta_result *result,
                       struct output *output)
{
  struct meta_result fixed;
  struct text text = TEXT_INIT;
  if (request->method != META_FIXED) {
    meta_pool(studies->estimate, studies->std_error, studies->n, META_FIXED, false, request->level, &fixed);
    draw_pooled(request, &fixed, META_FIXED, output);
  }
  draw_pooled(request, result, request->method, output);
  if (result->k < 2)
    return;
  text_append_format(&text, "Heterogeneity: Q = %.2f, ", result->q);
  printed_append_p_sentence(&text, result->q_p);
  text_append_format(&text, "; I2 = %.0f %%; tau2 = %.3f", result->i2, result->tau2);
  forest_plot_add(output->plot, FOREST_HEADING, 1, text_string(&text));
  text_clear(&text);
}

/* One group of studies; code 0: all of them. */
static size_t pool_group(struct verb_context *context, const struct request *request, const struct bitmap *condition,
                         uint32_t code, struct output *output)
{
  struct studies studies;
  struct meta_result result;
  struct text name = TEXT_INIT;
  if (request->by)
    text_append_format(&name, "%s=%s", request->by->name, request->by->levels[code - 1].name);
  else
    text_append(&name, "all");
  collect(request, context->state, condition, code, &studies);
  if (studies.n) {
    meta_pool(studies.estimate, studies.std_error, studies.n, request->method, request->knapp_hartung, request->level,
              &result);
    if (request->by) {
      printed_table_begin_row(output->printed, PRINTED_HEADING);
      printed_table_set(output->printed, 0, "%s", column_level_display_name(request->by, code));
      forest_plot_add(output->plot, FOREST_HEADING, 0, column_level_display_name(request->by, code));
    }
    add_studies(request, &studies, &result, text_string(&name), output);
    add_pooled(request, &result, text_string(&name), output);
    draw_group(request, &studies, &result, output);
    if (!result.converged)
      report_warn(context->report, "%s: REML did not settle; the last value stands", text_string(&name));
  }
  const size_t n_left_out = studies.n_left_out;
  studies_clear(&studies);
  text_clear(&name);
  return n_left_out;
}

static void note_method(const struct request *request, struct printed_table *printed)
{
  static const char *const names[] = {"Fixed effect (inverse variance)", "Random effects, DerSimonian–Laird",
                                      "Random effects, REML"};
  printed_table_note(printed, "%s%s.  Limits: %g %%, %s.%s", names[request->method],
                     request->knapp_hartung ? " with Hartung–Knapp" : "", 100 * request->level,
                     request->knapp_hartung ? "t" : "normal",
                     request->is_ratio ? "  Pooled on the logarithm." : "");
}

static void name_columns(const struct request *request, struct forest_plot *plot)
{
  struct text text = TEXT_INIT;
  text_append_format(&text, "estimate (%g %% CI)", 100 * request->level);
  plot->numbers_title = text_take(&text);
  plot->label_title = memory_copy_string("study");
  plot->counts_title = memory_copy_string("weight %");
  plot->axis_title = memory_copy_string(request->estimate->name);
}

static enum status run_pool(struct verb_context *context, const struct command *command, struct error *error)
{
  static const char *const columns[] = {"study", "estimate (limits)", "weight %", "p", "Q", "Q p", "I2 %", "tau2", NULL};
  struct request request;
  struct bitmap *condition;
  if (read_request(command, context->state, &request, error))
    return STATUS_ERROR;
  if (arguments_condition(command, context->state, &condition, error)) {
    column_release(request.by);
    return STATUS_ERROR;
  }
  struct output output = {
      .pool = table_new("pool", "group k estimate conf_low conf_high p_value q df q_p i2 tau2"),
      .studies = table_new("pool_studies", "group study estimate conf_low conf_high weight"),
      .printed = printing_table("Pooled results", columns),
      .plot = forest_plot_new(NULL, request.is_ratio),
  };
  name_columns(&request, output.plot);
  size_t n_left_out = 0;
  if (!request.by)
    n_left_out = pool_group(context, &request, condition, 0, &output);
  for (uint32_t code = 1; request.by && code <= request.by->n_levels; code++)
    n_left_out += pool_group(context, &request, condition, code, &output);
  note_method(&request, output.printed);
  if (n_left_out)
    report_warn(context->report, "%zu %s left out: no estimate, or limits from which no standard error follows",
                n_left_out, printing_plural(n_left_out, "row", "rows"));
  const bool has_any = table_n_rows(output.pool) > 0;
  report_add_table(context->report, output.pool);
  report_add_table(context->report, output.studies);
  report_add_printed(context->report, output.printed);
  report_add_forest(context->report, output.plot);
  arguments_free_condition(condition);
  column_release(request.by);
  if (has_any)
    return STATUS_OK;
  error_set(error, "no study on view has an estimate with its error: nothing can be pooled");
  return error_hint(error, "pool ESTIMATE LOW HIGH for ratios above 0, or pool ESTIMATE SE; filter off shows all again");
}

static const struct option_syntax pool_options[] = {
    {"by", OPTION_WORD, NULL, "a variable whose levels are pooled each on its own"},
    {"method", OPTION_WORD, "dl|reml|fixed", "DerSimonian–Laird (default), REML, or fixed effect"},
    {"test", OPTION_WORD, "z|knapp-hartung", "normal limits, or Hartung and Knapp's (default with reml)"},
    {"scale", OPTION_WORD, "ratio|difference", "ratios are pooled as logarithms (default with limits)"},
    {"study", OPTION_WORD, NULL, "the column that names the studies"},
    {.name = NULL},
};

static const char *const pool_examples[] = {"pool hr conf_low conf_high, by=treatment method=reml study=author", NULL};

const struct verb verb_pool = {
    .syntax = {"pool", ARGUMENTS_WORDS, true, pool_options},
    .usage = "pool ESTIMATE LOW HIGH | ESTIMATE SE [if EXPR] [, by=V method=M test=T scale=S study=V]",
    .summary = "results of several studies, pooled, with their heterogeneity",
    .details = "Each row on view is a study: a ratio with its limits (of the level that is set), or an estimate with its\n"
               "standard error.  As R's metafor rma(method = \"DL\", \"REML\", \"FE\"): Q and its p, I2 in per cent, tau2.  REML\n"
               "takes Hartung and Knapp's limits (test=\"knha\") unless test=z.  The figure (--plot, export to .svg) has each study,\n"
               "the pooled result with fixed effect and, unless method=fixed, that of the method.",
    .tables = "pool, pool_studies",
    .examples = pool_examples,
    .needs = NEEDS_COHORT,
    .is_analysis = true,
    .draws = true,
    .run = run_pool,
};
