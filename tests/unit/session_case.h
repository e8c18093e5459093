/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions for the tests: on a sample of the tree, or on a few lines of data. */
#ifndef KAPLAN_TESTS_SESSION_CASE_H
#define KAPLAN_TESTS_SESSION_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "session/file.h"
#include "verbs/execute.h"

/* The top of the source tree. */
static inline const char *source_directory(void)
{
  const char *directory = getenv("top_srcdir");
  return directory ? directory : ".";
}

/* Runs one command line; the test fails where it fails. */
static inline void run(struct session *session, const char *line)
{
  struct report report = REPORT_INIT;
  struct error error = ERROR_INIT;
  if (command_execute(session, line, NULL, &report, &error))
    fail_msg("%s: %s", line, error.what);
  report_clear(&report);
}

/* A session in which a script of samples/xu2025 has run. */
static inline struct session *session_of_sample(const char *script)
{
  struct session *session = session_new();
  struct text line = TEXT_INIT;
  text_append_format(&line, "source \"%s/samples/xu2025/%s\"", source_directory(), script);
  run(session, text_string(&line));
  text_clear(&line);
  return session;
}

/* A session that has loaded a file with these `length` bytes; the file is gone. */
static inline struct session *session_on_bytes(const char *data, size_t length)
{
  char path[] = "/tmp/kaplan-case-XXXXXX.csv";
  struct text line = TEXT_INIT;
  const int descriptor = mkstemps(path, 4);
  assert_true(descriptor >= 0);
  assert_true(write(descriptor, data, length) == (ssize_t)length); /* file_write() would wait for the disk */
  close(descriptor);
  struct session *session = session_new();
  text_append_format(&line, "load \"%s\"", path);
  run(session, text_string(&line));
  text_clear(&line);
  unlink(path);
  return session;
}

static inline struct session *session_on(const char *data)
{
  return session_on_bytes(data, strlen(data));
}

#endif
