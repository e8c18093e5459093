/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/csv_sniff.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "data/csv_scan.h"

enum { RECORDS_LOOKED_AT = 50 };

/* How a delimiter cuts the first records. */
struct csv_cut {
  size_t n_fields;  /* of the header */
  size_t n_records; /* with the header */
  size_t n_even;    /* records with as many fields as the header */
};

static struct csv_cut cut_with(const struct csv_text *text, char delimiter)
{
  struct csv_cut cut = {.n_fields = 0};
  struct csv_scan scan;
  csv_scan_init(&scan, text, delimiter);
  while (scan.at < scan.end && cut.n_records < RECORDS_LOOKED_AT) {
    struct csv_field field;
    enum csv_next next;
    size_t n_fields = 0;
    do {
      next = csv_scan_field(&scan, &field);
      n_fields++;
    } while (next == CSV_NEXT_FIELD);
    if (next == CSV_BROKEN)
      break;
    if (n_fields == 1 && csv_field_is_blank_line(&field))
      continue;
    if (cut.n_records++ == 0)
      cut.n_fields = n_fields;
    cut.n_even += n_fields == cut.n_fields;
  }
  return cut;
}

/* More even first, then more fields: fractions compared crosswise. */
static bool cuts_better(const struct csv_cut *a, const struct csv_cut *b)
{
  const size_t evenness_a = a->n_even * b->n_records, evenness_b = b->n_even * a->n_records;
  return evenness_a > evenness_b || (evenness_a == evenness_b && a->n_fields > b->n_fields);
}

static bool means_tab(const char *path)
{
  const char *point = strrchr(path, '.');
  return point && (strcasecmp(point, ".tsv") == 0 || strcasecmp(point, ".tab") == 0);
}

char csv_sniff_delimiter(const struct csv_text *text)
{
  static const char candidates[] = {',', ';', '\t', '|'};
  const bool prefers_tab = means_tab(text->path);
  char delimiter = prefers_tab ? '\t' : ',';
  struct csv_cut best = {.n_fields = 0};
  if (prefers_tab && cut_with(text, '\t').n_fields > 1)
    return '\t';
  for (size_t i = 0; i < sizeof candidates; i++) {
    struct csv_cut cut = cut_with(text, candidates[i]);
    if (cut.n_fields > 1 && (best.n_fields == 0 || cuts_better(&cut, &best))) {
      best = cut;
      delimiter = candidates[i];
    }
  }
  return delimiter;
}
