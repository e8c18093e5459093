/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A figure for LaTeX: the drawing that the SVG renderers made, element by element, as a picture of TikZ.  So a figure has one
 * geometry.  It reads what those renderers write: svg, g, rect, circle, line,
 * path (M L H V h v l Z), text. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/render_parts.h"
#include "report/svg.h"

/* A tag: the bytes between < and >. */
struct tag {
  const char *bytes;
  size_t length;
};

struct picture {
  struct text *out;
  double scale;        /* points a pixel */
  char group_fill[16]; /* the colour of text in a <g>, or "" */
};

enum { MOST_PATH = 16 };

static const double largest = 0.58; /* points a pixel: two figures of curves and their tables on a page */

/* Where the value of an attribute begins, and its length; NULL where the tag has none of that name. */
static const char *find_attribute(const struct tag *tag, const char *name, size_t *length)
{
  const size_t n = strlen(name);
  for (const char *at = tag->bytes, *end = at + tag->length; at + n + 2 < end; at++) {
    if (*at != ' ' || strncmp(at + 1, name, n) != 0 || at[n + 1] != '=' || at[n + 2] != '"')
      continue;
    *length = strcspn(at + n + 3, "\"");
    return at + n + 3;
  }
  return NULL;
}

static double number_of(const struct tag *tag, const char *name, double otherwise)
{
  size_t length;
  const char *value = find_attribute(tag, name, &length);
  return value ? strtod(value, NULL) : otherwise;
}

static bool attribute_is(const struct tag *tag, const char *name, const char *wanted)
{
  size_t length;
  const char *value = find_attribute(tag, name, &length);
  return value && length == strlen(wanted) && memcmp(value, wanted, length) == 0;
}

/* A colour, #RGB or #RRGGBB, as xcolor's; "" for none. */
static void read_color(const char *value, size_t length, char color[48])
{
  unsigned parts[3] = {0, 0, 0};
  *color = '\0';
  if (!value || *value != '#')
    return;
  for (size_t i = 0; i < 3; i++) {
    char digits[3] = {value[length < 7 ? i + 1 : 2 * i + 1], value[length < 7 ? i + 1 : 2 * i + 2], '\0'};
    parts[i] = (unsigned)strtoul(digits, NULL, 16);
  }
  snprintf(color, 48, "{rgb,255:red,%u;green,%u;blue,%u}", parts[0] & 255, parts[1] & 255, parts[2] & 255);
}

static void color_of(const struct tag *tag, const char *name, char color[48])
{
  size_t length = 0;
  const char *value = find_attribute(tag, name, &length);
  read_color(value, length, color);
}

static void append_dashes(struct picture *picture, const struct tag *tag)
{
  size_t length;
  const char *value = find_attribute(tag, "stroke-dasharray", &length), *at = value;
  if (!value || attribute_is(tag, "stroke-dasharray", "none"))
    return;
  text_append(picture->out, ",dash pattern=");
  for (int i = 0; at < value + length; i++) {
    char *end;
    const double dash = strtod(at, &end);
    if (end == at)
      break;
    text_append_format(picture->out, "%s %.2fpt ", i % 2 ? "off" : "on", dash * picture->scale);
    at = end;
  }
}

/* "[draw=…,line width=…,fill=…]" of an element; a shape is filled with black where nothing else is said. */
static void append_style(struct picture *picture, const struct tag *tag, bool is_shape)
{
  char stroke[48], fill[48];
  size_t length;
  const bool has_fill = find_attribute(tag, "fill", &length) != NULL;
  color_of(tag, "stroke", stroke);
  color_of(tag, "fill", fill);
  text_append(picture->out, "[");
  if (*stroke) {
    text_append_format(picture->out, "draw=%s,line width=%.2fpt", stroke, number_of(tag, "stroke-width", 1) * picture->scale);
    append_dashes(picture, tag);
  }
  if (*fill)
    text_append_format(picture->out, "%sfill=%s", *stroke ? "," : "", fill);
  else if (is_shape && !has_fill && !*stroke)
    text_append(picture->out, "fill=black");
  if (*fill && number_of(tag, "fill-opacity", 1) < 1)
    text_append_format(picture->out, ",fill opacity=%.2f", number_of(tag, "fill-opacity", 1));
  text_append(picture->out, "] ");
}

static void append_point(struct picture *picture, const char *before, double x, double y)
{
  text_append_format(picture->out, "%s(%.2f,%.2f)", before, x, y);
}

static void append_rectangle(struct picture *picture, const struct tag *tag)
{
  size_t length;
  const char *width = find_attribute(tag, "width", &length);
  if (!width || memchr(width, '%', length))
    return; /* the ground */
  const double x = number_of(tag, "x", 0), y = number_of(tag, "y", 0);
  text_append(picture->out, "\\path");
  append_style(picture, tag, true);
  append_point(picture, "", x, y);
  append_point(picture, " rectangle ", x + number_of(tag, "width", 0), y + number_of(tag, "height", 0));
  text_append(picture->out, ";\n");
}

