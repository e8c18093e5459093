/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/flow_plot.h"

#include <stdlib.h>

#include "base/memory.h"

struct flow_plot *flow_plot_new(const char *source, size_t loaded)
{
  struct flow_plot *plot = memory_new(1, sizeof *plot);
  plot->source = memory_copy_string(source);
  plot->loaded = loaded;
  return plot;
}

static void branch_clear(struct flow_plot_branch *branch)
{
  for (size_t i = 0; i < branch->n_lines; i++)
    free(branch->lines[i].label);
  free(branch->lines);
  free(branch->label);
  free(branch->filter);
}

void flow_plot_free(struct flow_plot *plot)
{
  if (!plot)
    return;
  for (size_t i = 0; i < plot->n_steps; i++) {
    free(plot->steps[i].reason);
    free(plot->steps[i].command);
  }
  for (size_t i = 0; i < plot->n_branches; i++)
    branch_clear(&plot->branches[i]);
  free(plot->steps);
  free(plot->branches);
  free(plot->title);
  free(plot->source);
  free(plot);
}

void flow_plot_add_step(struct flow_plot *plot, const char *reason, const char *command, size_t excluded, size_t kept)
{
  const struct flow_plot_step step = {.reason = memory_copy_string(reason),
                                      .command = command ? memory_copy_string(command) : NULL,
                                      .excluded = excluded,
                                      .kept = kept};
  MEMORY_APPEND(plot->steps, plot->n_steps, plot->steps_capacity, step);
}

struct flow_plot_branch *flow_plot_add_branch(struct flow_plot *plot, const char *label, const char *filter, size_t n)
{
  const struct flow_plot_branch branch = {
      .label = memory_copy_string(label), .filter = filter ? memory_copy_string(filter) : NULL, .n = n};
  MEMORY_APPEND(plot->branches, plot->n_branches, plot->branches_capacity, branch);
  return &plot->branches[plot->n_branches - 1];
}

void flow_plot_add_line(struct flow_plot_branch *branch, const char *label, size_t n)
{
  const struct flow_plot_line line = {.label = memory_copy_string(label), .n = n};
  MEMORY_APPEND(branch->lines, branch->n_lines, branch->lines_capacity, line);
}

size_t flow_plot_n_boxes(const struct flow_plot *plot)
{
  return 1 + 2 * plot->n_steps + plot->n_branches;
}

const struct flow_plot_step *flow_plot_excluded(const struct flow_plot *plot, size_t box)
{
  return box % 2 == 1 && box / 2 < plot->n_steps ? &plot->steps[box / 2] : NULL;
}

const struct flow_plot_branch *flow_plot_branch(const struct flow_plot *plot, size_t box)
{
  const size_t first = 1 + 2 * plot->n_steps;
  return box >= first && box - first < plot->n_branches ? &plot->branches[box - first] : NULL;
}

size_t flow_plot_kept(const struct flow_plot *plot)
{
  return plot->n_steps ? plot->steps[plot->n_steps - 1].kept : plot->loaded;
}
