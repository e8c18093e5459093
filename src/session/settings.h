/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `set` sets: numerical conventions, and how curves are shown.  Plain values; copied with the state. */
#ifndef KAPLAN_SESSION_SETTINGS_H
#define KAPLAN_SESSION_SETTINGS_H

#include <stdbool.h>

#include "report/draw.h"
#include "report/style.h"
#include "stats/cox.h"
#include "stats/km.h"

enum dialect { DIALECT_R, DIALECT_SPSS, DIALECT_STATA, DIALECT_SAS, DIALECT_JMP };

/* Up to which time the mean of a curve runs: the largest time on view, the group's own largest time, the group's last
 * event. */
enum mean_limit { MEAN_COMMON, MEAN_OWN_LAST_TIME, MEAN_OWN_LAST_EVENT };

struct settings {
  enum dialect dialect;
  enum confidence_type conf;
  enum cox_ties ties;
  enum quantile_rule quantiles;
  enum mean_limit mean_limit;
  bool mean_bias_corrected;
  int quantile_type; /* of numeric columns: R's 6 or 7 */
  double level;
  enum number_style style; /* of p-values and limits in what people read */
  bool beta; /* printed tables of a model have B and its error, too */
  /* the look of the curves */
  enum charset charset;
  int band;        /* index of a curve, BAND_NONE or BAND_ALL */
  bool risk_table, median_lines;
  struct plot_view view; /* the window in time and value, and the function drawn */
  char unit[24];   /* of time, "" = as the endpoint's column says */
};

void settings_init(struct settings *settings);

/* How the settings want curves drawn. */
struct draw_options settings_drawing(const struct settings *settings);

/* Sets conf, ties, quantiles and mean as that package has them. */
void settings_apply_dialect(struct settings *settings, enum dialect dialect);

/* Names in commands and in print: "log-log", "efron", "spss"; found in capital letters, too. */
const char *conf_name(enum confidence_type conf);
const char *ties_name(enum cox_ties ties);
const char *dialect_name(enum dialect dialect);
bool conf_find(const char *name, enum confidence_type *conf);
bool ties_find(const char *name, enum cox_ties *ties);
bool dialect_find(const char *name, enum dialect *dialect);

#endif
