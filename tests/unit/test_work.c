/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work counted where time is noise: what a key press makes the engine do does not grow where it need not.
 *
 * Allocations are counted by standing in for malloc(); that is glibc's to allow, and the sanitizer's to forbid. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "session/session.h"
#include "stats/blas.h"
#include "stats/survival_data.h"
#include "verbs/execute.h"

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#define COUNTS_ALLOCATIONS 1
#else
#define COUNTS_ALLOCATIONS 0
#endif

static atomic_size_t allocations;

#if COUNTS_ALLOCATIONS
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *block, size_t size);

void *malloc(size_t size)
{
  atomic_fetch_add(&allocations, 1);
  return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
  atomic_fetch_add(&allocations, 1);
  return __libc_calloc(n, size);
}

void *realloc(void *block, size_t size)
{
  atomic_fetch_add(&allocations, 1);
  return __libc_realloc(block, size);
}
#endif

static void run(struct session *session, const char *line)
{
  struct report report = {.for_people = true};
  struct error error = ERROR_INIT;
  if (command_execute(session, line, NULL, &report, &error))
    fail_msg("%s: %s", line, error.what);
  report_clear(&report);
  error_clear(&error);
}

/* A session with n patients in days, three arms and two numbers. */
static struct session *session_of(size_t n)
{
  char path[] = "/tmp/kaplan-work.XXXXXX.csv", line[128];
  const int descriptor = mkstemps(path, 4);
  assert_true(descriptor >= 0);
  FILE *file = fdopen(descriptor, "w");
  fputs("days,death,arm,age,size\n", file);
  uint32_t random = 1;
  for (size_t i = 0; i < n; i++) {
    random = random * 1664525u + 1013904223u;
    fprintf(file, "%u,%u,%c,%u,%u\n", 1 + (random >> 8) % 900, (random >> 20) % 2, "ABC"[(random >> 16) % 3], 30 + (random >> 24) % 50,
            (random >> 12) % 97);
  }
  fclose(file);
  struct session *session = session_new();
  snprintf(line, sizeof line, "load \"%s\"", path);
  run(session, line);
  unlink(path);
  run(session, "endpoint os = Surv(days, death == 1)");
  return session;
}

/* The allocations of a line that was run before. */
static size_t count(struct session *session, const char *line)
{
  run(session, line);
  if (strncmp(line, "cox", 3) == 0)
    run(session, "cox off"); /* else the fit is there */
  const size_t before = atomic_load(&allocations);
  run(session, line);
  return atomic_load(&allocations) - before;
}

/* The filter of a toggled level and its curves take as many allocations for 200,000 patients as for 2,000, but for what the
 * threads take. */
static void test_allocations(void **state)
{
  static const struct {
    const char *line;
    size_t most, more; /* for few patients; in addition for many */
  } lines[] = {
      {"filter arm != \"B\"", 150, 10},
      {"km arm", 300, 60}, /* parts of the log-rank test */
      {"logrank arm", 150, 60},
      {"cox age + size + arm", 500, 400},
      {"zph", 250, 250}, /* of the model that is there */
      {"residuals, type=dfbeta", 200, 100}, /* no table that nobody reads */
  };
  (void)state;
  setenv("KAPLAN_THREADS", "2", 1);
  struct session *few = session_of(2000), *many = session_of(200000);
  for (size_t i = 0; i < sizeof lines / sizeof *lines && COUNTS_ALLOCATIONS; i++) {
    const size_t small = count(few, lines[i].line), large = count(many, lines[i].line);
    if (getenv("KAPLAN_SHOW"))
      printf("%s: %zu, %zu\n", lines[i].line, small, large);
    if (small > lines[i].most || large > small + lines[i].more)
      fail_msg("%s: %zu allocations for 2,000 patients, %zu for 200,000", lines[i].line, small, large);
  }
  session_free(few);
  session_free(many);
}

/* Times that are apart need no merging, whichever rows are looked at. */
static void test_apart(void **state)
{
  double days[] = {1, 1, 2, 5, 9}, near[] = {1, 2, 2 + 1e-9, 5, 9}, entry[] = {0, 0, 1.5, 2 + 1e-9, 0};
  (void)state;
  assert_true(survival_times_are_apart(days, NULL, 5));
  assert_false(survival_times_are_apart(near, NULL, 5));
  assert_false(survival_times_are_apart(days, entry, 5));
  assert_int_equal(survival_times_merge(days, NULL, 5), 0);
  assert_int_equal(survival_times_merge(near, NULL, 5), 1);
  assert_true(survival_times_are_apart(days, NULL, 0));
}

static void test_bytes(void **state)
{
  char bytes[20000];
  bool has_high, has_nul;
  (void)state;
  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = i % 3 ? 'a' : '\n';
  assert_int_equal(byte_count(bytes, 0, 'a'), 0);
  assert_int_equal(byte_count(bytes, 7, '\n'), 3);
  assert_int_equal(byte_count(bytes, sizeof bytes, '\n'), 6667);
  byte_inspect(bytes, sizeof bytes, &has_high, &has_nul);
  assert_false(has_high || has_nul);
  for (size_t i = 0; i < 100; i += 33) { /* in the lanes, and behind them */
    char copy[100];
    memcpy(copy, bytes, sizeof copy);
    copy[i] = '\x80';
    byte_inspect(copy, sizeof copy, &has_high, &has_nul);
    assert_true(has_high && !has_nul);
    copy[i] = 0;
    byte_inspect(copy, sizeof copy, &has_high, &has_nul);
    assert_true(!has_high && has_nul);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_allocations),
      cmocka_unit_test(test_apart),
      cmocka_unit_test(test_bytes),
  };
  blas_leave_cores();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
