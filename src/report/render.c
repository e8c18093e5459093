/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/render.h"

#include <string.h>

#include "report/document.h"

bool render_format_find(const char *name, enum render_format *format)
{
  static const char *const names[] = {
      [FORMAT_TEXT] = "text",   [FORMAT_JSON] = "json",   [FORMAT_TSV] = "tsv", [FORMAT_CSV] = "csv",
      [FORMAT_MARKDOWN] = "md", [FORMAT_LATEX] = "latex", [FORMAT_SVG] = "svg",
      [FORMAT_HTML] = "html",
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strcmp(names[i], name) != 0)
      continue;
    *format = (enum render_format)i;
    return true;
  }
  return false;
}

void render_svg_item(struct text *out, const struct report_item *item, const struct draw_options *drawing)
{
  if (item->kind == ITEM_FOREST)
    render_svg_forest(out, item->as.forest);
  else if (item->kind == ITEM_FLOW)
    render_svg_flow(out, item->as.flow);
  else if (item->kind == ITEM_CALIBRATION)
    render_svg_calibration(out, item->as.calibration);
  else if (item->kind == ITEM_NOMOGRAM)
    render_svg_nomogram(out, item->as.nomogram);
  else
    render_svg(out, item->as.plot, drawing);
}

bool render_svg_report(struct text *out, const struct report *report, const struct draw_options *drawing)
{
  const struct report_item *item = report_find_figure(report);
  if (item)
    render_svg_item(out, item, drawing);
  return item != NULL;
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
    render_svg_report(out, report, &options->drawing);
    break;
  case FORMAT_HTML: {
    const struct document_part part = {.report = *report, .drawing = options->drawing};
    const struct document document = {
        .title = report->command, .parts = (struct document_part *)&part, .n_parts = 1}; /* read only */
    document_render(out, &document, format, options);
    break;
  }
  }
}
