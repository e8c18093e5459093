/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/variables_search.h"

#include <string.h>

enum { MOST_LEVELS = 50000 }; /* of a folded variable that are looked at: a key must not wait for names of patients */

static bool matches(const struct column *column, uint32_t code, const char *needle)
{
  if (!code)
    return strcasestr(column->name, needle) != NULL;
  const struct level *level = &column->levels[code - 1];
  return strcasestr(level->name, needle) || (level->label && strcasestr(level->label, needle));
}

/* How many levels of the column are searched. */
static uint32_t searched_levels(const struct variables *variables, const struct column *column)
{
  if (column->kind != COLUMN_FACTOR)
    return 0;
  return variables_is_unfolded(variables, column->name) || column->n_levels <= MOST_LEVELS ? (uint32_t)column->n_levels : 0;
}

static bool is_line(const struct variables *variables, struct variable_line at)
{
  return !at.code || variables_is_unfolded(variables, variables->state->cohort->columns[at.column]->name);
}

/* The variable or level behind `at` (step 1) or before it (-1), round the end. */
static struct variable_line neighbour(const struct variables *variables, struct variable_line at, int step)
{
  const struct cohort *cohort = variables->state->cohort;
  if (step > 0) {
    if (at.code < searched_levels(variables, cohort->columns[at.column]))
      return (struct variable_line){at.column, at.code + 1};
    return (struct variable_line){(at.column + 1) % cohort->n_columns, 0};
  }
  if (at.code)
    return (struct variable_line){at.column, at.code - 1};
  const size_t before = (at.column + cohort->n_columns - 1) % cohort->n_columns;
  return (struct variable_line){before, searched_levels(variables, cohort->columns[before])};
}

struct counts {
  size_t all, found, on_lines;
};

static struct counts count(const struct variables *variables, const char *needle)
{
  const struct cohort *cohort = variables->state->cohort;
  struct counts counts = {0};
  for (size_t c = 0; c < cohort->n_columns; c++) {
    const uint32_t n = searched_levels(variables, cohort->columns[c]);
    for (uint32_t code = 0; code <= n; code++) {
      const bool found = matches(cohort->columns[c], code, needle);
      counts.found += found;
      counts.on_lines += found && is_line(variables, (struct variable_line){c, code});
    }
    counts.all += n + 1;
  }
  return counts;
}

static void go(struct explorer *explorer, struct variable_line at, const struct counts *counts)
{
  struct variables *variables = &explorer->variables;
  const char *name = variables->state->cohort->columns[at.column]->name;
  if (at.code)
    variables_fold(variables, name, true);
  explorer->variable_list.cursor = variables_find(variables, at.column, at.code);
  explorer->wishes.focus = FOCUS_VARIABLES;
  if (counts->found > counts->on_lines)
    explorer_say(explorer, STYLE_TEXT, "/%s: %zu found, %zu in folded variables%s", explorer->search, counts->found,
                 counts->found - counts->on_lines, counts->found > 1 ? "; n goes on" : "");
  else
    explorer_say(explorer, STYLE_TEXT, "/%s: %zu found", explorer->search, counts->found);
}

void variables_search(struct explorer *explorer, size_t start, int step)
{
  const struct variables *variables = &explorer->variables;
  if (!explorer->search || !*explorer->search || start >= variables->n_lines)
    return;
  const struct counts counts = count(variables, explorer->search);
  const bool only_lines = !step && counts.on_lines;
  struct variable_line at = variables->lines[start];
  if (step)
    at = neighbour(variables, at, step);
  for (size_t i = 0; i < counts.all && counts.found; i++, at = neighbour(variables, at, step < 0 ? -1 : 1)) {
    if (!matches(variables->state->cohort->columns[at.column], at.code, explorer->search) ||
        (only_lines && !is_line(variables, at)))
      continue;
    go(explorer, at, &counts);
    return;
  }
  explorer_say(explorer, STYLE_WARNING, "/%s: not found among the variables and their levels", explorer->search);
}
