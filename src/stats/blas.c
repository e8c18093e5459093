/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/blas.h"

#include <cblas.h>

#ifdef HAVE_BLAS_THREAD_SHUTDOWN_
/* OpenBLAS has it for its own use around fork(), in no header. */
int blas_thread_shutdown_(void);
#endif

void blas_leave_cores(void)
{
#ifdef HAVE_OPENBLAS_SET_NUM_THREADS
  openblas_set_num_threads(1);
#endif
#ifdef HAVE_BLAS_THREAD_SHUTDOWN_
  (void)blas_thread_shutdown_(); /* those it began with would turn round on every core for some hundredths of a second */
#endif
}
