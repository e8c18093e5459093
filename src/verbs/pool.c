/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pool: results of several studies, pooled. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "stats/distribution.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/pool_internal.h"
#include "verbs/printing.h"

struct output {
  struct table *pool, *studies, *models;
  struct printed_table *printed, *printed_models;
  struct forest_plot *plot;
  size_t n_pooled;   /* groups of two studies or more */
  char *lone;        /* the name of a study that was alone in its group */
};

static const char *const method_names[] = {"Fixed effect", "Random effects (DL)", "Random effects (REML)"};

/* Whether there is a value of no effect, which a p-value is of. */
static bool has_null(const struct pool_request *request)
{
  return request->scale == POOL_RATIO || request->scale == POOL_DIFFERENCE;
}

static int decimals_of(const struct pool_request *request)
{
  return request->scale == POOL_PROPORTION ? 3 : request->scale == POOL_PERCENT || request->scale == POOL_TIME ? 1 : 2;
}

/* A row of the figure, with the texts of the printed row that was just made. */
static struct forest_row *draw_row(struct output *output, unsigned indent, const char *label, const double values[3])
{
  char *const *cells = output->printed->rows[output->printed->n_rows - 1].cells;
  struct forest_row *row = forest_plot_add(output->plot, FOREST_ROW, indent, label);
  row->numbers = cells[1] ? memory_copy_string(cells[1]) : NULL;
  row->counts = cells[2] ? memory_copy_string(cells[2]) : NULL;
  row->estimate = values[0];
  row->low = values[1];
  row->high = values[2];
  return row;
}

static void add_studies(const struct pool_request *request, const struct pool_studies *studies,
                        const struct meta_result *result, const char *group, struct output *output)
{
  double total = 0;
  for (size_t i = 0; i < studies->n; i++)
    total += 1 / (studies->std_error[i] * studies->std_error[i] + result->tau2);
  for (size_t i = 0; i < studies->n; i++) {
    const double s = studies->std_error[i], *shown = studies->shown[i];
    const double percent = 100 / (s * s + result->tau2) / total;
    struct text name = TEXT_INIT;
    pool_append_name(request, studies->row[i], &name);
    table_add_text(output->studies, group);
    table_add_text(output->studies, text_string(&name));
    for (size_t k = 0; k < 3; k++)
      table_add_number(output->studies, shown[k]);
    table_add_number(output->studies, percent);
    printed_table_begin_row(output->printed, PRINTED_ROW);
    printed_table_set(output->printed, 0, "%s%s", request->by ? "  " : "", text_string(&name));
    printing_interval(output->printed, 1, shown[0], shown[1], shown[2], decimals_of(request));
    printing_fixed(output->printed, 2, percent, 1);
    draw_row(output, request->by != NULL, text_string(&name), shown)->weight = percent;
    text_clear(&name);
  }
}

/* A result on the estimates' own scale; a p-value only where there is an effect that might be none. */
static struct meta_result as_shown(const struct pool_request *request, const struct meta_result *result)
{
  struct meta_result shown = *result;
  shown.estimate = pool_shown(request, result->estimate);
  shown.conf_low = pool_shown(request, result->conf_low);
  shown.conf_high = pool_shown(request, result->conf_high);
  shown.prediction_low = pool_shown(request, result->prediction_low);
  shown.prediction_high = pool_shown(request, result->prediction_high);
  shown.p_value = has_null(request) ? result->p_value : (double)NAN;
  return shown;
}

static void add_pooled(const struct pool_request *request, const struct meta_result *result, const char *group,
                       struct output *output)
{
  const struct meta_result shown = as_shown(request, result);
  const double values[] = {shown.estimate, shown.conf_low, shown.conf_high, shown.p_value, result->q, result->q_df,
                           result->q_p,    result->i2,     result->tau2};
  table_add_text(output->pool, group);
  table_add_number(output->pool, (double)result->k);
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    table_add_number(output->pool, values[i]);
  if (result->k < 2)
    return;
  printed_table_begin_row(output->printed, PRINTED_ROW);
  printed_table_set(output->printed, 0, "%sPooled (k = %zu)", request->by ? "  " : "", result->k);
  printing_interval(output->printed, 1, values[0], values[1], values[2], decimals_of(request));
  printing_p(output->printed, 3, shown.p_value);
  printing_fixed(output->printed, 4, result->q, 2);
  printing_p(output->printed, 5, result->q_p);
  printing_fixed(output->printed, 6, result->i2, 0);
  printing_fixed(output->printed, 7, result->tau2, 3);
}

