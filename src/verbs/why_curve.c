/* SPDX-License-Identifier: GPL-3.0-or-later */
/* why survival, why median: a Kaplan–Meier curve taken apart. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/analysis.h"
#include "stats/distribution.h"
#include "stats/km_steps.h"
#include "verbs/arguments.h"
#include "verbs/printing.h"
#include "verbs/why_internal.h"

/* One group's curve. */
struct subject {
  struct km_analysis analysis;
  const struct km_curve *curve;
  const char *name, *label; /* borrowed from the analysis */
};

/* ---- which curve ---- */

/* "surgery=PR, sex=F", as gathered groups are named; each level must be one. */
static enum status append_group(const struct why_value *values, size_t n, struct text *name, struct error *error)
{
  for (size_t i = 0; i < n; i++) {
    struct column *factor = column_as_factor(values[i].column);
    const uint32_t code = column_find_level(factor, values[i].text);
    if (!code) {
      struct text levels = TEXT_INIT;
      for (size_t k = 0; k < factor->n_levels && k < 12; k++)
        text_append_format(&levels, "%s%s", k ? ", " : "", factor->levels[k].name);
      error_set(error, "%s has no such level", factor->name);
      error_hint(error, "its levels are %s%s; one with blanks or signs stands in quotes", text_string(&levels),
                 factor->n_levels > 12 ? ", …" : "");
      text_clear(&levels);
      column_release(factor);
      return error_in_command(error, values[i].start, values[i].length);
    }
    text_append_format(name, "%s%s=%s", i ? ", " : "", factor->name, factor->levels[code - 1].name);
    column_release(factor);
  }
  if (!n)
    text_append(name, "all");
  return STATUS_OK;
}

static enum status find_curve(struct subject *subject, const char *name, struct error *error)
{
  const struct gathered *gathered = &subject->analysis.gathered;
  for (size_t g = 0; g < gathered->data.n_groups; g++) {
    if (strcmp(gathered->group_names[g], name) != 0)
      continue;
    subject->curve = &subject->analysis.curves[g];
    subject->name = gathered->group_names[g];
    subject->label = gathered->group_labels[g];
    if (subject->curve->n_times)
      return STATUS_OK;
  }
  error_set(error, strcmp(name, "all") ? "no patient on view is %s" : "no patient is on view", name);
  return error_hint(error, "filter off shows all again");
}

static enum status fit(const struct why *why, const struct why_value *values, size_t n, struct subject *subject,
                       struct error *error)
{
  struct km_request request = {.conf = why->context->state->settings.conf, .tau = (double)NAN};
  const char *conf = arguments_word(why->command, "conf");
  struct bitmap *condition = NULL;
  char **names = memory_new(n, sizeof *names);
  for (size_t i = 0; i < n; i++)
    names[i] = memory_copy_string(values[i].column->name);
  if (conf)
    conf_find(conf, &request.conf);
  enum status status = arguments_condition(why->command, why->context->state, &condition, error);
  request.rows = (struct gather_request){.groups = names, .n_groups = n, .condition = condition,
                                         .weights = arguments_word(why->command, "weights")};
  if (!status)
    status = km_analyse(why->context->state, &request, why->context->task, &subject->analysis, error);
  arguments_free_condition(condition);
  arguments_free_names(names, n);
  return status;
}

/* The curve that the arguments name; the caller clears the analysis. */
static enum status subject_init(struct subject *subject, const struct why *why, struct error *error)
{
  struct why_value *values;
  struct text name = TEXT_INIT;
  size_t n;
  *subject = (struct subject){.curve = NULL};
  enum status status = why_read_values(why, &values, &n, error);
  if (!status)
    status = append_group(values, n, &name, error);
  if (!status)
    status = fit(why, values, n, subject, error);
  if (!status) {
    status = find_curve(subject, text_string(&name), error);
    if (status)
      km_analysis_clear(&subject->analysis);
  }
  text_clear(&name);
  free(values);
  return status;
}

/* ---- words ---- */

static bool is_robust(const struct subject *subject)
{
  return subject->curve->event_square != NULL;
}

