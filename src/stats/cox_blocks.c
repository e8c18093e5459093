/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a problem is cut into parts for the cores: by its rows and columns alone, so that no sum depends on the cores. */
#include <stdlib.h>

#include "base/memory.h"
#include "stats/cox_internal.h"

enum {
  LEAST_ROWS = 8192, /* of a part: enough to be worth a thread */
  MOST_PARTS = 32,
  MOST_MATRICES = 1 << 22 /* numbers in all parts' matrices together */
};

/* About how many rows a part has. */
static size_t part_rows(const struct cox_problem *problem)
{
  const size_t square = problem->n_columns * problem->n_columns;
  size_t n_parts = square ? MOST_MATRICES / square : MOST_PARTS;
  n_parts = n_parts < 1 ? 1 : n_parts > MOST_PARTS ? MOST_PARTS : n_parts;
  const size_t rows = problem->n / n_parts + 1;
  return rows > LEAST_ROWS ? rows : LEAST_ROWS;
}

/* The first row in leave_row, among those of the stratum, whose entry is at event time t or a later one. */
static size_t leaver_from(const struct cox_problem *problem, size_t stratum, size_t t)
{
  size_t low = problem->leave_start[stratum], high = problem->leave_start[stratum + 1];
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (problem->entry_tie[problem->leave_row[middle]] >= t)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/* The cutting under way. */
struct cutter {
  struct cox_problem *problem;
  size_t blocks_capacity, parts_capacity;
  size_t rows_wanted, rows_taken; /* of the part */
};

static void end_part(struct cutter *cutter)
{
  struct cox_problem *problem = cutter->problem;
  MEMORY_APPEND(problem->part_start, problem->n_parts, cutter->parts_capacity, problem->n_blocks);
  cutter->rows_taken = 0;
}

/* Ends the block before row `end` and event time `end_tie`, and with it the part where it has rows enough. */
static void end_block(struct cutter *cutter, struct cox_block *block, size_t end, size_t end_tie, bool goes_on)
{
  struct cox_problem *problem = cutter->problem;
  block->end = end;
  block->end_tie = end_tie;
  block->goes_on = goes_on;
  if (problem->delayed_entry) { /* a row is taken out on the walk back at the event time before that of its entry */
    block->first_leaver = leaver_from(problem, block->stratum, block->first_tie + 1);
    block->end_leaver = leaver_from(problem, block->stratum, end_tie + 1);
  }
  MEMORY_APPEND(problem->blocks, problem->n_blocks, cutter->blocks_capacity, *block);
  cutter->rows_taken += end - block->first;
  if (cutter->rows_taken >= cutter->rows_wanted)
    end_part(cutter);
  *block = (struct cox_block){.stratum = block->stratum, .first = end, .first_tie = end_tie};
}

static void cut_stratum(struct cutter *cutter, size_t stratum)
{
  const struct cox_problem *problem = cutter->problem;
  const size_t stop = problem->stratum_start[stratum + 1], stop_tie = problem->tie_start[stratum + 1];
  struct cox_block block = {
      .stratum = stratum, .first = problem->stratum_start[stratum], .first_tie = problem->tie_start[stratum]};
  for (size_t t = block.first_tie; t < stop_tie; t++)
    if (t > block.first_tie && cutter->rows_taken + (problem->ties[t].first - block.first) >= cutter->rows_wanted)
      end_block(cutter, &block, problem->ties[t].first, t, true);
  if (block.first < stop)
    end_block(cutter, &block, stop, stop_tie, false);
}

void cox_cut_blocks(struct cox_problem *problem)
{
  struct cutter cutter = {.problem = problem, .rows_wanted = part_rows(problem)};
  MEMORY_APPEND(problem->part_start, problem->n_parts, cutter.parts_capacity, 0);
  for (size_t s = 0; s < problem->n_strata; s++)
    cut_stratum(&cutter, s);
  if (cutter.rows_taken)
    end_part(&cutter);
  problem->n_parts--;
}