/* ---- each method ---- */

static void append_prediction(const struct pool_request *request, const struct meta_result *shown, struct text *text)
{
  number_append_fixed(text, shown->prediction_low, decimals_of(request));
  text_append(text, " to ");
  number_append_fixed(text, shown->prediction_high, decimals_of(request));
}

/* The three methods side by side: what hangs on the choice is seen at once. */
static void add_models(const struct pool_request *request, const struct pool_studies *studies, const char *group,
                       struct output *output)
{
  static const char *const words[] = {"fixed", "dl", "reml"};
  static const char *const names[] = {"Fixed effect", "DerSimonian–Laird", "REML"};
  for (size_t method = META_FIXED; method <= META_REML; method++) {
    const bool knapp_hartung = request->has_test ? request->knapp_hartung : method == META_REML;
    struct meta_result result;
    meta_pool(studies->estimate, studies->std_error, studies->n, (enum meta_method)method, knapp_hartung, request->level,
              &result);
    const struct meta_result shown = as_shown(request, &result);
    const double values[] = {shown.estimate, shown.conf_low, shown.conf_high, shown.p_value, result.i2, result.tau2,
                             shown.prediction_low, shown.prediction_high};
    table_add_text(output->models, group);
    table_add_text(output->models, words[method]);
    table_add_text(output->models, knapp_hartung ? "knapp-hartung" : "z");
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
      table_add_number(output->models, values[i]);
    printed_table_begin_row(output->printed_models, PRINTED_ROW);
    printed_table_set(output->printed_models, 0, "%s%s%s", request->by ? "  " : "", names[method],
                      knapp_hartung ? " (Hartung–Knapp)" : "");
    printing_interval(output->printed_models, 1, values[0], values[1], values[2], decimals_of(request));
    printing_p(output->printed_models, 2, shown.p_value);
    printing_fixed(output->printed_models, 3, result.i2, 0);
    printing_fixed(output->printed_models, 4, result.tau2, 3);
    if (isfinite(shown.prediction_low) && isfinite(shown.prediction_high)) {
      struct text text = TEXT_INIT;
      append_prediction(request, &shown, &text);
      printed_table_set(output->printed_models, 5, "%s", text_string(&text));
      text_clear(&text);
    }
  }
}

/* ---- the figure ---- */

/* A diamond that only the figure has. */
static void draw_pooled(const struct pool_request *request, const struct meta_result *result, enum meta_method method,
                        struct output *output)
{
  static const char *const briefs[] = {"Fixed", "Random (DL)", "Random (REML)"};
  const struct meta_result shown = as_shown(request, result);
  struct forest_row *row = forest_plot_add(output->plot, FOREST_SUMMARY, request->by != NULL, method_names[method]);
  struct text text = TEXT_INIT;
  printed_append_interval(&text, shown.estimate, shown.conf_low, shown.conf_high, decimals_of(request), false);
  row->brief = memory_copy_string(briefs[method]);
  row->numbers = text_take(&text);
  if (!isnan(shown.p_value))
    number_append_p(&text, shown.p_value, false);
  row->p = text_take(&text);
  row->p_value = shown.p_value;
  row->estimate = shown.estimate;
  row->low = shown.conf_low;
  row->high = shown.conf_high;
}

static void draw_note(struct output *output, struct text *text)
{
  forest_plot_add(output->plot, FOREST_HEADING, 1, text_string(text));
  text_truncate(text, 0);
}

/* The pooled results of a group in the figure: with fixed effect, and as asked where that is another; how far the studies
 * differ, and where a further one is to be expected. */
static void draw_group(const struct pool_request *request, const struct pool_studies *studies,
                       const struct meta_result *result, struct output *output)
{
  struct meta_result fixed;
  struct text text = TEXT_INIT;
  const struct meta_result shown = as_shown(request, result);
  if (request->method != META_FIXED) {
    meta_pool(studies->estimate, studies->std_error, studies->n, META_FIXED, false, request->level, &fixed);
    draw_pooled(request, &fixed, META_FIXED, output);
  }
  draw_pooled(request, result, request->method, output);
  text_append_format(&text, "Heterogeneity: Q = %.2f, ", result->q);
  printed_append_p_sentence(&text, result->q_p);
  text_append_format(&text, "; I2 = %.0f %%; tau2 = %.3f", result->i2, result->tau2);
  draw_note(output, &text);
  if (isfinite(shown.prediction_low) && isfinite(shown.prediction_high)) {
    text_append(&text, "Prediction interval: ");
    append_prediction(request, &shown, &text);
    draw_note(output, &text);
  }
  text_clear(&text);
}

