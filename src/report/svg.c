/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/svg.h"

#include "base/utf8.h"

void svg_begin(struct text *out, double width, double height)
{
  text_append_format(out,
                     "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" "
                     "font-family=\"sans-serif\" font-size=\"%d\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
                     width, height, width, height, SVG_FONT);
}

void svg_append_xml(struct text *out, const char *string)
{
  struct text visible = TEXT_INIT;
  utf8_append_visible(&visible, string);
  for (const char *at = text_string(&visible); *at; at++) {
    if (*at == '&')
      text_append(out, "&amp;");
    else if (*at == '<')
      text_append(out, "&lt;");
    else if (*at == '>')
      text_append(out, "&gt;");
    else if (*at == '"')
      text_append(out, "&quot;");
    else if (*at == ' ' && at[1] == ' ')
      text_append(out, "\u00A0"); /* blanks that follow one another would be shown as one */
    else
      text_append_char(out, *at);
  }
  text_clear(&visible);
}

void svg_label(struct text *out, double x, double y, const char *anchor, const char *string)
{
  if (!string)
    return;
  text_append_format(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor);
  svg_append_xml(out, string);
  text_append(out, "</text>\n");
}

void svg_title(struct text *out, double x, double y, const char *string)
{
  if (!string)
    return;
  text_append_format(out, "<text x=\"%.1f\" y=\"%.1f\" font-weight=\"bold\">", x, y);
  svg_append_xml(out, string);
  text_append(out, "</text>\n");
}

void svg_line(struct text *out, const double from[2], const double to[2], const char *attributes)
{
  text_append_format(out, "<line x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" y2=\"%.2f\" %s/>\n", from[0], from[1], to[0], to[1],
                     attributes);
}

void svg_box(struct text *out, const double corner[2], double width, double height)
{
  text_append_format(out,
                     "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"#fff\" stroke=\"#000\"/>\n",
                     corner[0], corner[1], width, height);
}

double svg_text_width(const char *string)
{
  const double column = 7.2; /* wide letters count as two columns of the terminal */
  return string ? column * (double)utf8_string_width(string) : 0;
}
