/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/flow_plot.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"

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
    free(plot->steps[i].stage);
  }
  for (size_t i = 0; i < plot->n_branches; i++)
    branch_clear(&plot->branches[i]);
  free(plot->steps);
  free(plot->branches);
  free(plot->title);
  free(plot->view);
  free(plot->source);
  free(plot);
}

void flow_plot_add_step(struct flow_plot *plot, const char *reason, const char *command, size_t excluded, size_t kept)
{
  const struct flow_plot_step step = {.reason = memory_copy_string(reason),
                                      .n_reasons = 1,
                                      .command = command ? memory_copy_string(command) : NULL,
                                      .excluded = excluded,
                                      .kept = kept};
  MEMORY_APPEND(plot->steps, plot->n_steps, plot->steps_capacity, step);
}

void flow_plot_join_step(struct flow_plot *plot, const char *reason, const char *command, size_t excluded, size_t kept)
{
  struct flow_plot_step *step = &plot->steps[plot->n_steps - 1];
  struct text reasons = TEXT_INIT, commands = TEXT_INIT;
  if (step->n_reasons == 1)
    text_append_format(&reasons, "%zu ", step->excluded);
  text_append_format(&reasons, "%s\n%zu %s", step->reason, excluded, reason);
  text_append_format(&commands, "%s%s%s", step->command ? step->command : "", step->command && command ? "\n  " : "",
                     command ? command : "");
  free(step->reason);
  free(step->command);
  step->reason = text_take(&reasons);
  step->command = text_take(&commands);
  step->n_reasons++;
  step->excluded += excluded;
  step->kept = kept;
}

void flow_plot_set_stage(struct flow_plot *plot, const char *stage)
{
  struct flow_plot_step *step = &plot->steps[plot->n_steps - 1];
  free(step->stage);
  step->stage = memory_copy_string(stage);
}

char *flow_plot_side_text(const struct flow_plot_step *step, const char *excluded)
{
  struct text text = TEXT_INIT;
  text_append_format(&text, "%s:%s%s", excluded, step->n_reasons > 1 ? "\n" : " ", step->reason);
  return text_take(&text);
}

const char *flow_plot_kept_label(const struct flow_plot_step *step)
{
  return step->stage ? step->stage : "kept";
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

void flow_plot_set_view(struct flow_plot *plot, const char *filter, size_t n)
{
  struct text text = TEXT_INIT;
  text_append_format(&text, "Subgroup on view: %s", filter);
  free(plot->view);
  plot->view = text_take(&text);
  plot->n_view = n;
}

size_t flow_plot_n_boxes(const struct flow_plot *plot)
{
  return 1 + 2 * plot->n_steps + plot->n_branches + (plot->view != NULL);
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