/* ---- groups ---- */

static void begin_group(const struct pool_request *request, uint32_t code, bool is_pooled, struct output *output)
{
  if (!request->by)
    return;
  const char *name = column_level_display_name(request->by, code);
  printed_table_begin_row(output->printed, PRINTED_HEADING);
  printed_table_set(output->printed, 0, "%s", name);
  forest_plot_add(output->plot, FOREST_HEADING, 0, name);
  if (!is_pooled)
    return;
  printed_table_begin_row(output->printed_models, PRINTED_HEADING);
  printed_table_set(output->printed_models, 0, "%s", name);
}

/* Results of the same patients would count them twice. */
static void warn_of_repeated(const struct pool_request *request, const struct pool_studies *studies, const char *group,
                             struct report *report)
{
  struct text name = TEXT_INIT, other = TEXT_INIT;
  for (size_t i = 0; request->study && i < studies->n; i++) {
    text_truncate(&name, 0);
    pool_append_name(request, studies->row[i], &name);
    for (size_t k = 0; k < i; k++) {
      text_truncate(&other, 0);
      pool_append_name(request, studies->row[k], &other);
      if (strcmp(text_string(&name), text_string(&other)) != 0)
        continue;
      report_warn(report, "%s%s%s comes twice: are these the same patients? with=V tells its results apart",
                  request->by ? group : "", request->by ? ": " : "", text_string(&name));
      text_clear(&name);
      text_clear(&other);
      return;
    }
  }
  text_clear(&name);
  text_clear(&other);
}

/* Where the studies differ less than chance has them differ, the factor of Hartung and Knapp is near 0 and so are the limits
 * (Wiksten, Rücker and Schwarzer, Stat Med 2016;35:2503-2515 compare with the fixed effect, as here). */
static void warn_of_narrow(const struct pool_request *request, const struct pool_studies *studies,
                           const struct meta_result *result, const char *group, struct report *report)
{
  struct meta_result fixed;
  meta_pool(studies->estimate, studies->std_error, studies->n, META_FIXED, false, request->level, &fixed);
  if (result->knapp_hartung && result->conf_high - result->conf_low < fixed.conf_high - fixed.conf_low)
    report_warn(report, "%s: the studies agree more closely than chance lets expect, which makes the limits of Hartung and "
                        "Knapp narrower than those of the fixed effect; test=z gives wider ones", group);
}

static void tell_group(struct verb_context *context, const struct pool_request *request, uint32_t code,
                       const struct pool_studies *studies, struct output *output)
{
  struct meta_result result;
  struct text name = TEXT_INIT;
  if (request->by)
    text_append_format(&name, "%s=%s", request->by->name, request->by->levels[code - 1].name);
  else
    text_append(&name, "all");
  meta_pool(studies->estimate, studies->std_error, studies->n, request->method, request->knapp_hartung, request->level,
            &result);
  warn_of_repeated(request, studies, text_string(&name), context->report);
  warn_of_narrow(request, studies, &result, text_string(&name), context->report);
  begin_group(request, code, studies->n > 1, output);
  add_studies(request, studies, &result, text_string(&name), output);
  add_pooled(request, &result, text_string(&name), output);
  if (studies->n > 1) {
    add_models(request, studies, text_string(&name), output);
    draw_group(request, studies, &result, output);
    output->n_pooled++;
  } else if (!output->lone) {
    struct text lone = TEXT_INIT;
    pool_append_name(request, studies->row[0], &lone);
    output->lone = text_take(&lone);
  }
  if (!result.converged)
    report_warn(context->report, "%s: REML did not settle; the last value stands", text_string(&name));
  text_clear(&name);
}

/* One group of studies; code 0: all of them. */
static enum status pool_group(struct verb_context *context, const struct pool_request *request,
                              const struct bitmap *condition, uint32_t code, struct output *output,
                              struct pool_left_out *left_out, struct error *error)
{
  struct pool_studies studies;
  if (pool_collect(request, context->state, condition, code, &studies, left_out, error))
    return STATUS_ERROR;
  if (studies.n)
    tell_group(context, request, code, &studies, output);
  pool_studies_clear(&studies);
  return STATUS_OK;
}

