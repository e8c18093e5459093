/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/term_rescue.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Signal handlers take no argument of ours: what they need has to lie at file scope. */
static struct {
  volatile sig_atomic_t armed;
  bool prepared, registered;
  int tty;
  char bytes[512];
  size_t length;
  struct termios modes;
  int real_stderr, caught_stderr; /* -1 while standard error is not caught */
} rescue = {.real_stderr = -1, .caught_stderr = -1};

static _Alignas(16) char crash_stack[64 * 1024];

static const int crash_signals[] = {SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGXCPU, SIGSYS};
enum { N_CRASH_SIGNALS = sizeof crash_signals / sizeof *crash_signals };

static void write_all(int descriptor, const char *bytes, size_t length)
{
  while (length > 0) {
    ssize_t n = write(descriptor, bytes, length);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return;
    bytes += n;
    length -= (size_t)n;
  }
}

static void catch_stderr(void)
{
  if (rescue.real_stderr >= 0 || !isatty(STDERR_FILENO))
    return;
  rescue.caught_stderr = memfd_create("stderr", MFD_CLOEXEC);
  if (rescue.caught_stderr < 0)
    return;
  rescue.real_stderr = dup(STDERR_FILENO);
  if (rescue.real_stderr < 0 || dup2(rescue.caught_stderr, STDERR_FILENO) < 0) {
    close(rescue.caught_stderr);
    rescue.caught_stderr = -1;
  }
}

/* Prints what was caught.  Messages may quote data, and in a signal handler there is no decoding: whatever is not plain
 * ASCII text becomes a question mark, so that no control code passes. */
static void release_stderr(void)
{
  if (rescue.real_stderr < 0)
    return;
  dup2(rescue.real_stderr, STDERR_FILENO);
  close(rescue.real_stderr);
  rescue.real_stderr = -1;
  if (rescue.caught_stderr < 0)
    return;
  char bytes[256];
  lseek(rescue.caught_stderr, 0, SEEK_SET);
  for (ssize_t n; (n = read(rescue.caught_stderr, bytes, sizeof bytes)) > 0;) {
    for (ssize_t i = 0; i < n; i++)
      if (bytes[i] != '\n' && (bytes[i] < ' ' || bytes[i] > '~'))
        bytes[i] = '?';
    write_all(STDERR_FILENO, bytes, (size_t)n);
  }
  close(rescue.caught_stderr);
  rescue.caught_stderr = -1;
}

void rescue_run(void)
{
  if (!rescue.armed)
    return;
  rescue.armed = 0;
  int error = errno;
  write_all(rescue.tty, rescue.bytes, rescue.length);
  tcsetattr(rescue.tty, TCSANOW, &rescue.modes);
  release_stderr();
  errno = error;
}

static void crash(int number)
{
  rescue_run();
  struct sigaction action = {.sa_handler = SIG_DFL};
  sigaction(number, &action, NULL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  raise(number);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void rescue_prepare(int tty, const char *bytes, size_t length, const struct termios *modes)
{
  rescue.tty = tty;
  rescue.length = length < sizeof rescue.bytes ? length : sizeof rescue.bytes;
  memcpy(rescue.bytes, bytes, rescue.length);
  rescue.modes = *modes;
  if (!rescue.registered)
    rescue.registered = atexit(rescue_run) == 0;
  if (rescue.prepared)
    return;
  rescue.prepared = true;
  stack_t stack = {.ss_sp = crash_stack, .ss_size = sizeof crash_stack};
  sigaltstack(&stack, NULL); /* so that a stack that overflowed is caught too */
  struct sigaction action = {.sa_handler = crash, .sa_flags = SA_ONSTACK};
  sigfillset(&action.sa_mask);
  for (size_t i = 0; i < N_CRASH_SIGNALS; i++)
    sigaction(crash_signals[i], &action, NULL);
}

void rescue_arm(void)
{
  catch_stderr();
  rescue.armed = 1;
}

void rescue_disarm(void)
{
  rescue.armed = 0;
  release_stderr();
}

void rescue_end(void)
{
  rescue_disarm();
  struct sigaction action = {.sa_handler = SIG_DFL};
  for (size_t i = 0; i < N_CRASH_SIGNALS; i++)
    sigaction(crash_signals[i], &action, NULL);
  stack_t stack = {.ss_flags = SS_DISABLE};
  sigaltstack(&stack, NULL);
  rescue.prepared = false;
}
