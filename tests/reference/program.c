/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/reference/program.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/reference/tsv.h"

enum { MAX_SECONDS = 60 };

size_t split_commands(char *text, const char *separator, char **commands)
{
  size_t n = 0;
  while (text) {
    if (n == MAX_COMMANDS)
      give_up("more than %d commands in a case", MAX_COMMANDS);
    commands[n++] = text;
    text = strstr(text, separator);
    if (text) {
      *text = '\0';
      text += strlen(separator);
    }
  }
  return n;
}

static _Noreturn void run_program(const char *program, char **commands, size_t n, int out, int err)
{
  const char *arguments[2 * MAX_COMMANDS + 4] = {program, "--format", "json"};
  size_t k = 3;
  for (size_t i = 0; i < n; i++) {
    arguments[k++] = "-e";
    arguments[k++] = commands[i];
  }
  arguments[k] = NULL;
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  alarm(MAX_SECONDS);
  execv(program, (char *const *)(void *)arguments);
  fprintf(stderr, "%s: %s\n", program, strerror(errno));
  _exit(127);
}

char *program_output(const char *program, const char *folder, char **commands, size_t n, FILE *messages, int *status)
{
  int ends[2];
  if (pipe(ends) != 0)
    give_up("pipe: %s", strerror(errno));
  fflush(NULL);
  pid_t child = fork();
  if (child < 0)
    give_up("fork: %s", strerror(errno));
  if (child == 0) {
    close(ends[0]);
    if (folder && chdir(folder) != 0)
      give_up("%s: %s", folder, strerror(errno));
    run_program(program, commands, n, ends[1], fileno(messages));
  }
  close(ends[1]);
  char *output = read_all(ends[0]);
  close(ends[0]);
  waitpid(child, status, 0);
  return output;
}

bool program_succeeded(int status, FILE *out)
{
  if (WIFSIGNALED(status))
    fprintf(out, "ended by signal %d\n", WTERMSIG(status));
  else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    fprintf(out, "exit status %d\n", WEXITSTATUS(status));
  else
    return true;
  return false;
}

char *last_line(char *output)
{
  size_t length = strlen(output);
  while (length && output[length - 1] == '\n')
    output[--length] = '\0';
  char *line = strrchr(output, '\n');
  return line ? line + 1 : output;
}

void copy_messages(FILE *messages, FILE *out)
{
  rewind(messages);
  for (int c; (c = getc(messages)) != EOF;)
    putc(c, out);
}

void print_comment(const char *text)
{
  while (*text) {
    size_t length = strcspn(text, "\n");
    printf("# %.*s\n", (int)length, text);
    text += length + (text[length] == '\n');
  }
}
