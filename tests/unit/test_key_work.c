/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a key press does itself where the patients are many, and what it leaves to the threads: nothing on the drawing thread
 * looks at every patient but the filter. */
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>

#include "base/memory.h"
#include "explorer_case.h"
#include "ui/explorer_internal.h"

enum { PATIENTS = 20000 }; /* more than are counted while a frame is drawn */

struct crowd {
  struct session *session;
  struct explorer_workers workers;
  struct explorer *explorer;
};

static struct session *session_of_many(void)
{
  struct text text = TEXT_INIT;
  uint32_t random = 1;
  text_append(&text, "days,death,arm,age,times\n");
  for (size_t i = 0; i < PATIENTS; i++) {
    random = random * 1664525u + 1013904223u;
    text_append_format(&text, "%u,%u,%c,%u,1000\n", 1 + (random >> 8) % 900, (random >> 20) % 2, "ABC"[(random >> 16) % 3],
                       30 + (random >> 24) % 50);
  }
  struct session *session = session_on_bytes(text.bytes, text.length);
  text_clear(&text);
  run(session, "endpoint os = Surv(days, death == 1)");
  run(session, "km arm");
  return session;
}

static int set_up(void **state)
{
  struct crowd *crowd = calloc(1, sizeof *crowd);
  crowd->session = session_of_many();
  crowd->workers = (struct explorer_workers){worker_new(), worker_new(), worker_new(), errands_new()};
  crowd->explorer = explorer_new(crowd->session, &crowd->workers, CHARSET_BOX);
  *state = crowd;
  return 0;
}

static int put_away(void **state)
{
  struct crowd *crowd = *state;
  explorer_free(crowd->explorer);
  worker_free(crowd->workers.curves);
  worker_free(crowd->workers.views);
  worker_free(crowd->workers.beside);
  errands_free(crowd->workers.errands);
  session_free(crowd->session);
  free(crowd);
  return 0;
}

static bool is_busy(struct crowd *crowd)
{
  bool busy = worker_progress(crowd->workers.curves) >= 0 || worker_progress(crowd->workers.views) >= 0 ||
              worker_progress(crowd->workers.beside) >= 0;
  for (int kind = 0; kind < ERRAND_KINDS; kind++)
    busy |= errands_is_busy(crowd->workers.errands, (enum errand_kind)kind);
  return busy;
}

static void take_all(struct crowd *crowd)
{
  struct screen_results *results;
  while ((results = worker_take(crowd->workers.curves)) || (results = worker_take(crowd->workers.views)) ||
         (results = worker_take(crowd->workers.beside)))
    explorer_results(crowd->explorer, results);
  explorer_take_errands(crowd->explorer);
}

/* Draws until nothing is computed any more and nothing new was asked for. */
static void settle(struct crowd *crowd)
{
  unsigned long asked;
  do {
    asked = explorer_n_asked(crowd->explorer);
    while (is_busy(crowd))
      poll(NULL, 0, 1);
    take_all(crowd);
    draw(crowd->explorer, 40, 160);
  } while (is_busy(crowd) || asked != explorer_n_asked(crowd->explorer));
}

static void press_key(struct crowd *crowd, uint32_t code)
{
  const struct key key = {.code = code};
  explorer_key(crowd->explorer, &key);
}

/* Whether the column was counted among those on view now. */
static bool is_counted(const struct crowd *crowd, const char *name)
{
  const struct variables *variables = &crowd->explorer->variables;
  const struct cohort *cohort = variables->state->cohort;
  for (size_t i = 0; i < variables->n_caches; i++)
    if (strcmp(cohort->columns[i]->name, name) == 0)
      return variables->caches[i].count.column == cohort->columns[i] &&
             variables->caches[i].count.rows == session_state(crowd->session)->on_view;
  return false;
}

static void drawing_counts_nothing(void **state)
{
  struct crowd *crowd = *state;
  draw(crowd->explorer, 40, 160);
  assert_false(is_counted(crowd, "age"));
  assert_false(is_counted(crowd, "arm"));
  settle(crowd);
  assert_true(is_counted(crowd, "age"));
  assert_true(is_counted(crowd, "arm"));
}

