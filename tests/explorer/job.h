/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program in a terminal of its own, under a small shell with job control: it can be stopped and continued. */
#ifndef KAPLAN_TESTS_JOB_H
#define KAPLAN_TESTS_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

struct job {
  int master;          /* the terminal's other side; -1 = none */
  int reports, orders; /* pipes from and to the shell */
  pid_t shell, program;
  struct termios before; /* the terminal's modes before the program */
  bool stopped, ended;
  int exit_status; /* 128 + number for a signal */
};

/* Starts arguments[0]; `input` (or NULL) is its standard input instead of the terminal. */
bool job_start(struct job *job, char *const *arguments, const char *input, size_t rows, size_t columns);

/* Reads what the shell reports; waits at most that many milliseconds for something. */
void job_look(struct job *job, int milliseconds);

/* Brings a stopped program to the foreground again. */
void job_continue(struct job *job);

void job_resize(struct job *job, size_t rows, size_t columns);
void job_end(struct job *job);

#endif
