/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One analysis in R, a function a verb; the models are in export_r_models.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "lang/expr_r.h"
#include "session/panels.h"
#include "verbs/arguments.h"
#include "verbs/by.h"
#include "verbs/export_r.h"

/* ---- shared ---- */

/* A comment: what is not reproduced, and why. */
void export_r_say(struct export_r *script, const char *what)
{
  text_append_format(&script->body, "# Not reproduced: %s.\n", what);
}

static void append_number(struct export_r *script, const char *name, double value)
{
  text_append_format(&script->body, "%s <- ", name);
  number_append_short(&script->body, value);
  text_append_char(&script->body, '\n');
}

void export_r_level(struct export_r *script)
{
  append_number(script, "level", script->state->settings.level);
}

/* c("a", "b") of names of columns, which are noted. */
void export_r_names(struct export_r *script, char *const *names, size_t n)
{
  text_append(&script->body, "c(");
  for (size_t i = 0; i < n; i++) {
    text_append(&script->body, i ? ", " : "");
    r_append_name_string(&script->body, names[i]);
    export_r_use(script, names[i]);
  }
  text_append_char(&script->body, ')');
}

/* The `if` of the command. */
enum status export_r_condition(struct export_r *script, const struct expr *condition, struct error *error)
{
  if (!condition)
    return STATUS_OK;
  script->parts |= R_PART_WHERE;
  text_append(&script->body, "view <- view[where(view, ");
  enum status status = export_r_expr(script, condition, script->state->cohort, error);
  text_append(&script->body, "), , drop = FALSE]\n");
  return status;
}

/* `shown`: who is on view and has a group, which is the column `group`. */
static enum status append_groups(struct export_r *script, const struct command *command, struct error *error)
{
  char **names;
  size_t n;
  if (arguments_columns(command, script->state, &names, &n, error))
    return STATUS_ERROR;
  enum status status = export_r_condition(script, command->condition, error);
  script->parts |= R_PART_GROUPS;
  text_append(&script->body, "view$group <- group_of(view, ");
  export_r_names(script, names, n);
  text_append(&script->body, ")\nshown <- view[!is.na(view$group), , drop = FALSE]\n");
  arguments_free_names(names, n);
  return status;
}

/* The words of a list option as strings. */
void export_r_items(struct export_r *script, const struct command_option *option, bool columns)
{
  if (columns) {
    export_r_names(script, option->items, option->n_items);
    return;
  }
  text_append(&script->body, "c(");
  for (size_t i = 0; i < option->n_items; i++)
    text_append_format(&script->body, "%s%s", i ? ", " : "", option->items[i]);
  text_append_char(&script->body, ')');
}

/* ---- km, rmst ---- */

void export_r_quantiles(struct export_r *script)
{
  static const unsigned parts[] = {[QUANTILE_R] = R_PART_QUANTILES_R,
                                   [QUANTILE_SPSS] = R_PART_QUANTILES_SPSS,
                                   [QUANTILE_SAS] = R_PART_QUANTILES_SAS};
  script->parts |= parts[script->state->settings.quantiles];
}

static void append_km_means(struct export_r *script, const struct command *command)
{
  static const char *const limits[] = {
      [MEAN_COMMON] = "max(fit$time)",
      [MEAN_OWN_LAST_TIME] = "as.vector(tapply(shown$.time, shown$group, max))",
      [MEAN_OWN_LAST_EVENT] = "as.vector(tapply(shown$.time * (shown$.event == 1), shown$group, max))",
  };
  const struct command_option *tau = command_find_option(command, "tau");
  const struct settings *settings = &script->state->settings;
  text_append(&script->body, "tau <- ");
  if (tau)
    number_append_short(&script->body, tau->number);
  else
    text_append(&script->body, limits[settings->mean_limit]);
  text_append_format(&script->body, "\nmeans <- means_of(fit, tau%s)\n",
                     settings->mean_bias_corrected ? ", corrected = TRUE" : "");
  if (command_find_option(command, "weights")) {
    export_r_say(script, "the error of the mean where weights are not whole (R's is not robust)");
    text_append(&script->body, "if (any(shown$.weight != floor(shown$.weight))) means[, 2] <- NA\n");
  }
}

