/* SPDX-License-Identifier: GPL-3.0-or-later */
/* set: conventions of the numbers, and how curves are shown. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "report/draw.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/setting.h"

/* A setting: what it takes, in words, and the function that reads it; false where the value is none of those. */
struct setting {
  const char *name;
  const char *values;
  const char *help;
  bool (*read)(struct settings *settings, const char *value);
  void (*show)(const struct settings *settings, struct text *text);
};

static bool read_conf(struct settings *settings, const char *value)
{
  return conf_find(value, &settings->conf);
}

static void show_conf(const struct settings *settings, struct text *text)
{
  text_append(text, conf_name(settings->conf));
}

static bool read_ties(struct settings *settings, const char *value)
{
  return ties_find(value, &settings->ties);
}

static void show_ties(const struct settings *settings, struct text *text)
{
  text_append(text, ties_name(settings->ties));
}

static bool read_dialect(struct settings *settings, const char *value)
{
  enum dialect dialect;
  if (!dialect_find(value, &dialect))
    return false;
  settings_apply_dialect(settings, dialect);
  return true;
}

static void show_dialect(const struct settings *settings, struct text *text)
{
  text_append(text, dialect_name(settings->dialect));
}

static bool read_level(struct settings *settings, const char *value)
{
  double level;
  if (!number_parse(value, strlen(value), &level))
    return false;
  if (level > 1)
    level /= 100;
  if (!(level > 0 && level < 1))
    return false;
  settings->level = level;
  return true;
}

static void show_level(const struct settings *settings, struct text *text)
{
  number_append_short(text, settings->level);
}

static bool read_quantile(struct settings *settings, const char *value)
{
  if (strcmp(value, "6") != 0 && strcmp(value, "7") != 0)
    return false;
  settings->quantile_type = *value - '0';
  return true;
}

static void show_quantile(const struct settings *settings, struct text *text)
{
  text_append_format(text, "%d", settings->quantile_type);
}

static bool read_switch(const char *value, bool *on)
{
  *on = strcmp(value, "on") == 0;
  return *on || strcmp(value, "off") == 0;
}

static bool read_beta(struct settings *settings, const char *value)
{
  return read_switch(value, &settings->beta);
}

static void show_beta(const struct settings *settings, struct text *text)
{
  text_append(text, settings->beta ? "on" : "off");
}

static const char *const median_rules[] = {[QUANTILE_R] = "r", [QUANTILE_SPSS] = "spss", [QUANTILE_SAS] = "sas"};

static bool read_medians(struct settings *settings, const char *value)
{
  for (size_t i = 0; i < 3; i++) {
    if (strcmp(median_rules[i], value) != 0)
      continue;
    settings->quantiles = (enum quantile_rule)i;
    return true;
  }
  return false;
}

static void show_medians(const struct settings *settings, struct text *text)
{
  text_append(text, median_rules[settings->quantiles]);
}

static bool read_unit(struct settings *settings, const char *value)
{
  if (strlen(value) >= sizeof settings->unit)
    return false;
  snprintf(settings->unit, sizeof settings->unit, "%s", value);
  return true;
}

static void show_unit(const struct settings *settings, struct text *text)
{
  text_append(text, *settings->unit ? settings->unit : "as the endpoint's time says");
}

static bool read_charset(struct settings *settings, const char *value)
{
  static const char *const names[] = {"ascii", "box", "braille"};
  for (size_t i = 0; i < 3; i++) {
    if (strcmp(names[i], value) != 0)
      continue;
    settings->charset = (enum charset)i;
    return true;
  }
  return false;
}

static void show_charset(const struct settings *settings, struct text *text)
{
  text_append(text, settings->charset == CHARSET_ASCII ? "ascii" : settings->charset == CHARSET_BOX ? "box" : "braille");
}

static bool read_risk(struct settings *settings, const char *value)
{
  return read_switch(value, &settings->risk_table);
}

static void show_risk(const struct settings *settings, struct text *text)
{
  text_append(text, settings->risk_table ? "on" : "off");
}

static bool read_median(struct settings *settings, const char *value)
{
  return read_switch(value, &settings->median_lines);
}

static void show_median(const struct settings *settings, struct text *text)
{
  text_append(text, settings->median_lines ? "on" : "off");
}

