/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random keys in every view of the explorer: nothing breaks, nothing leaks (with --enable-sanitizers), the cursor stays inside. */
#include "explorer_case.h"
#include "session/session.h"

/* Ten thousand keys, from every view, with commands typed between and windows of any size. */
struct storm {
  struct session *session;
  struct explorer *explorer;
  char *beginning; /* the command that loads the sample */
};

/* Undo may have gone back to before the cohort was loaded, where keys find nothing to do. */
static void bring_back(struct storm *storm)
{
  if (!session_state(storm->session)->cohort) {
    explorer_run(storm->explorer, storm->beginning);
    explorer_run(storm->explorer, "keep if age > 62"); /* few patients: models of hundreds of levels stay cheap */
  }
  assert_non_null(session_state(storm->session)->cohort);
}

static void test_ten_thousand_keys(void **state)
{
  static const char *const typed[] = {NULL, "filter age > 50", "filter off", "km sex", "cox age + sex", "table1 age, by=sex",
                                      "endpoint os = Surv(os_months, death == 1)", "no such thing"};
  struct storm *storm = *state;
  struct explorer *explorer = storm->explorer;
  uint32_t seed = 12345;
  for (int i = 0; i < 10000; i++) {
    seed = seed * 1664525 + 1013904223;
    uint32_t code = seed >> 8 & 127;
    if (i % 100 == 0) {
      bring_back(storm);
      code = '1' + (uint32_t)(i / 100 % 8);
    }
    if (i % 100 && seed >> 16 & 1)
      code = KEYS_UP + (seed >> 20) % 30;
    if (code == KEYS_RESIZE || code == KEYS_HANGUP || code == KEYS_PASTE || code == KEYS_MOUSE)
      continue;
    if (explorer_key(explorer, &(struct key){.code = code}) == WISH_PROMPT)
      explorer_prompt_done(explorer, typed[(seed >> 24) % (sizeof typed / sizeof *typed)]);
    if (i % 20 == 0)
      draw(explorer, 1 + seed % 60, 1 + (seed >> 8) % 200);
  }
}

int main(void)
{
  const char *directory = getenv("top_srcdir");
  struct text line = TEXT_INIT;
  text_append_format(&line, "source \"%s/samples/xu2025/demo.kap\"", directory ? directory : ".");
  struct storm storm = {.session = session_new(), .beginning = text_take(&line)};
  storm.explorer = explorer_new(storm.session, NULL, CHARSET_BOX);
  const struct CMUnitTest tests[] = {cmocka_unit_test_prestate(test_ten_thousand_keys, &storm)};
  int status = cmocka_run_group_tests(tests, NULL, NULL);
  explorer_free(storm.explorer);
  session_free(storm.session);
  free(storm.beginning);
  return status;
}