/* ---- words ---- */

static void note_method(const struct pool_request *request, struct printed_table *printed)
{
  static const char *const names[] = {"Fixed effect (inverse variance)", "Random effects, DerSimonian–Laird",
                                      "Random effects, REML"};
  static const char *const scales[] = {"  Pooled on the logarithm.", "", "  Pooled on the logit.", "  Pooled on the logit.",
                                       "  Pooled on the logarithm."};
  static const char *const distances[] = {" on the logarithm", "", " on the logit", " on the logit", " on the logarithm"};
  printed_table_note(printed, "%s%s.  Limits: %g %%, %s.%s", names[request->method],
                     request->knapp_hartung ? " with Hartung–Knapp" : "", 100 * request->level,
                     request->knapp_hartung ? "t" : "normal", scales[request->scale]);
  if (request->high)
    printed_table_note(printed, "Limits of the studies: as given; their standard error is the distance of the two%s / (2 × %.4g).",
                       distances[request->scale], normal_half_width(request->level));
  if (request->total)
    printed_table_note(printed, "Limits of the studies: %s, of n patients.", request->exact ? "exact (Clopper–Pearson)" : "Wilson");
}

/* Why nothing was pooled. */
static enum status refuse(const struct output *output, const struct pool_left_out *left_out, struct error *error)
{
  if (output->lone) {
    error_set(error, "one study alone (%s) cannot be pooled", output->lone);
    return error_hint(error, "%zu without an estimate, %zu without limits, %zu with a range alone were left out",
                      left_out->no_estimate, left_out->no_limits, left_out->only_range);
  }
  if (left_out->only_range && !left_out->no_limits && !left_out->unfit)
    error_set(error, "no study on view has an estimate with limits: a range over studies is no confidence interval");
  else
    error_set(error, "no study on view has an estimate with its error: nothing can be pooled");
  return error_hint(error, "pool ESTIMATE LOW HIGH, pool ESTIMATE SE, or a share of n patients: pool RATE, n=V scale=percent");
}

static void name_columns(const struct pool_request *request, struct forest_plot *plot)
{
  struct text text = TEXT_INIT;
  text_append_format(&text, "estimate (%g %% CI)", 100 * request->level);
  plot->numbers_title = text_take(&text);
  plot->label_title = memory_copy_string("study");
  plot->counts_title = memory_copy_string("weight %");
  plot->axis_title = memory_copy_string(request->scale == POOL_PERCENT ? "%" : request->estimate->name);
}

static void output_init(const struct pool_request *request, struct output *output)
{
  static const char *const columns[] = {"study", "estimate (limits)", "weight %", "p", "Q", "Q p", "I2 %", "tau2", NULL};
  static const char *const models[] = {"", "estimate (limits)", "p", "I2 %", "tau2", "prediction", NULL};
  *output = (struct output){
      .pool = table_new("pool", "group k estimate conf_low conf_high p_value q df q_p i2 tau2"),
      .studies = table_new("pool_studies", "group study estimate conf_low conf_high weight"),
      .models = table_new("pool_models",
                          "group method test estimate conf_low conf_high p_value i2 tau2 prediction_low prediction_high"),
      .printed = printing_table("Pooled results", columns),
      .printed_models = printing_table("By each method", models),
      .plot = forest_plot_new(NULL, request->scale == POOL_RATIO),
  };
  name_columns(request, output->plot);
}

static void deliver(struct output *output, struct report *report)
{
  report_add_table(report, output->pool);
  report_add_table(report, output->studies);
  report_add_table(report, output->models);
  report_add_printed(report, output->printed);
  report_add_printed(report, output->printed_models);
  report_add_forest(report, output->plot);
  free(output->lone);
}

static void output_clear(struct output *output)
{
  table_free(output->pool);
  table_free(output->studies);
  table_free(output->models);
  printed_table_free(output->printed);
  printed_table_free(output->printed_models);
  forest_plot_free(output->plot);
  free(output->lone);
}

