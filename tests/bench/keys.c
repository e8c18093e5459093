/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times key presses in the explorer: runs it in a pseudo-terminal of 80 x 24 and prints, for the first frame and for each
 * step, the bytes that came, the milliseconds to the first and to the last of them, and to the beginning of each burst: the
 * screens that came one after another.
 *
 * usage: keys QUIET PROGRAM FILE [STEP=KEYS …]     KEYS are sent as they are; \r, \t, \e and \\ are escapes
 *
 * A step ends when nothing came for QUIET milliseconds.  A step whose name begins with "-" is done but not printed. */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LONGEST_MS = 60000, MAX_KEYS = 256, MAX_BURSTS = 16, BURST_GAP_MS = 4 };

struct answer {
  size_t bytes;
  double first_ms, last_ms, bursts[MAX_BURSTS];
  size_t n_bursts;
  bool ended;
};

static double now_ms(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

/* Reads what comes until it is quiet.  Before the first byte the program may take its time. */
static struct answer listen(int terminal, double begin, int quiet)
{
  struct answer answer = {.bytes = 0};
  char buffer[1 << 16];
  for (;;) {
    struct pollfd wait = {.fd = terminal, .events = POLLIN};
    int timeout = answer.bytes ? quiet : LONGEST_MS;
    if (poll(&wait, 1, timeout) <= 0)
      return answer;
    ssize_t n = read(terminal, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0) {
      answer.ended = true;
      return answer;
    }
    const double now = now_ms() - begin;
    if ((!answer.bytes || now - answer.last_ms > BURST_GAP_MS) && answer.n_bursts < MAX_BURSTS)
      answer.bursts[answer.n_bursts++] = now;
    answer.last_ms = now;
    if (!answer.bytes)
      answer.first_ms = answer.last_ms;
    answer.bytes += (size_t)n;
  }
}

static size_t decode_keys(const char *text, char *keys)
{
  static const char names[] = "rte\\", values[] = "\r\t\033\\";
  size_t n = 0;
  for (; *text && n < MAX_KEYS; text++) {
    const char *escape = *text == '\\' && text[1] ? strchr(names, text[1]) : NULL;
    keys[n++] = escape ? values[escape - names] : *text;
    text += escape != NULL;
  }
  return n;
}

static void print_answer(const char *name, const struct answer *answer)
{
  printf("%s\t%zu\t%.1f\t%.1f\t", name, answer->bytes, answer->first_ms, answer->last_ms);
  for (size_t i = 0; i < answer->n_bursts; i++)
    printf("%s%.1f", i ? " " : "", answer->bursts[i]);
  putchar('\n');
  fflush(stdout);
}

static bool take_step(int terminal, char *step, int quiet)
{
  char *equals = strchr(step, '='), keys[MAX_KEYS];
  if (!equals)
    return false;
  *equals = '\0';
  size_t n = decode_keys(equals + 1, keys);
  double begin = now_ms();
  if (write(terminal, keys, n) != (ssize_t)n)
    return false;
  struct answer answer = listen(terminal, begin, quiet);
  if (*step != '-')
    print_answer(step, &answer);
  return !answer.ended;
}

int main(int argc, char **argv)
{
  if (argc < 4) {
    fputs("usage: keys QUIET PROGRAM FILE [STEP=KEYS …]\n", stderr);
    return 2;
  }
  struct winsize size = {.ws_row = 24, .ws_col = 80};
  int terminal, quiet = atoi(argv[1]);
  double begin = now_ms();
  pid_t child = forkpty(&terminal, NULL, NULL, &size);
  if (child == 0) {
    setenv("TERM", "xterm-256color", 1);
    execl(argv[2], argv[2], argv[3], (char *)NULL);
    _exit(127);
  }
  if (child < 0) {
    perror("forkpty");
    return 1;
  }
  struct answer answer = listen(terminal, begin, quiet);
  print_answer("first frame", &answer);
  bool alive = !answer.ended;
  for (int i = 4; alive && i < argc; i++)
    alive = take_step(terminal, argv[i], quiet);
  kill(child, SIGTERM);
  close(terminal);
  waitpid(child, NULL, 0);
  return alive ? 0 : 1;
}