/* band=none, all, or the curve by letter or number: A and 1 are the first. */
static bool read_band(struct settings *settings, const char *value)
{
  if (strcmp(value, "none") == 0) {
    settings->band = BAND_NONE;
  } else if (strcmp(value, "all") == 0) {
    settings->band = BAND_ALL;
  } else if (value[0] >= 'A' && value[0] <= 'D' && !value[1]) {
    settings->band = value[0] - 'A';
  } else if (value[0] >= '1' && value[0] <= '4' && !value[1]) {
    settings->band = value[0] - '1';
  } else {
    return false;
  }
  return true;
}

static void show_band(const struct settings *settings, struct text *text)
{
  if (settings->band >= 0)
    text_append_char(text, (char)('A' + settings->band));
  else
    text_append(text, settings->band == BAND_ALL ? "all" : "none");
}

/* "FROM,TO" with FROM under TO. */
static bool read_limits(const char *value, double *from, double *to)
{
  const char *comma = strchr(value, ',');
  return comma && number_parse(value, (size_t)(comma - value), from) && number_parse(comma + 1, strlen(comma + 1), to) &&
         isfinite(*from) && isfinite(*to) && *from < *to;
}

static bool read_xlim(struct settings *settings, const char *value)
{
  double from = 0, to = 0;
  if (strcmp(value, "off") != 0 && (!read_limits(value, &from, &to) || from < 0))
    return false;
  settings->view.first_time = from;
  settings->view.last_time = to;
  return true;
}

static bool read_ylim(struct settings *settings, const char *value)
{
  double low = 0, high = 0;
  if (strcmp(value, "off") != 0 && (!read_limits(value, &low, &high) || low < 0 || high > 1))
    return false;
  settings->view.low = low;
  settings->view.high = high;
  return true;
}

static void show_limits(double from, double to, struct text *text)
{
  if (!(from < to)) {
    text_append(text, "off");
    return;
  }
  number_append_short(text, from);
  text_append_char(text, ',');
  number_append_short(text, to);
}

static void show_xlim(const struct settings *settings, struct text *text)
{
  show_limits(settings->view.first_time, settings->view.last_time, text);
}

static void show_ylim(const struct settings *settings, struct text *text)
{
  show_limits(settings->view.low, settings->view.high, text);
}

/* Limits of the values are of the function that was drawn: another one begins without. */
static bool read_function(struct settings *settings, const char *value)
{
  enum plot_function function;
  if (!plot_function_find(value, &function))
    return false;
  if (function != settings->view.function)
    settings->view.low = settings->view.high = 0;
  settings->view.function = function;
  return true;
}

static void show_function(const struct settings *settings, struct text *text)
{
  text_append(text, plot_function_name(settings->view.function));
}

static bool read_style(struct settings *settings, const char *value)
{
  return style_find(value, &settings->style);
}

static void show_style(const struct settings *settings, struct text *text)
{
  text_append(text, style_name(settings->style));
}

static const struct setting settings_table[] = {
    {"dialect", "r, spss, stata, sas, jmp", "conf, ties, medians and means as that package has them", read_dialect,
     show_dialect},
    {"conf", "log, plain, log-log, logit, arcsin", "type of the confidence limits of survival", read_conf, show_conf},
    {"ties", "efron, breslow, exact", "how Cox models handle tied event times", read_ties, show_ties},
    {"level", "a share or per cent: 0.95, 95", "coverage of confidence limits", read_level, show_level},
    {"medians", "r, spss, sas", "quantiles of survival: midpoint of a flat piece; first time at or under; not reached if flat",
     read_medians, show_medians},
    {"quantile", "6, 7", "type of the quartiles of numbers, as R counts types", read_quantile, show_quantile},
    {"style", "default, jama, nejm, lancet, bmj, apa, spss", "how p-values and limits are printed, as journals want them",
     read_style, show_style},
    {"beta", "on, off", "B and its standard error beside the hazard ratios, as SPSS and JMP print them", read_beta, show_beta},
    {"unit", "a word of at most 23 bytes: months", "unit of time on axes and in titles", read_unit, show_unit},
    {"charset", "ascii, box, braille", "what curves are drawn with", read_charset, show_charset},
    {"band", "none, A, B, C, D, all", "whose confidence limits are drawn", read_band, show_band},
    {"risk", "on, off", "numbers at risk beneath the curves", read_risk, show_risk},
    {"median", "on, off", "the 50 % guide and the drop lines of medians", read_median, show_median},
    {"function", "survival, event, cumhaz, loglog", "what of survival S is drawn: S, 1-S, -log S, log(-log S) by log time",
     read_function, show_function},
    {"xlim", "off, or two times: 0,60", "the times that curves are drawn from and to", read_xlim, show_xlim},
    {"ylim", "off, or two values from 0 to 1: 0.4,1", "the part of the value axis drawn, of S or 1-S", read_ylim, show_ylim},
};

