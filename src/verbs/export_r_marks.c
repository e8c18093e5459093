/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Published results beside the curves' own, in R. */
#include <math.h>

#include "base/number.h"
#include "lang/expr_r.h"
#include "verbs/export_r.h"
#include "verbs/present_marks.h"

static void append_value(struct text *text, const struct mark *mark, size_t column)
{
  const double values[] = {mark->is_median ? (double)NAN : mark->time, mark->value, mark->low, mark->high};
  if (column == 0)
    r_append_string(text, mark->name);
  else if (column == 1)
    r_append_string(text, mark->is_median ? "median" : "survival");
  else if (isnan(values[column - 2]))
    text_append(text, "NA_real_");
  else
    number_append_short(text, values[column - 2]);
}

void export_r_marks(struct export_r *script)
{
  static const char *const columns[] = {"mark", "measure", "time", "published", "low", "high"};
  const struct mark_set *set = script->after->marks;
  struct text *body = &script->body;
  size_t n = 0;
  for (size_t i = 0; set && i < set->n; i++)
    n += present_mark_is_shown(script->after, &set->marks[i]);
  if (!n)
    return;
  text_append(body, "marks <- data.frame(");
  for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
    size_t written = 0;
    text_append_format(body, "%s%s = c(", c ? ",\n  " : "", columns[c]);
    for (size_t i = 0; i < set->n; i++) {
      if (!present_mark_is_shown(script->after, &set->marks[i]))
        continue;
      text_append(body, written++ ? ", " : "");
      append_value(body, &set->marks[i], c);
    }
    text_append(body, ")");
  }
  text_append(body,
              ")\n"
              "print_table(\"km_marks\", do.call(rbind, lapply(seq_len(nlevels(shown$group)), function(g) {\n"
              "  own <- vapply(seq_len(nrow(marks)), function(i) {\n"
              "    if (marks$measure[i] == \"median\") return(as.numeric(median[g, ]))\n"
              "    at <- at_times(fit, shown, marks$time[i])\n"
              "    as.numeric(at[at$group == levels(shown$group)[g], c(\"estimate\", \"conf_low\", \"conf_high\")])\n"
              "  }, numeric(3))\n"
              "  data.frame(group = levels(shown$group)[g], marks, estimate = own[1, ], conf_low = own[2, ], conf_high = own[3, ])\n"
              "})))\n");
}
