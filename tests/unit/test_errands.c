/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Computations beside the keys: done in turn, replaced by a newer one of their kind, stopped, freed in every case. */
#include <poll.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/memory.h"
#include "ui/errands.h"

/* What the errands of a test share: how many were begun and released, and a door that those which wait stand before. */
struct place {
  sem_t begun, door;
  atomic_int n_released;
};

struct work {
  struct place *place;
  bool waits;
  int result;
  bool saw_cancel;
};

static void do_work(void *data, struct task *task)
{
  struct work *work = data;
  sem_post(&work->place->begun);
  if (work->waits)
    sem_wait(&work->place->door);
  work->saw_cancel = task_is_cancelled(task);
  work->result++;
}

static void release_work(void *data)
{
  struct work *work = data;
  atomic_fetch_add(&work->place->n_released, 1);
  free(work);
}

static void post(struct errands *errands, enum errand_kind kind, struct place *place, bool waits, int number)
{
  struct work *work = memory_new(1, sizeof *work);
  *work = (struct work){.place = place, .waits = waits, .result = number};
  errands_post(errands, kind, &(struct errand){work, do_work, release_work});
}

static void place_init(struct place *place)
{
  sem_init(&place->begun, 0, 0);
  sem_init(&place->door, 0, 0);
  atomic_init(&place->n_released, 0);
}

/* The result of the next one of a kind that is done, and releases it. */
static int next_result(struct errands *errands, enum errand_kind kind)
{
  struct pollfd polled = {.fd = errands_descriptor(errands), .events = POLLIN};
  struct errand errand;
  while (!errands_take(errands, kind, &errand))
    poll(&polled, 1, 1000);
  const int result = ((struct work *)errand.data)->result;
  errand.release(errand.data);
  return result;
}

static void test_each_kind_has_its_own(void **state)
{
  (void)state;
  struct place place;
  struct errands *errands = errands_new();
  struct errand none;
  place_init(&place);
  assert_non_null(errands);
  assert_false(errands_is_busy(errands, ERRAND_PREVIEW));
  assert_false(errands_take(errands, ERRAND_PREVIEW, &none));
  post(errands, ERRAND_PREVIEW, &place, false, 10);
  post(errands, ERRAND_FREQUENCY, &place, false, 20);
  assert_int_equal(next_result(errands, ERRAND_FREQUENCY), 21);
  assert_int_equal(next_result(errands, ERRAND_PREVIEW), 11);
  struct pollfd polled = {.fd = errands_descriptor(errands), .events = POLLIN};
  assert_int_equal(poll(&polled, 1, 0), 0);
  errands_free(errands);
  assert_int_equal(atomic_load(&place.n_released), 2);
}

/* One that is under way is told to stop and its result never comes; of those that wait the newest stays. */
static void test_the_newest_counts(void **state)
{
  (void)state;
  struct place place;
  struct errands *errands = errands_new();
  place_init(&place);
  post(errands, ERRAND_PREVIEW, &place, true, 10);
  sem_wait(&place.begun);
  post(errands, ERRAND_PREVIEW, &place, false, 20);
  post(errands, ERRAND_PREVIEW, &place, false, 30);
  assert_true(errands_is_busy(errands, ERRAND_PREVIEW));
  assert_int_equal(atomic_load(&place.n_released), 1); /* 20 never began */
  sem_post(&place.door);
  assert_int_equal(next_result(errands, ERRAND_PREVIEW), 31);
  assert_int_equal(atomic_load(&place.n_released), 3);
  post(errands, ERRAND_PREVIEW, &place, false, 40); /* done, and not taken: dropped by the next */
  struct pollfd polled = {.fd = errands_descriptor(errands), .events = POLLIN};
  while (errands_is_busy(errands, ERRAND_PREVIEW))
    poll(&polled, 1, 1000);
  post(errands, ERRAND_PREVIEW, &place, false, 50);
  assert_int_equal(next_result(errands, ERRAND_PREVIEW), 51);
  errands_free(errands);
  assert_int_equal(atomic_load(&place.n_released), 5);
}

static void test_cancelled(void **state)
{
  (void)state;
  struct place place;
  struct errands *errands = errands_new();
  struct errand none;
  place_init(&place);
  assert_false(errands_cancel(errands, ERRAND_FREQUENCY));
  post(errands, ERRAND_FREQUENCY, &place, true, 10);
  sem_wait(&place.begun);
  assert_true(errands_cancel(errands, ERRAND_FREQUENCY));
  assert_false(errands_is_busy(errands, ERRAND_FREQUENCY));
  assert_false(errands_cancel(errands, ERRAND_FREQUENCY));
  sem_post(&place.door);
  post(errands, ERRAND_PREVIEW, &place, false, 20);
  assert_int_equal(next_result(errands, ERRAND_PREVIEW), 21);
  assert_false(errands_take(errands, ERRAND_FREQUENCY, &none));
  post(errands, ERRAND_FREQUENCY, &place, true, 30); /* left under way, with one waiting behind it */
  sem_wait(&place.begun);
  sem_wait(&place.begun);
  post(errands, ERRAND_FREQUENCY, &place, false, 40);
  sem_post(&place.door);
  errands_free(errands);
  assert_int_equal(atomic_load(&place.n_released), 4);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_each_kind_has_its_own),
      cmocka_unit_test(test_the_newest_counts),
      cmocka_unit_test(test_cancelled),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