static void append_km_summary(struct export_r *script)
{
  struct text *body = &script->body;
  export_r_quantiles(script);
  text_append(body,
              "median <- quantiles_of(fit, 0.5); q25 <- quantiles_of(fit, 0.75); q75 <- quantiles_of(fit, 0.25)\n"
              "dim(median) <- dim(q25) <- dim(q75) <- c(nlevels(shown$group), 3)\n"
              "print_table(\"km_summary\", data.frame(group = levels(shown$group),\n"
              "  n = as.vector(tapply(shown$.weight, shown$group, sum)),\n"
              "  events = as.vector(tapply(shown$.weight * (shown$.event == 1), shown$group, sum)),\n"
              "  median = median[, 1], median_low = median[, 2], median_high = median[, 3],\n"
              "  q25 = q25[, 1], q25_low = q25[, 2], q25_high = q25[, 3],\n"
              "  q75 = q75[, 1], q75_low = q75[, 2], q75_high = q75[, 3],\n"
              "  rmean = means[, 1], rmean_se = means[, 2], tau = tau,\n"
              "  followup_median = quantiles_of(reverse, 0.5)[seq_len(nlevels(shown$group))]))\n"
              "print_table(\"km_curve\", curve_of(fit, levels(shown$group)))\n");
}

/* survfit() by group; the weights are 1 unless the command has some. */
static enum status append_survfit(struct export_r *script, const struct command *command, struct error *error)
{
  const char *weights = arguments_word(command, "weights"), *conf = arguments_word(command, "conf");
  const enum confidence_type type = script->state->settings.conf;
  if (append_groups(script, command, error))
    return STATUS_ERROR;
  struct text *body = &script->body;
  script->parts |= R_PART_KM;
  text_append(body, "shown$.weight <- ");
  if (weights) {
    export_r_use(script, weights);
    text_append(body, "shown[[");
    r_append_name_string(body, weights);
    text_append(body, "]]\nshown <- droplevels(shown[(shown$.weight > 0) %in% TRUE, , drop = FALSE])\n");
  } else {
    text_append(body, "1 + 0 * shown$.time\n");
  }
  export_r_level(script);
  text_append(body, "shown$.y <- outcome(shown)\n");
  text_append_format(body, "conf <- \"%s\"\nfit <- survfit(.y ~ group, data = shown%s, conf.type = conf, conf.int = level)\n",
                     conf ? conf : conf_name(type),
                     weights ? ", weights = .weight, robust = any(shown$.weight != floor(shown$.weight))" : "");
  text_append(body, "back <- shown$.y; back[, \"status\"] <- 1 - back[, \"status\"]   # the reverse curve: follow-up\n");
  text_append_format(body, "reverse <- survfit(back ~ group, data = shown%s)\n", weights ? ", weights = .weight" : "");
  return STATUS_OK;
}

/* The members of each level, or of everybody and each branch. */
static enum status append_members(struct export_r *script, const struct column *column, struct error *error)
{
  const struct state *state = script->after;
  struct text *body = &script->body;
  if (column) {
    text_append(body, "panel <- as.factor(shown[[");
    r_append_name_string(body, column->name);
    text_append(body, "]])\nmembers <- sapply(levels(panel), function(l) panel %in% l, simplify = FALSE)\n");
    export_r_use(script, column->name);
    return STATUS_OK;
  }
  text_append(body, "members <- list(all = rep(TRUE, nrow(shown)))\n");
  script->parts |= R_PART_WHERE;
  enum status status = STATUS_OK;
  for (size_t i = 0; i < state->n_branches && !status; i++) {
    struct expr *condition;
    if (expr_parse_string(state->branches[i].condition, &condition, error))
      return STATUS_ERROR;
    text_append(body, "members[[");
    r_append_string(body, state->branches[i].name);
    text_append(body, "]] <- where(shown, ");
    status = export_r_expr(script, condition, state->cohort, error);
    text_append(body, ")\n");
    expr_free(condition);
  }
  return status;
}

