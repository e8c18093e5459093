/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The entries of the verb table, one a command; each stands in the file of its family. */
#ifndef KAPLAN_VERBS_ENTRIES_H
#define KAPLAN_VERBS_ENTRIES_H

#include "verbs/verb.h"

extern const struct verb verb_load, verb_endpoint, verb_use;                 /* load.c, endpoint.c */
extern const struct verb verb_derive, verb_levels, verb_needs, verb_label;               /* columns.c */
extern const struct verb verb_keep, verb_drop, verb_filter;                  /* members.c */
extern const struct verb verb_branch, verb_flow;                             /* branch.c */
extern const struct verb verb_lifetable, verb_pool;                          /* a file each */
extern const struct verb verb_propensity, verb_cutpoint;                     /* a file each */
extern const struct verb verb_describe;                                      /* describe_cohort.c */
extern const struct verb verb_table1, verb_table2;                            /* a file each */
extern const struct verb verb_list;                                          /* list.c */
extern const struct verb verb_cif, verb_gray, verb_finegray;                 /* competing.c, finegray.c */
extern const struct verb verb_zph, verb_residuals;                           /* zph.c */
extern const struct verb verb_mark, verb_marks;                              /* mark.c, marks.c */
extern const struct verb verb_km, verb_logrank, verb_cox;                    /* km.c, logrank.c, cox.c */
extern const struct verb verb_rmst, verb_screen, verb_stepwise, verb_forest; /* a file each */
extern const struct verb verb_model, verb_nomogram, verb_predict;            /* a file each */
extern const struct verb verb_validate, verb_calibrate;                      /* validate.c */
extern const struct verb verb_score, verb_adjusted;                          /* score.c */
extern const struct verb verb_why;                                          /* why.c */
extern const struct verb verb_by;                                            /* by.c */
extern const struct verb verb_set;                                           /* set.c */
extern const struct verb verb_undo, verb_redo, verb_history, verb_save, verb_quit; /* session.c */
extern const struct verb verb_source;                                        /* source.c */
extern const struct verb verb_heading, verb_note, verb_report;               /* heading.c, report.c */
extern const struct verb verb_export;                                        /* export.c */
extern const struct verb verb_help;                                          /* help.c */

#endif