static void a_toggle_asks_and_shows_what_was(void **state)
{
  struct crowd *crowd = *state;
  settle(crowd);
  explorer_run(crowd->explorer, "filter arm != \"B\"");
  assert_false(is_counted(crowd, "age"));
  char *shown = screen(crowd->explorer, 40, 160, false);
  assert_non_null(strstr(shown, "█"));
  free(shown);
  settle(crowd);
  assert_true(is_counted(crowd, "age"));
  const struct variables *variables = &crowd->explorer->variables;
  for (size_t i = 0; i < variables->n_caches; i++)
    if (strcmp(variables->state->cohort->columns[i]->name, "arm") == 0) {
      const size_t *counts = variables->caches[i].count.counts;
      assert_int_equal(counts[2], 0);
      assert_int_equal(counts[1] + counts[3], session_state(crowd->session)->on_view->count);
    }
}

/* Limits are drawn or not: the same curves, the same counts. */
static void how_curves_are_drawn_computes_nothing(void **state)
{
  struct crowd *crowd = *state;
  settle(crowd);
  const unsigned long asked = explorer_n_asked(crowd->explorer);
  for (const char *key = "iijkhl"; *key; key++)
    press_key(crowd, (unsigned char)*key);
  draw(crowd->explorer, 40, 160);
  assert_int_equal(explorer_n_asked(crowd->explorer), asked);
  assert_true(is_counted(crowd, "age"));
}

/* Back to before the file was loaded while the curves of after it are still there, and forth again. */
static void undone_faster_than_computed(void **state)
{
  struct crowd *crowd = *state;
  for (const char *view = "12345678"; *view; view++) {
    settle(crowd);
    press_key(crowd, (unsigned char)*view);
    settle(crowd);
    for (size_t i = 0; i < 4; i++) {
      press_key(crowd, 'u');
      draw(crowd->explorer, 24, 80);
    }
    assert_null(session_state(crowd->session)->cohort);
    for (size_t i = 0; i < 4; i++) {
      press_key(crowd, 'R' & 0x1F);
      draw(crowd->explorer, 40, 160);
    }
    assert_non_null(session_state(crowd->session)->cohort);
  }
}

/* A view begins empty rather than with what another one has. */
static void no_view_shows_another(void **state)
{
  struct crowd *crowd = *state;
  settle(crowd);
  press_key(crowd, '3');
  settle(crowd);
  char *shown = screen(crowd->explorer, 40, 160, false);
  assert_non_null(strstr(shown, "Baseline"));
  free(shown);
  press_key(crowd, '4');
  shown = screen(crowd->explorer, 40, 160, false);
  assert_null(strstr(shown, "Baseline"));
  free(shown);
}

/* Millions of patients have their places in the tables. */
static void large_counts_are_shown(void **state)
{
  struct crowd *crowd = *state;
  explorer_run(crowd->explorer, "cox arm, freq=times");
  settle(crowd);
  const struct design_column *column = &crowd->explorer->results->model->design.columns[0];
  char n[32], events[32];
  snprintf(n, sizeof n, " %.0f ", column->n);
  snprintf(events, sizeof events, " %.0f ", column->n_events);
  assert_true(column->n > 1e6 && column->n_events > 1e6);
  for (size_t columns = 80; columns <= 160; columns += 80) {
    char *shown = screen(crowd->explorer, 40, columns, false);
    assert_non_null(strstr(shown, n));
    assert_non_null(strstr(shown, events));
    free(shown);
  }
}

