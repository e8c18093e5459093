/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One step of `why` in a line. */
#include <math.h>
#include <string.h>

#include "verbs/why.h"
#include "verbs/why_internal.h"

static const char *plural(double n)
{
  return n == 1 ? "" : "s";
}

static void append_stratum(const struct report *report, size_t step, struct text *text)
{
  const char *stratum = why_text(report, step, 0, "stratum");
  if (stratum)
    text_append_format(text, "%s, ", stratum);
  text_append_format(text, "t = %.6g: ", why_number(report, step, 0, "time"));
}

static void explain_curve(const struct report *report, size_t step, struct text *text)
{
  const double n = why_number(report, step, 0, "n_risk"), d = why_number(report, step, 0, "n_event");
  const double before = step ? why_number(report, step - 1, 0, "estimate") : 1, now = why_number(report, step, 0, "estimate");
  text_append_format(text, "t = %.6g: %.10g at risk, %.10g event%s: S = %.4f × (1 - %.10g/%.10g) = %.4f",
                     why_number(report, step, 0, "time"), n, d, plural(d), before, d, n, now);
  const double p = why_item(report, "p");
  if (!isnan(p) && now <= p + 1e-8 && before > p + 1e-8)
    text_append_format(text, ": the first at or under %g", p);
}

static void explain_test(const struct report *report, size_t step, struct text *text)
{
  const double n = why_number(report, step, 0, "n_risk_all"), d = why_number(report, step, 0, "n_event_all");
  const size_t rows = why_step_rows(report);
  append_stratum(report, step, text);
  text_append_format(text, "%.10g event%s among %.10g at risk:", d, plural(d), n);
  for (size_t g = 0; g < rows && g < 4; g++) {
    const double at_risk = why_number(report, step, g, "n_risk");
    text_append_format(text, "%s %c %.10g, expected %.10g × %.10g/%.10g = %.3f", g ? ";" : "", (char)('A' + g),
                       why_number(report, step, g, "n_event"), d, at_risk, n, why_number(report, step, g, "expected"));
  }
}

static void explain_hazard(const struct report *report, size_t step, struct text *text)
{
  const double d = why_number(report, step, 0, "n_event");
  append_stratum(report, step, text);
  text_append_format(text, "weighted mean of %.10g at risk %.4g, times %.10g event%s = %.4g expected; observed %.4g: ",
                     why_number(report, step, 0, "n_risk"), why_number(report, step, 0, "mean"), d, plural(d),
                     why_number(report, step, 0, "expected"), why_number(report, step, 0, "observed"));
  text_append_format(text, "O - E %+.4g, so far %+.4g", why_number(report, step, 0, "score"),
                     why_number(report, step, 0, "score_sum"));
}

static void explain_concordance(const struct report *report, size_t step, struct text *text)
{
  const double d = why_number(report, step, 0, "n_event");
  append_stratum(report, step, text);
  text_append_format(text, "%.10g event%s, %.10g pairs with those who live on: %.10g of lower risk (concordant), %.10g of higher, %.10g "
                           "equal", d, plural(d), why_number(report, step, 0, "comparable"),
                     why_number(report, step, 0, "concordant"), why_number(report, step, 0, "discordant"),
                     why_number(report, step, 0, "tied_score"));
}

static void explain_pair(const struct report *report, size_t step, struct text *text)
{
  const char *pair = why_text(report, step, 0, "pair");
  text_append_format(text, "row %.10g: time %.6g, %s, linear predictor %.4g: %s", why_number(report, step, 0, "row"),
                     why_number(report, step, 0, "time"), why_number(report, step, 0, "status") > 0 ? "event" : "censored",
                     why_number(report, step, 0, "linear_predictor"), pair ? pair : "");
}

/* What an item of a derivation without times is: "offset: points at which the axis begins …". */
struct item_words {
  const char *item, *words; /* NULL closes */
};

static void explain_item(const struct item_words *table, const struct report *report, size_t step, struct text *text)
{
  const char *item = why_text(report, step, 0, "item");
  for (size_t i = 0; item && table[i].item; i++)
    if (strcmp(table[i].item, item) == 0)
      text_append_format(text, "%s: %s", item, table[i].words);
}

static void explain_points(const struct report *report, size_t step, struct text *text)
{
  static const struct item_words table[] = {
      {"value", "the value whose points are wanted"},
      {"zero_point", "the value with the lowest effect on the axis: 0 points"},
      {"coefficient", "of the Cox model, for one unit of the term"},
      {"effect", "the linear predictor at the value less that at the zero point"},
      {"offset", "points at which the axis begins, where it is one of an interaction's"},
      {"points_per_unit", "100 / the widest range of effect of any term"},
      {"points", "effect × points per unit + offset"},
      {NULL, NULL},
  };
  explain_item(table, report, step, text);
}

