/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times the parts of an analysis that no command does alone: what R does on a fitted model.  Prints, a line each, the part,
 * its seconds by the clock and those of the processor, the best of some runs.
 *
 * usage: parts TIMES COMMAND …     the commands load a cohort and fit a model */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "session/analysis.h"
#include "session/session.h"
#include "stats/blas.h"
#include "stats/concordance.h"
#include "stats/cox_residuals.h"
#include "stats/zph.h"
#include "verbs/execute.h"

static double seconds(clockid_t clock)
{
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void do_concordance(const struct cox_analysis *fit)
{
  (void)concordance_compute(&fit->gathered.data, fit->model.linear_predictor, NULL, 0);
}

static void do_dfbeta(const struct cox_analysis *fit)
{
  struct cox_residuals residuals;
  if (!cox_residuals_compute(&fit->gathered.data, fit->design.x, &fit->model, &fit->options, NULL, &residuals))
    cox_residuals_clear(&residuals);
}

static void do_zph(const struct cox_analysis *fit)
{
  const size_t n_terms = fit->design.n_terms;
  struct zph_term *terms = calloc(n_terms, sizeof *terms);
  struct zph_test *tests = calloc(n_terms + 1, sizeof *tests);
  struct error error = ERROR_INIT;
  if (!terms || !tests)
    abort();
  for (size_t t = 0; t < n_terms; t++)
    terms[t] = (struct zph_term){.first = fit->design.terms[t].first, .n_columns = fit->design.terms[t].n_columns};
  (void)zph_test(&fit->gathered.data, fit->design.x, &fit->model, &fit->options, terms, n_terms, ZPH_KM, NULL, NULL, tests,
                 &error);
  error_clear(&error);
  free(terms);
  free(tests);
}

static void time_part(const char *name, int times, void (*part)(const struct cox_analysis *), const struct cox_analysis *fit)
{
  double best = INFINITY, best_processor = INFINITY;
  for (int i = 0; i < times; i++) {
    const double begin = seconds(CLOCK_MONOTONIC), begin_processor = seconds(CLOCK_PROCESS_CPUTIME_ID);
    part(fit);
    best = fmin(best, seconds(CLOCK_MONOTONIC) - begin);
    best_processor = fmin(best_processor, seconds(CLOCK_PROCESS_CPUTIME_ID) - begin_processor);
  }
  printf("%s %.4f %.4f\n", name, best, best_processor);
}

int main(int argc, char **argv)
{
  if (argc < 3) {
    fputs("usage: parts TIMES COMMAND …\n", stderr);
    return 2;
  }
  blas_leave_cores();
  struct session *session = session_new();
  struct error error = ERROR_INIT;
  const struct cox_analysis *fit = NULL;
  enum status status = STATUS_OK;
  for (int i = 2; i < argc && !status; i++) {
    struct report report = {.for_people = true};
    status = command_execute(session, argv[i], NULL, &report, &error);
    report_clear(&report);
  }
  if (!status)
    status = cox_analyse_current(session_state(session), NULL, &fit, &error);
  if (status) {
    fprintf(stderr, "parts: %s\n", error.what ? error.what : "failed");
    return 1;
  }
  time_part("concordance", atoi(argv[1]), do_concordance, fit);
  time_part("zph_alone", atoi(argv[1]), do_zph, fit);
  time_part("dfbeta", atoi(argv[1]), do_dfbeta, fit);
  cox_analysis_release(fit);
  session_free(session);
  return 0;
}
