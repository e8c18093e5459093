/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/journal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/file.h"

struct journal {
  int descriptor;
  char *path;
};

/* The private directory, made where it is missing; the caller frees it.  NULL where there is no home. */
static char *private_directory(void)
{
  const char *state_home = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
  struct text path = TEXT_INIT;
  if (state_home && *state_home == '/')
    text_append(&path, state_home);
  else if (home && *home == '/')
    text_append_format(&path, "%s/.local/state", home);
  else
    return NULL;
  text_append(&path, "/kaplan");
  char *directory = text_take(&path);
  for (char *slash = strchr(directory + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    mkdir(directory, 0700); /* what exists already is well; what cannot be made shows when the file is opened */
    *slash = '/';
  }
  mkdir(directory, 0700);
  return directory;
}

/* Makes the file under a name that no other session has; -1 with errno where that fails. */
static int create_file(const char *directory, char **path)
{
  char stamp[32];
  const time_t now = time(NULL);
  struct tm local;
  strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%S", localtime_r(&now, &local));
  for (int attempt = 0; attempt < 1000; attempt++) {
    struct text name = TEXT_INIT;
    struct stat status;
    text_append_format(&name, "%s/%s-%ld-%d.kap", directory, stamp, (long)getpid(), attempt);
    *path = text_take(&name);
    int descriptor = open(*path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor >= 0) {
      flock(descriptor, LOCK_EX); /* where it cannot be locked, the process's number in the name has to do */
      if (fstat(descriptor, &status) != 0 || status.st_nlink > 0)
        return descriptor;
      close(descriptor); /* taken for an empty one that was left behind, before it was locked */
    } else if (errno != EEXIST) {
      return -1;
    }
    free(*path);
    *path = NULL;
  }
  errno = EEXIST;
  return -1;
}

enum status journal_open(struct journal **journal, struct error *error)
{
  char *directory = private_directory(), *path = NULL;
  if (!directory) {
    error_set(error, "no journal: there is no home directory");
    return error_hint(error, "set HOME or XDG_STATE_HOME");
  }
  int descriptor = create_file(directory, &path);
  free(directory);
  if (descriptor < 0) {
    error_set(error, "no journal: %s: %s", path ? path : "", strerror(errno));
    free(path);
    return error_hint(error, "the session goes on, but cannot be restored after a crash");
  }
  struct journal *new = memory_new(1, sizeof *new);
  new->descriptor = descriptor;
  new->path = path;
  char working[PATH_MAX];
  if (getcwd(working, sizeof working))
    journal_directory(new, working);
  *journal = new;
  return STATUS_OK;
}

void journal_append(struct journal *journal, const char *line)
{
  struct text text = TEXT_INIT;
  text_append_format(&text, "%s\n", line);
  const char *bytes = text.bytes;
  size_t left = text.length;
  while (left) {
    ssize_t written = write(journal->descriptor, bytes, left);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      break; /* a full disk must not stop the session */
    bytes += written;
    left -= (size_t)written;
  }
  text_clear(&text);
}

static const char directory_mark[] = "# directory: ", stopped_mark[] = "# stopped: ";

void journal_directory(struct journal *journal, const char *directory)
{
  struct text line = TEXT_INIT;
  text_append_format(&line, "%s%s", directory_mark, directory);
  journal_append(journal, text_string(&line));
  text_clear(&line);
}

void journal_stopped(struct journal *journal, const char *command)
{
  struct text line = TEXT_INIT;
  text_append_format(&line, "%s%s", stopped_mark, command);
  journal_append(journal, text_string(&line));
  text_clear(&line);
}

const char *journal_directory_of(const char *line)
{
  return strncmp(line, directory_mark, strlen(directory_mark)) == 0 ? line + strlen(directory_mark) : NULL;
}

void journal_leave(struct journal *journal)
{
  if (!journal)
    return;
  close(journal->descriptor);
  free(journal->path);
  free(journal);
}

void journal_close(struct journal *journal)
{
  if (!journal)
    return;
  unlink(journal->path);
  journal_leave(journal);
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
  char *copy = memory_copy_string(left->text);
  char **lines = journal_commands(copy, &n);
  left->n_commands = 0;
  for (size_t i = 0; i < n; i++)
    left->n_commands += *lines[i] != '#';
  free(lines);
  free(copy);
  return left->n_commands > 0;
}

void journal_release_left(struct left_journal *left, bool remove)
{
  if (left->path && remove)
    unlink(left->path);
  if (left->path)
    close(left->descriptor);
  free(left->path);
  free(left->text);
  *left = (struct left_journal){.path = NULL};
}

enum status journal_find_left(struct left_journal *left, struct error *error)
{
  char *directory = private_directory();
  DIR *listing = directory ? opendir(directory) : NULL;
  *left = (struct left_journal){.path = NULL};
  for (struct dirent *entry; listing && (entry = readdir(listing));) {
    struct text path = TEXT_INIT;
    text_append_format(&path, "%s/%s", directory, entry->d_name);
    struct left_journal candidate = {.path = text_take(&path)};
    candidate.descriptor = take(candidate.path, entry->d_name);
    if (candidate.descriptor < 0) {
      free(candidate.path);
    } else if (!read_left(&candidate)) {
      journal_release_left(&candidate, true);
    } else if (left->path && (candidate.when < left->when || (candidate.when == left->when && strcmp(candidate.path, left->path) < 0))) {
      journal_release_left(&candidate, false);
    } else {
      journal_release_left(left, false);
      *left = candidate;
    }
  }
  if (listing)
    closedir(listing);
  free(directory);
  if (left->path)
    return STATUS_OK;
  error_set(error, "there is no session to restore");
  return error_hint(error, "a session that was cut off leaves a journal; one that ended with q does not");
}

/* The last line before `before` that is the command; `before` where there is none. */
static size_t find_before(char *const *lines, size_t before, const char *command)
{
  for (size_t i = before; i-- > 0;)
    if (lines[i] && strcmp(lines[i], command) == 0)
      return i;
  return before;
}

char **journal_commands(char *text, size_t *n)
{
  char **lines = NULL, *rest = text, *line;
  size_t count = 0, capacity = 0, kept = 0;
  while ((line = strsep(&rest, "\n"))) {
    if (!rest && *line) /* cut off in the middle: the line was never run */
      break;
    if (strncmp(line, stopped_mark, strlen(stopped_mark)) == 0) {
      const size_t at = find_before(lines, count, line + strlen(stopped_mark));
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

char *journal_history_path(void)
{
  char *directory = private_directory();
  if (!directory)
    return NULL;
  struct text path = TEXT_INIT;
  text_append_format(&path, "%s/history", directory);
  free(directory);
  return text_take(&path);
}
