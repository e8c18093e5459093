/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels in too few columns: what is cut off one must not be all that parts it from another. */
#ifndef KAPLAN_BASE_LABEL_H
#define KAPLAN_BASE_LABEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* Appends labels[which] in at most `width` columns.  Where it is wider its end is cut off ("Resection of th…"); where
 * another of the n labels would then look the same, its middle is ("Resection …ary lesion"), and where that does not part
 * them either, or leaves but a few letters, all between its first letters and where they part ("Rese…lesion").  With `ascii` "~" is put for the ellipsis.  The text is as raw
 * as the labels are: it still has to be made visible (utf8.h).  NULL among the labels is passed over. */
void label_append_cut(struct text *text, const char *const *labels, size_t n, size_t which, size_t width, bool ascii);

#endif
