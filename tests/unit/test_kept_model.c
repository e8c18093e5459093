/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A model is fitted once for all that speak of it, and nothing that changed is answered from a fit of before: each answer is the
 * same, byte by byte, as that of a session that keeps none. */
#include "session_case.h"

#include <pthread.h>

#include "report/render.h"
#include "session/analysis.h"
#include "session/kept_model.h"
#include "session/session.h"

/* 240 patients on whom every command below has an answer. */
static struct session *new_session(void)
{
  struct text text = TEXT_INIT;
  uint32_t random = 7;
  text_append(&text, "years,days,death,relapse,arm,sex,age,size,w,times,center\n");
  for (unsigned i = 0; i < 240; i++) {
    unsigned draw[8];
    for (size_t k = 0; k < 8; k++) {
      random = random * 1664525u + 1013904223u;
      draw[k] = random >> 12;
    }
    text_append_format(&text, "%.2f,%u,%u,%u,%c,%c,%u,%u,%.1f,%u,c%u\n", 0.5 + draw[0] % 900 / 100.0, 20 + draw[1] % 3000,
                       draw[2] % 3 > 0, draw[3] % 2, "ABC"[draw[4] % 3], "fm"[draw[5] % 2], 30 + draw[6] % 50, 10 + draw[7] % 60,
                       0.5 + draw[2] % 5, 1 + draw[3] % 3, draw[5] % 12);
  }
  struct session *session = session_on(text_string(&text));
  text_clear(&text);
  run(session, "endpoint os = Surv(years, death == 1)");
  run(session, "endpoint pfs = Surv(years, relapse == 1)");
  run(session, "use os");
  return session;
}

static struct kept_model *kept_of(const struct session *session)
{
  return session_state(session)->kept;
}

/* What a line prints, for programs and for people, or its error. */
static char *answer(struct session *session, const char *line)
{
  struct text text = TEXT_INIT;
  struct error error = ERROR_INIT;
  for (int for_people = 0; for_people < 2; for_people++) {
    struct report report = {.for_people = for_people};
    struct render_options options = RENDER_OPTIONS_INIT;
    if (command_execute(session, line, NULL, &report, &error))
      text_append_format(&text, "%s; %s\n", error.what, error.hint ? error.hint : "");
    else if (for_people)
      render_text(&text, &report, &options);
    else
      render_json(&text, &report, &options);
    for (size_t i = 0; i < report.n_warnings; i++)
      text_append_format(&text, "! %s\n", report.warnings[i]);
    report_clear(&report);
    error_clear(&error);
  }
  return text_take(&text);
}

/* Runs the line in both sessions, of which `plain` forgets its fit first; the answers are the same. */
static void compare(struct session *keeping, struct session *plain, const char *line)
{
  kept_model_drop(kept_of(plain));
  char *found = answer(keeping, line), *expected = answer(plain, line);
  if (strcmp(found, expected) != 0)
    fail_msg("%s: with a fit that was kept\n%s\nwithout\n%s", line, found, expected);
  free(found);
  free(expected);
}

/* Runs a line that may fail. */
static void change(struct session *session, const char *line)
{
  struct report report = {.for_people = true};
  struct error error = ERROR_INIT;
  (void)command_execute(session, line, NULL, &report, &error);
  report_clear(&report);
  error_clear(&error);
}

/* ---- one fit ---- */

static void test_one_fit_for_all(void **state)
{
  static const char *const lines[] = {
      "cox arm + age + sex",   "zph",       "zph, transform=rank", "residuals, type=dfbeta",        "forest",     "cox",
      "predict age=50 arm=A sex=f, at=2",   "validate, boot=3 seed=1", "calibrate, at=2 groups=3",  "why hr age", "nomogram, at=2",
      "why concordance",       "why hr age, model=\"age\"", "by sex: cox age", "km arm",            "zph",        "score risk",
      "cox arm+age   + sex",   "set xlim=0,4", "zph",
  };
  (void)state;
  struct session *session = new_session();
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    run(session, lines[i]);
    if (kept_model_count_fits(kept_of(session)) != 1)
      fail_msg("%s: %zu fits", lines[i], kept_model_count_fits(kept_of(session)));
  }
  session_free(session);
}

/* ---- nothing stale ---- */

