/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data as words of LaTeX. */
#include <string.h>

#include "base/utf8.h"
#include "report/render_parts.h"

static const struct {
  uint32_t point;
  const char *escape;
} named[] = {
    {'#', "\\#"}, {'$', "\\$"}, {'%', "\\%"}, {'&', "\\&"}, {'_', "\\_"}, {'{', "\\{"}, {'}', "\\}"},
    {'~', "\\textasciitilde{}"}, {'^', "\\textasciicircum{}"}, {'\\', "\\textbackslash{}"},
    {'<', "\\textless{}"}, {'>', "\\textgreater{}"}, {'|', "\\textbar{}"}, {'`', "{\\char96}"},
    {0xA0, "~"}, {0xA7, "\\S{}"}, {0xB0, "$^\\circ$"}, {0xB1, "$\\pm$"}, {0xB2, "\\textsuperscript{2}"},
    {0xB3, "\\textsuperscript{3}"}, {0xB5, "$\\mu$"}, {0xB6, "\\P{}"}, {0xB7, "$\\cdot$"}, {0xB9, "\\textsuperscript{1}"},
    {0xBC, "$\\frac14$"}, {0xBD, "$\\frac12$"}, {0xBE, "$\\frac34$"}, {0xD7, "$\\times$"}, {0xF7, "$\\div$"},
    {0x393, "$\\Gamma$"}, {0x394, "$\\Delta$"}, {0x398, "$\\Theta$"}, {0x39B, "$\\Lambda$"}, {0x3A3, "$\\Sigma$"},
    {0x3A6, "$\\Phi$"}, {0x3A8, "$\\Psi$"}, {0x3A9, "$\\Omega$"},
    {0x3B1, "$\\alpha$"}, {0x3B2, "$\\beta$"}, {0x3B3, "$\\gamma$"}, {0x3B4, "$\\delta$"}, {0x3B5, "$\\varepsilon$"},
    {0x3B6, "$\\zeta$"}, {0x3B7, "$\\eta$"}, {0x3B8, "$\\theta$"}, {0x3B9, "$\\iota$"}, {0x3BA, "$\\kappa$"},
    {0x3BB, "$\\lambda$"}, {0x3BC, "$\\mu$"}, {0x3BD, "$\\nu$"}, {0x3BE, "$\\xi$"}, {0x3C0, "$\\pi$"},
    {0x3C1, "$\\rho$"}, {0x3C3, "$\\sigma$"}, {0x3C4, "$\\tau$"}, {0x3C6, "$\\varphi$"}, {0x3C7, "$\\chi$"},
    {0x3C8, "$\\psi$"}, {0x3C9, "$\\omega$"},
    {0x2009, "\\,"}, {0x2010, "-"}, {0x2011, "\\mbox{-}"}, {0x2012, "--"}, {0x2013, "--"}, {0x2014, "---"},
    {0x2018, "`"}, {0x2019, "'"}, {0x201C, "``"}, {0x201D, "''"}, {0x2020, "\\dag{}"}, {0x2021, "\\ddag{}"},
    {0x2022, "$\\bullet$"}, {0x2026, "\\dots{}"}, {0x202F, "\\,"}, {0x2032, "$'$"}, {0x2190, "$\\leftarrow$"},
    {0x2191, "$\\uparrow$"}, {0x2192, "$\\rightarrow$"}, {0x2193, "$\\downarrow$"}, {0x2211, "$\\sum$"}, {0x2212, "$-$"},
    {0x221A, "$\\surd$"}, {0x221E, "$\\infty$"}, {0x2248, "$\\approx$"}, {0x2260, "$\\ne$"}, {0x2264, "$\\le$"},
    {0x2265, "$\\ge$"}, {0x22C5, "$\\cdot$"},
    {0x1D43, "\\textsuperscript{a}"}, {0x1D47, "\\textsuperscript{b}"}, {0x1D9C, "\\textsuperscript{c}"},
    {0x1D48, "\\textsuperscript{d}"}, {0x1D49, "\\textsuperscript{e}"}, {0x1DA0, "\\textsuperscript{f}"},
    {0x1D4D, "\\textsuperscript{g}"}, {0x02B0, "\\textsuperscript{h}"}, {0x2071, "\\textsuperscript{i}"},
    {0x02B2, "\\textsuperscript{j}"}, {0x1D4F, "\\textsuperscript{k}"}, {0x02E1, "\\textsuperscript{l}"},
};

static const char *name_of(uint32_t point)
{
  for (size_t i = 0; i < sizeof named / sizeof *named; i++)
    if (named[i].point == point)
      return named[i].escape;
  return NULL;
}

/* Subscripts and superscripts as they stand in chi², x₁ and 10⁻³. */
static bool append_raised(struct text *out, uint32_t point)
{
  static const char signs[] = "0123456789+-=()";
  const bool raised = point == 0x2070 || (point >= 0x2074 && point <= 0x207E);
  const bool lowered = point >= 0x2080 && point <= 0x208E;
  if (raised || lowered)
    text_append_format(out, "$%c{%c}$", raised ? '^' : '_', signs[point & 15]);
  return raised || lowered;
}

/* A letter that needs care: those of Latin 1 every engine has (but for four), of others only their own fonts know. */
static void append_letter(struct text *out, uint32_t point, const char *bytes, size_t used, enum latex_place place)
{
  const bool is_latin = point >= 0xC0 && point <= 0xFF && point != 0xD0 && point != 0xDE && point != 0xF0 && point != 0xFE;
  if (point >= 0x80 && !is_latin && place != LATEX_FRAGMENT)
    text_append_format(out, "\\kaplanchar{%04X}{%.*s}", (unsigned)point, (int)used, bytes);
  else
    text_append_bytes(out, bytes, used);
}

/* A sign of ASCII that TeX joins with its neighbour, or sets otherwise than it is typed. */
static bool append_sign(struct text *out, uint32_t point, char before, enum latex_place place)
{
  if (point == '"')
    text_append(out, place == LATEX_CODE ? "{\\char34}" : "''");
  else if (point == '-' && before == '-')
    text_append(out, "{}-");
  else
    return false;
  return true;
}

void latex_append_words(struct text *out, const char *string, enum latex_place place)
{
  struct text visible = TEXT_INIT;
  utf8_append_visible(&visible, string);
  const char *at = text_string(&visible);
  char before = 0;
  for (size_t left = visible.length; left;) {
    uint32_t point;
    const size_t used = utf8_decode(at, left, &point);
    const char *name = name_of(point);
    if (name)
      text_append(out, name);
    else if (!append_sign(out, point, before, place) && !append_raised(out, point))
      append_letter(out, point, at, used, place);
    if (place == LATEX_CODE && (point == '_' || point == '/' || point == ','))
      text_append(out, "\\allowbreak{}");
    before = *at;
    at += used;
    left -= used;
  }
  text_clear(&visible);
}
