/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/journal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

enum status journal_open(struct journal **journal, struct error *error)
{
  char *directory = private_directory();
  if (!directory) {
    error_set(error, "no journal: there is no home directory");
    return error_hint(error, "set HOME or XDG_STATE_HOME");
  }
  struct text path = TEXT_INIT;
  text_append_format(&path, "%s/%ld.kap", directory, (long)getpid());
  free(directory);
  int descriptor = open(text_string(&path), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    error_set(error, "no journal: %s: %s", text_string(&path), strerror(errno));
    text_clear(&path);
    return error_hint(error, "the session goes on, but cannot be restored after a crash");
  }
  struct journal *new = memory_new(1, sizeof *new);
  new->descriptor = descriptor;
  new->path = text_take(&path);
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

static const char directory_mark[] = "# directory: ";

void journal_directory(struct journal *journal, const char *directory)
{
  struct text line = TEXT_INIT;
  text_append_format(&line, "%s%s", directory_mark, directory);
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

/* Whether the name is PID.kap of a process that is no more. */
static bool is_left(const char *name)
{
  char *end;
  long process = strtol(name, &end, 10);
  return end != name && strcmp(end, ".kap") == 0 && process > 0 && kill((pid_t)process, 0) != 0 && errno == ESRCH;
}

enum status journal_find_left(char **path, char **text, struct error *error)
{
  char *directory = private_directory();
  DIR *listing = directory ? opendir(directory) : NULL;
  struct timespec newest = {0};
  char *found = NULL;
  for (struct dirent *entry; listing && (entry = readdir(listing));) {
    struct text candidate = TEXT_INIT;
    struct stat status;
    text_append_format(&candidate, "%s/%s", directory, entry->d_name);
    if (is_left(entry->d_name) && stat(text_string(&candidate), &status) == 0 &&
        (!found || status.st_mtim.tv_sec > newest.tv_sec ||
         (status.st_mtim.tv_sec == newest.tv_sec && status.st_mtim.tv_nsec > newest.tv_nsec))) {
      newest = status.st_mtim;
      free(found);
      found = text_take(&candidate);
    }
    text_clear(&candidate);
  }
  if (listing)
    closedir(listing);
  free(directory);
  if (!found) {
    error_set(error, "there is no session to restore");
    return error_hint(error, "a session that was cut off leaves a journal; one that ended with q does not");
  }
  size_t length;
  if (file_read(found, text, &length, error)) {
    free(found);
    return STATUS_ERROR;
  }
  *path = found;
  return STATUS_OK;
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
