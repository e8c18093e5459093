/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What column.c and column_factor.c share; nobody else includes it. */
#ifndef KAPLAN_DATA_COLUMN_INTERNAL_H
#define KAPLAN_DATA_COLUMN_INTERNAL_H

#include "data/column.h"

/* A column with one reference, without levels or label; copies the name, takes over the values. */
struct column *column_allocate(const char *name, enum column_kind kind, struct column_values *values);

/* Values with one reference for n_rows rows, items of `width` bytes (8: doubles), the array not yet set. */
struct column_values *column_values_allocate(size_t n_rows, unsigned char width);

/* A level with copies of the name and the label. */
struct level column_copy_level(const struct level *level);

#endif