enum { N_SETTINGS = sizeof settings_table / sizeof *settings_table };

bool setting_at(size_t i, struct setting_words *words)
{
  if (i >= N_SETTINGS)
    return false;
  const struct setting *setting = &settings_table[i];
  *words = (struct setting_words){setting->name, setting->values, setting->help, !strchr(setting->values, ':')};
  return true;
}

void setting_append_words(size_t i, const struct settings *settings, struct text *text)
{
  settings_table[i].show(settings, text);
}

/* What stands in place of a value that was not given is none of the values. */
void setting_append_value(size_t i, const struct settings *settings, struct text *text)
{
  struct settings tried = *settings;
  const size_t start = text->length;
  settings_table[i].show(settings, text);
  if (!settings_table[i].read(&tried, text_string(text) + start))
    text_truncate(text, start);
}

bool setting_append_next(size_t i, const struct settings *settings, int step, struct text *text)
{
  enum { MOST_WORDS = 16 };
  const char *words[MOST_WORDS], *at = settings_table[i].values;
  size_t lengths[MOST_WORDS], n = 0, now = 0;
  struct text value = TEXT_INIT;
  if (strchr(at, ':'))
    return false;
  setting_append_value(i, settings, &value);
  for (; *at && n < MOST_WORDS; at += strspn(at, ", ")) {
    words[n] = at;
    lengths[n] = strcspn(at, ",");
    if (value.length == lengths[n] && strncmp(text_string(&value), at, lengths[n]) == 0)
      now = n;
    at += lengths[n++];
  }
  const size_t next = (now + n + (size_t)step) % n;
  text_append_bytes(text, words[next], lengths[next]);
  text_clear(&value);
  return true;
}

static void show_all(const struct settings *settings, struct report *report)
{
  struct printed_table *printed = printed_table_new("Settings");
  printed_table_add_column(printed, "name", ALIGN_LEFT);
  printed_table_add_column(printed, "now", ALIGN_LEFT);
  printed_table_add_column(printed, "values", ALIGN_LEFT);
  printed_table_add_column(printed, "what it is", ALIGN_LEFT);
  struct table *table = table_new("settings", "name value");
  for (size_t i = 0; i < N_SETTINGS; i++) {
    struct text now = TEXT_INIT;
    settings_table[i].show(settings, &now);
    table_add_text(table, settings_table[i].name);
    table_add_text(table, text_string(&now));
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%s", settings_table[i].name);
    printed_table_set(printed, 1, "%s", text_string(&now));
    printed_table_set(printed, 2, "%s", settings_table[i].values);
    printed_table_set(printed, 3, "%s", settings_table[i].help);
    text_clear(&now);
  }
  report_add_table(report, table);
  report_add_printed(report, printed);
}

static const struct setting *find_setting(const char *name, size_t length)
{
  for (size_t i = 0; i < N_SETTINGS; i++)
    if (strlen(settings_table[i].name) == length && memcmp(settings_table[i].name, name, length) == 0)
      return &settings_table[i];
  return NULL;
}

/* Applies one NAME=VALUE; the words of `set a=b c=d` come without blanks inside. */
static enum status apply(struct settings *settings, const struct command_word *word, struct error *error)
{
  const char *equals = strchr(word->text, '=');
  const size_t name_length = equals ? (size_t)(equals - word->text) : strlen(word->text);
  const struct setting *setting = find_setting(word->text, name_length);
  if (!setting) {
    struct text names = TEXT_INIT;
    for (size_t i = 0; i < N_SETTINGS; i++)
      text_append_format(&names, "%s%s", i ? ", " : "", settings_table[i].name);
    error_set(error, "there is no setting %.*s", (int)name_length, word->text);
    error_hint(error, "the settings are %s", text_string(&names));
    text_clear(&names);
    return error_in_command(error, word->start, word->length);
  }
  struct text value = TEXT_INIT;
  text_append(&value, equals ? equals + 1 : "");
  if (value.length >= 2 && value.bytes[0] == '"' && value.bytes[value.length - 1] == '"') {
    text_truncate(&value, value.length - 1);
    memmove(value.bytes, value.bytes + 1, value.length);
  }
  bool taken = value.length && setting->read(settings, text_string(&value));
  if (!taken) {
    error_set(error, "%s cannot be set to %s", setting->name, value.length ? text_string(&value) : "nothing");
    error_hint(error, "set %s=…: %s", setting->name, setting->values);
    error_in_command(error, word->start, word->length);
  }
  text_clear(&value);
  return taken ? STATUS_OK : STATUS_ERROR;
}

