/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An explorer without a terminal: keys go in, frames come out. */
#ifndef KAPLAN_TESTS_EXPLORER_CASE_H
#define KAPLAN_TESTS_EXPLORER_CASE_H

#include "session_case.h"
#include "ui/explorer.h"

struct fixture {
  struct session *session;
  struct explorer *explorer;
};

/* The fixture of an explorer on that session, both of which tear_down() frees. */
static inline struct fixture *fixture_new(struct session *session, enum charset charset)
{
  struct fixture *fixture = calloc(1, sizeof *fixture);
  fixture->session = session;
  fixture->explorer = explorer_new(session, NULL, charset);
  return fixture;
}

/* The cohort of the sample with its endpoint, groups and model. */
static inline int set_up_sample(void **state)
{
  *state = fixture_new(session_of_sample("demo.kap"), CHARSET_BOX);
  return 0;
}

static inline int tear_down(void **state)
{
  struct fixture *fixture = *state;
  explorer_free(fixture->explorer);
  session_free(fixture->session);
  free(fixture);
  return 0;
}

static inline const struct state *state_of(const struct fixture *fixture)
{
  return session_state(fixture->session);
}

static inline enum explorer_wish press(struct fixture *fixture, uint32_t code)
{
  const struct key key = {.code = code};
  return explorer_key(fixture->explorer, &key);
}

static inline void press_all(struct fixture *fixture, const char *keys)
{
  for (; *keys; keys++)
    press(fixture, (unsigned char)*keys);
}

/* A key that asks, and the answer. */
static inline void answer(struct fixture *fixture, uint32_t key, const char *text)
{
  assert_int_equal(press(fixture, key), WISH_PROMPT);
  explorer_prompt_done(fixture->explorer, text);
}

/* The frame as text; the caller frees it. */
static inline char *screen(struct explorer *explorer, size_t rows, size_t columns, bool attributes)
{
  struct frame frame;
  struct text text = TEXT_INIT;
  frame_init(&frame, rows, columns);
  explorer_draw(explorer, &frame);
  frame_append(&frame, attributes, &text);
  assert_true(frame.cursor_row < rows && frame.cursor_column <= columns);
  frame_clear(&frame);
  return text_take(&text);
}

static inline void draw(struct explorer *explorer, size_t rows, size_t columns)
{
  free(screen(explorer, rows, columns, false));
}

/* That a wide window shows the text. */
static inline void assert_shown(struct fixture *fixture, const char *text)
{
  char *shown = screen(fixture->explorer, 50, 200, false);
  if (!strstr(shown, text))
    fail_msg("\"%s\" is not on the screen:\n%s", text, shown);
  free(shown);
}

/* Frames that are kept in tests/explorer/frames; KAPLAN_KEEP=1 writes them anew. */
static inline void compare_kept(struct explorer *explorer, const char *name, size_t rows, size_t columns)
{
  struct text path = TEXT_INIT;
  struct error error = ERROR_INIT;
  char *shown = screen(explorer, rows, columns, true), *kept;
  size_t length;
  text_append_format(&path, "%s/tests/explorer/frames/%s-%zux%zu.txt", source_directory(), name, columns, rows);
  if (getenv("KAPLAN_KEEP"))
    assert_int_equal(file_write(text_string(&path), shown, strlen(shown), true, &error), STATUS_OK);
  if (file_read(text_string(&path), &kept, &length, &error))
    fail_msg("%s; KAPLAN_KEEP=1 writes it", error.what);
  if (strcmp(kept, shown) != 0)
    fail_msg("%s is no longer what is shown:\n%s", text_string(&path), shown);
  free(kept);
  free(shown);
  text_clear(&path);
}

/* At the least size of all functions, and at a large one. */
static inline void compare_sizes(struct explorer *explorer, const char *name)
{
  compare_kept(explorer, name, 24, 80);
  compare_kept(explorer, name, 48, 160);
}

#endif
