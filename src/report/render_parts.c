/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/render_parts.h"

#include <string.h>

size_t render_indent(const char *cell)
{
  return strspn(cell, " ");
}

const char *render_cell(const struct printed_row *row, size_t column)
{
  return row->cells && row->cells[column] ? row->cells[column] : "";
}

bool render_stands_alone(const struct printed_table *table, const struct printed_row *row)
{
  for (size_t c = 1; c < table->n_columns; c++)
    if (*render_cell(row, c))
      return false;
  return true;
}

bool render_has_titles(const struct printed_table *table)
{
  for (size_t c = 0; c < table->n_columns; c++)
    if (*table->columns[c].title)
      return true;
  return false;
}
