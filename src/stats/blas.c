/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/blas.h"

#include <cblas.h>

void blas_leave_cores(void)
{
#ifdef HAVE_OPENBLAS_SET_NUM_THREADS
  openblas_set_num_threads(1);
#endif
}