/* The histograms wait until the curves are there, and the model. */
static void curves_come_first(void **state)
{
  struct crowd *crowd = *state;
  settle(crowd);
  explorer_run(crowd->explorer, "filter age > 40");
  assert_false(errands_is_busy(crowd->workers.errands, ERRAND_HISTOGRAMS));
  settle(crowd);
  assert_true(is_counted(crowd, "age"));
  explorer_run(crowd->explorer, "cox arm + age");
  settle(crowd);
  explorer_run(crowd->explorer, "filter age > 41");
  struct screen_results *curves = NULL;
  while (!curves) {
    poll(NULL, 0, 1);
    curves = worker_take(crowd->workers.curves);
  }
  assert_true(curves->model_pending);
  explorer_results(crowd->explorer, curves);
  const unsigned long asked = explorer_n_asked(crowd->explorer);
  draw(crowd->explorer, 40, 160);
  assert_int_equal(explorer_n_asked(crowd->explorer), asked);
  assert_false(is_counted(crowd, "age"));
  settle(crowd);
  assert_true(is_counted(crowd, "age"));
}

/* What was counted of the columns that are still there is taken though another of them was made anew meanwhile: it was asked for
 * once, and nobody would ask again. */
static void a_new_column_does_not_hide_the_others(void **state)
{
  struct crowd *crowd = *state;
  struct variables variables = {.state = NULL};
  run(crowd->session, "derive side = if(age > 50, \"L\", \"R\")");
  variables_follow(&variables, session_state(crowd->session));
  const size_t n = variables.n_caches, arm = 2;
  assert_string_equal(variables.state->cohort->columns[arm]->name, "arm");
  for (size_t i = 0; i < n; i++)
    assert_null(variables_counts(&variables, i));
  struct wanted_counts *wanted = variables_ask(&variables, false);
  assert_non_null(wanted);
  assert_int_equal(wanted->n, 2);
  run(crowd->session, "levels arm B A C");
  variables_follow(&variables, session_state(crowd->session));
  wanted_counts_do(wanted, NULL);
  variables_take(&variables, wanted);
  wanted_counts_free(wanted);
  assert_null(variables_counts(&variables, arm));
  assert_non_null(variables_counts(&variables, n - 1));
  variables_clear(&variables);
}

/* Cut points that came too late are looked for again when the patients are those of then once more. */
static void a_cut_that_came_too_late_is_asked_for_again(void **state)
{
  struct crowd *crowd = *state;
  settle(crowd);
  crowd->explorer->wishes.focus = FOCUS_VARIABLES;
  crowd->explorer->variable_list.cursor = 0; /* days */
  press_key(crowd, ']');
  assert_int_equal(crowd->explorer->cuts.steps, 1);
  run(crowd->session, "keep if age > 40");
  settle(crowd);
  run(crowd->session, "undo");
  settle(crowd);
  assert_string_equal(session_state(crowd->session)->groups[0], "arm");
  press_key(crowd, ']');
  settle(crowd);
  for (enum explorer_wish wish; explorer_job_descriptor(crowd->explorer) >= 0;)
    explorer_take_job(crowd->explorer, &wish);
  assert_string_equal(session_state(crowd->session)->groups[0], "days_cut");
}

/* ---- the worker ---- */

/* Takes results until the worker is idle and none is left; returns the last. */
static struct screen_results *last_results(struct worker *worker, size_t *n)
{
  struct screen_results *last = NULL, *results;
  for (*n = 0;;) {
    const bool busy = worker_progress(worker) >= 0;
    while ((results = worker_take(worker))) {
      worker_discard(worker, last);
      last = results;
      ++*n;
    }
    if (!busy)
      return last;
    poll(NULL, 0, 1);
  }
}