static void explain_interaction(const struct report *report, size_t step, struct text *text)
{
  static const struct item_words table[] = {
      {"loglik_main", "partial log likelihood of the model with both main effects"},
      {"df_main", "its coefficients"},
      {"loglik", "partial log likelihood of the model with the interaction, too: never lower"},
      {"df_both", "its coefficients"},
      {"statistic", "twice the difference of the log likelihoods"},
      {"df", "the difference of the numbers of coefficients"},
      {"p_value", "the share of a chi-square distribution with df that lies over the statistic"},
      {NULL, NULL},
  };
  explain_item(table, report, step, text);
}

static void explain_cell(const struct report *report, size_t step, struct text *text)
{
  const char *level = why_text(report, step, 0, "level"), *group = why_text(report, step, 0, "group");
  const double part = why_number(report, step, 0, "part");
  text_append_format(text, "%s, %s: observed %.10g, expected %.4g, O - E %+.4g", level ? level : "", group ? group : "",
                     why_number(report, step, 0, "observed"), why_number(report, step, 0, "expected"),
                     why_number(report, step, 0, "difference"));
  if (!isnan(part))
    text_append_format(text, ": adds %.4g to the statistic", part);
}

static void explain_table(const struct report *report, size_t step, struct text *text)
{
  const double first = why_number(report, step, 0, "first_cell");
  text_append_format(text, "%.10g in the first cell%s: probability %.4g, %s", first,
                     first == why_item(report, "observed") ? " (as observed)" : "", why_number(report, step, 0, "probability"),
                     why_number(report, step, 0, "counted") > 0 ? "no more than the observed table's: it counts"
                                                                : "more than the observed table's: it does not count");
  text_append_format(text, "; so far %.4g", why_number(report, step, 0, "sum"));
}

/* What Shapiro and Wilk say of a group. */
static void append_shapiro(const struct report *report, size_t step, struct text *text)
{
  const double p = why_number(report, step, 0, "shapiro_p");
  if (isnan(p))
    text_append(text, "; Shapiro–Wilk cannot be told");
  else
    text_append_format(text, "; Shapiro–Wilk W = %.4f, p = %.3g", why_number(report, step, 0, "shapiro_w"), p);
}

static void explain_mean(const struct report *report, size_t step, struct text *text)
{
  const char *group = why_text(report, step, 0, "group");
  text_append_format(text, "%s: %.10g values, mean %.6g, SD %.5g; squares about its mean %.6g, n × (its mean - the mean of all)² %.6g",
                     group ? group : "", why_number(report, step, 0, "n"), why_number(report, step, 0, "mean"),
                     why_number(report, step, 0, "sd"), why_number(report, step, 0, "within"),
                     why_number(report, step, 0, "between"));
  append_shapiro(report, step, text);
}

static void explain_rank(const struct report *report, size_t step, struct text *text)
{
  const char *group = why_text(report, step, 0, "group");
  text_append_format(text, "%s: %.10g values, sum of ranks %.10g, expected %.10g; mean rank %.5g", group ? group : "",
                     why_number(report, step, 0, "n"), why_number(report, step, 0, "rank_sum"),
                     why_number(report, step, 0, "expected"), why_number(report, step, 0, "mean_rank"));
  append_shapiro(report, step, text);
}

static void explain_flow(const struct report *report, size_t step, struct text *text)
{
  static const struct item_words table[] = {
      {"asked", "patients whom the rules before it left"},
      {"true", "for whom the rule is true"},
      {"false", "for whom it is false"},
      {"unknown", "for whom a value that it needs is missing: neither true nor false"},
      {"excluded", "drop takes those for whom its rule is true, keep all others, the unknown with them"},
      {"kept", "who remains"},
      {"in_it", "for whom the condition is true"},
      {"not_in_it", "for whom it is false or unknown"},
      {NULL, NULL},
  };
  const char *item = why_text(report, step, 0, "item"), *words = why_text(report, step, 0, "level");
  if (item && words)
    text_append_format(text, "%s: %s", item, words);
  else
    explain_item(table, report, step, text);
}

void why_explain(const struct report *report, size_t step, struct text *text)
{
  static void (*const explain[])(const struct report *, size_t, struct text *) = {
      [WHY_SURVIVAL] = explain_curve,         [WHY_MEDIAN] = explain_curve, [WHY_LOGRANK] = explain_test,
      [WHY_HR] = explain_hazard,              [WHY_CONCORDANCE] = explain_concordance,
      [WHY_PAIRS] = explain_pair,             [WHY_POINTS] = explain_points,
      [WHY_INTERACTION] = explain_interaction,
      [WHY_CELLS] = explain_cell,             [WHY_FISHER] = explain_table, [WHY_MEANS] = explain_mean,
      [WHY_RANKS] = explain_rank,             [WHY_FLOW] = explain_flow,
  };
  const enum why_kind kind = why_kind_of(report);
  if (kind < WHY_KINDS && step < why_n_steps(report))
    explain[kind](report, step, text);
}