/* How the limits follow from S, the root r of Greenwood's sum and z. */
static void say_limits(const struct subject *subject, const struct km_point *point, struct report *report)
{
  static const char *const forms[] = {
      [CONF_LOG] = "S × exp(-/+ z r)",
      [CONF_PLAIN] = "S -/+ z S r",
      [CONF_LOG_LOG] = "S^exp(+/- z r / log S)",
      [CONF_LOGIT] = "the probability whose logit is logit S -/+ z r / (1 - S)",
      [CONF_ARCSIN] = "the squared sine of asin(root S) -/+ z r root(S / (1 - S)) / 2",
  };
  const struct km_analysis *analysis = &subject->analysis;
  struct text text = TEXT_INIT;
  text_append_format(&text, "Limits (%g %%, %s): %s, z = %.4g", 100 * analysis->level, conf_name(analysis->conf),
                     forms[analysis->conf], normal_half_width(analysis->level));
  if (isfinite(point->std_error) && point->estimate > 0)
    text_append_format(&text, ", r = s.e./S = %.4g", point->std_error / point->estimate);
  text_append(&text, ": ");
  why_append_number(&text, point->conf_low);
  text_append(&text, " to ");
  why_append_number(&text, point->conf_high);
  why_say(report, "%s.", text_string(&text));
  text_clear(&text);
}

static void say_weights(const struct subject *subject, struct report *report)
{
  if (is_robust(subject))
    why_say(report, "Weights are not whole: counts are sums of weights; the standard error is that of the "
                            "infinitesimal jackknife, which is not derived here.");
  if (subject->curve->n_entries)
    why_say(report, "Some enter late: at risk at t are those who entered before t and have not left.");
}

static struct table *steps_table(struct why *why, const struct subject *subject, const struct km_step *steps, size_t n)
{
  static const char *const columns[] = {"time", "at risk", "events", "censored since", "1 - d/n", "S", "Greenwood sum",
                                        "s.e.", "limits", NULL};
  struct table *table = table_new("why_steps", "step group time n_risk n_event n_censor factor estimate greenwood std_error "
                                               "conf_low conf_high");
  struct text title = TEXT_INIT;
  text_append_format(&title, "Event times of %s", subject->label);
  why_begin_steps(why, text_string(&title), columns, n);
  text_clear(&title);
  for (size_t i = 0; i < n; i++) {
    const struct km_step *step = &steps[i];
    const double greenwood = is_robust(subject) ? (double)NAN : step->greenwood;
    const double values[] = {step->time,      step->n_risk,   step->n_event,  step->n_censor, step->factor,
                             step->estimate,  greenwood,      step->std_error, step->conf_low, step->conf_high};
    table_add_number(table, (double)i + 1);
    table_add_text(table, subject->name);
    for (size_t k = 0; k < sizeof values / sizeof *values; k++)
      table_add_number(table, values[k]);
    if (!why_next_step(why))
      continue;
    printed_table_set(why->printed, 0, "%.6g", step->time);
    for (size_t k = 1; k < 4; k++)
      printed_table_set(why->printed, k, "%.10g", values[k]);
    printing_fixed(why->printed, 4, step->factor, 4);
    printing_fixed(why->printed, 5, step->estimate, 4);
    printing_fixed(why->printed, 6, greenwood, 5);
    printing_fixed(why->printed, 7, step->std_error, 4);
    struct text limits = TEXT_INIT;
    why_append_number(&limits, step->conf_low);
    text_append(&limits, "–");
    why_append_number(&limits, step->conf_high);
    printed_table_set(why->printed, 8, "%s", text_string(&limits));
    text_clear(&limits);
  }
  return table;
}

/* ---- survival ---- */

static void say_survival(struct why *why, const struct subject *subject, const struct km_point *point, size_t n_steps,
                         const struct km_step *last, double censored_after)
{
  struct report *report = why->report;
  why_say(report, "Survival of %s at %.6g: %.4f", subject->label, point->time, point->estimate);
  if (!last) {
    why_say(report, "There is no event up to %.6g: S is still 1, and so are its limits.", point->time);
    return;
  }
  why_say(report, "S(t) is the product of 1 - d/n over the event times up to t, here %zu: n at risk just before each, d "
                          "events at it.  Who is censored leaves without a factor, and only lessens the later n.", n_steps);
  why_say(report, "Censored since the last of them: %.10g; at risk at %.6g: %.10g.", censored_after, point->time,
          point->n_risk);
  if (!is_robust(subject) && isfinite(point->std_error))
    why_say(report, "Greenwood: the sum of d / (n (n - d)) is %.5g; s.e. = S × its root = %.4f × %.5g = %.5g.",
                    last->greenwood, point->estimate, sqrt(last->greenwood), point->std_error);
  else if (!is_robust(subject))
    why_say(report, "All at risk had the event at %.6g: the estimate is 0 and its error is not estimable.", last->time);
  say_weights(subject, report);
  if (!is_robust(subject))
    say_limits(subject, point, report);
}

