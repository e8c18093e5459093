/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/resample.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void resample_init(struct resample *resample, const struct survival_data *data, const double *design, size_t n_columns,
                   const uint32_t *counts)
{
  size_t n = 0;
  for (size_t i = 0; i < data->n; i++)
    n += counts[i] > 0;
  *resample = (struct resample){
      .row = memory_resize(NULL, n + 1, sizeof(size_t)),
      .time = memory_resize(NULL, n + 1, sizeof(double)),
      .weight = memory_resize(NULL, n + 1, sizeof(double)),
      .entry = data->entry ? memory_resize(NULL, n + 1, sizeof(double)) : NULL,
      .design = design ? memory_resize(NULL, n * n_columns + 1, sizeof(double)) : NULL,
      .status = memory_resize(NULL, n + 1, sizeof(uint8_t)),
      .stratum = data->stratum ? memory_resize(NULL, n + 1, sizeof(uint32_t)) : NULL,
  };
  size_t k = 0;
  for (size_t i = 0; i < data->n; i++) {
    if (!counts[i])
      continue;
    resample->row[k] = i;
    resample->time[k] = data->time[i];
    resample->status[k] = data->status[i];
    resample->weight[k] = counts[i] * survival_weight_of(data, i);
    if (data->entry)
      resample->entry[k] = data->entry[i];
    if (data->stratum)
      resample->stratum[k] = data->stratum[i];
    if (design)
      memcpy(resample->design + k * n_columns, design + i * n_columns, n_columns * sizeof *design);
    k++;
  }
  resample->data = (struct survival_data){
      .n = n,
      .time = resample->time,
      .status = resample->status,
      .entry = resample->entry,
      .weight = resample->weight,
      .n_groups = 1,
      .stratum = resample->stratum,
      .n_strata = data->n_strata,
  };
}

void resample_clear(struct resample *resample)
{
  free(resample->row);
  free(resample->time);
  free(resample->entry);
  free(resample->weight);
  free(resample->design);
  free(resample->status);
  free(resample->stratum);
  *resample = (struct resample){.row = NULL};
}
