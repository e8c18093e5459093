/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/conventions.h"

#include <string.h>

#include "base/text.h"

struct convention {
  const char *command, *number, *equals, *note;
};

static const struct convention conventions[] = {
    {"all", "equal times", "aeqSurv()", "times that differ by rounding only are one; said in a warning"},
    {"km", "survival, at risk, events", "survfit()", "at t: entry < t <= time; beyond a group's last time only with extend"},
    {"km", "standard error, limits", "survfit(conf.type=)", "Greenwood; log unless set; weights that are not whole: robust"},
    {"km", "median, quartiles, limits", "quantile.survfit()", "midpoint of a flat piece; spss: first time at or under, low from 0"},
    {"km", "mean and its error", "survfit rmean=\"common\"", "spss: own last time; sas, jmp: own last event"},
    {"km", "follow-up", "survfit(Surv(t, 1 - d))", "reverse Kaplan-Meier median"},
    {"logrank", "logrank, fh(1,0)", "survdiff(rho = 0, 1)", "hypergeometric variance with the tie factor"},
    {"logrank", "wilcoxon, tarone, peto, modpeto", "SAS LIFETEST", "weights n, sqrt n, prod 1 - d/(n + 1), that times n/(n + 1)"},
    {"logrank", "p adjusted", "p.adjust()", "each pair on its own two groups"},
    {"cox", "coefficients, errors, p", "coxph()", "Efron unless set; iterated until the likelihood stands"},
    {"cox", "robust, cluster=, weights=", "coxph(robust, cluster, weights)", "weights that are not whole: robust by themselves"},
    {"cox", "freq=", "coxph() on repeated rows", "exact under Efron ties, too"},
    {"cox", "firth", "coxphf()", "under the chosen ties; profile limits and p"},
    {"cox", "concordance and its error", "concordance()", "infinitesimal jackknife"},
    {"cox", "baseline hazard", "basehaz(centered = FALSE)", "numbers at 0, factors at their reference"},
    {"zph", "chi-square, p", "cox.zph()", "the score test of survival 3; transform km"},
    {"residuals", "all types", "residuals.coxph()", "dfbeta by the score residuals"},
    {"screen", "univariable, joint", "coxph(), survdiff()", "each variable on its own complete patients"},
    {"table2", "levels, tests, models", "survfit(), survdiff(), coxph()", "as km, logrank and screen"},
    {"stepwise", "wald, lr", "SPSS FSTEP, BSTEP", "enters by score test; a factor enters and leaves whole"},
    {"stepwise", "aic", "step()", ""},
    {"table1", "quartiles", "quantile(type = 7)", "spss, jmp, set quantile=6: type 6"},
    {"table1", "factors", "chisq.test(correct = FALSE), fisher.test()", "Fisher where an expected count is under 5"},
    {"table1", "numbers", "t.test(var.equal), anova(), wilcox.test(), kruskal.test()",
     "ranks where shapiro.test() rejects at 0.05 in a group; exact = FALSE, correct = FALSE"},
    {"table1", "SMD", "stddiff, tableone", "factors: Yang and Dalton"},
    {"forest", "hazard ratios, interaction p", "coxph(), anova()", "likelihood ratio of treatment x variable"},
    {"rmst", "means, contrasts", "survfit rmean, survRM2", "normal limits; ratio on the log scale"},
    {"cif", "incidence, error", "cmprsk::cuminc()", "Aalen's variance; limits log-log"},
    {"gray", "chi-square", "cmprsk::cuminc()", "rho 0"},
    {"finegray", "coefficients, errors", "cmprsk::crr()", "sandwich with the censoring term"},
    {"lifetable", "survival, error, hazard", "KMsurv::lifetab()", "[start, end); survival at the end"},
    {"nomogram", "points, totals", "rms::nomogram()", "numbers over pretty(range, 10)"},
    {"predict", "survival, limits", "survfit(coxph, newdata)", "linear predictor not centred"},
    {"adjusted", "survival", "mean of survfit(coxph, newdata)", "every patient with each level"},
    {"validate", "indexes, optimism", "rms::validate()", "the resamples of set.seed() and sample(); C's limits from all of them"},
    {"calibrate", "groups, corrected", "rms::calibrate(cmethod = \"KM\")", ""},
    {"pool", "estimate, Q, I2, tau2", "metafor::rma()", "FE, DL, REML; REML with Hartung-Knapp"},
    {"propensity", "score, weights, matches", "glm(binomial), MatchIt", "balance in unadjusted standard deviations"},
    {"cutpoint", "statistic, corrected p", "maxstat::maxstat.test()", "Lausen and Schumacher 1992"},
};

void conventions_add(struct report *report)
{
  struct table *table = table_new("conventions", "command number equals note");
  struct text text = TEXT_INIT;
  const char *last = "";
  text_append(&text, "What each number equals in R, or where R has none in another program");
  for (size_t i = 0; i < sizeof conventions / sizeof *conventions; i++) {
    const struct convention *convention = &conventions[i];
    table_add_text(table, convention->command);
    table_add_text(table, convention->number);
    table_add_text(table, convention->equals);
    table_add_text(table, *convention->note ? convention->note : NULL);
    if (strcmp(convention->command, last) != 0)
      text_append_format(&text, "\n\n%s", convention->command);
    text_append_format(&text, "\n  %s: %s", convention->number, convention->equals);
    if (*convention->note)
      text_append_format(&text, "\n    %s", convention->note);
    last = convention->command;
  }
  report_add_table(report, table);
  report_add_text(report, "%s", text_string(&text));
  text_clear(&text);
}