/* However soon a post follows another: what comes last is the last one's, with its model. */
static void the_last_post_is_answered(void **state)
{
  struct crowd *crowd = *state;
  struct worker *worker = worker_new();
  run(crowd->session, "cox arm + age");
  struct state *with = state_retain(session_state(crowd->session));
  run(crowd->session, "filter arm != \"A\"");
  struct state *filtered = state_retain(session_state(crowd->session));
  unsigned long number = 0;
  size_t n;
  for (int i = 0; i < 40; i++) {
    number = worker_post(worker, i % 2 ? filtered : with);
    poll(NULL, 0, i % 7);
  }
  struct screen_results *results = last_results(worker, &n);
  assert_non_null(results);
  assert_int_equal(results->number, number);
  assert_true(results->has_curves && results->has_model && !results->model_pending);
  assert_ptr_equal(results->state, filtered);
  assert_int_equal(results->curves.gathered.data.n_groups, 2);
  worker_discard(worker, results);
  /* Stopped at whatever moment: one result at least, and it says that it was stopped or is complete. */
  for (int i = 0; i < 30; i++) {
    number = worker_post(worker, with);
    poll(NULL, 0, i % 10);
    worker_cancel(worker);
    results = last_results(worker, &n);
    assert_non_null(results);
    assert_int_equal(results->number, number);
    assert_false(results->model_pending);
    assert_true(results->has_model || strstr(results->model_error, "cancelled"));
    worker_discard(worker, results);
  }
  worker_post(worker, with); /* left under way */
  worker_free(worker);
  state_release(with);
  state_release(filtered);
}

/* ---- where no more threads can be had ---- */

static atomic_bool refuses_threads;

/* Instead of the system's. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *data)
{
  int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
  *(void **)&create = dlsym(RTLD_NEXT, "pthread_create");
  return atomic_load(&refuses_threads) ? EAGAIN : create(thread, attributes, start, data);
}

/* Then the thread of the curves fits the models, too. */
static void models_need_no_thread_of_their_own(void **state)
{
  struct crowd *crowd = *state;
  struct worker *worker = worker_new();
  run(crowd->session, "cox arm + age");
  atomic_store(&refuses_threads, true);
  for (int i = 0; i < 3; i++) {
    size_t n;
    const unsigned long number = worker_post(worker, session_state(crowd->session));
    struct screen_results *results = last_results(worker, &n);
    assert_non_null(results);
    assert_int_equal(results->number, number);
    assert_true(results->has_model && !results->model_pending);
    assert_true(worker_progress(worker) < 0);
    worker_discard(worker, results);
  }
  worker_free(worker);
  atomic_store(&refuses_threads, false);
}

/* A view that is stopped at whatever moment leaves nothing. */
static void a_view_can_be_stopped(void **state)
{
  struct crowd *crowd = *state;
  static const char *const lines[] = {"why logrank", "cutpoint age"};
  for (size_t l = 0; l < sizeof lines / sizeof *lines; l++)
    for (int i = 0; i < 12; i++) {
      char *line = memory_copy_string(lines[l]);
      const struct view_wish wish = {.line = line, .columns = 80, .charset = CHARSET_BOX};
      size_t n;
      const unsigned long number = worker_post_view(crowd->workers.views, session_state(crowd->session), &wish);
      poll(NULL, 0, 2 * i);
      worker_cancel(crowd->workers.views);
      struct screen_results *results = last_results(crowd->workers.views, &n);
      assert_non_null(results);
      assert_int_equal(results->number, number);
      assert_true(results->view_report || strstr(results->view_text, "cancelled"));
      screen_results_free(results);
      free(line);
    }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(drawing_counts_nothing, set_up, put_away),
      cmocka_unit_test_setup_teardown(a_toggle_asks_and_shows_what_was, set_up, put_away),
      cmocka_unit_test_setup_teardown(how_curves_are_drawn_computes_nothing, set_up, put_away),
      cmocka_unit_test_setup_teardown(undone_faster_than_computed, set_up, put_away),
      cmocka_unit_test_setup_teardown(no_view_shows_another, set_up, put_away),
      cmocka_unit_test_setup_teardown(large_counts_are_shown, set_up, put_away),
      cmocka_unit_test_setup_teardown(a_new_column_does_not_hide_the_others, set_up, put_away),
      cmocka_unit_test_setup_teardown(a_cut_that_came_too_late_is_asked_for_again, set_up, put_away),
      cmocka_unit_test_setup_teardown(curves_come_first, set_up, put_away),
      cmocka_unit_test_setup_teardown(the_last_post_is_answered, set_up, put_away),
      cmocka_unit_test_setup_teardown(models_need_no_thread_of_their_own, set_up, put_away),
      cmocka_unit_test_setup_teardown(a_view_can_be_stopped, set_up, put_away),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
