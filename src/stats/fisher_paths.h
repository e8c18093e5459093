/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The nodes of one stage of Fisher's network, and the paths that lead to each.
 *
 * A node is what the columns so far have left of the row margins, as a multiset: the order of the rows does not matter
 * for what follows.  A path is a way of having filled those columns: its value (the sum of -log x! so far) and its
 * chance.  Paths of one value are one path. */
#ifndef KAPLAN_STATS_FISHER_PATHS_H
#define KAPLAN_STATS_FISHER_PATHS_H

#include <stddef.h>
#include <stdint.h>

struct fisher_path {
  double value, chance;
};

struct fisher_node {
  struct fisher_path *paths;          /* after fisher_stage_merge() ascending by value */
  size_t n_paths, n_merged, capacity; /* the first n_merged are ascending */
  size_t added;                       /* paths ever */
  size_t n_completions;               /* for whoever wants to keep it here; 0 at first */
};

struct fisher_stage {
  size_t n_rows, n_nodes, capacity;
  struct fisher_node *nodes;
  uint32_t *left; /* n_rows numbers a node, descending */
  size_t *slots;  /* a hash table: 0 or the node's index + 1 */
  size_t n_slots;
  size_t n_paths;            /* in all nodes, not less than there are */
  struct fisher_path *spare; /* where paths are sorted */
  size_t n_spare;
};

void fisher_stage_init(struct fisher_stage *stage, size_t n_rows);
void fisher_stage_clear(struct fisher_stage *stage);

/* The node of `left` (n_rows numbers, descending), made where there is none.  Valid until the next is made. */
struct fisher_node *fisher_stage_node(struct fisher_stage *stage, const uint32_t *left);

/* Adds a path to a node. */
void fisher_stage_add(struct fisher_stage *stage, struct fisher_node *node, struct fisher_path path);

/* Sorts the paths by value; those that differ by rounding become one. */
void fisher_stage_merge(struct fisher_stage *stage, struct fisher_node *node);

/* Releases the paths of a node. */
void fisher_stage_forget(struct fisher_stage *stage, struct fisher_node *node);

#endif
