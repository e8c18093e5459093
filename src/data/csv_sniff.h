/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which character separates the fields of a file that does not say so. */
#ifndef KAPLAN_DATA_CSV_SNIFF_H
#define KAPLAN_DATA_CSV_SNIFF_H

#include "data/csv_text.h"

/* The one of , ; tab | that cuts the first records most evenly into more than one field (quotes respected); a comma
 * where none does.  A path ending in .tsv or .tab means a tab if the header has one. */
char csv_sniff_delimiter(const struct csv_text *text);

#endif
