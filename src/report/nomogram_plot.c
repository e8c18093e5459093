/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/nomogram_plot.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/pretty.h"
#include "base/text.h"

enum { ROUND_STEPS = 10 };

struct nomogram_plot *nomogram_plot_new(const char *title, double total)
{
  struct nomogram_plot *plot = memory_new(1, sizeof *plot);
  plot->title = title ? memory_copy_string(title) : NULL;
  plot->total = total;
  return plot;
}

void nomogram_plot_free(struct nomogram_plot *plot)
{
  if (!plot)
    return;
  for (size_t i = 0; i < plot->n_scales; i++) {
    for (size_t k = 0; k < plot->scales[i].n_ticks; k++)
      free(plot->scales[i].ticks[k].label);
    free(plot->scales[i].ticks);
    free(plot->scales[i].label);
    free(plot->scales[i].reading);
    free(plot->scales[i].amount);
  }
  free(plot->scales);
  free(plot->title);
  free(plot);
}

struct nomogram_scale *nomogram_plot_add(struct nomogram_plot *plot, enum nomogram_scale_kind kind, const char *label)
{
  struct nomogram_scale scale = {.kind = kind, .label = memory_copy_string(label), .marker = (double)NAN};
  MEMORY_APPEND(plot->scales, plot->n_scales, plot->capacity, scale);
  return &plot->scales[plot->n_scales - 1];
}

void nomogram_scale_add(struct nomogram_scale *scale, double at, const char *label)
{
  const struct nomogram_tick tick = {.at = at, .label = label ? memory_copy_string(label) : NULL};
  MEMORY_APPEND(scale->ticks, scale->n_ticks, scale->capacity, tick);
}

void nomogram_scale_add_round(struct nomogram_scale *scale, double last)
{
  size_t n;
  double *values = pretty_values(0, last, ROUND_STEPS, &n);
  for (size_t i = 0; i < n && values[i] <= last * (1 + 1e-9); i++) {
    struct text label = TEXT_INIT;
    if (i)
      nomogram_scale_add(scale, (values[i - 1] + values[i]) / 2, NULL);
    number_append_short(&label, values[i]);
    nomogram_scale_add(scale, values[i], text_string(&label));
    text_clear(&label);
  }
  free(values);
}

double nomogram_scale_place(const struct nomogram_plot *plot, const struct nomogram_scale *scale, double at)
{
  const double end = scale->kind == SCALE_POINTS || scale->kind == SCALE_TERM ? 100 : plot->total;
  return end > 0 ? fmin(fmax(at / end, 0), 1) : 0;
}

/* ---- labels ---- */

/* The labels of one scale, in the order of their places. */
struct placing {
  const struct nomogram_scale *scale;
  const struct nomogram_room *room;
  const double *widths;
  struct nomogram_label *labels;
  struct spot {
    size_t tick;
    double at; /* from the scale's left end */
  } *spots;
  size_t n;
};

static int compare_spots(const void *a, const void *b)
{
  const struct spot *left = a, *right = b;
  if (left->at != right->at)
    return left->at < right->at ? -1 : 1;
  return (left->tick > right->tick) - (left->tick < right->tick);
}

static void find_spots(const struct nomogram_plot *plot, struct placing *placing)
{
  placing->spots = memory_new(placing->scale->n_ticks, sizeof *placing->spots);
  for (size_t i = 0; i < placing->scale->n_ticks; i++) {
    const double at = nomogram_scale_place(plot, placing->scale, placing->scale->ticks[i].at) * placing->room->room;
    placing->labels[i] = (struct nomogram_label){.is_shown = false};
    if (placing->scale->ticks[i].label)
      placing->spots[placing->n++] = (struct spot){i, placing->room->cells ? round(at) : at};
  }
  qsort(placing->spots, placing->n, sizeof *placing->spots, compare_spots);
}

/* Where a label as wide as it wants begins: in the middle of its tick, but within the room. */
static double middled(const struct placing *placing, const struct spot *spot)
{
  const double width = placing->widths[spot->tick];
  const double last = placing->room->room + placing->room->before + placing->room->cells - width;
  const double start = spot->at - width / 2;
  return fmax(-placing->room->before, fmin(placing->room->cells ? ceil(start) : start, last));
}

