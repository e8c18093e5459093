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

static void render_first_plot(struct text *out, const struct report *report, const struct draw_options *drawing)
{
  for (size_t i = 0; i < report->n_items; i++) {
    if (report->items[i].kind != ITEM_PLOT)
      continue;
    render_svg(out, report->items[i].as.plot, drawing);
    return;
  }
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
    render_first_plot(out, report, &options->drawing);
    break;
  }
}
