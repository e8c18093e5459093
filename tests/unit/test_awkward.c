/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every analysis on cohorts that nobody planned for: no patient, one, all censored, one time, constant and missing columns,
 * hundreds of levels, names with blanks.  Each gives its tables without a word like nan, or an error with its reason. */
#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/render.h"
#include "session/session.h"
#include "verbs/execute.h"

enum kind { ORDINARY, ALL_CENSORED, ALL_EVENTS, ONE_TIME, NEGATIVE, TIES, FAR_AWAY, HUGE_VALUES, SEPARATED };

static const struct {
  size_t n;
  enum kind kind;
} cohorts[] = {{0, ORDINARY},      {1, ORDINARY}, {2, ORDINARY},  {3, ORDINARY},     {8, ORDINARY},
               {30, ALL_CENSORED}, {30, ALL_EVENTS}, {30, ONE_TIME}, {40, NEGATIVE}, {60, TIES},
               {50, FAR_AWAY},     {40, HUGE_VALUES}, {40, SEPARATED}, {120, ORDINARY}};

static const char *const endpoints[] = {"endpoint os = Surv(t, s == 1), competing=s == 2",
                                        "endpoint os = Surv(t, s == 1), landmark=2"};

/* Commands that follow one another are separated by |. */
static const char *const lines[] = {
    "km",
    "km g, at=1,5,100 difference",
    "km g h, conf=log-log",
    "km 年龄",
    "km many",
    "km g, weights=w at=3",
    "logrank g",
    "logrank g, pairwise=holm strata=h trend",
    "logrank many",
    "logrank c",
    "cox x + g",
    "cox x + g + c + m",
    "cox x + g + c",
    "cox x * g + strata(h)",
    "cox many",
    "cox 年龄 + `odd name` + factor(`odd name`)",
    "cox x, ties=exact",
    "cox x + g, firth",
    "cox x + g, robust",
    "cox x, cluster=g",
    "cox x, weights=w",
    "cox x + g, freq=fw",
    "cox log(x)",
    "cox exp(x)",
    "cox g | zph",
    "cox x + g | zph, transform=log",
    "cox x + g | residuals, type=deviance",
    "cox x + g | residuals, type=scaledsch",
    "cox x + g | nomogram, at=1,5",
    "cox x + g | nomogram, at=1 step=x:0.5",
    "cox x + g | predict x=1 g=A, at=1,5,1000",
    "cox x + g + strata(h) | predict x=1 g=A h=u, at=1,5",
    "cox x + g | validate, boot=10",
    "cox x + g | calibrate, at=2,5 groups=3 boot=5",
    "cox x + g | calibrate, at=2 groups=50 boot=0",
    "cox x + g | adjusted g, at=1,5",
    "cox x + g | score z, groups=3",
    "cox x + g | score z, points groups=2",
    "cox x + g | forest",
    "cox c | validate",
    "cox x | set conf=plain | predict x=1, at=2",
    "model m = 0.1 * x + (g == \"A\"), baseline=2:0.1 | validate, boot=5",
    "model m = 0.1 * x + (g == \"A\"), survival=2:0.9,5:0.5 | calibrate, groups=2",
    "model m = 0.1 * x + (g == \"A\"), baseline=2:0.1 | nomogram",
    "model m = 0.1 * m | nomogram",
    "screen x g h 年龄 `odd name` c, p=0.5",
    "screen many, p=1",
    "stepwise x + g + h + 年龄, direction=forward criterion=wald enter=0.5 remove=0.6",
    "stepwise x + g + c, direction=backward criterion=lr",
    "stepwise x + g + 年龄, direction=both criterion=aic",
    "forest g, over=h",
    "forest x, over=g,h",
    "forest h, over=many",
    "rmst g",
    "rmst g, tau=4",
    "rmst many, tau=2",
    "cif g, at=1,4",
    "cif",
    "gray g",
    "gray h, strata=g",
    "finegray x + g",
    "finegray x + c",
    "lifetable g",
    "lifetable, width=0.01",
    "lifetable, breaks=1,2",
    "table1 x g h 年龄 c m many, by=g",
    "table1 x g h, by=h test=fisher",
    "table1 x 年龄, by=g test=welch",
    "table1 x, by=g test=anova",
    "table1 g, by=h test=chisq-yates smd",
    "table1 x g many m",
    "table1 g, by=many",
    "table1 c x, by=c",
    "cutpoint x",
    "cutpoint c",
    "cutpoint x, minprop=0.4",
    "propensity x 年龄, treatment=h",
    "propensity x g, treatment=h match=1",
    "propensity g, treatment=g treated=A weights=overlap trim=0.9 margin=0.05",
    "pool x w",
    "pool x w t, scale=difference method=reml by=g",
    "flow, by=g",
    "branch b if x > 0 | flow | filter b | km",
    "by g: km h, at=2",
    "by g: cox x",
    "by h: table1 x, by=g",
    "by many: km",
    "set dialect=spss | km g, at=2",
    "set dialect=sas | km g",
    "set dialect=jmp | km g",
    "set medians=sas | km g",
};

/* ---- cohorts ---- */

