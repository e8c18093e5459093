/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/left_journal.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "lang/token.h"
#include "session/file.h"
#include "session/journal.h"

/* ---- reading ---- */

/* The last line before `before` that is the command; `before` where there is none. */
static size_t find_before(char *const *lines, size_t before, const char *command)
{
  for (size_t i = before; i-- > 0;)
    if (lines[i] && strcmp(lines[i], command) == 0)
      return i;
  return before;
}

char **left_journal_lines(char *text, size_t *n)
{
  char **lines = NULL, *rest = text, *line;
  size_t count = 0, capacity = 0, kept = 0;
  while ((line = strsep(&rest, "\n"))) {
    if (!rest && *line) /* cut off in the middle: the line was never run */
      break;
    if (journal_stopped_of(line)) {
      const size_t at = find_before(lines, count, journal_stopped_of(line));
      if (at < count)
        lines[at] = NULL;
    } else if (*line && (*line != '#' || journal_directory_of(line))) {
      MEMORY_APPEND(lines, count, capacity, line);
    }
  }
  for (size_t i = 0; i < count; i++)
    if (lines[i])
      lines[kept++] = lines[i];
  *n = kept;
  return lines;
}

/* The process that a name holds, or 0: DATE-PROCESS-ATTEMPT.kap. */
static pid_t process_of(const char *name)
{
  const char *dash = strchr(name, '-');
  return dash ? (pid_t)strtol(dash + 1, NULL, 10) : 0;
}

/* Opens and locks a journal that nobody has; -1 where its session lives, or it is no journal. */
static int take(const char *path, const char *name)
{
  const size_t length = strlen(name);
  struct stat status;
  if (length < 5 || strcmp(name + length - 4, ".kap") != 0)
    return -1;
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0)
    return -1;
  const bool locked = flock(descriptor, LOCK_EX | LOCK_NB) == 0;
  const bool alive = !locked && (errno == EWOULDBLOCK || process_of(name) <= 0 || kill(process_of(name), 0) == 0 || errno != ESRCH);
  if (!alive && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink > 0)
    return descriptor;
  close(descriptor);
  return -1;
}

