/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/term_signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "ui/term_rescue.h"

static const int caught[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM, SIGHUP};
enum { N_CAUGHT = sizeof caught / sizeof *caught };

/* Handlers take no argument of ours: what they need has to lie at file scope. */
static int signal_pipe[2] = {-1, -1};
static volatile sig_atomic_t end_pending;
static struct sigaction former[N_CAUGHT];

static void note_signal(int number)
{
  int error = errno;
  if (number == SIGTERM || number == SIGHUP) {
    if (end_pending) {
      rescue_run();
      _exit(128 + number);
    }
    end_pending = 1;
  }
  char byte = (char)number;
  ssize_t written = write(signal_pipe[1], &byte, 1);
  (void)written; /* a full pipe already says that signals came */
  errno = error;
}

void signals_catch(void)
{
  if (signal_pipe[0] >= 0 || pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0)
    return;
  end_pending = 0;
  struct sigaction action = {.sa_handler = note_signal, .sa_flags = SA_RESTART};
  sigfillset(&action.sa_mask);
  for (size_t i = 0; i < N_CAUGHT; i++) {
    sigaction(caught[i], NULL, &former[i]);
    bool ignored = former[i].sa_handler == SIG_IGN;
    if (!ignored || (caught[i] != SIGHUP && caught[i] != SIGTSTP))
      sigaction(caught[i], &action, NULL);
  }
}

void signals_release(void)
{
  if (signal_pipe[0] < 0)
    return;
  for (size_t i = 0; i < N_CAUGHT; i++)
    sigaction(caught[i], &former[i], NULL);
  close(signal_pipe[0]);
  close(signal_pipe[1]);
  signal_pipe[0] = signal_pipe[1] = -1;
}

int signals_descriptor(void)
{
  return signal_pipe[0];
}

struct signals_seen signals_take(void)
{
  struct signals_seen seen = {.end = 0};
  char bytes[64];
  for (ssize_t n; (n = read(signal_pipe[0], bytes, sizeof bytes)) > 0;) {
    for (ssize_t i = 0; i < n; i++) {
      seen.resized |= bytes[i] == SIGWINCH;
      seen.stop |= bytes[i] == SIGTSTP;
      seen.continued |= bytes[i] == SIGCONT;
      seen.interrupt |= bytes[i] == SIGINT;
      if (bytes[i] == SIGTERM || bytes[i] == SIGHUP)
        seen.end = bytes[i];
    }
  }
  return seen;
}

void signals_stop(bool group)
{
  struct sigaction action = {.sa_handler = SIG_DFL}, ours;
  sigaction(SIGTSTP, NULL, &ours);
  if (ours.sa_handler == SIG_IGN)
    return; /* a shell without job control: nobody would wake us */
  sigaction(SIGTSTP, &action, NULL);
  if (group)
    kill(0, SIGTSTP);
  else
    raise(SIGTSTP);
  sigaction(SIGTSTP, &ours, NULL);
}