static enum status check_time(const struct subject *subject, const struct command_option *at, struct error *error)
{
  const double last = subject->curve->time[subject->curve->n_times - 1];
  if (at->number >= 0 && at->number <= last)
    return STATUS_OK;
  if (at->number < 0)
    error_set(error, "at= wants a time, and %g is before the beginning", at->number);
  else
    error_set(error, "%g is beyond the last time of %s, %.10g: survival is not estimable there", at->number, subject->label,
              last);
  error_hint(error, "at=%.10g", last);
  return error_in_command(error, at->start, at->length);
}

enum status why_survival(struct why *why, struct error *error)
{
  const struct command_option *at = command_find_option(why->command, "at");
  struct subject subject;
  if (!at) {
    error_set(error, "why survival wants a time");
    return error_hint(error, "why survival surgery=\"PR\", at=36");
  }
  enum status status = subject_init(&subject, why, error);
  if (status)
    return status;
  status = check_time(&subject, at, error);
  if (!status) {
    size_t n;
    double censored;
    const struct km_point point = km_at(subject.curve, at->number);
    struct km_step *steps = km_steps(subject.curve, at->number, &n, &censored);
    const char *const names[] = {"time", "n_risk", "estimate", "std_error", "conf_low", "conf_high"};
    const double values[] = {point.time, point.n_risk, point.estimate, point.std_error, point.conf_low, point.conf_high};
    printing_rows(why->report, &subject.analysis.gathered);
    for (size_t i = 0; i < 6; i++)
      why_add_item(why, names[i], values[i]);
    why_add_item(why, "level", subject.analysis.level);
    say_survival(why, &subject, &point, n, n ? &steps[n - 1] : NULL, censored);
    why_end_steps(why, steps_table(why, &subject, steps, n));
    free(steps);
  }
  km_analysis_clear(&subject.analysis);
  return status;
}

/* ---- median ---- */

static const char *rule_words(enum quantile_rule rule)
{
  switch (rule) {
  case QUANTILE_SPSS:
    return "SPSS's rule: the first event time with S at or under it";
  case QUANTILE_SAS:
    return "SAS's rule: the first time with S at or under it; where S is flat at exactly it, the midpoint of that stretch; not "
           "reached where it never falls below";
  case QUANTILE_R:
    break;
  }
  return "R's rule: the first time with S at or under it; where S is flat at exactly it, the midpoint of that stretch";
}

/* Where a line of the steps comes down to p. */
static void say_crossing(const struct subject *subject, const double *values, double p, double found, const char *what,
                         struct report *report)
{
  const struct km_curve *curve = subject->curve;
  const double tolerance = 1.5e-8; /* sqrt(DBL_EPSILON), as km_quantile() has it */
  size_t j = 0, before;
  while (j < curve->n_times && !(values[j] <= p + tolerance))
    j++;
  if (j == curve->n_times) {
    size_t last = curve->n_times;
    while (last > 0 && isnan(values[last - 1]))
      last--;
    if (last)
      why_say(report, "%s never comes down to %g: it ends at %.4f: not reached.", what, p, values[last - 1]);
    else
      why_say(report, "%s is not estimable at any time.", what);
    return;
  }
  for (before = j; before > 0 && isnan(values[before - 1]); before--)
    ;
  const double from = before ? values[before - 1] : 1;
  if (fabs(values[j] - p) < tolerance)
    why_say(report, "%s falls from %.4f to %g exactly at t = %.6g, and stays there: %s%.6g.", what, from, p,
                    curve->time[j], isfinite(found) ? "" : "not reached ", isfinite(found) ? found : curve->time[j]);
  else
    why_say(report, "%s falls from %.4f to %.4f at t = %.6g: the first time at or under %g.", what, from, values[j],
                    curve->time[j], p);
}

