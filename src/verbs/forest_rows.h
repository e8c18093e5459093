/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of forest: one data table, its printed form and its figure, filled side by side. */
#ifndef KAPLAN_VERBS_FOREST_ROWS_H
#define KAPLAN_VERBS_FOREST_ROWS_H

#include "report/report.h"
#include "session/analysis.h"

struct forest_output {
  struct cox_options options; /* level and ties, which the notes name */
  struct table *table;
  struct printed_table *printed;
  struct forest_plot *plot;
  bool is_firth, is_robust; /* whose limits and p-values they are: of the profile likelihood, of the sandwich variance */
  struct text brief_note;   /* what the figure's short labels stand for */
};

/* One hazard ratio: whose, and where it is. */
struct forest_subject {
  const char *variable, *level; /* of the data table; level may be NULL */
  const char *label, *brief;    /* for people; brief NULL: the label is short enough */
  const char *chosen;           /* the level of `variable` whose patients these are, or NULL */
  unsigned indent;
  double n, events;
  const struct cox_model *model; /* NULL: none could be fitted */
  const struct cox_firth *firth; /* of the same model: its profile limits and p-values; NULL: Wald's */
  size_t column;                 /* of the model */
  double interaction_p;          /* for the data table; NaN: none */
  const char *why;               /* the command that derives it, or NULL */
};

/* Empty tables and figure of a subgroup analysis, or of a model's terms. */
void forest_output_init(struct forest_output *output, const struct cox_options *options, bool has_interaction);

/* Add a hazard ratio; a variable's name with the p-value of its interaction (NaN: none) and the command that derives that. */
void forest_output_add(struct forest_output *output, const struct forest_subject *subject);
void forest_output_add_variable(struct forest_output *output, const char *label, double interaction_p,
                                const char *why);

/* A factor's reference level, not in the data table: in the figure under the factor's name, in the printed table behind it. */
void forest_output_add_reference(struct forest_output *output, const char *factor, const struct forest_subject *subject);

/* What all rows are compared with, as it is displayed and as it is named in the data: a note, and at the figure's axis. */
void forest_output_name_reference(struct forest_output *output, const char *label, const char *brief);

/* Says what a short label stands for, once. */
void forest_output_explain(struct forest_output *output, const char *brief, const char *label);

/* Notes the limits, and gives tables and figure to the report. */
void forest_output_hand_over(struct forest_output *output, struct report *report);

#endif