/* A small generator: the cohorts are the same everywhere. */
static double next_uniform(uint64_t *seed)
{
  *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(*seed >> 11) / 9007199254740992.0;
}

static void write_row(FILE *stream, size_t i, enum kind kind, uint64_t *seed)
{
  static const char *const groups[] = {"A", "B", "C"}, *const halves[] = {"u", "v", ""};
  double t = -10 * log(1 - next_uniform(seed)), x = 4 * next_uniform(seed) - 2;
  int s = (int)(4 * next_uniform(seed)) % 3;
  const char *g = groups[(int)(3 * next_uniform(seed))];
  s = kind == ALL_CENSORED ? 0 : kind == ALL_EVENTS ? 1 : s;
  t = kind == ONE_TIME ? 5 : kind == NEGATIVE ? 8 * next_uniform(seed) - 3 : kind == TIES ? 1 + floor(3 * next_uniform(seed)) : t;
  x = kind == FAR_AWAY ? 1e10 + x : kind == HUGE_VALUES ? 1e150 * x : x;
  if (kind == SEPARATED)
    g = s == 1 ? "A" : "B";
  fprintf(stream, "%.2f,%d,%.17g,%s,%s,%d,%d,7,,L%zu,%.2f,%d\n", t, s, x, g, halves[(int)(3 * next_uniform(seed))],
          30 + (int)(50 * next_uniform(seed)), 1 + (int)(3 * next_uniform(seed)), i, 0.1 + 3 * next_uniform(seed),
          1 + (int)(4 * next_uniform(seed)));
}

/* The path of a new file, the caller's to free and to unlink. */
static char *write_cohort(size_t n, enum kind kind)
{
  const char *folder = getenv("KAPLAN_TEST_TMP");
  struct text path = TEXT_INIT;
  uint64_t seed = 7 + (uint64_t)kind + 100 * n;
  text_append_format(&path, "%s/awkward.XXXXXX.csv", folder ? folder : "/tmp");
  char *name = text_take(&path);
  const int descriptor = mkstemps(name, 4);
  assert_true(descriptor >= 0);
  FILE *stream = fdopen(descriptor, "w");
  fputs("t,s,x,g,h,年龄,odd name,c,m,many,w,fw\n", stream);
  for (size_t i = 0; i < n; i++)
    write_row(stream, i, kind, &seed);
  fclose(stream);
  return name;
}

/* ---- commands ---- */

/* Whether the text holds nan or inf as a word of its own. */
static bool has_bad_word(const char *text)
{
  static const char *const words[] = {"nan", "inf"};
  for (size_t i = 0; i < 2; i++)
    for (const char *at = text; (at = strstr(at, words[i])); at++)
      if ((at == text || !isalpha((unsigned char)at[-1])) && !isalpha((unsigned char)at[3]))
        return true;
  return false;
}

static void check_text(const char *line, const struct report *report, size_t n, enum kind kind)
{
  struct render_options options = RENDER_OPTIONS_INIT;
  struct text text = TEXT_INIT;
  options.columns = 80;
  render_text(&text, report, &options);
  if (has_bad_word(text_string(&text)))
    fail_msg("%zu rows of kind %d: %s prints\n%s", n, (int)kind, line, text_string(&text));
  text_clear(&text);
}

/* Runs the commands of a line one after the other; the first that fails ends them, with its reason. */
static void run_line(struct session *session, const char *line, size_t n, enum kind kind)
{
  struct report report = REPORT_INIT;
  struct error error = ERROR_INIT;
  enum status status = STATUS_OK;
  for (const char *at = line; *at && !status;) {
    const char *bar = strstr(at, " | ");
    char *command = memory_copy_bytes(at, bar ? (size_t)(bar - at) : strlen(at));
    report_clear(&report);
    status = command_execute(session, command, NULL, &report, &error);
    if (status && (!error.what || !*error.what))
      fail_msg("%zu rows of kind %d: %s fails without a word", n, (int)kind, command);
    if (!status)
      check_text(command, &report, n, kind);
    at = bar ? bar + 3 : at + strlen(at);
    free(command);
  }
  report_clear(&report);
  error_clear(&error);
}

static void test_cohort(size_t n, enum kind kind, const char *endpoint)
{
  char *path = write_cohort(n, kind);
  struct text load = TEXT_INIT;
  text_append_format(&load, "load \"%s\"", path);
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    struct session *session = session_new();
    struct report report = REPORT_INIT;
    struct error error = ERROR_INIT;
    if (command_execute(session, text_string(&load), NULL, &report, &error) ||
        command_execute(session, endpoint, NULL, &report, &error))
      fail_msg("%zu rows of kind %d: %s", n, (int)kind, error.what);
    run_line(session, lines[i], n, kind);
    report_clear(&report);
    session_free(session);
  }
  text_clear(&load);
  unlink(path);
  free(path);
}

static void test_every_cohort(void **state)
{
  (void)state;
  for (size_t c = 0; c < sizeof cohorts / sizeof *cohorts; c++)
    for (size_t e = 0; e < sizeof endpoints / sizeof *endpoints; e++)
      test_cohort(cohorts[c].n, cohorts[c].kind, endpoints[e]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_cohort)};
  cmocka_set_message_output(CM_OUTPUT_TAP);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