/* The panels of the state that the command leaves. */
static enum status append_panels(struct export_r *script, struct error *error)
{
  const struct column *column;
  if (!script->after->panels)
    return STATUS_OK;
  if (km_panels_find(script->after, script->after->panels, &column, error) || append_members(script, column, error))
    return STATUS_ERROR;
  script->parts |= R_PART_PANELS | R_PART_LOGRANK;
  text_append(&script->body, "print_table(\"km_panels\", panels_of(shown, members, conf.type = conf, conf.int = level))\n");
  return STATUS_OK;
}

static enum status view_km(struct export_r *script, const struct command *command, struct error *error)
{
  const struct command_option *at = command_find_option(command, "at");
  if (append_survfit(script, command, error))
    return STATUS_ERROR;
  append_km_means(script, command);
  append_km_summary(script);
  if (at) {
    text_append(&script->body, "print_table(\"km_at\", at_times(fit, shown, ");
    export_r_items(script, at, false);
    text_append(&script->body, arguments_flag(command, "extend") ? ", extend = TRUE))\n" : "))\n");
  }
  export_r_marks(script);
  if (arguments_flag(command, "difference"))
    export_r_say(script, "the differences of survival between groups (difference)");
  return append_panels(script, error);
}

static enum status view_rmst(struct export_r *script, const struct command *command, struct error *error)
{
  const struct command_option *tau = command_find_option(command, "tau");
  if (append_survfit(script, command, error))
    return STATUS_ERROR;
  struct text *body = &script->body;
  script->parts |= R_PART_RMST;
  text_append(body, "tau <- ");
  if (tau)
    number_append_short(body, tau->number);
  else
    text_append(body, "min(tapply(shown$.time, shown$group, max))");
  text_append(body, "\nmeans <- means_of(fit, tau)\n"
                    "half <- qnorm(1 - (1 - level) / 2) * means[, 2]\n"
                    "print_table(\"rmst\", data.frame(group = levels(shown$group), tau = tau, rmst = means[, 1],\n"
                    "  std_error = means[, 2], conf_low = means[, 1] - half, conf_high = means[, 1] + half))\n"
                    "if (nlevels(shown$group) > 1)\n"
                    "  print_table(\"rmst_contrast\", contrasts_of(levels(shown$group), means[, 1], means[, 2], level))\n");
  return STATUS_OK;
}

/* ---- lifetable ---- */

static enum status view_lifetable(struct export_r *script, const struct command *command, struct error *error)
{
  const struct command_option *width = command_find_option(command, "width"), *breaks = command_find_option(command, "breaks");
  const char *unit = state_endpoint(script->state)->unit;
  if (append_groups(script, command, error))
    return STATUS_ERROR;
  script->parts |= R_PART_LIFETABLE;
  text_append(&script->body, "width <- ");
  if (width || breaks)
    number_append_short(&script->body, width ? width->number : 0);
  else if (strcmp(unit, "months") == 0)
    text_append(&script->body, "12");
  else
    text_append(&script->body, "{ tenth <- max(shown$.time) / 10; steps <- c(1, 2, 5, 10) * 10^floor(log10(tenth)); steps[steps >= tenth][1] }");
  text_append(&script->body, "\nprint_table(\"lifetable\", lifetable_of(shown, ");
  if (breaks)
    export_r_items(script, breaks, false);
  else
    text_append(&script->body, "NULL");
  text_append(&script->body, ", width))\n");
  return STATUS_OK;
}

