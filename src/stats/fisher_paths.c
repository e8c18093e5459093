/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/fisher_paths.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Far above the rounding of a sum of log factorials, far below the tolerance of the test. */
#define SAME_VALUE 1e-10

enum { FIRST_SLOTS = 256, FIRST_PATHS = 4 };

void fisher_stage_init(struct fisher_stage *stage, size_t n_rows)
{
  *stage = (struct fisher_stage){.n_rows = n_rows, .n_slots = FIRST_SLOTS};
  stage->slots = memory_new(FIRST_SLOTS, sizeof *stage->slots);
}

void fisher_stage_clear(struct fisher_stage *stage)
{
  for (size_t i = 0; i < stage->n_nodes; i++)
    free(stage->nodes[i].paths);
  free(stage->nodes);
  free(stage->left);
  free(stage->slots);
  free(stage->spare);
  *stage = (struct fisher_stage){.n_rows = 0};
}

static size_t hash_of(const uint32_t *left, size_t n)
{
  uint64_t hash = 0x9e3779b97f4a7c15u;
  for (size_t i = 0; i < n; i++) {
    hash = (hash ^ left[i]) * 0xff51afd7ed558ccdu;
    hash ^= hash >> 32;
  }
  return (size_t)hash;
}

/* The slot that holds `left`, or the empty one where it belongs.  n_slots is a power of two. */
static size_t slot_of(const struct fisher_stage *stage, const uint32_t *left)
{
  size_t slot = hash_of(left, stage->n_rows) & (stage->n_slots - 1);
  while (stage->slots[slot] &&
         memcmp(stage->left + (stage->slots[slot] - 1) * stage->n_rows, left, stage->n_rows * sizeof *left) != 0)
    slot = (slot + 1) & (stage->n_slots - 1);
  return slot;
}

static void stage_grow(struct fisher_stage *stage)
{
  free(stage->slots);
  stage->n_slots *= 2;
  stage->slots = memory_new(stage->n_slots, sizeof *stage->slots);
  for (size_t i = 0; i < stage->n_nodes; i++)
    stage->slots[slot_of(stage, stage->left + i * stage->n_rows)] = i + 1;
}

struct fisher_node *fisher_stage_node(struct fisher_stage *stage, const uint32_t *left)
{
  size_t slot = slot_of(stage, left);
  if (stage->slots[slot])
    return &stage->nodes[stage->slots[slot] - 1];
  if (2 * stage->n_nodes >= stage->n_slots) {
    stage_grow(stage);
    slot = slot_of(stage, left);
  }
  if (stage->n_nodes == stage->capacity) {
    stage->capacity = stage->capacity ? 2 * stage->capacity : FIRST_SLOTS;
    stage->nodes = memory_resize(stage->nodes, stage->capacity, sizeof *stage->nodes);
    stage->left = memory_resize(stage->left, stage->capacity * stage->n_rows, sizeof *stage->left);
  }
  memcpy(stage->left + stage->n_nodes * stage->n_rows, left, stage->n_rows * sizeof *left);
  stage->nodes[stage->n_nodes] = (struct fisher_node){.paths = NULL};
  stage->slots[slot] = ++stage->n_nodes;
  return &stage->nodes[stage->n_nodes - 1];
}

void fisher_stage_add(struct fisher_stage *stage, struct fisher_node *node, struct fisher_path path)
{
  if (node->n_paths == node->capacity) {
    fisher_stage_merge(stage, node);
    if (2 * node->n_paths >= node->capacity) {
      node->capacity = node->capacity ? 2 * node->capacity : FIRST_PATHS;
      node->paths = memory_resize(node->paths, node->capacity, sizeof *node->paths);
    }
  }
  node->paths[node->n_paths++] = path;
  node->added++;
  stage->n_paths++;
}

/* Where the ascending run that begins at `start` ends. */
static size_t run_end(const struct fisher_path *paths, size_t start, size_t n)
{
  size_t end = start + (start < n);
  while (end < n && paths[end - 1].value <= paths[end].value)
    end++;
  return end;
}

static void merge_runs(const struct fisher_path *from, size_t start, size_t middle, size_t end, struct fisher_path *to)
{
  size_t a = start, b = middle;
  for (size_t i = start; i < end; i++)
    to[i] = b >= end || (a < middle && from[a].value <= from[b].value) ? from[a++] : from[b++];
}

/* Natural merge sort of n paths, added in ascending runs, with room for as many in `spare`; returns where they are. */
static struct fisher_path *sort_paths(struct fisher_path *paths, struct fisher_path *spare, size_t n)
{
  while (run_end(paths, 0, n) < n) {
    for (size_t from = 0; from < n;) {
      size_t middle = run_end(paths, from, n), end = run_end(paths, middle, n);
      merge_runs(paths, from, middle, end, spare);
      from = end;
    }
    struct fisher_path *sorted = spare;
    spare = paths;
    paths = sorted;
  }
  return paths;
}

/* Merges n sorted paths into those of a node, which has room for them, from the end. */
static void merge_into(struct fisher_path *paths, size_t n_merged, const struct fisher_path *added, size_t n)
{
  while (n > 0) {
    bool before = n_merged > 0 && paths[n_merged - 1].value > added[n - 1].value;
    paths[n_merged + n - 1] = before ? paths[n_merged - 1] : added[n - 1];
    n_merged -= before;
    n -= !before;
  }
}

/* 1. the paths added since are sorted; 2. they are merged with those before; 3. equals become one. */
void fisher_stage_merge(struct fisher_stage *stage, struct fisher_node *node)
{
  struct fisher_path *paths = node->paths;
  size_t n = node->n_paths, n_added = n - node->n_merged, kept = 0;
  if (n_added == 0)
    return;
  if (n_added > stage->n_spare) {
    stage->n_spare = 2 * n_added;
    stage->spare = memory_resize(stage->spare, stage->n_spare, sizeof *stage->spare);
  }
  struct fisher_path *added = paths + node->n_merged;
  if (sort_paths(added, stage->spare, n_added) == added)
    memcpy(stage->spare, added, n_added * sizeof *added);
  merge_into(paths, node->n_merged, stage->spare, n_added);
  for (size_t i = 0; i < n; i++) {
    if (kept && paths[i].value - paths[kept - 1].value <= SAME_VALUE)
      paths[kept - 1].chance += paths[i].chance;
    else
      paths[kept++] = paths[i];
  }
  node->n_paths = node->n_merged = kept;
  stage->n_paths -= n - kept;
}

void fisher_stage_forget(struct fisher_stage *stage, struct fisher_node *node)
{
  stage->n_paths -= node->n_paths;
  free(node->paths);
  *node = (struct fisher_node){.paths = NULL};
}
