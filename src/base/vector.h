/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loops for the vectors of the machine that runs the program, where the compiler can choose among them at its start. */
#ifndef KAPLAN_BASE_VECTOR_H
#define KAPLAN_BASE_VECTOR_H

#include <stdlib.h> /* __GLIBC__ */

/* Before a function: it is compiled for 256-bit vectors, too.  Products and sums are those of the plain form, bit for bit: none
 * is fused or put in another order. */
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__) &&                           \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define VECTOR_CLONES
#endif

/* A function that becomes part of such functions, and so is compiled for each of them. */
#define VECTOR_PART __attribute__((always_inline)) static inline

#endif
