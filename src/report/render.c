/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/render.h"

#include <string.h>

bool render_format_find(const char *name, enum render_format *format)
{
  static const char *const names[] = {
      [FORMAT_TEXT] = "text",   [FORMAT_JSON] = "json",   [FORMAT_TSV] = "tsv", [FORMAT_CSV] = "csv",
      [FORMAT_MARKDOWN] = "md", [FORMAT_LATEX] = "latex", [FORMAT_SVG] = "svg",
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strcmp(names[i], name) != 0)
      continue;
    *format = (enum render_format)i;
    return true;
  }
  return false;
}

static const struct report_item *first_figure(const struct report *report)
{
  for (size_t i = 0; i < report->n_items; i++)
    if (report->items[i].kind == ITEM_PLOT || report->items[i].kind == ITEM_NOMOGRAM)
      return &report->items[i];
  return NULL;
}

bool render_has_figure(const struct report *report)
{
  return first_figure(report) != NULL;
}

void render_figure(struct text *out, const struct report *report, const struct draw_options *drawing)
{
  const struct report_item *figure = first_figure(report);
  if (figure && figure->kind == ITEM_PLOT)
    render_svg(out, figure->as.plot, drawing);
  else if (figure)
    render_svg_nomogram(out, figure->as.nomogram);
}

void render_report(struct text *out, const struct report *report, enum render_format format,
                   const struct render_options *options)
{
  switch (format) {
  case FORMAT_TEXT:
    if (options->table)
      render_delimited(out, report, options, '\t');
    else
      render_text(out, report, options);
    break;
  case FORMAT_JSON:
    render_json(out, report, options);
    break;
  case FORMAT_TSV:
    render_delimited(out, report, options, '\t');
    break;
  case FORMAT_CSV:
    render_delimited(out, report, options, ',');
    break;
  case FORMAT_MARKDOWN:
    render_markdown(out, report, options);
    break;
  case FORMAT_LATEX:
    render_latex(out, report, options);
    break;
  case FORMAT_SVG:
    render_figure(out, report, &options->drawing);
    break;
  }
}
