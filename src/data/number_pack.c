/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/number_pack.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/vector.h"

enum { BLOCK = 256 }; /* numbers that are tried or turned over at a time */

static const double powers_of_ten[NUMBER_PACK_MOST_DECIMALS + 1] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

/* Added and taken away again it rounds a double of less than 2^51 to a whole number, in a few instructions of any
 * width. */
static const double rounder = 6755399441055744.0;

VECTOR_PART double round_scaled(double number, double power)
{
  return (number * power + rounder) - rounder;
}

VECTOR_PART uint64_t bits_of(double number)
{
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  return bits;
}

/* Whether all numbers come back from integers with that scale; [*least, *most] is widened to hold the integers. */
VECTOR_CLONES static bool block_fits(const double *numbers, size_t n, double power, double *least, double *most)
{
  uint64_t differs = 0;
  double low = *least, high = *most;
  for (size_t i = 0; i < n; i++) {
    const double whole = round_scaled(numbers[i], power);
    const uint64_t difference = bits_of(whole / power) ^ bits_of(numbers[i]);
    differs |= numbers[i] != numbers[i] ? 0 : difference;
    low = whole < low ? whole : low;
    high = whole > high ? whole : high;
  }
  if (differs || low <= INT32_MIN || high > INT32_MAX)
    return false;
  *least = low;
  *most = high;
  return true;
}

/* Finds the least scale at which all numbers are integers of four bytes; false where there is none. */
static bool find_scale(const double *numbers, size_t n, struct number_pack *pack)
{
  double least = INFINITY, most = -INFINITY;
  for (size_t first = 0; first < n; first += BLOCK) {
    const size_t length = n - first < BLOCK ? n - first : BLOCK;
    while (!block_fits(numbers + first, length, powers_of_ten[pack->decimals], &least, &most)) {
      if (pack->decimals == NUMBER_PACK_MOST_DECIMALS)
        return false;
      pack->decimals++;
      least *= 10; /* the integers before are those of the new scale, times ten */
      most *= 10;
    }
  }
  if (least <= most) {
    pack->least = (int32_t)least;
    pack->most = (int32_t)most;
  }
  return true;
}

static unsigned char width_for(int64_t least, int64_t most)
{
  if (least > most || (least > INT8_MIN && most <= INT8_MAX))
    return 1;
  if (least > INT16_MIN && most <= INT16_MAX)
    return 2;
  return least > INT32_MIN && most <= INT32_MAX ? 4 : NUMBER_PACK_DOUBLES;
}

VECTOR_CLONES static void round_block(const double *numbers, size_t n, double power, int32_t *items)
{
  for (size_t i = 0; i < n; i++)
    items[i] = numbers[i] != numbers[i] ? INT32_MIN : (int32_t)round_scaled(numbers[i], power);
}

/* Integers of four bytes into the pack's, from its item `first` on. */
static void write_integers(struct number_pack *pack, size_t first, const int32_t *items, size_t n)
{
  if (pack->width == 1) {
    int8_t *to = (int8_t *)pack->items + first;
    for (size_t i = 0; i < n; i++)
      to[i] = items[i] == INT32_MIN ? INT8_MIN : (int8_t)items[i];
  } else if (pack->width == 2) {
    int16_t *to = (int16_t *)pack->items + first;
    for (size_t i = 0; i < n; i++)
      to[i] = items[i] == INT32_MIN ? INT16_MIN : (int16_t)items[i];
  } else {
    memcpy((int32_t *)pack->items + first, items, n * sizeof *items);
  }
}

/* The pack's integers as such of four bytes, times `factor`. */
static void read_integers(const struct number_pack *pack, size_t first, size_t n, int32_t factor, int32_t *items)
{
  if (pack->width == 1) {
    const int8_t *from = (const int8_t *)pack->items + first;
    for (size_t i = 0; i < n; i++)
      items[i] = from[i] == INT8_MIN ? INT32_MIN : from[i] * factor;
  } else if (pack->width == 2) {
    const int16_t *from = (const int16_t *)pack->items + first;
    for (size_t i = 0; i < n; i++)
      items[i] = from[i] == INT16_MIN ? INT32_MIN : from[i] * factor;
  } else {
    const int32_t *from = (const int32_t *)pack->items + first;
    for (size_t i = 0; i < n; i++)
      items[i] = from[i] == INT32_MIN ? INT32_MIN : from[i] * factor;
  }
}

double number_pack_divisor(const struct number_pack *pack)
{
  return powers_of_ten[pack->decimals];
}

void number_pack_read(const struct number_pack *pack, size_t first, size_t n, double *out)
{
  int32_t items[BLOCK];
  const double divisor = number_pack_divisor(pack);
  if (pack->width == NUMBER_PACK_DOUBLES) {
    memcpy(out, (const double *)pack->items + first, n * sizeof *out);
    return;
  }
  for (size_t done = 0; done < n; done += BLOCK) {
    const size_t length = n - done < BLOCK ? n - done : BLOCK;
    read_integers(pack, first + done, length, 1, items);
    for (size_t i = 0; i < length; i++)
      out[done + i] = items[i] == INT32_MIN ? (double)NAN : items[i] / divisor;
  }
}

