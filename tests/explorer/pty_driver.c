/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives a full-screen program in a terminal of its own, as a script says, and looks at what it shows.
 *
 *   pty_driver SCRIPT.pty …       each script on its own; the exit status is 1 where an expectation fails
 *
 * A script has one command a line; blank lines and # comments are skipped; $NAME is replaced from the environment.  TEXT
 * runs to the end of the line; \e \r \n \t \\ \xHH in it are those bytes, \s at its end a blank.
 *
 *   size ROWS COLUMNS             of the terminal to start in (24 80)
 *   env NAME=VALUE · unset NAME   environment of the program (TERM=xterm-256color, LANG=C.UTF-8 unless said otherwise)
 *   terminfo NAME                 check the output against that entry instead of $TERM's (for unknown types)
 *   stdin FILE                    standard input of the program instead of the terminal
 *   start PROGRAM ARGUMENT …      starts it and waits until its output rests
 *   type TEXT · key NAME …        sends bytes · keys (C-x, M-x, Enter, Esc, Tab, Up, PgDn, F1 …); waits until output rests
 *   slow MS TEXT                  sends bytes MS milliseconds apart
 *   paste TEXT                    sends it as a bracketed paste
 *   pause MS                      takes what comes for so long
 *   wait TEXT · wait-within MS TEXT   until TEXT stands on the screen (5 s; MS since the last input)
 *   expect TEXT · expect-not TEXT     TEXT stands on the screen, or does not
 *   resize ROWS COLUMNS · storm N ROWS COLUMNS MS    one resize · N random ones up to that size, MS apart
 *   keep NAME · expect-kept NAME  remembers the screen · compares it with the remembered one
 *   signal NAME                   sends the program a signal (TERM, HUP, INT, TSTP, SEGV, …)
 *   expect-stopped · continue     the program has stopped · brings it back
 *   hangup                        closes the terminal
 *   bytes                         begins to count the bytes that the program sends; of a start, those from the full screen on
 *   expect-bytes-below N          since `bytes`
 *   throttle N MS                 from now on a line of N bytes a second takes the output; what is typed comes MS later
 *   expect-queue-below N          that many bytes wait at most to be sent over it; it is lifted
 *   suspends N                    stops and continues it N times; each time modes and screen are looked at
 *   expect-idle MS                for so long no byte is sent and the program never wakes up
 *   expect-exit STATUS [MS]       it ends so (128 + number for a signal), at most MS after the last input (2000)
 *   expect-restored               terminal modes, cursor, screen, paste and mouse modes are as before the start
 *   screen                        prints the screen, for writing scripts
 *
 * The program's output may only hold what the terminfo entry has (xterm-likes: also paste and mouse modes): anything else
 * fails the script. */
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "job.h"
#include "vt.h"

enum { REST = 80, ANSWER = 200, LONGEST_WAIT = 5000, PIECES = 50 /* a second */ };

#define ENTER "\033[?1049h"

struct driver {
  const char *script;
  int line;
  bool failed, running;
  struct job job;
  struct vt vt;
  size_t rows, columns;
  char *terminfo, *input;
  size_t n_bytes;
  long throttle, delay; /* bytes a second, milliseconds; 0: none */
  long long input_time;
  char *kept[16], *kept_names[16];
  size_t n_kept;
};

