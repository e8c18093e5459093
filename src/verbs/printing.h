/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small parts of printed tables that many verbs share. */
#ifndef KAPLAN_VERBS_PRINTING_H
#define KAPLAN_VERBS_PRINTING_H

#include "report/printed.h"
#include "report/report.h"
#include "session/gather.h"

/* A printed table with these columns (titles closed with NULL), the first left-aligned, the others right-aligned. */
struct printed_table *printing_table(const char *title, const char *const *columns);

/* Set a cell of the row under way: a p-value as journals print it; a number with `decimals` places; an estimate with its
 * limits; a count.  What is not available prints as "NE" (a p-value as nothing). */
void printing_p(struct printed_table *printed, size_t column, double p);
void printing_fixed(struct printed_table *printed, size_t column, double value, int decimals);
void printing_interval(struct printed_table *printed, size_t column, double estimate, double low, double high,
                       int decimals);
void printing_count(struct printed_table *printed, size_t column, double count);

/* A count as it is printed: whole, or a sum of weights to one place. */
void printing_append_count(struct text *text, double count);

/* A count and what it counts: "1 patient", "2 patients", "1.5 events". */
void printing_append_counted(struct text *text, double count, const char *one, const char *many);

/* A hazard ratio with its limits: three places where two would lose it. */
void printing_hazard_ratio(struct printed_table *printed, size_t column, double hr, double low, double high);

/* A coefficient with its standard error, as SPSS prints B: nothing where it is not available. */
void printing_coefficient(struct printed_table *printed, size_t column, double beta, double std_error);

/* Adds a note that names the level and kind of the limits: "Limits: 95 %, normal." */
void printing_note_limits(struct printed_table *printed, double level, const char *kind);

/* Adds a note that spells out the abbreviations (CI, HR, IQR, NE, NR, SD, SE, SEM, SMD) that occur in the numbers of the
 * table, or in `titles`, words of its titles separated by blanks; titles themselves hold data. */
void printing_note_abbreviations(struct printed_table *printed, const char *titles);

/* The name of a published study: "Haugvik 2016, pancreas": the year behind what has none in it, and the text of the column that
 * tells results of one study apart; both columns may be NULL. */
void printing_append_study(struct text *text, const struct column *study, const struct column *year,
                           const struct column *with, size_t row);

/* `one` where n is 1, else `many`: "1 row", "2 rows". */
const char *printing_plural(size_t n, const char *one, const char *many);

/* Warns of times taken as equal, and of who is left out for it. */
void printing_merged(struct report *report, const struct gathered *gathered);

/* Says in the report how many are on view and used, and warns of who was left out and of times taken as equal. */
void printing_rows(struct report *report, const struct gathered *gathered);

#endif