static const char *base_name(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* The file that a `load` names, without its folder; NULL of another command.  The caller frees it. */
static char *cohort_of(const char *line)
{
  struct token_list tokens;
  struct error error = ERROR_INIT;
  char *path = NULL, *name = NULL;
  if (token_list_read(&tokens, line, &error)) {
    error_clear(&error);
    return NULL;
  }
  if (tokens.count >= 2 && tokens.tokens[0].kind == TOKEN_NAME && strcmp(tokens.tokens[0].text, "load") == 0) {
    const struct token *file = &tokens.tokens[1];
    path = file->kind == TOKEN_STRING ? memory_copy_string(file->text)
                                      : memory_copy_bytes(line + file->start, strcspn(line + file->start, " ,"));
    name = memory_copy_string(base_name(path));
  }
  free(path);
  token_list_clear(&tokens);
  return name;
}

/* Reads the journal; false where it holds no command. */
static bool read_left(struct left_journal *left)
{
  struct error error = ERROR_INIT;
  struct stat status;
  size_t length, n;
  if (fstat(left->descriptor, &status) != 0 || file_read(left->path, &left->text, &length, &error)) {
    error_clear(&error);
    return false;
  }
  left->when = status.st_mtim.tv_sec;
  char *copy = memory_copy_string(left->text), *cohort;
  char **lines = left_journal_lines(copy, &n);
  const char *last = NULL;
  left->n_commands = 0;
  for (size_t i = 0; i < n; i++) {
    if (*lines[i] == '#')
      continue;
    left->n_commands++;
    last = lines[i];
    if ((cohort = cohort_of(last))) {
      free(left->cohort);
      left->cohort = cohort;
    }
  }
  left->last = last ? memory_copy_string(last) : NULL;
  free(lines);
  free(copy);
  return left->n_commands > 0;
}

void left_journal_release(struct left_journal *left, bool remove)
{
  if (left->path && remove)
    unlink(left->path);
  if (left->path)
    close(left->descriptor);
  free(left->path);
  free(left->text);
  free(left->cohort);
  free(left->last);
  *left = (struct left_journal){.path = NULL};
}

/* ---- all of them ---- */

static int newest_first(const void *a, const void *b)
{
  const struct left_journal *x = a, *y = b;
  if (x->when != y->when)
    return x->when > y->when ? -1 : 1;
  return strcmp(y->path, x->path);
}

enum status left_journals_find(struct left_journals *journals, struct error *error)
{
  char *folder = journal_folder();
  DIR *listing = folder ? opendir(folder) : NULL;
  size_t capacity = 0;
  *journals = (struct left_journals)LEFT_JOURNALS_INIT;
  for (struct dirent *entry; listing && (entry = readdir(listing));) {
    struct text path = TEXT_INIT;
    text_append_format(&path, "%s/%s", folder, entry->d_name);
    struct left_journal candidate = {.path = text_take(&path)};
    candidate.descriptor = take(candidate.path, entry->d_name);
    if (candidate.descriptor < 0)
      free(candidate.path);
    else if (!read_left(&candidate))
      left_journal_release(&candidate, true);
    else
      MEMORY_APPEND(journals->items, journals->n, capacity, candidate);
  }
  if (listing)
    closedir(listing);
  free(folder);
  if (journals->n) {
    qsort(journals->items, journals->n, sizeof *journals->items, newest_first);
    return STATUS_OK;
  }
  error_set(error, "there is no session to restore");
  return error_hint(error, "a session that was cut off leaves a journal; one that ended with q does not");
}

void left_journals_clear(struct left_journals *journals)
{
  for (size_t i = 0; i < journals->n; i++)
    left_journal_release(&journals->items[i], false);
  free(journals->items);
  *journals = (struct left_journals)LEFT_JOURNALS_INIT;
}

struct left_journal left_journals_take(struct left_journals *journals, size_t i)
{
  const struct left_journal taken = journals->items[i];
  journals->items[i] = (struct left_journal){.path = NULL};
  left_journals_clear(journals);
  return taken;
}

/* Whether a file is meant by a name: with its ending or without. */
static bool is_named(const char *file, const char *name)
{
  const size_t length = strlen(name);
  const char *dot = strrchr(file, '.');
  return strcmp(file, name) == 0 || (dot && (size_t)(dot - file) == length && strncmp(file, name, length) == 0);
}

enum status left_journals_choose(const struct left_journals *journals, const char *choice, size_t *i, struct error *error)
{
  char *end;
  const unsigned long number = strtoul(choice, &end, 10);
  if (isdigit((unsigned char)*choice) && !*end && number >= 1 && number <= journals->n) {
    *i = number - 1;
    return STATUS_OK;
  }
  for (*i = 0; *i < journals->n; ++*i) {
    const struct left_journal *left = &journals->items[*i];
    if ((left->cohort && is_named(left->cohort, choice)) || is_named(base_name(left->path), choice))
      return STATUS_OK;
  }
  error_set(error, "there is no session %s to restore, of %zu", choice, journals->n);
  return error_hint(error, "--restore lists them; a number or the name of the cohort's file chooses one");
}

/* ---- in words ---- */

void left_journal_append_when(const struct left_journal *left, struct text *text)
{
  char words[32];
  const time_t now = time(NULL);
  struct tm then, today;
  localtime_r(&left->when, &then);
  localtime_r(&now, &today);
  const bool is_today = then.tm_year == today.tm_year && then.tm_yday == today.tm_yday;
  strftime(words, sizeof words, is_today ? "%H:%M today" : "%Y-%m-%d %H:%M", &then);
  text_append(text, words);
}

enum { WHEN = 16, COHORT = 20 };

void left_journal_append_words(const struct left_journal *left, struct text *text)
{
  struct text when = TEXT_INIT;
  left_journal_append_when(left, &when);
  utf8_append_fitted(text, text_string(&when), WHEN, false, true);
  text_append(text, "  ");
  utf8_append_fitted(text, left->cohort ? left->cohort : "no cohort", COHORT, false, true);
  text_append_format(text, " %5zu command%s  %s", left->n_commands, left->n_commands == 1 ? " " : "s", left->last);
  text_clear(&when);
}

void left_journal_append_restored(const struct left_journal *left, struct text *text)
{
  text_append(text, "restored the session of ");
  left_journal_append_when(left, text);
  text_append_format(text, ", %zu command%s; it is not saved yet (s saves it)", left->n_commands, left->n_commands == 1 ? "" : "s");
}
