/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

struct journal {
  int descriptor;
  char *path;
};

char *journal_folder(void)
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
  char *directory = journal_folder(), *path = NULL;
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

const char *journal_stopped_of(const char *line)
{
  return strncmp(line, stopped_mark, strlen(stopped_mark)) == 0 ? line + strlen(stopped_mark) : NULL;
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

char *journal_history_path(void)
{
  char *directory = journal_folder();
  if (!directory)
    return NULL;
  struct text path = TEXT_INIT;
  text_append_format(&path, "%s/history", directory);
  free(directory);
  return text_take(&path);
}