/* Steps that change what the model says (fits: 1), or do not, or lead back to what was fitted last (0). */
static const struct step {
  const char *line;
  size_t fits;
} steps[] = {
    {"cox arm + age + sex", 1},
    {"filter age > 40", 1},
    {"filter age >= 41", 0}, /* the same patients */
    {"filter age > 41", 1},
    {"filter off", 1},
    {"undo", 1},
    {"redo", 1},
    {"set ties=breslow", 1},
    {"set ties=efron", 1},
    {"set level=0.9", 1},
    {"set level=0.95", 1},
    {"set style=nejm", 0},
    {"derive age = age * 2", 1},
    {"undo", 1},
    {"derive other = size * 2", 0},
    {"levels arm B A C", 1},
    {"label arm A \"the first arm\"", 1},
    {"label arm \"Arm\"", 1},
    {"label size \"Size\"", 0}, /* neither model nor endpoint uses it */
    {"use pfs", 1},
    {"use os", 1},
    {"endpoint os = Surv(days, death == 1)", 1},
    {"endpoint os = Surv(years, death == 1), landmark=1", 1},
    {"drop if age > 70", 1},
    {"undo", 1},
    {"drop if size > 65", 1},
    {"cox arm + age", 1},
    {"cox arm + age if sex == \"f\"", 1},
    {"cox arm + age if sex == \"m\"", 1},
    {"cox arm + age, weights=w", 1},
    {"derive w = w + size / 100", 1},
    {"cox arm + age, freq=times", 1},
    {"cox arm + age, robust", 1},
    {"cox arm + age, cluster=center", 1},
    {"cox arm + age, firth", 1},
    {"cox arm + age, ties=exact", 1},
    {"cox arm + age + strata(sex)", 1},
    {"levels sex m f", 1},
    {"cox log(age) + ref(arm,\"C\")", 1},
    {"cox log(age) + ref(arm,\"A\")", 1},
    {"cox age + cut_size", 0}, /* there is no such column: the model stays */
    {"cox off", 0},
    {"undo", 1},
    {"undo", 1},
};

static void test_nothing_stale(void **state)
{
  (void)state;
  struct session *keeping = new_session(), *plain = new_session();
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    const size_t before = kept_model_count_fits(kept_of(keeping));
    change(keeping, steps[i].line);
    change(plain, steps[i].line);
    compare(keeping, plain, "zph");
    compare(keeping, plain, "cox");
    compare(keeping, plain, "residuals, type=scaledsch");
    compare(keeping, plain, "predict age=50 arm=A sex=f, at=2");
    if (kept_model_count_fits(kept_of(keeping)) != before + steps[i].fits)
      fail_msg("%s: %zu fits", steps[i].line, kept_model_count_fits(kept_of(keeping)) - before);
  }
  session_free(keeping);
  session_free(plain);
}

/* A column made anew under a name that another one had: the endpoint and all else are the same. */
static void test_column_of_the_same_name(void **state)
{
  static const char *const lines[] = {"cox age", "derive z = age + size", "cox z", "undo", "undo", "derive z = age * size", "cox z"};
  (void)state;
  struct session *keeping = new_session(), *plain = new_session();
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    change(keeping, lines[i]);
    change(plain, lines[i]);
  }
  compare(keeping, plain, "cox");
  compare(keeping, plain, "zph");
  assert_int_equal(kept_model_count_fits(kept_of(keeping)), 3);
  session_free(keeping);
  session_free(plain);
}

/* ---- what is kept, and how long ---- */

static void test_goes_with_the_model(void **state)
{
  (void)state;
  struct session *session = new_session();
  struct kept_model *kept = kept_of(session);
  assert_false(kept_model_has_fit(kept));
  run(session, "cox age + sex");
  assert_true(kept_model_has_fit(kept));
  run(session, "cox off");
  assert_false(kept_model_has_fit(kept));
  run(session, "undo");
  run(session, "zph");
  assert_true(kept_model_has_fit(kept));
  run(session, "undo"); /* the cox command */
  assert_false(kept_model_has_fit(kept));
  run(session, "by sex: cox age");
  assert_false(kept_model_has_fit(kept));
  run(session, "cox age");
  assert_true(kept_model_has_fit(kept));
  struct text line = TEXT_INIT;
  text_append_format(&line, "load \"%s/samples/xu2025/xu2025.csv\"", source_directory());
  run(session, text_string(&line));
  assert_ptr_equal(kept_of(session), kept);
  assert_false(kept_model_has_fit(kept));
  text_clear(&line);
  session_free(session);
}