static enum status pool_all(struct verb_context *context, const struct pool_request *request, const struct bitmap *condition,
                            struct error *error)
{
  struct output output;
  struct pool_left_out left_out = {.no_estimate = 0};
  enum status status = STATUS_OK;
  output_init(request, &output);
  if (!request->by)
    status = pool_group(context, request, condition, 0, &output, &left_out, error);
  for (uint32_t code = 1; request->by && code <= request->by->n_levels && !status; code++)
    status = pool_group(context, request, condition, code, &output, &left_out, error);
  if (!status && !output.n_pooled)
    status = refuse(&output, &left_out, error);
  if (status) {
    output_clear(&output);
    return status;
  }
  note_method(request, output.printed);
  printed_table_note(output.printed_models, "Prediction: where the effect of a further study lies (t, k - 2).");
  pool_warn_of_rows(&left_out, request->total != NULL, context->report);
  pool_warn_of_survival(request, context->state, condition, context->report);
  deliver(&output, context->report);
  return STATUS_OK;
}

static enum status run_pool(struct verb_context *context, const struct command *command, struct error *error)
{
  struct pool_request request = {.by = NULL};
  struct bitmap *condition;
  if (arguments_condition(command, context->state, &condition, error))
    return STATUS_ERROR;
  enum status status = pool_read(command, context->state, condition, &request, error);
  if (!status)
    status = pool_all(context, &request, condition, error);
  arguments_free_condition(condition);
  column_release(request.by);
  return status;
}

static const struct option_syntax pool_options[] = {
    {"by", OPTION_WORD, NULL, "a variable whose levels are pooled each on its own"},
    {"method", OPTION_WORD, "dl|reml|fixed", "DerSimonian–Laird (default), REML, or fixed effect"},
    {"test", OPTION_WORD, "z|knapp-hartung", "normal limits, or Hartung and Knapp's (default with reml)"},
    {"scale", OPTION_WORD, "ratio|difference|proportion|percent|time",
     "what the estimates are, where no column of units says it (ratio with limits, else difference)"},
    {"n", OPTION_WORD, NULL, "the patients of each study, where the estimate is a share or a number of them"},
    {"exact", OPTION_FLAG, NULL, "with n=: exact limits of the studies instead of Wilson's"},
    {"study", OPTION_WORD, NULL, "the column that names the studies (study)"},
    {"year", OPTION_WORD, NULL, "the column of the year, behind the name (year)"},
    {"with", OPTION_WORD, NULL, "a column whose text tells several results of a study apart"},
    {"endpoint", OPTION_WORD, NULL, "the column that says what the estimate is of (endpoint): different ones are refused"},
    {"unit", OPTION_WORD, NULL, "the column of its unit (unit): % is pooled as percent, months as time"},
    {"mixed", OPTION_FLAG, NULL, "pool different endpoints all the same"},
    {.name = NULL},
};

static const char *const pool_examples[] = {"pool hr conf_low conf_high, by=treatment method=reml study=author",
                                            "pool responders, n=patients study=author", NULL};

const struct verb verb_pool = {
    .syntax = {"pool", ARGUMENTS_WORDS, true, pool_options},
    .usage = "pool ESTIMATE LOW HIGH | ESTIMATE SE | ESTIMATE, n=V [if EXPR] [, by=V method=M test=T scale=S study=V …]",
    .summary = "results of several studies, pooled, with their heterogeneity",
    .details = "Each row on view is a study: an estimate with its limits (of the level that is set), or with its standard error,\n"
               "or a share of n patients (84, 12/40; of 12 vs 78 the first arm).  Ratios and times are pooled as logarithms,\n"
               "percentages and proportions as logits (of events and n: half a patient added where all or none had it).  As R's\n"
               "metafor rma(method = \"DL\", \"REML\", \"FE\"): Q and its p, I2 in per cent, tau2.  REML takes Hartung and Knapp's\n"
               "limits (test=\"knha\") unless test=z.  pool_models has the three methods with their prediction intervals (t with\n"
               "k - 2 degrees of freedom, from three studies on).  Different endpoints or units, a range in the place of limits,\n"
               "and a study alone are refused.  The figure (--plot, the explorer's view 4, export to .svg) has each study, the\n"
               "pooled result with fixed effect and, unless method=fixed, that of the method.  Limits that were given are printed as\n"
               "they were; the standard error is their distance, on the scale that is pooled, over twice the normal quantile.",
    .tables = "pool, pool_studies, pool_models",
    .examples = pool_examples,
    .needs = NEEDS_COHORT,
    .is_analysis = true,
    .draws = true,
    .run = run_pool,
};
