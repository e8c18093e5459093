/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The results of many commands as one document: what a script prints, with its headings and notes, for a reader.
 *
 * Each part is what one command found.  A renderer shows a heading as a section, a note as a paragraph, commands that give
 * neither table nor figure together as a list of steps, and every other one with its command in small print, its tables and
 * figures, and its warnings as footnotes, which are numbered through the document. */
#ifndef KAPLAN_REPORT_DOCUMENT_H
#define KAPLAN_REPORT_DOCUMENT_H

#include "report/render.h"

/* What one command found, and how its figures are drawn. */
struct document_part {
  struct report report;
  struct draw_options drawing;
};

struct document {
  char *title;   /* or NULL: "Results" */
  char *origin;  /* what it was made from, in a few words: "xu2025.kap"; or NULL */
  char *failure; /* why it ends before its end, with the place; or NULL */
  struct document_part *parts;
  size_t n_parts, parts_capacity;
};

#define DOCUMENT_INIT {.title = NULL}

/* Releases all that the document holds and leaves an empty one. */
void document_clear(struct document *document);

/* Takes over what a command found and leaves the report empty; one without a command (an empty line) is dropped.  A heading of
 * level 0 is no part: the first becomes the document's title, where it has none yet. */
void document_take(struct document *document, struct report *report, const struct draw_options *drawing);

/* What a part is to a reader. */
enum document_kind {
  DOCUMENT_HEADING,
  DOCUMENT_NOTE,
  DOCUMENT_STEP,  /* words alone: what was loaded, excluded, set */
  DOCUMENT_RESULT /* tables or figures */
};
enum document_kind document_kind(const struct document_part *part);

/* A line of the table of contents: the headings; where there are none, the results by their commands.  Words are borrowed. */
struct document_entry {
  size_t part;
  unsigned level;
  const char *words;
};

/* The table of contents in order, the caller's to free; *n may be 0. */
struct document_entry *document_contents(const struct document *document, size_t *n);

/* The title, "Results" where there is none. */
const char *document_title(const struct document *document);

/* The sentence beneath the title that says where the numbers come from, without markup. */
void document_append_origin(struct text *out, const struct document *document);

/* A whole document as text, Markdown, LaTeX or HTML; other formats append nothing.
 * Text and Markdown have their figures in characters.
 * LaTeX compiles with pdflatex, xelatex and lualatex; it asks for booktabs, longtable, caption, lscape and tikz.
 * HTML is one file that needs no script and fetches nothing; every element is closed, so that it is XML, too. */
void document_render(struct text *out, const struct document *document, enum render_format format,
                     const struct render_options *options);

/* The formats of document_render(), a file each. */
void render_document_text(struct text *out, const struct document *document, const struct render_options *options);
void render_document_markdown(struct text *out, const struct document *document, const struct render_options *options);
void render_document_latex(struct text *out, const struct document *document);
void render_document_html(struct text *out, const struct document *document);

#endif
