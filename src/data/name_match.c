/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/name_match.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>

#include "base/memory.h"
#include "base/utf8.h"

enum { LONGEST_NAME = 256 }; /* bytes; longer ones are not mistyped names, and the work grows with the square */

/* The lower-case code points of a name; *n says how many.  The caller's to free. */
static uint32_t *fold_name(const char *name, size_t *n)
{
  size_t left = strnlen(name, LONGEST_NAME), count = 0;
  uint32_t *points = memory_new(left, sizeof *points);
  while (left) {
    uint32_t point;
    size_t used = utf8_decode(name, left, &point);
    points[count++] = point & UTF8_INVALID ? point : uc_tolower(point);
    name += used;
    left -= used;
  }
  *n = count;
  return points;
}

static size_t least(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* Optimal string alignment of a (n_a points) and b (n_b points):
 * d(i,j) = min(d(i-1,j) + 1, d(i,j-1) + 1, d(i-1,j-1) + [a_i != b_j], d(i-2,j-2) + 1 where the last two are swapped).
 */
static size_t edit_distance(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b)
{
  const size_t width = n_b + 1;
  size_t *table = memory_new(3 * width, sizeof *table);
  size_t *before = table, *last = table + width, *row = table + 2 * width;
  for (size_t j = 0; j <= n_b; j++)
    last[j] = j;
  for (size_t i = 1; i <= n_a; i++) {
    row[0] = i;
    for (size_t j = 1; j <= n_b; j++) {
      row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = least(row[j], before[j - 2] + 1);
    }
    size_t *oldest = before;
    before = last;
    last = row;
    row = oldest;
  }
  size_t distance = last[n_b];
  free(table);
  return distance;
}

const char *name_nearest(const char *name, const char *const *names, size_t n)
{
  size_t n_wanted, best = SIZE_MAX;
  const char *nearest = NULL;
  uint32_t *wanted = fold_name(name, &n_wanted);
  for (size_t i = 0; i < n; i++) {
    size_t n_points;
    uint32_t *points = fold_name(names[i], &n_points);
    size_t limit = (n_points > n_wanted ? n_points : n_wanted) / 3;
    size_t difference = n_points > n_wanted ? n_points - n_wanted : n_wanted - n_points;
    size_t distance = difference > limit ? SIZE_MAX : edit_distance(wanted, n_wanted, points, n_points);
    if (distance <= limit && distance < best) {
      best = distance;
      nearest = names[i];
    }
    free(points);
  }
  free(wanted);
  return nearest;
}