static void say_density(const struct subject *subject, const struct km_quantile *quantile, double p, struct report *report)
{
  const struct km_density density = km_median_density(subject->curve);
  if (p != 0.5) {
    why_say(report, "SPSS gives limits of the median alone.");
    return;
  }
  if (!isfinite(density.std_error)) {
    why_say(report, "Limits: none, since S does not come down to 0.45, from which the density at the median is taken.");
    return;
  }
  why_say(report, "Limits: median -/+ z s.e., s.e. = s.e.(S at the median) / f; f = (S(u) - S(l)) / (l - u) with u = %.6g, "
                          "S(u) = %.4f (the last with S >= 0.55) and l = %.6g, S(l) = %.4f (the first with S <= 0.45).",
                  density.u, density.survival_u, density.l, density.survival_l);
  why_say(report, "f = %.5g, s.e. = %.5g, z = %.4g: %.6g to %.6g%s.", density.density, density.std_error,
                  normal_half_width(subject->analysis.level), quantile->low, quantile->high,
                  quantile->low == 0 ? " (a negative limit is 0)" : "");
}

static void say_median(const struct why *why, const struct subject *subject, const struct km_quantile *quantile, double p)
{
  const enum quantile_rule rule = why->context->state->settings.quantiles;
  struct report *report = why->report;
  struct text title = TEXT_INIT;
  if (p == 0.5)
    text_append(&title, "Median");
  else
    text_append_format(&title, "Time at which survival is %g", p);
  text_append_format(&title, " of %s: ", subject->label);
  printed_append_time(&title, quantile->time, 4);
  text_append(&title, " (");
  printed_append_time(&title, quantile->low, 4);
  text_append(&title, "–");
  printed_append_time(&title, quantile->high, 4);
  why_say(report, "%s%s)", text_string(&title), isnan(quantile->time) ? "; NR: not reached" : "");
  text_clear(&title);
  why_say(report, "%s.", rule_words(rule));
  say_crossing(subject, subject->curve->estimate, p, quantile->time, "S", report);
  if (rule == QUANTILE_SPSS) {
    say_density(subject, quantile, p, report);
  } else {
    say_crossing(subject, subject->curve->conf_low, p, quantile->low, "Lower limit: the curve of the lower limits", report);
    say_crossing(subject, subject->curve->conf_high, p, quantile->high, "Upper limit: the curve of the upper limits", report);
  }
  say_weights(subject, report);
}

/* Until when the steps go: the first event time at or behind the last of the crossings (which may lie between two); to the
 * end where one is not reached. */
static double last_crossing(const struct km_curve *curve, const struct km_quantile *quantile)
{
  const double last = fmax(fmax(quantile->time, quantile->low), quantile->high);
  if (!isfinite(quantile->time) || !isfinite(quantile->low) || !isfinite(quantile->high))
    return INFINITY;
  for (size_t j = 0; j < curve->n_times; j++)
    if (curve->n_event[j] > 0 && curve->time[j] >= last)
      return curve->time[j];
  return INFINITY;
}

enum status why_median(struct why *why, struct error *error)
{
  const double p = arguments_number(why->command, "p", 0.5);
  struct subject subject;
  if (!(p > 0 && p < 1)) {
    const struct command_option *option = command_find_option(why->command, "p");
    error_set(error, "p= wants a survival probability between 0 and 1");
    error_hint(error, "p=0.25 for the third quartile of survival times");
    return error_in_command(error, option->start, option->length);
  }
  enum status status = subject_init(&subject, why, error);
  if (status)
    return status;
  const struct km_quantile quantile =
      km_quantile(subject.curve, p, why->context->state->settings.quantiles, subject.analysis.level);
  size_t n;
  double censored;
  struct km_step *steps = km_steps(subject.curve, last_crossing(subject.curve, &quantile), &n, &censored);
  printing_rows(why->report, &subject.analysis.gathered);
  why_add_item(why, "p", p);
  why_add_item(why, "time", quantile.time);
  why_add_item(why, "conf_low", quantile.low);
  why_add_item(why, "conf_high", quantile.high);
  why_add_item(why, "level", subject.analysis.level);
  say_median(why, &subject, &quantile, p);
  why_end_steps(why, steps_table(why, &subject, steps, n));
  free(steps);
  km_analysis_clear(&subject.analysis);
  return status;
}
