/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers in as few bytes as hold them exactly.
 *
 * Where all numbers are whole or have few decimals they are stored as integers of one, two or four bytes with one scale
 * for all: number = item / 10^decimals.  Both are exact doubles, so the division gives the double that is nearest to
 * the decimal number, which is the one that reading its text gave; each number is tried, and where one would not come
 * back bit for bit (-0, 0.1 + 0.2, 1e22) all stay doubles.  The smallest integer of a width stands for missing. A pack
 * grows from the parts of a file in their order; what comes out does not depend on where the file was cut. Life cycle:
 * NUMBER_PACK_INIT … number_pack_clear(). */
#ifndef KAPLAN_DATA_NUMBER_PACK_H
#define KAPLAN_DATA_NUMBER_PACK_H

#include <stddef.h>
#include <stdint.h>

enum { NUMBER_PACK_DOUBLES = 8, NUMBER_PACK_MOST_DECIMALS = 9 };

struct number_pack {
  void *items; /* int8_t, int16_t, int32_t or double */
  size_t n, capacity;
  unsigned char width;    /* bytes of an item: 1, 2, 4; NUMBER_PACK_DOUBLES: doubles */
  unsigned char decimals; /* of integers */
  int32_t least, most;    /* of the integers that are there; least > most: all are missing */
};

#define NUMBER_PACK_INIT                                                                                               \
  {                                                                                                                    \
    .width = 1, .least = INT32_MAX, .most = INT32_MIN                                                                  \
  }

/* The pack of n numbers (NaN = missing), in the narrowest form. */
struct number_pack number_pack_of(const double *numbers, size_t n);

/* Appends a part, or n times missing; where the form of what is there does not do for the part, it changes. */
void number_pack_append(struct number_pack *pack, const struct number_pack *part);
void number_pack_append_missing(struct number_pack *pack, size_t n);

/* Says how many numbers there will be, so that the pack need not grow step by step.  What is not filled takes no memory
 * of the system. */
void number_pack_expect(struct number_pack *pack, size_t n);

/* Writes the numbers first … first + n - 1 to out. */
void number_pack_read(const struct number_pack *pack, size_t first, size_t n, double *out);

/* The least number below 0; 0 where there is none. */
double number_pack_least(const struct number_pack *pack);

/* What the integers are divided by: 10^decimals. */
double number_pack_divisor(const struct number_pack *pack);

void number_pack_clear(struct number_pack *pack);

#endif
