/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/settings.h"

#include <string.h>
#include <strings.h>


static const char *const conf_names[] = {
    [CONF_LOG] = "log",     [CONF_PLAIN] = "plain",   [CONF_LOG_LOG] = "log-log",
    [CONF_LOGIT] = "logit", [CONF_ARCSIN] = "arcsin",
};

static const char *const ties_names[] = {
    [TIES_EFRON] = "efron",
    [TIES_BRESLOW] = "breslow",
    [TIES_EXACT] = "exact",
};

static const char *const dialect_names[] = {
    [DIALECT_R] = "r", [DIALECT_SPSS] = "spss", [DIALECT_STATA] = "stata", [DIALECT_SAS] = "sas", [DIALECT_JMP] = "jmp",
};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static bool find_name(const char *const *names, size_t n, const char *name, size_t *index)
{
  for (*index = 0; *index < n; ++*index)
    if (strcasecmp(names[*index], name) == 0)
      return true;
  return false;
}

const char *conf_name(enum confidence_type conf)
{
  return conf_names[conf];
}

const char *ties_name(enum cox_ties ties)
{
  return ties_names[ties];
}

const char *dialect_name(enum dialect dialect)
{
  return dialect_names[dialect];
}

bool conf_find(const char *name, enum confidence_type *conf)
{
  size_t index;
  bool found = find_name(conf_names, COUNT_OF(conf_names), name, &index);
  if (found)
    *conf = (enum confidence_type)index;
  return found;
}

bool ties_find(const char *name, enum cox_ties *ties)
{
  size_t index;
  bool found = find_name(ties_names, COUNT_OF(ties_names), name, &index);
  if (found)
    *ties = (enum cox_ties)index;
  return found;
}

bool dialect_find(const char *name, enum dialect *dialect)
{
  size_t index;
  bool found = find_name(dialect_names, COUNT_OF(dialect_names), name, &index);
  if (found)
    *dialect = (enum dialect)index;
  return found;
}

void settings_init(struct settings *settings)
{
  *settings = (struct settings){
      .level = 0.95,
      .charset = CHARSET_BOX,
      .band = BAND_NONE,
      .risk_table = true,
      .median_lines = true,
  };
  settings_apply_dialect(settings, DIALECT_R);
}

struct draw_options settings_drawing(const struct settings *settings)
{
  struct draw_options options = DRAW_OPTIONS_INIT;
  options.charset = settings->charset;
  options.band = settings->band;
  options.risk_table = settings->risk_table;
  options.median_lines = settings->median_lines;
  options.view = settings->view;
  return options;
}

void settings_apply_dialect(struct settings *settings, enum dialect dialect)
{
  settings->dialect = dialect;
  settings->conf = CONF_LOG;
  settings->ties = TIES_EFRON;
  settings->quantiles = QUANTILE_R;
  settings->mean_limit = MEAN_COMMON;
  settings->mean_bias_corrected = false;
  settings->quantile_type = 7;
  switch (dialect) {
  case DIALECT_R:
    break;
  case DIALECT_SPSS:
    settings->conf = CONF_PLAIN;
    settings->ties = TIES_BRESLOW;
    settings->quantiles = QUANTILE_SPSS;
    settings->mean_limit = MEAN_OWN_LAST_TIME;
    settings->quantile_type = 6;
    break;
  case DIALECT_JMP:
    settings->conf = CONF_PLAIN;
    settings->mean_limit = MEAN_OWN_LAST_EVENT;
    settings->mean_bias_corrected = true;
    settings->quantile_type = 6;
    break;
  case DIALECT_SAS:
    settings->conf = CONF_LOG_LOG;
    settings->ties = TIES_BRESLOW;
    settings->mean_limit = MEAN_OWN_LAST_EVENT;
    settings->mean_bias_corrected = true;
    break;
  case DIALECT_STATA:
    settings->conf = CONF_LOG_LOG;
    settings->ties = TIES_BRESLOW;
    break;
  }
}
