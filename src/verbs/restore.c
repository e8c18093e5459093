/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/restore.h"

#include <stdlib.h>
#include <string.h>

#include "report/ascii.h"
#include "session/journal.h"

void restore_session(struct batch *batch, struct left_journal *left, struct text *notice)
{
  size_t n;
  char **lines = left_journal_lines(left->text, &n);
  for (size_t i = 0; i < n; i++) {
    const char *directory = journal_directory_of(lines[i]);
    if (directory)
      session_set_directory(batch->session, directory);
    else
      batch_run_line(batch, lines[i], "kaplan --restore");
  }
  free(lines);
  left_journal_append_restored(left, notice);
  left_journal_release(left, session_has_journal(batch->session));
}

void restore_append_offer(struct text *notice)
{
  struct left_journals journals;
  struct error error = ERROR_INIT;
  if (left_journals_find(&journals, &error)) {
    error_clear(&error);
    return;
  }
  const struct left_journal *left = &journals.items[0];
  text_append(notice, "cut-off session of ");
  if (left->cohort)
    text_append_format(notice, "%s, ", left->cohort);
  left_journal_append_when(left, notice);
  text_append_format(notice, " (%zu command%s)", left->n_commands, left->n_commands == 1 ? "" : "s");
  if (journals.n > 1)
    text_append_format(notice, " and %zu older: kaplan --restore offers them", journals.n - 1);
  else
    text_append(notice, ": kaplan --restore brings it back");
  left_journals_clear(&journals);
}

void restore_print_list(FILE *out, const struct left_journals *journals, bool ascii)
{
  for (size_t i = 0; i < journals->n; i++) {
    struct text line = TEXT_INIT, visible = TEXT_INIT;
    text_append_format(&line, "%zu  ", i + 1);
    left_journal_append_words(&journals->items[i], &line);
    ascii_append_visible(&visible, text_string(&line), ascii);
    fprintf(out, "%s\n", text_string(&visible));
    text_clear(&line);
    text_clear(&visible);
  }
}

void restore_choose(struct batch *batch, struct left_journals *choice, FILE *in, struct text *notice)
{
  char *line = NULL;
  size_t capacity = 0, i;
  while (choice->n) {
    fprintf(batch->out, "Sessions that were cut off, the newest first:\n");
    restore_print_list(batch->out, choice, batch->rendering.charset == CHARSET_ASCII);
    fprintf(batch->out, "Which one?  A number takes it up, Enter alone starts without. ");
    fflush(batch->out);
    if (getline(&line, &capacity, in) < 0 || line[strspn(line, " \r\n")] == '\0')
      break;
    line[strcspn(line, " \r\n")] = '\0';
    struct error error = ERROR_INIT;
    if (left_journals_choose(choice, line, &i, &error)) {
      batch_print_error(batch->out, "Error", NULL, &error);
      error_clear(&error);
      continue;
    }
    struct left_journal left = left_journals_take(choice, i);
    restore_session(batch, &left, notice);
  }
  left_journals_clear(choice);
  free(line);
}
