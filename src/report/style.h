/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How journals want p-values, estimates and limits printed: leading zeros, digits, marks, separators.
 *
 * Display only: verbs fill reports in the plain form and data tables hold numbers; where `set style=` says so, the report is
 * restyled before anybody sees it.  Sources, where one was looked up:
 *   jama   the AMA Manual of Style's rules as quoted by JMIR Publications, Guidelines for Reporting Statistics
 *   nejm   the journal's guideline as quoted by Aguinis, Vassar and Wayant, BMJ Evidence-Based Medicine 2019,
 *          doi 10.1136/bmjebm-2019-111264
 * The others are described by their form in the table in style.c. */
#ifndef KAPLAN_REPORT_STYLE_H
#define KAPLAN_REPORT_STYLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "report/report.h"

enum number_style { NUMBERS_DEFAULT, NUMBERS_JAMA, NUMBERS_NEJM, NUMBERS_LANCET, NUMBERS_BMJ, NUMBERS_APA, NUMBERS_SPSS, N_NUMBER_STYLES };

/* "default", "jama", …; and back from the name (false where there is none). */
const char *style_name(enum number_style style);
bool style_find(const char *name, enum number_style *style);

/* p alone: "0.045", ".045", "<0·0001". */
void style_append_p(struct text *text, enum number_style style, double p);

/* p after its letter: "p = 0.045", "P=.04", "p<0·0001". */
void style_append_p_sentence(struct text *text, enum number_style style, double p);

/* 0.29 (0.09–0.95), 0.29 (0.09 to 0.95), 0.29 [0.09, 0.95]; of a ratio the style may want other decimals. */
void style_append_interval(struct text *text, enum number_style style, const struct printed_value *value);

/* The same of a finished text in the plain form, "median 32 (24.54–39.46)": brackets with two limits; any other bracket stays. */
void style_append_limits(struct text *text, enum number_style style, const char *plain);

/* Rewrites printed tables, forest plots and notes of curves: p-values and limits by their values; p-values within sentences keep
 * their digits and take the form alone.  The plain style leaves all as it is. */
void style_apply(enum number_style style, struct report *report);

/* One printed table, for who shows it by itself. */
void style_apply_table(enum number_style style, struct printed_table *table);

/* Where in a title or sentence the letter of a p-value stands as a word, from `from` on; SIZE_MAX: nowhere. */
size_t style_find_letter(const char *string, size_t from);

/* How a format writes words, and what stands around slanted ones. */
struct slant {
  void (*append_words)(struct text *out, const char *words);
  const char *open, *close;
};

/* Appends a title or a note of the table, the letter of p-values slanted where the table's style wants that. */
void style_append_slanted(struct text *out, const struct printed_table *table, const char *words, const struct slant *slant);

#endif
