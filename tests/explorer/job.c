/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "job.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct report {
  enum { REPORT_STARTED, REPORT_STOPPED, REPORT_ENDED } what;
  int value; /* process, or exit status */
};

static void tell(int reports, int what, int value)
{
  struct report report = {.what = what, .value = value};
  if (write(reports, &report, sizeof report) != sizeof report)
    _exit(99);
}

static void run_program(char *const *arguments, const char *input)
{
  setpgid(0, 0);
  tcsetpgrp(STDERR_FILENO, getpid());
  int defaults[] = {SIGTTOU, SIGTTIN, SIGTSTP, SIGHUP, SIGINT};
  for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
    signal(defaults[i], SIG_DFL);
  if (input) {
    int descriptor = open(input, O_RDONLY);
    if (descriptor < 0)
      _exit(98);
    dup2(descriptor, STDIN_FILENO);
    close(descriptor);
  }
  execvp(arguments[0], arguments);
  _exit(97);
}

/* The shell: leads the session, outlives a hangup, hands the terminal over and takes it back. */
static void run_shell(char *const *arguments, const char *input, int reports, int orders)
{
  int ignored[] = {SIGTTOU, SIGTTIN, SIGTSTP, SIGHUP, SIGINT};
  for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
    signal(ignored[i], SIG_IGN);
  pid_t program = fork();
  if (program == 0)
    run_program(arguments, input);
  setpgid(program, program);
  tcsetpgrp(STDERR_FILENO, program);
  tell(reports, REPORT_STARTED, program);
  for (int status; waitpid(program, &status, WUNTRACED) == program;) {
    if (!WIFSTOPPED(status)) {
      tell(reports, REPORT_ENDED, WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
      break;
    }
    tcsetpgrp(STDERR_FILENO, getpgrp());
    tell(reports, REPORT_STOPPED, 0);
    char order;
    if (read(orders, &order, 1) != 1)
      break;
    tcsetpgrp(STDERR_FILENO, program);
    kill(-program, SIGCONT);
  }
  char order; /* the terminal stays until its modes were looked at */
  if (read(orders, &order, 1) < 0)
    _exit(1);
  _exit(0);
}

bool job_start(struct job *job, char *const *arguments, const char *input, size_t rows, size_t columns)
{
  int reports[2], orders[2];
  *job = (struct job){.master = -1};
  if (pipe2(reports, O_CLOEXEC) != 0 || pipe2(orders, O_CLOEXEC) != 0)
    return false;
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
  job->shell = forkpty(&job->master, NULL, NULL, &size);
  if (job->shell < 0)
    return false;
  if (job->shell == 0) {
    close(reports[0]);
    close(orders[1]);
    run_shell(arguments, input, reports[1], orders[0]);
  }
  close(reports[1]);
  close(orders[0]);
  job->reports = reports[0];
  job->orders = orders[1];
  fcntl(job->master, F_SETFD, FD_CLOEXEC);
  tcgetattr(job->master, &job->before); /* a terminal has one set of modes for both sides */
  job_look(job, 2000);
  return job->program > 0;
}

void job_look(struct job *job, int milliseconds)
{
  struct pollfd polled = {.fd = job->reports, .events = POLLIN};
  struct report report;
  if (poll(&polled, 1, milliseconds) <= 0 || read(job->reports, &report, sizeof report) != sizeof report)
    return;
  if (report.what == REPORT_STARTED)
    job->program = report.value;
  job->stopped = report.what == REPORT_STOPPED;
  job->ended = report.what == REPORT_ENDED;
  if (job->ended)
    job->exit_status = report.value;
}

void job_continue(struct job *job)
{
  char order = 'c';
  if (write(job->orders, &order, 1) == 1)
    job->stopped = false;
}

void job_resize(struct job *job, size_t rows, size_t columns)
{
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
  ioctl(job->master, TIOCSWINSZ, &size);
}

void job_end(struct job *job)
{
  if (job->shell <= 0)
    return;
  if (!job->ended && job->program > 0)
    kill(job->program, SIGKILL);
  close(job->orders);
  if (job->master >= 0)
    close(job->master);
  waitpid(job->shell, NULL, 0);
  close(job->reports);
  job->shell = 0;
}