/* ---- logrank ---- */

/* The weight function of a test by its name. */
static void append_weight(struct export_r *script, const char *name)
{
  static const char *const weights[][2] = {{"logrank", "1"},  {"wilcoxon", "n"},           {"tarone", "sqrt(n)"},
                                           {"peto", "P"}, {"modpeto", "P * n / (n + 1)"}};
  for (size_t i = 0; i < sizeof weights / sizeof *weights; i++)
    if (strcmp(weights[i][0], name) == 0) {
      text_append_format(&script->body, "function(S, n, P) %s", weights[i][1]);
      return;
    }
  const char *comma = strchr(name, ',');
  text_append_format(&script->body, "function(S, n, P) S^%.*s * (1 - S)^%.*s", (int)(comma - name - 3), name + 3,
                     (int)(strlen(comma + 1) - 1), comma + 1);
}

static void append_test(struct export_r *script, const char *name)
{
  text_append(&script->body, "weight <- ");
  append_weight(script, name);
  text_append(&script->body, "\ntest <- weighted_logrank(shown$.y, shown$group, stratum, weight)\ntests <- rbind(tests, data.frame(test = ");
  r_append_string(&script->body, name);
  text_append(&script->body, ", test[c(\"statistic\", \"df\", \"p_value\")]))\n");
}

static void append_pairs(struct export_r *script, const struct command *command)
{
  struct text *body = &script->body;
  const char *reference = arguments_word(command, "reference");
  const enum cox_ties ties = script->state->settings.ties;
  script->parts |= R_PART_COX;
  export_r_level(script);
  text_append(body, "pairs <- t(combn(levels(shown$group), 2))\n");
  if (reference) {
    text_append(body, "pairs <- pairs[apply(sub(\"^[^=]*=\", \"\", pairs) == ");
    r_append_string(body, reference);
    text_append(body, ", 1, any), , drop = FALSE]\n");
  }
  text_append_format(body,
                     "pairwise <- do.call(rbind, apply(pairs, 1, function(pair) {\n"
                     "  rows <- shown$group %%in%% pair\n"
                     "  group <- factor(shown$group[rows], levels = pair)\n"
                     "  test <- weighted_logrank(shown$.y[rows], group, stratum[rows], weight)\n"
                     "  s <- stratum[rows]\n"
                     "  fit <- coxph(shown$.y[rows] ~ group + strata(s), ties = \"%s\", control = newton)\n"
                     "  data.frame(group1 = pair[1], group2 = pair[2], statistic = test$statistic, p_value = test$p_value,\n"
                     "             p_adjusted = NA, coefficients_of(fit, level)[, c(\"hr\", \"conf_low\", \"conf_high\")])\n"
                     "}))\n"
                     "pairwise$p_adjusted <- p.adjust(pairwise$p_value, \"%s\")\n"
                     "print_table(\"logrank_pairwise\", pairwise)\n",
                     ties == TIES_EXACT ? "efron" : ties_name(ties), arguments_word(command, "pairwise"));
}