/* Whoever holds a fit has it for as long as that lasts, whatever the session does. */
static void test_held_fit_stays(void **state)
{
  const struct cox_analysis *held, *same, *other;
  struct error error = ERROR_INIT;
  (void)state;
  struct session *session = new_session();
  run(session, "cox age + sex");
  assert_int_equal(cox_analyse_current(session_state(session), NULL, &held, &error), STATUS_OK);
  assert_int_equal(cox_analyse_current(session_state(session), NULL, &same, &error), STATUS_OK);
  assert_ptr_equal(held, same);
  cox_analysis_release(same);
  const double beta = held->model.beta[0];
  run(session, "filter age > 50");
  assert_int_equal(cox_analyse_current(session_state(session), NULL, &other, &error), STATUS_OK);
  assert_ptr_not_equal(held, other);
  assert_true(other->gathered.n_used < held->gathered.n_used);
  session_free(session);
  assert_true(held->model.beta[0] == beta && other->model.beta[0] != beta);
  cox_analysis_release(held);
  cox_analysis_release(other);
}

/* Nothing comes of a cancelled look-up, and the next one is whole. */
static void test_cancelled(void **state)
{
  const struct cox_analysis *analysis;
  struct error error = ERROR_INIT;
  struct task task;
  (void)state;
  struct session *session = new_session();
  run(session, "cox age + sex");
  run(session, "filter age > 40");
  task_init(&task);
  task_cancel(&task);
  assert_int_equal(cox_analyse_current(session_state(session), &task, &analysis, &error), STATUS_CANCELLED);
  assert_null(analysis);
  assert_int_equal(cox_analyse_current(session_state(session), NULL, &analysis, &error), STATUS_OK);
  assert_true(analysis->gathered.n_used < 240);
  cox_analysis_release(analysis);
  session_free(session);
}

/* ---- threads ---- */

enum { N_THREADS = 4, N_TURNS = 60 };

struct reader {
  pthread_t thread;
  struct state *const *states;
  const double *beta;
  size_t offset, n_wrong;
  bool drops;
};

static void *read_models(void *data)
{
  struct reader *reader = data;
  for (size_t i = 0; i < N_TURNS; i++) {
    const size_t which = (i / 3 + reader->offset) % 3;
    const struct cox_analysis *analysis;
    struct error error = ERROR_INIT;
    if (reader->drops && i % 7 == 0)
      kept_model_drop(reader->states[which]->kept);
    if (cox_analyse_current(reader->states[which], NULL, &analysis, &error)) {
      reader->n_wrong++;
      continue;
    }
    reader->n_wrong += analysis->model.beta[0] != reader->beta[which];
    cox_analysis_release(analysis);
  }
  return NULL;
}

/* Many threads that want the models of different states of one session, one of them dropping what is kept. */
static void test_threads(void **state)
{
  static const char *const filters[] = {"filter off", "filter age > 40", "filter sex == \"f\""};
  struct state *states[3];
  double beta[3];
  struct reader readers[N_THREADS];
  (void)state;
  struct session *session = new_session();
  run(session, "cox age + arm");
  for (size_t i = 0; i < 3; i++) {
    const struct cox_analysis *analysis;
    struct error error = ERROR_INIT;
    run(session, filters[i]);
    states[i] = state_retain(session_state(session));
    assert_int_equal(cox_analyse_current(states[i], NULL, &analysis, &error), STATUS_OK);
    beta[i] = analysis->model.beta[0];
    cox_analysis_release(analysis);
  }
  assert_true(beta[0] != beta[1] && beta[1] != beta[2]);
  for (size_t i = 0; i < N_THREADS; i++) {
    readers[i] = (struct reader){.states = states, .beta = beta, .offset = i / 2, .drops = i == 0};
    assert_int_equal(pthread_create(&readers[i].thread, NULL, read_models, &readers[i]), 0);
  }
  for (size_t i = 0; i < N_THREADS; i++) {
    pthread_join(readers[i].thread, NULL);
    assert_int_equal(readers[i].n_wrong, 0);
  }
  for (size_t i = 0; i < 3; i++)
    state_release(states[i]);
  session_free(session);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_one_fit_for_all), cmocka_unit_test(test_nothing_stale), cmocka_unit_test(test_column_of_the_same_name),
      cmocka_unit_test(test_goes_with_the_model), cmocka_unit_test(test_held_fit_stays), cmocka_unit_test(test_cancelled),
      cmocka_unit_test(test_threads),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
