/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work cut into parts that all cores share.
 *
 * The parts are cut by the data, never by the number of cores, and what they find is put together in their order: so no
 * result depends on how many cores there are. */
#ifndef KAPLAN_BASE_PARALLEL_H
#define KAPLAN_BASE_PARALLEL_H

#include <stddef.h>

/* Does one part; it runs on several threads at a time and writes only to what belongs to its part. */
typedef void parallel_work(void *context, size_t part);

/* Does the parts 0 … n_parts - 1, in any order, and returns when all are done.  One part is done by the caller's thread. */
void parallel_run(size_t n_parts, parallel_work *work, void *context);

/* As parallel_run(), by the caller's thread alone where a part has so few rows that starting threads would take longer. */
void parallel_for_rows(size_t n_rows, size_t n_parts, parallel_work *work, void *context);

/* As many threads as parallel_run() uses: the cores that this process may run on, or fewer where the environment's
 * KAPLAN_THREADS says so; 1 to 64. */
size_t parallel_threads(void);

#endif