struct number_pack number_pack_of(const double *numbers, size_t n)
{
  struct number_pack pack = NUMBER_PACK_INIT;
  int32_t items[BLOCK];
  pack.n = pack.capacity = n;
  if (!find_scale(numbers, n, &pack)) {
    pack.width = NUMBER_PACK_DOUBLES;
    pack.items = memory_copy(numbers, n, sizeof *numbers);
    return pack;
  }
  pack.width = width_for(pack.least, pack.most);
  pack.items = memory_resize(NULL, n, pack.width);
  for (size_t first = 0; first < n; first += BLOCK) {
    const size_t length = n - first < BLOCK ? n - first : BLOCK;
    round_block(numbers + first, length, powers_of_ten[pack.decimals], items);
    write_integers(&pack, first, items, length);
  }
  return pack;
}

/* Turns what is there into the form (width, decimals), which holds it. */
static void change_form(struct number_pack *pack, unsigned char width, unsigned char decimals)
{
  struct number_pack changed = *pack;
  int32_t items[BLOCK];
  if (width == pack->width && decimals == pack->decimals)
    return;
  const int32_t factor = width == NUMBER_PACK_DOUBLES ? 1 : (int32_t)powers_of_ten[decimals - pack->decimals];
  changed.width = width;
  changed.decimals = decimals;
  changed.items = memory_resize(NULL, pack->capacity, width);
  for (size_t first = 0; first < pack->n; first += BLOCK) {
    const size_t length = pack->n - first < BLOCK ? pack->n - first : BLOCK;
    if (width == NUMBER_PACK_DOUBLES) {
      number_pack_read(pack, first, length, (double *)changed.items + first);
    } else {
      read_integers(pack, first, length, factor, items);
      write_integers(&changed, first, items, length);
    }
  }
  if (width != NUMBER_PACK_DOUBLES && pack->least <= pack->most) {
    changed.least = pack->least * factor;
    changed.most = pack->most * factor;
  }
  free(pack->items);
  *pack = changed;
}

/* Gives the pack a form that holds the part, too. */
static void suit(struct number_pack *pack, const struct number_pack *part)
{
  const unsigned char decimals = part->decimals > pack->decimals ? part->decimals : pack->decimals;
  int64_t least = INT64_MAX, most = INT64_MIN;
  const struct number_pack *const both[] = {pack, part};
  for (size_t i = 0; i < 2; i++) {
    const int64_t factor = (int64_t)powers_of_ten[decimals - both[i]->decimals];
    if (both[i]->least > both[i]->most)
      continue;
    least = both[i]->least * factor < least ? both[i]->least * factor : least;
    most = both[i]->most * factor > most ? both[i]->most * factor : most;
  }
  const bool is_wide = pack->width == NUMBER_PACK_DOUBLES || part->width == NUMBER_PACK_DOUBLES;
  const unsigned char width = is_wide ? NUMBER_PACK_DOUBLES : width_for(least, most);
  change_form(pack, width, width == NUMBER_PACK_DOUBLES ? pack->decimals : decimals);
  if (width != NUMBER_PACK_DOUBLES && least <= most) {
    pack->least = (int32_t)least;
    pack->most = (int32_t)most;
  }
}

void number_pack_expect(struct number_pack *pack, size_t n)
{
  if (n <= pack->capacity)
    return;
  pack->capacity = n;
  pack->items = memory_resize(pack->items, n, pack->width);
}

static void make_room(struct number_pack *pack, size_t n)
{
  if (pack->n + n > pack->capacity)
    number_pack_expect(pack, pack->n + n + pack->n / 2);
}

void number_pack_append(struct number_pack *pack, const struct number_pack *part)
{
  int32_t items[BLOCK];
  suit(pack, part);
  make_room(pack, part->n);
  if (pack->width == NUMBER_PACK_DOUBLES) {
    number_pack_read(part, 0, part->n, (double *)pack->items + pack->n);
  } else if (pack->width == part->width && pack->decimals == part->decimals) {
    if (part->n)
      memcpy((char *)pack->items + pack->n * pack->width, part->items, part->n * pack->width);
  } else {
    const int32_t factor = (int32_t)powers_of_ten[pack->decimals - part->decimals];
    for (size_t first = 0; first < part->n; first += BLOCK) {
      const size_t length = part->n - first < BLOCK ? part->n - first : BLOCK;
      read_integers(part, first, length, factor, items);
      write_integers(pack, pack->n + first, items, length);
    }
  }
  pack->n += part->n;
}

void number_pack_append_missing(struct number_pack *pack, size_t n)
{
  make_room(pack, n);
  for (size_t i = pack->n; i < pack->n + n; i++)
    if (pack->width == NUMBER_PACK_DOUBLES)
      ((double *)pack->items)[i] = (double)NAN;
    else
      write_integers(pack, i, (const int32_t[]){INT32_MIN}, 1);
  pack->n += n;
}

double number_pack_least(const struct number_pack *pack)
{
  const double *numbers = pack->items;
  double least = 0;
  if (pack->width != NUMBER_PACK_DOUBLES)
    return pack->least < 0 ? pack->least / number_pack_divisor(pack) : 0;
  for (size_t i = 0; i < pack->n; i++)
    least = numbers[i] < least ? numbers[i] : least;
  return least;
}

void number_pack_clear(struct number_pack *pack)
{
  free(pack->items);
  *pack = (struct number_pack)NUMBER_PACK_INIT;
}