static double widest(const struct placing *placing)
{
  return placing->room->room + 2 * placing->room->before + placing->room->cells;
}

/* Puts every label that fits whole into one row, left to right; returns how many did not. */
static size_t place_whole(const struct placing *placing, bool above, bool (*is_wanted)(const struct placing *, size_t))
{
  double end = -INFINITY;
  size_t missing = 0;
  for (size_t i = 0; i < placing->n; i++) {
    const struct spot *spot = &placing->spots[i];
    struct nomogram_label *label = &placing->labels[spot->tick];
    if (label->is_shown || (is_wanted && !is_wanted(placing, i)))
      continue;
    const double start = middled(placing, spot), width = placing->widths[spot->tick];
    if (start < end + placing->room->gap || width > widest(placing)) {
      missing++;
      continue;
    }
    *label = (struct nomogram_label){.is_shown = true, .is_above = above, .start = start, .width = width};
    end = start + width;
  }
  return missing;
}

/* Names, every `step`th from `first`, in one row: each gets what its neighbours leave, its own tick at least. */
static void place_cut(const struct placing *placing, size_t first, size_t step, bool above)
{
  const double gap = placing->room->gap;
  double end = -placing->room->before - gap;
  for (size_t i = first; i < placing->n; i += step) {
    const struct spot *spot = &placing->spots[i];
    const double wanted = placing->widths[spot->tick];
    const double next = i + step < placing->n ? placing->spots[i + step].at - gap
                                              : placing->room->room + placing->room->before + placing->room->cells;
    double start = middled(placing, spot);
    if (start + wanted > next)
      start = next - wanted; /* to the left, where there may be room */
    start = fmax(start, end + gap);
    if (start > spot->at)
      continue; /* its tick lies under another label */
    const double width = fmin(wanted, next - start);
    if (width < fmin(wanted, 2))
      continue;
    placing->labels[spot->tick] =
        (struct nomogram_label){.is_shown = true, .is_above = above, .start = start, .width = width};
    end = start + width;
  }
}

/* Whether a number stands behind a turn of the scale (age and its square: points fall, then rise). */
static bool is_behind_turn(const struct placing *placing, size_t spot)
{
  const struct nomogram_scale *scale = placing->scale;
  const size_t tick = placing->spots[spot].tick;
  if (scale->n_ticks < 3 || tick == 0)
    return false;
  const bool falls = scale->ticks[1].at < scale->ticks[0].at;
  return (scale->ticks[tick].at < scale->ticks[tick - 1].at) != falls;
}

static bool is_before_turn(const struct placing *placing, size_t spot)
{
  return !is_behind_turn(placing, spot);
}

static void place_numbers(const struct placing *placing)
{
  if (!placing->room->two_rows || placing->scale->kind != SCALE_TERM) {
    place_whole(placing, false, NULL);
    return;
  }
  place_whole(placing, false, is_before_turn);
  place_whole(placing, true, is_behind_turn);
}

static void place_names(const struct placing *placing)
{
  if (!place_whole(placing, false, NULL))
    return;
  for (size_t i = 0; i < placing->scale->n_ticks; i++)
    placing->labels[i].is_shown = false;
  const size_t rows = placing->room->two_rows ? 2 : 1;
  for (size_t row = 0; row < rows; row++)
    place_cut(placing, row, rows, row == 1);
}

bool nomogram_place_labels(const struct nomogram_plot *plot, const struct nomogram_scale *scale,
                           const struct nomogram_room *room, const double *widths, struct nomogram_label *labels)
{
  struct placing placing = {.scale = scale, .room = room, .widths = widths, .labels = labels};
  bool any_above = false;
  find_spots(plot, &placing);
  if (scale->is_names)
    place_names(&placing);
  else
    place_numbers(&placing);
  free(placing.spots);
  for (size_t i = 0; i < scale->n_ticks; i++)
    any_above |= labels[i].is_shown && labels[i].is_above;
  return any_above;
}