/* TikZ takes a radius without a unit in those of the picture. */
static void append_circle(struct picture *picture, const struct tag *tag)
{
  text_append(picture->out, "\\path");
  append_style(picture, tag, true);
  append_point(picture, "", number_of(tag, "cx", 0), number_of(tag, "cy", 0));
  text_append_format(picture->out, " circle[radius=%.2f];\n", number_of(tag, "r", 0));
}

static void append_straight(struct picture *picture, const struct tag *tag)
{
  text_append(picture->out, "\\path");
  append_style(picture, tag, false);
  append_point(picture, "", number_of(tag, "x1", 0), number_of(tag, "y1", 0));
  append_point(picture, " -- ", number_of(tag, "x2", 0), number_of(tag, "y2", 0));
  text_append(picture->out, ";\n");
}

/* ---- paths ---- */

/* A pen on its way along a path: points nearer to the last one drawn than a reader can see wait, so that a curve of a hundred
 * thousand patients is one that TeX has room for. */
struct pen {
  struct picture *picture;
  double x, y;         /* where it is */
  double drawn[2];     /* the last point drawn */
  bool waits, is_down; /* a point that is not drawn yet; something was drawn */
  size_t n;            /* on the line of the file */
};

static const double unseen = 0.25;

static void pen_draw(struct pen *pen, const char *before)
{
  append_point(pen->picture, before, pen->x, pen->y);
  if (++pen->n % MOST_PATH == 0)
    text_append(pen->picture->out, "\n");
  pen->drawn[0] = pen->x;
  pen->drawn[1] = pen->y;
  pen->waits = false;
}

static void pen_flush(struct pen *pen)
{
  if (pen->waits)
    pen_draw(pen, " -- ");
}

static void pen_line(struct pen *pen, double x, double y)
{
  pen->x = x;
  pen->y = y;
  if (fabs(x - pen->drawn[0]) < unseen && fabs(y - pen->drawn[1]) < unseen)
    pen->waits = true;
  else
    pen_draw(pen, " -- ");
}

static void pen_move(struct pen *pen, double x, double y)
{
  pen_flush(pen);
  pen->x = x;
  pen->y = y;
  pen_draw(pen, pen->is_down ? " " : "");
  pen->is_down = true;
}

/* One command of a path with its numbers. */
static void pen_follow(struct pen *pen, char command, const double *numbers)
{
  switch (command) {
  case 'M':
    pen_move(pen, numbers[0], numbers[1]);
    break;
  case 'L':
    pen_line(pen, numbers[0], numbers[1]);
    break;
  case 'l':
    pen_line(pen, pen->x + numbers[0], pen->y + numbers[1]);
    break;
  case 'H':
    pen_line(pen, numbers[0], pen->y);
    break;
  case 'h':
    pen_line(pen, pen->x + numbers[0], pen->y);
    break;
  case 'V':
    pen_line(pen, pen->x, numbers[0]);
    break;
  case 'v':
    pen_line(pen, pen->x, pen->y + numbers[0]);
    break;
  case 'Z':
    text_append(pen->picture->out, " -- cycle");
    pen->waits = false;
    break;
  default:
    break;
  }
}

static void append_path(struct picture *picture, const struct tag *tag)
{
  struct pen pen = {.picture = picture};
  size_t length;
  const char *at = find_attribute(tag, "d", &length), *end = at ? at + length : NULL;
  if (!at || !length)
    return;
  text_append(picture->out, "\\path");
  append_style(picture, tag, true);
  while (at < end) {
    const char command = *at++;
    double numbers[2] = {0, 0};
    const size_t n = command == 'M' || command == 'L' || command == 'l' ? 2 : command == 'Z' || command == ' ' ? 0 : 1;
    for (size_t i = 0; i < n; i++) {
      char *next;
      numbers[i] = strtod(at, &next);
      at = next;
    }
    pen_follow(&pen, command, numbers);
  }
  pen_flush(&pen);
  text_append(picture->out, ";\n");
}

/* ---- text ---- */

/* The content of a text element, its entities decoded. */
static char *decoded(const char *bytes, size_t length)
{
  static const struct {
    const char *entity;
    char c;
  } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}};
  struct text text = TEXT_INIT;
  for (const char *at = bytes, *end = bytes + length; at < end;) {
    size_t used = 0;
    for (size_t i = 0; *at == '&' && i < 4 && !used; i++)
      if (strncmp(at, entities[i].entity, strlen(entities[i].entity)) == 0) {
        text_append_char(&text, entities[i].c);
        used = strlen(entities[i].entity);
      }
    if (!used)
      text_append_char(&text, *at);
    at += used ? used : 1;
  }
  return text_take(&text);
}