static enum status view_logrank(struct export_r *script, const struct command *command, struct error *error)
{
  const struct command_option *tests = command_find_option(command, "test"), *strata = command_find_option(command, "strata");
  if (append_groups(script, command, error))
    return STATUS_ERROR;
  struct text *body = &script->body;
  script->parts |= R_PART_LOGRANK;
  if (strata) {
    text_append(body, "shown$stratum <- group_of(shown, ");
    export_r_items(script, strata, true);
    text_append(body, ")\nshown <- droplevels(shown[!is.na(shown$stratum), , drop = FALSE])\nstratum <- as.integer(shown$stratum)\n");
  } else {
    text_append(body, "stratum <- rep(1, nrow(shown))\n");
  }
  text_append(body, "shown$.y <- outcome(shown)\ntests <- NULL\n");
  const char *first = tests ? tests->items[0] : "logrank";
  append_test(script, first);
  text_append(body, "groups <- data.frame(group = levels(shown$group), n = as.vector(table(shown$group)),\n"
                    "  observed = test$observed, expected = test$expected)\n");
  if (arguments_flag(command, "trend"))
    text_append(body, "trend <- weighted_logrank(shown$.y, shown$group, stratum, weight, scores = seq_len(nlevels(shown$group)))\n"
                      "tests <- rbind(tests, data.frame(test = \"trend\", trend[c(\"statistic\", \"df\", \"p_value\")]))\n");
  for (size_t i = 1; tests && i < tests->n_items; i++)
    append_test(script, tests->items[i]);
  if (tests && tests->n_items > 1) {
    text_append(body, "weight <- ");
    append_weight(script, first);
    text_append_char(body, '\n');
  }
  text_append(body, "print_table(\"logrank\", tests)\nprint_table(\"logrank_groups\", groups)\n");
  if (arguments_word(command, "pairwise"))
    append_pairs(script, command);
  text_append_format(body, "# The same by the package: survdiff(.y ~ group%s, data = shown)\n", strata ? " + strata(stratum)" : "");
  return STATUS_OK;
}

/* ---- table1 ---- */

static enum status view_table1(struct export_r *script, const struct command *command, struct error *error)
{
  const char *by = arguments_word(command, "by"), *test = arguments_word(command, "test"), *percent = arguments_word(command, "percent");
  const struct command_option *tests = command_find_option(command, "tests"), *factors = command_find_option(command, "factors");
  struct text *body = &script->body;
  char **names;
  size_t n;
  if (arguments_columns(command, script->state, &names, &n, error))
    return STATUS_ERROR;
  enum status status = export_r_condition(script, command->condition, error);
  script->parts |= R_PART_GROUPS | R_PART_TABLE1;
  text_append(body, "names <- ");
  export_r_names(script, names, n);
  arguments_free_names(names, n);
  text_append(body, "\nview$group <- group_of(view, ");
  export_r_names(script, (char *[]){(char *)by}, by != NULL);
  text_append(body, ")\nview <- view[!is.na(view$group), , drop = FALSE]\n");
  if (factors) {
    text_append(body, "for (name in ");
    export_r_items(script, factors, true);
    text_append(body, ") view[[name]] <- as.factor(view[[name]])\n");
  }
  text_append(body, "for (name in names) view[[name]] <- if (is.factor(view[[name]])) droplevels(view[[name]]) else as.numeric(view[[name]])\n");
  text_append_format(body, "print_table(\"table1\", do.call(rbind, lapply(names, function(name)\n"
                           "  describe(view[[name]], name, view$group, %s, %d))))\n",
                     percent && strcmp(percent, "all") == 0 ? "TRUE" : "FALSE", script->state->settings.quantile_type);
  if (by) {
    text_append(body, "how <- setNames(rep(");
    if (test)
      r_append_string(body, test);
    else
      text_append(body, "NA_character_");
    text_append(body, ", length(names)), names)\n");
    for (size_t i = 0; tests && i < tests->n_items; i++) {
      const char *colon = strrchr(tests->items[i], ':');
      if (!colon)
        continue;
      char *name = memory_copy_bytes(tests->items[i], (size_t)(colon - tests->items[i]));
      text_append(body, "how[[");
      r_append_name_string(body, name);
      text_append(body, "]] <- ");
      r_append_string(body, colon + 1);
      text_append_char(body, '\n');
      free(name);
    }
    text_append(body, "print_table(\"table1_tests\", do.call(rbind, lapply(names, function(name)\n"
                      "  compare(view[[name]], name, view$group, how[[name]]))))\n");
    export_r_say(script, "standardised mean differences; Fisher's Monte Carlo where R's fisher.test() gives up");
  }
  return status;
}

/* ---- competing risks ---- */

