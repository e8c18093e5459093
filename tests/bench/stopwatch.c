/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a command some times and prints the median of its wall time in milliseconds, its largest memory in MiB and the least
 * processor time in milliseconds.
 *
 * usage: stopwatch TIMES COMMAND [ARGUMENT …]     the command's output is thrown away */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_TIMES = 1000 };

static double now_ms(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

static _Noreturn void run_silently(char **command)
{
  int null = open("/dev/null", O_RDWR);
  dup2(null, STDIN_FILENO);
  dup2(null, STDOUT_FILENO);
  execvp(command[0], command);
  perror(command[0]);
  _exit(127);
}

static int compare_times(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
  int times = argc > 2 ? atoi(argv[1]) : 0;
  if (times < 1 || times > MAX_TIMES) {
    fputs("usage: stopwatch TIMES COMMAND [ARGUMENT …]\n", stderr);
    return 2;
  }
  double wall[MAX_TIMES], memory = 0, processor = 1e300;
  for (int i = 0; i < times; i++) {
    double begin = now_ms();
    pid_t child = fork();
    if (child == 0)
      run_silently(argv + 2);
    int status;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
      fprintf(stderr, "stopwatch: %s failed\n", argv[2]);
      return 1;
    }
    wall[i] = now_ms() - begin;
    const double used = 1e3 * (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                        1e-3 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    processor = used < processor ? used : processor;
    memory = (double)usage.ru_maxrss / 1024 > memory ? (double)usage.ru_maxrss / 1024 : memory;
  }
  qsort(wall, (size_t)times, sizeof *wall, compare_times);
  printf("%.1f %.1f %.1f\n", wall[times / 2], memory, processor);
  return 0;
}
