/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/waiting.h"

#include <time.h>

#include "base/text.h"
#include "base/utf8.h"
#include "report/canvas.h"

enum { MILLISECOND = 1000000, PATIENCE = 100 * MILLISECOND, COLUMNS = 78 };

/* What is told at a time, to be compared with what was told before. */
struct told {
  size_t step;
  int percent; /* -1: the step does not tell */
};

/* Over what stood there; step 0 wipes it. */
static void say(const struct waiting *waiting, struct told told)
{
  struct text words = TEXT_INIT, visible = TEXT_INIT, percent = TEXT_INIT;
  if (told.percent >= 0)
    text_append_format(&percent, "%d %% ", told.percent);
  if (told.step && waiting->n)
    text_append_format(&words, "step %zu of %zu %s(Ctrl-C ends it): %s", told.step, waiting->n, text_string(&percent),
                       waiting->name);
  else if (told.step)
    text_append_format(&words, "%s(Ctrl-C ends it): %s", text_string(&percent), waiting->name);
  utf8_append_visible(&visible, text_string(&words));
  const size_t bytes = canvas_line_length(text_string(&visible), COLUMNS);
  fprintf(waiting->terminal, "\r%.*s", (int)bytes, text_string(&visible));
  for (size_t width = utf8_string_width(text_string(&visible)); width < COLUMNS; width++)
    fputc(' ', waiting->terminal);
  fputc('\r', waiting->terminal);
  fflush(waiting->terminal);
  text_clear(&words);
  text_clear(&visible);
  text_clear(&percent);
}

/* Tells, a tenth of a second after one another, which step is on and how far it is. */
static void *tell(void *data)
{
  struct waiting *waiting = data;
  struct told said = {0, -1};
  pthread_mutex_lock(&waiting->lock);
  while (!waiting->is_done) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += PATIENCE;
    until.tv_sec += until.tv_nsec / (1000 * MILLISECOND);
    until.tv_nsec %= 1000 * MILLISECOND;
    if (!pthread_cond_timedwait(&waiting->done, &waiting->lock, &until) || waiting->is_done)
      continue;
    const double done = atomic_load_explicit(&waiting->task.done, memory_order_relaxed);
    const struct told now = {waiting->step, done > 0 ? (int)(100 * done) : -1};
    if (now.step != said.step || now.percent != said.percent)
      say(waiting, said = now);
  }
  pthread_mutex_unlock(&waiting->lock);
  if (said.step)
    say(waiting, (struct told){0, -1});
  return NULL;
}

void waiting_begin(struct waiting *waiting, FILE *terminal, const char *name, size_t n)
{
  *waiting = (struct waiting){.terminal = terminal, .name = name, .n = n, .step = n == 0};
  task_init(&waiting->task);
  if (!terminal)
    return;
  pthread_mutex_init(&waiting->lock, NULL);
  pthread_cond_init(&waiting->done, NULL);
  waiting->is_running = pthread_create(&waiting->thread, NULL, tell, waiting) == 0;
}

void waiting_step(struct waiting *waiting, size_t step)
{
  if (!waiting->is_running)
    return;
  pthread_mutex_lock(&waiting->lock);
  waiting->step = step;
  task_init(&waiting->task);
  pthread_mutex_unlock(&waiting->lock);
}

void waiting_end(struct waiting *waiting)
{
  if (waiting->is_running) {
    pthread_mutex_lock(&waiting->lock);
    waiting->is_done = true;
    pthread_cond_signal(&waiting->done);
    pthread_mutex_unlock(&waiting->lock);
    pthread_join(waiting->thread, NULL);
  }
  if (waiting->terminal) {
    pthread_mutex_destroy(&waiting->lock);
    pthread_cond_destroy(&waiting->done);
  }
}