static enum status run_set(struct verb_context *context, const struct command *command, struct error *error)
{
  struct command_word *words;
  size_t n_words = command_words(command, &words);
  enum status status = STATUS_OK;
  if (!n_words) {
    show_all(&context->state->settings, context->report);
  } else {
    struct state *state = state_copy(context->state);
    for (size_t i = 0; i < n_words && !status; i++)
      status = apply(&state->settings, &words[i], error);
    if (status)
      state_release(state);
    else
      session_propose(context->session, state);
  }
  command_words_free(words, n_words);
  return status;
}

static const char *const set_examples[] = {"set conf=plain", "set dialect=spss", "set style=jama", "set function=event xlim=0,60", "set", NULL};

const struct verb verb_set = {
    .syntax = {"set", ARGUMENTS_WORDS, false, NULL},
    .usage = "set NAME=VALUE … | set",
    .summary = "conventions of the numbers, and the look of the curves",
    .details =
        "set alone lists all settings with their values.  A dialect sets several, so that a number of a published table\n"
        "can be met to its last digit; packages differ by tradition, not by right or wrong:\n"
        "  r      limits log, ties Efron, mean to the largest time on view, quartiles of numbers type 7\n"
        "  spss   limits plain, ties Breslow; a quantile of survival is the first time at or under the level, limits of\n"
        "         the median are median +- 1.96 s.e. with the density between S = 0.55 and 0.45, 0 where\n"
        "         negative; mean to the group's own largest time; quartiles type 6\n"
        "  stata  limits log-log, ties Breslow\n"
        "  sas    limits log-log, ties Breslow; mean to the group's last event, its error times sqrt(m/(m - 1))\n"
        "  jmp    limits plain, mean as sas, quartiles type 6\n"
        "R took Efron's ties for their accuracy, SPSS, Stata and SAS kept Breslow's for speed; log and log-log limits stay\n"
        "between 0 and 1, plain ones are the textbook's.  medians= and quantile= set one thing alone.  help conventions\n"
        "names for each number the R function that it equals.\n"
        "function=, xlim= and ylim= change how curves are drawn, not what is computed: set xlim=0,60 shows the first 60\n"
        "months, set ylim=0.4,1 the upper part, off all of it; another function begins without ylim.  event is 1-S, cumhaz\n"
        "the cumulative hazard as -log S, loglog log(-log S), under proportional hazards parallel curves.\n"
        "style= prints p-values and limits as a journal wants them, in text, Markdown, LaTeX and on the screen; data formats\n"
        "keep the numbers.  jama follows the AMA Manual of Style, nejm the journal's guideline for statistics; the others are\n"
        "named for a form in use there, lancet with the decimal point in the middle:\n"
        "  default  p = 0.045, 0.311, <0.001; 0.29 (0.09–0.95)\n"
        "  jama     P = .045, .31, <.001: two digits from .01 on unless that crosses .05; 0.29 (0.09-0.95)\n"
        "  nejm     P=0.05, 0.31, 0.004, <0.001: two digits from 0.01 on, three below; 0.29 (0.09 to 0.95)\n"
        "  lancet   p=0·045, 0·31, 0·0041, <0·0001: two significant digits; 0·29 (0·09–0·95)\n"
        "  bmj      as nejm\n"
        "  apa      p = .045, .311, < .001; 0.29 [0.09, 0.95]\n"
        "  spss     p = .045, .311, <.001; ratios with three digits, .287 (.087–.946)\n"
        "A p-value within a sentence keeps its three digits and takes the form.",
    .examples = set_examples,
    .needs = NEEDS_NOTHING,
    .run = run_set,
};
