/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/plot_mark.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"

static const char keys[] = "123456789abcdefghijklmnopqrstuvwxyz";

void plot_add_mark(struct plot *plot, const char *name, bool is_median, const double place[2], const double limits[2])
{
  struct plot_mark mark = {.name = memory_copy_string(name),
                           .is_median = is_median,
                           .time = place[0],
                           .survival = place[1],
                           .low = limits[0],
                           .high = limits[1]};
  size_t at = plot->n_marks, n_studies = 0;
  for (size_t i = 0; i < plot->n_marks; i++) {
    n_studies += i == 0 || strcmp(plot->marks[i].name, plot->marks[i - 1].name) != 0;
    if (strcmp(plot->marks[i].name, name) != 0)
      continue;
    mark.key = plot->marks[i].key;
    at = i + 1;
  }
  if (!mark.key)
    mark.key = n_studies < sizeof keys - 1 ? keys[n_studies] : '*';
  plot->marks = memory_resize(plot->marks, plot->n_marks + 1, sizeof *plot->marks);
  memmove(plot->marks + at + 1, plot->marks + at, (plot->n_marks - at) * sizeof *plot->marks);
  plot->marks[at] = mark;
  plot->n_marks++;
}

void plot_marks_free(struct plot *plot)
{
  for (size_t i = 0; i < plot->n_marks; i++)
    free(plot->marks[i].name);
  free(plot->marks);
  plot->marks = NULL;
  plot->n_marks = 0;
}

bool plot_mark_is_inside(const struct plot_mark *mark, const struct plot_window *window)
{
  const double value = plot_function_value(window->function, mark->survival);
  return mark->time >= window->first && mark->time <= window->last && value >= window->low && value <= window->high;
}

/* Survival with two places, or three where it was printed so. */
static void append_survival(struct text *text, double survival)
{
  const bool three = fabs(survival * 100 - floor(survival * 100 + 0.5)) > 1e-6;
  number_append_fixed(text, survival, three ? 3 : 2);
}

/* " (0.50–0.82)" with what is known of the limits. */
static void append_limits(struct text *text, const struct plot_mark *mark)
{
  if (isnan(mark->low) && isnan(mark->high))
    return;
  text_append(text, " (");
  for (size_t side = 0; side < 2; side++) {
    const double limit = side ? mark->high : mark->low;
    text_append(text, side ? "–" : "");
    if (!isnan(limit) && mark->is_median)
      number_append_short(text, limit);
    else if (!isnan(limit))
      append_survival(text, limit);
  }
  text_append(text, ")");
}

size_t plot_mark_append_entry(const struct plot *plot, size_t first, const struct plot_window *window, struct text *text)
{
  size_t i = first;
  text_append_format(text, "%c %s", plot->marks[first].key, plot->marks[first].name);
  for (; i < plot->n_marks && strcmp(plot->marks[i].name, plot->marks[first].name) == 0; i++) {
    const struct plot_mark *mark = &plot->marks[i];
    text_append(text, i > first ? ", " : " ");
    if (mark->is_median) {
      text_append(text, "median ");
      number_append_short(text, mark->time);
    } else {
      text_append(text, "S(");
      number_append_short(text, mark->time);
      text_append(text, ") ");
      append_survival(text, mark->survival);
    }
    append_limits(text, mark);
    if (!plot_mark_is_inside(mark, window))
      text_append(text, " (outside)");
  }
  return i;
}
