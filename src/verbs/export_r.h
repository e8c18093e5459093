/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The script in R that reproduces a session's view: reads the same file in the same way, does what derive, levels, keep, drop
 * and filter did, defines the endpoint, and computes the numbers of one analysis with survival (and cmprsk where risks
 * compete), printed as kaplan's own tables. */
#ifndef KAPLAN_VERBS_EXPORT_R_H
#define KAPLAN_VERBS_EXPORT_R_H

#include "base/text.h"
#include "lang/command.h"
#include "session/session.h"

/* What the functions of export_r_parts() are for. */
enum export_r_part {
  R_PART_PRINT = 1,
  R_PART_WHERE = 2,
  R_PART_GROUPS = 4,
  R_PART_KM = 8,
  R_PART_LOGRANK = 16,
  R_PART_COX = 32,
  R_PART_RMST = 64,
  R_PART_TABLE1 = 128,
  R_PART_SCREEN = 256,
  R_PART_FOREST = 512,
  R_PART_QUANTILES_R = 1024,
  R_PART_QUANTILES_SPSS = 2048,
  R_PART_QUANTILES_SAS = 4096,
  R_PART_LIFETABLE = 8192,
  R_PART_PANELS = 16384,
  R_PART_PREDICT = 32768,
  R_PART_NOMOGRAM = 65536,
  R_PART_RESAMPLE = 131072,
  R_PART_VALIDATE = 262144,
  R_PART_CALIBRATE = 524288
};

/* A script while it is written. */
struct export_r {
  const struct session *session;
  const struct state *state; /* what is on view; its cohort is what expressions are about */
  const struct state *after; /* the state that the analysis leaves: its model is the one that was fitted */
  const char *line;          /* the analysis */
  struct text body;          /* what stands behind file and functions */
  unsigned helpers, parts;   /* expr_r_helper, export_r_part: what the body calls */
  bool competing_package;    /* whether it needs cmprsk */
  bool *is_used;             /* of each column of `loaded`: whether the body names it */
  const struct cohort *loaded;
};

/* Appends the script for the analysis `line` to `out`.  `after` as above.  What R cannot reproduce is said in comments of the
 * script; fails where the session holds nothing that was loaded. */
enum status export_r_script(const struct session *session, const struct state *after, const char *line, struct text *out,
                            struct error *error);

/* A function in R and the parts (any of them) that call it; the lists end with NULL. */
struct export_r_definition {
  unsigned parts;
  const char *definition;
};
extern const struct export_r_definition export_r_model_definitions[];

/* For the files of this family: appends the definitions of the functions in the set. */
void export_r_parts(struct text *text, unsigned parts);

/* Notes that the body names a column of the file. */
void export_r_use(struct export_r *script, const char *column);

/* Appends an expression to the body, of the columns of a cohort, and notes what it uses. */
enum status export_r_expr(struct export_r *script, const struct expr *expr, const struct cohort *cohort,
                          struct error *error);

/* Appends a comment: what is not reproduced, and why. */
void export_r_say(struct export_r *script, const char *what);

/* Appends `level`, the level of confidence, as a variable of the script. */
void export_r_level(struct export_r *script);

/* Appends c("a", "b"): names of columns, which are noted; the items of a list option, as names or as they are. */
void export_r_names(struct export_r *script, char *const *names, size_t n);
void export_r_items(struct export_r *script, const struct command_option *option, bool columns);

/* Appends the `if` of a command (NULL: nothing): `view` narrows. */
enum status export_r_condition(struct export_r *script, const struct expr *condition, struct error *error);

/* Notes that quantiles are computed, by the rule of the settings. */
void export_r_quantiles(struct export_r *script);

/* Appends the fit of a state's current model as `fit` to the data frame `model`, and then `then`; says why not where it
 * cannot. */
enum status export_r_model(struct export_r *script, const struct state *state, const char *then, struct error *error);

/* Appends the table km_marks behind the curves, where published results are laid over them. */
void export_r_marks(struct export_r *script);

/* Append one analysis each (export_r_models.c, export_r_prediction.c). */
enum status export_r_nomogram(struct export_r *script, const struct command *command, struct error *error);
enum status export_r_predict(struct export_r *script, const struct command *command, struct error *error);
enum status export_r_validate(struct export_r *script, const struct command *command, struct error *error);
enum status export_r_calibrate(struct export_r *script, const struct command *command, struct error *error);
enum status export_r_cox(struct export_r *script, const struct command *command, struct error *error);
enum status export_r_zph(struct export_r *script, const struct command *command, struct error *error);
enum status export_r_screen(struct export_r *script, const struct command *command, struct error *error);
enum status export_r_forest(struct export_r *script, const struct command *command, struct error *error);
enum status export_r_finegray(struct export_r *script, const struct command *command, struct error *error);

/* Whether the analysis is of those alone who have an outcome. */
bool export_r_needs_endpoint(const struct command *command);

/* Appends the analysis itself (export_r_views.c). */
enum status export_r_view(struct export_r *script, const struct command *command, struct error *error);

#endif
