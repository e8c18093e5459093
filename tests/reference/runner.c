/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the cases of cases.tsv through the program and compares each answer with the expected table.  Prints TAP.
 *
 * usage: runner PROGRAM [PATTERN]   in the folder of cases.tsv; PATTERN: only cases whose name contains it
 *
 * A new case is a new line of cases.tsv.  Cases that need what the program cannot do yet are named in not_yet, a line
 * each: `verb NAME`, `option TEXT` (text of a command after its comma) or `case NAME`.  They are skipped aloud, and fail once they
 * pass, so that the list cannot grow old. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/reference/compare.h"
#include "tests/reference/json.h"
#include "tests/reference/program.h"
#include "tests/reference/tsv.h"

static const char separator[] = " ;; ";

struct not_yet {
  char *bytes;
  char **lines;
  size_t n;
};

struct case_result {
  bool passed;
  char *differences;
  size_t length;
};

static bool judge(char *output, int status, const char *table, const char *expected_name, struct tolerance tolerance,
                  FILE *differences)
{
  if (!program_succeeded(status, differences))
    return false;
  struct json *answer = json_parse(last_line(output));
  if (!answer) {
    fputs("the answer is no JSON\n", differences);
    return false;
  }
  char path[4096];
  snprintf(path, sizeof path, "expected/%s", expected_name);
  struct tsv expected = tsv_read(path);
  bool same = compare_answer(answer, table, &expected, tolerance, differences);
  tsv_clear(&expected);
  json_free(answer);
  return same;
}

/* Columns of cases.tsv. */
enum { CASE, TABLE, TOLERANCE_REL, TOLERANCE_ABS, EXPECTED, COMMANDS, N_COLUMNS };

static struct case_result run_case(const char *program, const struct tsv *cases, size_t row)
{
  struct case_result result = {.passed = false};
  FILE *differences = must_have(open_memstream(&result.differences, &result.length));
  FILE *messages = must_have(tmpfile());
  struct tolerance tolerance = {.relative = strtod(tsv_field(cases, row, TOLERANCE_REL), NULL),
                                .absolute = strtod(tsv_field(cases, row, TOLERANCE_ABS), NULL)};
  char *text = must_have(strdup(tsv_field(cases, row, COMMANDS))), *commands[MAX_COMMANDS];
  size_t n = split_commands(text, separator, commands);
  int status;
  char *output = program_output(program, NULL, commands, n, messages, &status);
  result.passed =
      judge(output, status, tsv_field(cases, row, TABLE), tsv_field(cases, row, EXPECTED), tolerance, differences);
  if (!result.passed)
    copy_messages(messages, differences);
  fclose(messages);
  fclose(differences);
  free(output);
  free(text);
  return result;
}

static struct not_yet read_not_yet(void)
{
  struct not_yet list = {.bytes = NULL};
  FILE *file = fopen("not_yet", "r");
  if (!file)
    return list;
  list.bytes = read_all(fileno(file));
  fclose(file);
  char *rest = list.bytes, *line;
  while ((line = strsep(&rest, "\n")))
    if (*line && *line != '#') {
      list.lines = must_have(realloc(list.lines, (list.n + 1) * sizeof *list.lines));
      list.lines[list.n++] = line;
    }
  return list;
}

static bool command_needs(const char *command, const char *line)
{
  static const char verb[] = "verb ", option[] = "option ";
  if (strncmp(line, "case ", 5) == 0)
    return false;
  if (strncmp(line, verb, strlen(verb)) == 0) {
    const char *name = line + strlen(verb);
    size_t length = strcspn(command, " ,");
    return strlen(name) == length && strncmp(command, name, length) == 0;
  }
  if (strncmp(line, option, strlen(option)) != 0)
    give_up("not_yet: a line begins with verb, option or case, not: %s", line);
  const char *comma = strchr(command, ',');
  return comma && strstr(comma, line + strlen(option));
}

/* The line of not_yet that a case waits for, or NULL. */
static const char *waits_for(const struct not_yet *list, const char *name, const char *case_commands)
{
  for (size_t k = 0; k < list->n; k++)
    if (strncmp(list->lines[k], "case ", 5) == 0 && strcmp(list->lines[k] + 5, name) == 0)
      return list->lines[k];
  char *text = must_have(strdup(case_commands)), *commands[MAX_COMMANDS];
  size_t n = split_commands(text, separator, commands);
  const char *found = NULL;
  for (size_t i = 0; i < n && !found; i++)
    for (size_t k = 0; k < list->n && !found; k++)
      if (command_needs(commands[i], list->lines[k]))
        found = list->lines[k];
  free(text);
  return found;
}

/* One line of TAP; true where it is "ok". */
static bool report_case(size_t number, const char *name, const char *missing, const struct case_result *result)
{
  if (missing && !result->passed) {
    printf("ok %zu - %s # SKIP not yet: %s\n", number, name, missing);
    return true;
  }
  if (missing) {
    printf("not ok %zu - %s\n# it passes: take \"%s\" off not_yet\n", number, name, missing);
    return false;
  }
  printf("%s %zu - %s\n", result->passed ? "ok" : "not ok", number, name);
  if (!result->passed)
    print_comment(result->differences);
  return result->passed;
}

int main(int argc, char **argv)
{
  if (argc < 2)
    give_up("usage: runner PROGRAM [PATTERN]");
  struct tsv cases = tsv_read("cases.tsv");
  if (cases.n_columns != N_COLUMNS)
    give_up("cases.tsv: %d columns were expected", N_COLUMNS);
  struct not_yet list = read_not_yet();
  size_t n = 0;
  bool all_fine = true;
  for (size_t row = 0; row < cases.n_rows; row++) {
    const char *name = tsv_field(&cases, row, CASE);
    if (argc > 2 && !strstr(name, argv[2]))
      continue;
    struct case_result result = run_case(argv[1], &cases, row);
    all_fine &= report_case(++n, name, waits_for(&list, name, tsv_field(&cases, row, COMMANDS)), &result);
    free(result.differences);
    fflush(stdout);
  }
  printf("1..%zu\n", n);
  free(list.lines);
  free(list.bytes);
  tsv_clear(&cases);
  return all_fine ? 0 : 1;
}