/* Where the text stands: x and y, or where it is moved and turned. */
static void read_place(const struct tag *tag, double place[2], double *angle)
{
  size_t length;
  const char *transform = find_attribute(tag, "transform", &length);
  place[0] = number_of(tag, "x", 0);
  place[1] = number_of(tag, "y", 0);
  *angle = 0;
  if (!transform || strncmp(transform, "translate(", 10) != 0)
    return;
  char *end;
  place[0] = strtod(transform + 10, &end);
  place[1] = strtod(end, &end);
  const char *turn = strstr(end, "rotate(");
  if (turn && turn < transform + length)
    *angle = -strtod(turn + 7, NULL); /* y goes down there, up here */
}

static void append_text(struct picture *picture, const struct tag *tag, const char *content, size_t length)
{
  double place[2], angle;
  char fill[48], *words = decoded(content, length);
  const double size = number_of(tag, "font-size", SVG_FONT) * picture->scale;
  const char *anchor = attribute_is(tag, "text-anchor", "middle") ? "base"
                       : attribute_is(tag, "text-anchor", "end")  ? "base east"
                                                                  : "base west";
  read_place(tag, place, &angle);
  read_color(*picture->group_fill ? picture->group_fill : NULL, strlen(picture->group_fill), fill);
  text_append_format(picture->out, "\\node[anchor=%s,font=\\sffamily\\fontsize{%.1f}{%.1f}\\selectfont", anchor, size, 1.2 * size);
  if (angle != 0)
    text_append_format(picture->out, ",rotate=%.0f", angle);
  if (*fill)
    text_append_format(picture->out, ",text=%s", fill);
  append_point(picture, "] at ", place[0], place[1]);
  text_append(picture->out, attribute_is(tag, "font-weight", "bold") ? " {\\bfseries " : " {");
  latex_append_words(picture->out, words, LATEX_WORDS);
  text_append(picture->out, "};\n");
  free(words);
}

/* ---- elements ---- */

static bool tag_is(const struct tag *tag, const char *name)
{
  const size_t n = strlen(name);
  return tag->length >= n && strncmp(tag->bytes, name, n) == 0 && (tag->length == n || strchr(" />", tag->bytes[n]));
}

static void begin_clipped(struct picture *picture, const struct tag *tag)
{
  const double x = number_of(tag, "x", 0), y = number_of(tag, "y", 0);
  text_append(picture->out, "\\begin{scope}\\clip ");
  append_point(picture, "", x, y);
  append_point(picture, " rectangle ", x + number_of(tag, "width", 0), y + number_of(tag, "height", 0));
  text_append(picture->out, ";\n");
}

static void append_tag(struct picture *picture, const struct tag *tag)
{
  size_t length = 0;
  const char *fill = tag_is(tag, "g") ? find_attribute(tag, "fill", &length) : NULL;
  if (tag_is(tag, "rect"))
    append_rectangle(picture, tag);
  else if (tag_is(tag, "circle"))
    append_circle(picture, tag);
  else if (tag_is(tag, "line"))
    append_straight(picture, tag);
  else if (tag_is(tag, "path"))
    append_path(picture, tag);
  else if (tag_is(tag, "svg"))
    begin_clipped(picture, tag);
  else if (tag_is(tag, "/g"))
    *picture->group_fill = '\0';
  else if (fill && length < sizeof picture->group_fill) {
    memcpy(picture->group_fill, fill, length);
    picture->group_fill[length] = '\0';
  }
}

void latex_append_picture(struct text *out, const char *svg, double width, double height)
{
  struct picture picture = {.out = out};
  size_t depth = 0;
  for (const char *at = strchr(svg, '<'); at; at = strchr(at, '<')) {
    const struct tag tag = {.bytes = at + 1, .length = strcspn(at + 1, ">")};
    at = tag.bytes + tag.length;
    if (tag_is(&tag, "svg") && depth++ == 0) {
      const double own[2] = {number_of(&tag, "width", 1), number_of(&tag, "height", 1)};
      picture.scale = fmin(largest, fmin(width / own[0], height / own[1]));
      text_append_format(out, "\\begin{tikzpicture}[x=%.4fpt,y=-%.4fpt,every node/.style={inner sep=0pt,outer sep=0pt}]\n"
                              "\\useasboundingbox (0,0) rectangle (%.0f,%.0f);\n",
                         picture.scale, picture.scale, own[0], own[1]);
    } else if (tag_is(&tag, "/svg")) {
      text_append(out, --depth ? "\\end{scope}\n" : "\\end{tikzpicture}\n");
    } else if (tag_is(&tag, "text") && *at) {
      const size_t length = strcspn(at + 1, "<");
      append_text(&picture, &tag, at + 1, length);
      at += length;
    } else if (depth) {
      append_tag(&picture, &tag);
    }
  }
}
