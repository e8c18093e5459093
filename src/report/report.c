/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static void item_clear(struct report_item *item)
{
  switch (item->kind) {
  case ITEM_PRINTED:
    printed_table_free(item->as.printed);
    break;
  case ITEM_PLOT:
    plot_free(item->as.plot);
    break;
  case ITEM_FOREST:
    forest_plot_free(item->as.forest);
    break;
  case ITEM_FLOW:
    flow_plot_free(item->as.flow);
    break;
  case ITEM_NOMOGRAM:
    nomogram_plot_free(item->as.nomogram);
    break;
  case ITEM_CALIBRATION:
    calibration_plot_free(item->as.calibration);
    break;
  case ITEM_TEXT:
  case ITEM_HEADING:
  case ITEM_NOTE:
    free(item->as.text);
    break;
  }
}

void report_clear(struct report *report)
{
  for (size_t i = 0; i < report->n_tables; i++)
    table_free(report->tables[i]);
  for (size_t i = 0; i < report->n_items; i++)
    item_clear(&report->items[i]);
  for (size_t i = 0; i < report->n_warnings; i++)
    free(report->warnings[i]);
  report_set_sequel(report, NULL, NULL);
  free(report->tables);
  free(report->items);
  free(report->warnings);
  free(report->command);
  *report = (struct report)REPORT_INIT;
}

void report_set_command(struct report *report, const char *command)
{
  char *copy = memory_copy_string(command);
  free(report->command);
  report->command = copy;
}

void report_set_cohort(struct report *report, size_t n, size_t used)
{
  report->has_cohort = true;
  report->n = n;
  report->used = used;
  report->dropped = n - used;
}

void report_add_table(struct report *report, struct table *table)
{
  MEMORY_APPEND(report->tables, report->n_tables, report->tables_capacity, table);
}

void report_add_item(struct report *report, struct report_item item)
{
  MEMORY_APPEND(report->items, report->n_items, report->items_capacity, item);
}

void report_add_printed(struct report *report, struct printed_table *table)
{
  report_add_item(report, (struct report_item){.kind = ITEM_PRINTED, .as.printed = table});
}

void report_add_plot(struct report *report, struct plot *plot)
{
  report_add_item(report, (struct report_item){.kind = ITEM_PLOT, .as.plot = plot});
}

void report_add_forest(struct report *report, struct forest_plot *plot)
{
  if (plot->n_rows)
    report_add_item(report, (struct report_item){.kind = ITEM_FOREST, .as.forest = plot});
  else
    forest_plot_free(plot);
}

void report_add_flow(struct report *report, struct flow_plot *plot)
{
  report_add_item(report, (struct report_item){.kind = ITEM_FLOW, .as.flow = plot});
}

void report_add_calibration(struct report *report, struct calibration_plot *plot)
{
  size_t n = 0;
  for (size_t i = 0; i < plot->n_series; i++)
    n += plot->series[i].n;
  if (n)
    report_add_item(report, (struct report_item){.kind = ITEM_CALIBRATION, .as.calibration = plot});
  else
    calibration_plot_free(plot);
}

void report_add_nomogram(struct report *report, struct nomogram_plot *plot)
{
  report_add_item(report, (struct report_item){.kind = ITEM_NOMOGRAM, .as.nomogram = plot});
}

void report_add_heading(struct report *report, unsigned level, const char *words)
{
  report_add_item(report,
                  (struct report_item){.kind = ITEM_HEADING, .level = level, .as.text = memory_copy_string(words)});
}

void report_add_note(struct report *report, const char *words)
{
  report_add_item(report, (struct report_item){.kind = ITEM_NOTE, .as.text = memory_copy_string(words)});
}

static char *formatted(const char *format, va_list arguments)
{
  struct text text = TEXT_INIT;
  text_append_vformat(&text, format, arguments);
  return text_take(&text);
}

void report_add_text(struct report *report, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  report_add_item(report, (struct report_item){.kind = ITEM_TEXT, .as.text = formatted(format, arguments)});
  va_end(arguments);
}

void report_warn(struct report *report, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  MEMORY_APPEND(report->warnings, report->n_warnings, report->warnings_capacity, formatted(format, arguments));
  va_end(arguments);
}

void report_set_sequel(struct report *report, void *data, void (*clear)(void *data))
{
  if (report->sequel.clear)
    report->sequel.clear(report->sequel.data);
  report->sequel = (struct report_sequel){.data = data, .clear = clear};
}

void *report_take_sequel(struct report *report, void (*clear)(void *data))
{
  void *data = report->sequel.data;
  if (!data || report->sequel.clear != clear)
    return NULL;
  report->sequel = (struct report_sequel){.data = NULL};
  return data;
}

const struct table *report_find_table(const struct report *report, const char *id)
{
  for (size_t i = 0; i < report->n_tables; i++)
    if (strcmp(report->tables[i]->id, id) == 0)
      return report->tables[i];
  return NULL;
}

bool report_item_is_figure(const struct report_item *item)
{
  return item->kind == ITEM_PLOT || item->kind == ITEM_FOREST || item->kind == ITEM_FLOW ||
         item->kind == ITEM_NOMOGRAM || item->kind == ITEM_CALIBRATION;
}

const struct report_item *report_find_figure(const struct report *report)
{
  for (size_t i = 0; i < report->n_items; i++)
    if (report_item_is_figure(&report->items[i]))
      return &report->items[i];
  return NULL;
}

const struct report_item *report_find_item(const struct report *report, enum report_item_kind kind)
{
  for (size_t i = 0; i < report->n_items; i++)
    if (report->items[i].kind == kind)
      return &report->items[i];
  return NULL;
}