static long long now(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (long long)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void fail(struct driver *driver, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void print_screen(const struct driver *driver)
{
  for (size_t row = 0; row < driver->vt.rows; row++) {
    char *line = vt_row(&driver->vt, row);
    printf("  |%s\n", line);
    free(line);
  }
  printf("  cursor %zu,%zu%s\n", driver->vt.row, driver->vt.column, driver->vt.cursor_hidden ? " hidden" : "");
}

static void fail(struct driver *driver, const char *format, ...)
{
  va_list arguments;
  printf("%s:%d: ", driver->script, driver->line);
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  putchar('\n');
  if (!driver->failed)
    print_screen(driver);
  driver->failed = true;
}

/* Takes output for at most `milliseconds`, or until it has rested for `rest`; true where some came. */
static bool take_output(struct driver *driver, int milliseconds, int rest)
{
  bool some = false;
  long long end = now() + milliseconds;
  while (driver->job.master >= 0) {
    long long left = end - now();
    struct pollfd polled = {.fd = driver->job.master, .events = POLLIN};
    int wait = left < 0 ? 0 : left < rest ? (int)left : rest;
    if ((left < 0 && driver->throttle) || poll(&polled, 1, wait) <= 0)
      return some;
    char bytes[16384];
    ssize_t n = read(driver->job.master, bytes, driver->throttle ? (size_t)(driver->throttle / PIECES) : sizeof bytes);
    if (n <= 0)
      return some;
    if (driver->throttle)
      usleep((useconds_t)(1000000 * n / driver->throttle));
    const bool was_alternate = driver->vt.alternate;
    vt_feed(&driver->vt, bytes, (size_t)n);
    const char *entered = was_alternate ? NULL : memmem(bytes, (size_t)n, ENTER, strlen(ENTER));
    if (entered)
      driver->n_bytes = (size_t)0 - (size_t)(entered - bytes); /* what was said before the screen opened is no frame */
    const char *record = getenv("PTY_RECORD");
    if (record) {
      FILE *file = fopen(record, "ae");
      fwrite(bytes, 1, (size_t)n, file);
      fclose(file);
    }
    driver->n_bytes += (size_t)n;
    some = true;
  }
  return some;
}

/* Over a slow line, what comes in the time that an answer takes. */
static void settle(struct driver *driver)
{
  take_output(driver, driver->throttle ? ANSWER : LONGEST_WAIT, REST);
}

static void send_bytes(struct driver *driver, const char *bytes, size_t length)
{
  if (driver->delay)
    take_output(driver, (int)driver->delay, (int)driver->delay);
  driver->input_time = now();
  while (length > 0 && driver->job.master >= 0) {
    ssize_t n = write(driver->job.master, bytes, length);
    if (n <= 0) {
      fail(driver, "the program does not take input: %s", strerror(errno));
      return;
    }
    bytes += n;
    length -= (size_t)n;
  }
}

/* Replaces escapes in place; returns the length. */
static size_t unescape(char *text)
{
  size_t n = 0;
  for (char *at = text; *at; at++) {
    static const char names[] = "ernts\\", values[] = "\033\r\n\t \\";
    const char *name = *at == '\\' && at[1] ? strchr(names, at[1]) : NULL;
    if (name) {
      text[n++] = values[name - names];
      at++;
    } else if (*at == '\\' && at[1] == 'x') {
      char digits[3] = {at[2], at[2] ? at[3] : '\0', '\0'};
      text[n++] = (char)strtol(digits, NULL, 16);
      at += 1 + strlen(digits);
    } else {
      text[n++] = *at;
    }
  }
  text[n] = '\0';
  return n;
}

static void send_key(struct driver *driver, const char *name)
{
  static const char *const keys[][2] = {
      {"Enter", "\r"},      {"Esc", "\033"},     {"Tab", "\t"},        {"S-Tab", "\033[Z"},  {"Space", " "},
      {"Up", "\033[A"},     {"Down", "\033[B"},  {"Right", "\033[C"},  {"Left", "\033[D"},   {"Home", "\033[H"},
      {"End", "\033[F"},    {"PgUp", "\033[5~"}, {"PgDn", "\033[6~"},  {"Delete", "\033[3~"}, {"Backspace", "\177"},
      {"F1", "\033OP"},     {"F2", "\033OQ"},    {"F4", "\033OS"},     {"F5", "\033[15~"},   {"F10", "\033[21~"},
      {"F12", "\033[24~"},
  };
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (strcmp(keys[i][0], name) == 0) {
      send_bytes(driver, keys[i][1], strlen(keys[i][1]));
      return;
    }
  if (strncmp(name, "C-", 2) == 0 && name[2]) {
    char byte = (char)(name[2] & 0x1f);
    send_bytes(driver, &byte, 1);
  } else if (strncmp(name, "M-", 2) == 0 && name[2]) {
    char bytes[2] = {'\033', name[2]};
    send_bytes(driver, bytes, 2);
  } else if (name[1] == '\0') {
    send_bytes(driver, name, 1);
  } else {
    fail(driver, "unknown key %s", name);
  }
}

static int signal_number(const char *name)
{
  static const struct {
    const char *name;
    int number;
  } signals[] = {{"TERM", SIGTERM}, {"HUP", SIGHUP},   {"INT", SIGINT},   {"QUIT", SIGQUIT}, {"ABRT", SIGABRT},
                 {"SEGV", SIGSEGV}, {"BUS", SIGBUS},   {"FPE", SIGFPE},   {"TSTP", SIGTSTP}, {"CONT", SIGCONT},
                 {"STOP", SIGSTOP}, {"KILL", SIGKILL}, {"WINCH", SIGWINCH}};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
    if (strcmp(signals[i].name, name) == 0)
      return signals[i].number;
  return 0;
}

/* Commands.  Each gets the rest of its line. */

static void do_start(struct driver *driver, char *rest)
{
  char *arguments[64];
  size_t n = 0;
  for (char *word = strtok(rest, " "); word && n < 63; word = strtok(NULL, " "))
    arguments[n++] = word;
  arguments[n] = NULL;
  const char *type = driver->terminfo ? driver->terminfo : getenv("TERM");
  vt_clear(&driver->vt);
  job_end(&driver->job);
  if (!vt_init(&driver->vt, type, driver->rows, driver->columns))
    fail(driver, "no terminfo entry for %s", type);
  driver->n_bytes = 0;
  driver->input_time = now();
  driver->running = job_start(&driver->job, arguments, driver->input, driver->rows, driver->columns);
  if (!driver->running)
    fail(driver, "cannot start %s", arguments[0]);
  take_output(driver, LONGEST_WAIT, 1000); /* the first byte may take a moment */
}

static void do_wait(struct driver *driver, const char *text, long long end)
{
  while (!vt_contains(&driver->vt, text) && now() < end)
    take_output(driver, (int)(end - now()) + 1, 2);
  if (!vt_contains(&driver->vt, text))
    fail(driver, "\"%s\" did not come", text);
}

static void do_resize(struct driver *driver, const char *rest)
{
  if (sscanf(rest, "%zu %zu", &driver->rows, &driver->columns) != 2) {
    fail(driver, "resize ROWS COLUMNS");
    return;
  }
  driver->input_time = now();
  vt_resize(&driver->vt, driver->rows, driver->columns);
  job_resize(&driver->job, driver->rows, driver->columns);
  take_output(driver, 400, 400);
  settle(driver);
}

static void do_storm(struct driver *driver, const char *rest)
{
  unsigned n, rows, columns, gap, seed = 1;
  if (sscanf(rest, "%u %u %u %u", &n, &rows, &columns, &gap) != 4) {
    fail(driver, "storm N ROWS COLUMNS MS");
    return;
  }
  for (unsigned i = 0; i < n; i++) {
    seed = seed * 1103515245u + 12345u;
    size_t r = i == n / 2 ? 1 : 1 + (seed >> 16) % rows;
    seed = seed * 1103515245u + 12345u;
    size_t c = i == n / 2 ? 1 : 1 + (seed >> 16) % columns;
    vt_resize(&driver->vt, r, c);
    job_resize(&driver->job, r, c);
    take_output(driver, (int)gap, (int)gap);
  }
}

static char *screen_text(const struct driver *driver)
{
  char *text = NULL;
  size_t size;
  FILE *stream = open_memstream(&text, &size);
  for (size_t row = 0; row < driver->vt.rows; row++) {
    char *line = vt_row(&driver->vt, row);
    fprintf(stream, "%s\n", line);
    free(line);
  }
  fclose(stream);
  return text;
}

static void do_keep(struct driver *driver, const char *name)
{
  if (driver->n_kept == 16) {
    fail(driver, "too many kept screens");
    return;
  }
  driver->kept_names[driver->n_kept] = strdup(name);
  driver->kept[driver->n_kept++] = screen_text(driver);
}

static void do_expect_kept(struct driver *driver, const char *name)
{
  char *text = screen_text(driver);
  bool found = false;
  for (size_t i = 0; i < driver->n_kept; i++)
    if (strcmp(driver->kept_names[i], name) == 0) {
      found = true;
      if (strcmp(driver->kept[i], text) != 0)
        fail(driver, "the screen is not the one kept as %s:\n%s", name, driver->kept[i]);
    }
  if (!found)
    fail(driver, "no screen was kept as %s", name);
  free(text);
}

static void do_expect_exit(struct driver *driver, const char *rest)
{
  int status = 0, limit = 2000;
  sscanf(rest, "%d %d", &status, &limit);
  long long end = driver->input_time + limit;
  while (!driver->job.ended && now() < end) {
    job_look(&driver->job, 2);
    take_output(driver, 2, 2);
  }
  settle(driver);
  driver->running = false;
  if (!driver->job.ended)
    fail(driver, "it has not ended within %d ms", limit);
  else if (driver->job.exit_status != status)
    fail(driver, "exit status %d instead of %d", driver->job.exit_status, status);
}

/* How often the program's threads went to sleep of their own will so far. */
static long count_wakes(pid_t process)
{
  char name[64], line[256];
  long count = 0, value;
  snprintf(name, sizeof name, "/proc/%d/status", (int)process);
  FILE *file = fopen(name, "re");
  while (file && fgets(line, sizeof line, file))
    if (sscanf(line, "voluntary_ctxt_switches: %ld", &value) == 1)
      count += value;
  if (file)
    fclose(file);
  return count;
}

static void do_expect_idle(struct driver *driver, int milliseconds)
{
  settle(driver);
  long before = count_wakes(driver->job.program);
  if (take_output(driver, milliseconds, milliseconds))
    fail(driver, "output came while idle");
  if (count_wakes(driver->job.program) != before)
    fail(driver, "the program woke up while idle");
}

static void do_expect_restored(struct driver *driver)
{
  struct termios modes;
  const struct vt *vt = &driver->vt;
  settle(driver);
  if (tcgetattr(driver->job.master, &modes) != 0)
    fail(driver, "the terminal is gone");
  else if (modes.c_iflag != driver->job.before.c_iflag || modes.c_oflag != driver->job.before.c_oflag ||
           modes.c_lflag != driver->job.before.c_lflag || modes.c_cflag != driver->job.before.c_cflag)
    fail(driver, "the terminal's modes are not restored");
  if (vt->alternate || vt->cursor_hidden || vt->paste || vt->mouse || vt->keypad || vt->line_drawing)
    fail(driver, "left on:%s%s%s%s%s%s", vt->alternate ? " alternate screen" : "", vt->cursor_hidden ? " no cursor" : "",
         vt->paste ? " paste" : "", vt->mouse ? " mouse" : "", vt->keypad ? " keypad" : "",
         vt->line_drawing ? " line drawing" : "");
  if (vt->pen.bold || vt->pen.dim || vt->pen.reverse || vt->pen.underline || vt->pen.foreground >= 0)
    fail(driver, "left on: an attribute");
}

/* Whether the terminal is as before the start, while the program is stopped. */
static bool is_given_back(const struct driver *driver)
{
  struct termios modes;
  return tcgetattr(driver->job.master, &modes) == 0 && modes.c_lflag == driver->job.before.c_lflag &&
         modes.c_iflag == driver->job.before.c_iflag && modes.c_oflag == driver->job.before.c_oflag && !driver->vt.alternate &&
         !driver->vt.cursor_hidden && !driver->vt.paste && !driver->vt.mouse;
}

/* Every tenth time the window has another size in between. */
static void do_suspends(struct driver *driver, int n)
{
  char *before = screen_text(driver);
  for (int i = 0; i < n && !driver->failed; i++) {
    kill(driver->job.program, SIGTSTP);
    for (int k = 0; k < 100 && !driver->job.stopped; k++) {
      take_output(driver, 5, 5);
      job_look(&driver->job, 5);
    }
    take_output(driver, 10, 2);
    if (!driver->job.stopped || !is_given_back(driver))
      fail(driver, "suspended for the %dth time it has not %s", i + 1, driver->job.stopped ? "given the terminal back" : "stopped");
    const bool resized = i % 10 == 5;
    if (resized) {
      vt_resize(&driver->vt, driver->rows + 3, driver->columns + 7);
      job_resize(&driver->job, driver->rows + 3, driver->columns + 7);
    }
    job_continue(&driver->job);
    for (int k = 0; k < 100 && !driver->vt.alternate; k++)
      take_output(driver, 20, 2);
    take_output(driver, 200, resized ? 60 : 10);
    if (resized) {
      vt_resize(&driver->vt, driver->rows, driver->columns);
      job_resize(&driver->job, driver->rows, driver->columns);
      take_output(driver, 200, 60);
    }
  }
  settle(driver);
  char *after = screen_text(driver);
  if (strcmp(before, after) != 0)
    fail(driver, "the screen is not the one before:\n%s", before);
  free(before);
  free(after);
}

/* All that is on its way comes at once; how much that was. */
static void do_expect_queue_below(struct driver *driver, long limit)
{
  driver->throttle = driver->delay = 0;
  driver->n_bytes = 0;
  settle(driver); /* at full speed */
  if (driver->n_bytes >= (size_t)limit)
    fail(driver, "%zu bytes were on their way", driver->n_bytes);
}

static void do_slow(struct driver *driver, char *rest)
{
  char *text;
  int gap = (int)strtol(rest, &text, 10);
  text += *text == ' ';
  size_t length = unescape(text);
  for (size_t i = 0; i < length; i++) {
    send_bytes(driver, text + i, 1);
    take_output(driver, gap, gap);
  }
  settle(driver);
}

static void do_type(struct driver *driver, char *text, bool paste)
{
  size_t length = unescape(text);
  if (paste)
    send_bytes(driver, "\033[200~", 6);
  send_bytes(driver, text, length);
  if (paste)
    send_bytes(driver, "\033[201~", 6);
  settle(driver);
}

/* Commands about the program's life; false where the name is none of them. */
static bool run_life_command(struct driver *driver, const char *name, char *rest)
{
  if (strcmp(name, "start") == 0) {
    do_start(driver, rest);
  } else if (strcmp(name, "signal") == 0) {
    driver->input_time = now();
    kill(driver->job.program, signal_number(rest));
    take_output(driver, 300, REST);
  } else if (strcmp(name, "expect-stopped") == 0) {
    for (int i = 0; i < 100 && !driver->job.stopped; i++)
      job_look(&driver->job, 20);
    if (!driver->job.stopped)
      fail(driver, "it has not stopped");
  } else if (strcmp(name, "continue") == 0) {
    driver->input_time = now();
    job_continue(&driver->job);
    take_output(driver, 500, 500);
    settle(driver);
  } else if (strcmp(name, "hangup") == 0) {
    driver->input_time = now();
    close(driver->job.master);
    driver->job.master = -1;
  } else if (strcmp(name, "expect-exit") == 0) {
    do_expect_exit(driver, rest);
  } else if (strcmp(name, "expect-restored") == 0) {
    do_expect_restored(driver);
  } else if (strcmp(name, "expect-idle") == 0) {
    do_expect_idle(driver, atoi(rest));
  } else {
    return false;
  }
  return true;
}

static bool run_setting(struct driver *driver, const char *name, char *rest)
{
  if (strcmp(name, "size") == 0) {
    if (sscanf(rest, "%zu %zu", &driver->rows, &driver->columns) != 2)
      fail(driver, "size ROWS COLUMNS");
  } else if (strcmp(name, "env") == 0 && strchr(rest, '=')) {
    char *value = strchr(rest, '=');
    *value++ = '\0';
    setenv(rest, value, 1);
    if (strcmp(rest, "LANG") == 0)
      setlocale(LC_CTYPE, "");
  } else if (strcmp(name, "unset") == 0) {
    unsetenv(rest);
  } else if (strcmp(name, "terminfo") == 0) {
    free(driver->terminfo);
    driver->terminfo = strdup(rest);
  } else if (strcmp(name, "stdin") == 0) {
    free(driver->input);
    driver->input = strdup(rest);
  } else {
    return false;
  }
  return true;
}

static void run_command(struct driver *driver, const char *name, char *rest)
{
  if (run_setting(driver, name, rest) || run_life_command(driver, name, rest))
    return;
  if (strcmp(name, "type") == 0 || strcmp(name, "paste") == 0) {
    do_type(driver, rest, name[0] == 'p');
  } else if (strcmp(name, "key") == 0) {
    for (char *word = strtok(rest, " "); word; word = strtok(NULL, " "))
      send_key(driver, word);
    settle(driver);
  } else if (strcmp(name, "slow") == 0) {
    do_slow(driver, rest);
  } else if (strcmp(name, "wait") == 0) {
    do_wait(driver, rest, now() + LONGEST_WAIT);
  } else if (strcmp(name, "wait-within") == 0) {
    char *text;
    long limit = strtol(rest, &text, 10);
    do_wait(driver, text + (*text == ' '), driver->input_time + limit);
  } else if (strcmp(name, "expect") == 0 || strcmp(name, "expect-not") == 0) {
    unescape(rest);
    if (vt_contains(&driver->vt, rest) != (strcmp(name, "expect") == 0))
      fail(driver, "\"%s\" is %s the screen", rest, name[6] ? "on" : "not on");
  } else if (strcmp(name, "resize") == 0) {
    do_resize(driver, rest);
  } else if (strcmp(name, "storm") == 0) {
    do_storm(driver, rest);
  } else if (strcmp(name, "keep") == 0) {
    do_keep(driver, rest);
  } else if (strcmp(name, "expect-kept") == 0) {
    do_expect_kept(driver, rest);
  } else if (strcmp(name, "bytes") == 0) {
    driver->n_bytes = 0;
  } else if (strcmp(name, "pause") == 0) {
    take_output(driver, atoi(rest), atoi(rest));
  } else if (strcmp(name, "throttle") == 0) {
    if (sscanf(rest, "%ld %ld", &driver->throttle, &driver->delay) != 2 || driver->throttle < PIECES)
      fail(driver, "throttle BYTES MS");
  } else if (strcmp(name, "expect-queue-below") == 0) {
    do_expect_queue_below(driver, atol(rest));
  } else if (strcmp(name, "suspends") == 0) {
    do_suspends(driver, atoi(rest));
  } else if (strcmp(name, "expect-bytes-below") == 0) {
    if (driver->n_bytes >= (size_t)atol(rest))
      fail(driver, "%zu bytes were sent", driver->n_bytes);
  } else if (strcmp(name, "screen") == 0) {
    print_screen(driver);
  } else {
    fail(driver, "unknown command %s", name);
  }
}

/* $NAME from the environment. */
static char *expand(const char *line)
{
  char *text = NULL;
  size_t size;
  FILE *stream = open_memstream(&text, &size);
  while (*line) {
    size_t n = *line == '$' ? strspn(line + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_") : 0;
    if (n > 0) {
      char name[128];
      snprintf(name, sizeof name, "%.*s", (int)n, line + 1);
      fputs(getenv(name) ? getenv(name) : "", stream);
      line += n + 1;
    } else {
      fputc(*line++, stream);
    }
  }
  fclose(stream);
  return text;
}

static void set_environment(void)
{
  unsetenv("LC_ALL");
  unsetenv("LC_CTYPE");
  unsetenv("NO_COLOR");
  unsetenv("ESCDELAY");
  setenv("LANG", "C.UTF-8", 1);
  setenv("TERM", "xterm-256color", 1);
  setlocale(LC_CTYPE, "");
}

static bool run_script(const char *script)
{
  static struct driver driver;
  driver = (struct driver){.script = script, .rows = 24, .columns = 80, .job.master = -1};
  FILE *file = fopen(script, "re");
  char *line = NULL;
  size_t size = 0;
  if (!file) {
    printf("%s: %s\n", script, strerror(errno));
    return false;
  }
  set_environment();
  while (!driver.failed && getline(&line, &size, file) >= 0) {
    driver.line++;
    line[strcspn(line, "\n")] = '\0';
    if (line[0] == '\0' || line[0] == '#')
      continue;
    char *text = expand(line);
    char *rest = text + strcspn(text, " ");
    if (*rest)
      *rest++ = '\0';
    run_command(&driver, text, rest);
    if (driver.vt.n_unknown > 0)
      fail(&driver, "%zu sequences are not in the terminfo entry, the first: %s", driver.vt.n_unknown, driver.vt.unknown);
    free(text);
  }
  free(line);
  fclose(file);
  job_end(&driver.job);
  vt_clear(&driver.vt);
  free(driver.terminfo);
  free(driver.input);
  for (size_t i = 0; i < driver.n_kept; i++) {
    free(driver.kept[i]);
    free(driver.kept_names[i]);
  }
  return !driver.failed;
}

int main(int argc, char **argv)
{
  bool passed = argc > 1;
  signal(SIGPIPE, SIG_IGN);
  for (int i = 1; i < argc; i++) {
    fflush(stdout);
    pid_t child = fork(); /* each script has an environment of its own */
    if (child == 0)
      exit(run_script(argv[i]) ? 0 : 1);
    int status = 1;
    waitpid(child, &status, 0);
    printf("%s %s\n", status == 0 ? "PASS" : "FAIL", argv[i]);
    passed &= status == 0;
  }
  return passed ? 0 : 1;
}