static enum status view_cif(struct export_r *script, const struct command *command, struct error *error)
{
  if (append_groups(script, command, error))
    return STATUS_ERROR;
  script->competing_package = true;
  export_r_level(script);
  text_append(&script->body,
              "print_table(\"cif_curve\", do.call(rbind, lapply(levels(shown$group), function(g) {\n"
              "  rows <- shown[shown$group == g, ]\n"
              "  curves <- cuminc(rows$.time, rows$.event)\n"
              "  do.call(rbind, lapply(1:2, function(cause) {\n"
              "    times <- sort(unique(rows$.time[rows$.event == cause]))\n"
              "    if (!length(times)) return(NULL)\n"
              "    at <- timepoints(curves[paste(1, cause)], times)\n"
              "    f <- as.vector(at$est); se <- sqrt(as.vector(at$var))\n"
              "    half <- qnorm(1 - (1 - level) / 2) * se / (f * -log(f))   # log-log limits\n"
              "    data.frame(group = g, cause = cause, time = times, estimate = f, std_error = se,\n"
              "               conf_low = f^exp(half), conf_high = f^exp(-half))\n"
              "  }))\n"
              "})))\n");
  return STATUS_OK;
}

static enum status view_gray(struct export_r *script, const struct command *command, struct error *error)
{
  const struct command_option *strata = command_find_option(command, "strata");
  if (append_groups(script, command, error))
    return STATUS_ERROR;
  script->competing_package = true;
  if (strata) {
    text_append(&script->body, "shown$stratum <- group_of(shown, ");
    export_r_items(script, strata, true);
    text_append(&script->body, ")\nshown <- droplevels(shown[!is.na(shown$stratum), , drop = FALSE])\n");
  }
  text_append_format(&script->body,
                     "tests <- cuminc(shown$.time, shown$.event, shown$group%s)$Tests\n"
                     "print_table(\"gray\", data.frame(cause = rownames(tests), statistic = tests[, \"stat\"], df = tests[, \"df\"],\n"
                     "  p_value = pchisq(tests[, \"stat\"], tests[, \"df\"], lower.tail = FALSE)))\n",
                     strata ? ", strata = shown$stratum" : "");
  return STATUS_OK;
}

/* ---- which ---- */

static const struct {
  const char *verb;
  enum status (*view)(struct export_r *script, const struct command *command, struct error *error);
} views[] = {
    {"km", view_km},         {"logrank", view_logrank}, {"cox", export_r_cox}, {"zph", export_r_zph},   {"rmst", view_rmst},
    {"screen", export_r_screen}, {"table2", export_r_screen}, {"forest", export_r_forest},   {"table1", view_table1}, {"cif", view_cif}, {"gray", view_gray},
    {"finegray", export_r_finegray}, {"lifetable", view_lifetable}, {"nomogram", export_r_nomogram}, {"predict", export_r_predict},
    {"validate", export_r_validate}, {"calibrate", export_r_calibrate},
};

bool export_r_needs_endpoint(const struct command *command)
{
  return !command->syntax || strcmp(command->syntax->name, "table1") != 0;
}

enum status export_r_view(struct export_r *script, const struct command *command, struct error *error)
{
  size_t prefix;
  const bool is_by = by_is_prefix(script->line, &prefix);
  const char *verb = is_by ? "by" : command->syntax ? command->syntax->name : "";
  for (size_t i = 0; i < sizeof views / sizeof *views; i++)
    if (strcmp(views[i].verb, verb) == 0)
      return views[i].view(script, command, error);
  struct text what = TEXT_INIT;
  text_append_format(&what, "the numbers of %s; the data frame view holds the patients, outcome(view) their outcome",
                     verb);
  export_r_say(script, text_string(&what));
  text_append(&script->body, state_endpoint(script->state) ? "print(summary(view[c(\".time\", \".event\")]))\n" : "print(dim(view))\n");
  text_clear(&what);
  return STATUS_OK;
}
