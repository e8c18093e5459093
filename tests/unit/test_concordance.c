/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Concordance against pairs counted one by one, and the jackknife against its own definition. */
#include "cox_case.h"
#include "stats/concordance.h"

/* Repeatable numbers 0 … limit - 1. */
static unsigned next_number(unsigned *seed, unsigned limit)
{
  *seed = *seed * 1664525u + 1013904223u;
  return (*seed >> 8) % limit;
}

/* By definition: every pair of rows of one stratum. */
static struct concordance count_pairs(const struct survival_data *data, const double *score, const double *weight)
{
  struct concordance found = {.concordant = 0};
  for (size_t i = 0; i < data->n; i++)
    for (size_t j = 0; j < data->n; j++) {
      bool same_stratum = !data->stratum || data->stratum[i] == data->stratum[j];
      bool event_i = data->status[i] == STATUS_EVENT, event_j = data->status[j] == STATUS_EVENT;
      double pair = weight[i] * weight[j];
      if (i == j || !same_stratum || !event_i)
        continue;
      if (data->time[i] == data->time[j] && event_j) {
        found.tied_time += score[i] != score[j] ? pair / 2 : 0;
        continue;
      }
      bool outlives = data->time[j] > data->time[i] || (data->time[j] == data->time[i] && !event_j);
      if (!outlives || (data->entry && data->entry[j] >= data->time[i]))
        continue;
      found.concordant += score[i] > score[j] ? pair : 0;
      found.discordant += score[i] < score[j] ? pair : 0;
      found.tied_score += score[i] == score[j] ? pair : 0;
    }
  found.estimate = (found.concordant + found.tied_score / 2) / (found.concordant + found.discordant + found.tied_score);
  return found;
}

/* The derivative of the estimate by each row's weight, from small changes of it. */
static double differentiate(const struct survival_data *data, const double *score, const uint32_t *cluster,
                            size_t n_clusters, bool is_count)
{
  double *weight = memory_new(data->n, sizeof *weight), *sums = memory_new(n_clusters + 1, sizeof *sums);
  double variance = 0, h = 1e-5;
  for (size_t i = 0; i < data->n; i++)
    weight[i] = data->weight ? data->weight[i] : 1;
  for (size_t i = 0; i < data->n; i++) {
    double own = weight[i];
    weight[i] = own + h;
    double up = count_pairs(data, score, weight).estimate;
    weight[i] = own - h;
    double slope = (up - count_pairs(data, score, weight).estimate) / (2 * h);
    weight[i] = own;
    if (cluster)
      sums[cluster[i]] += own * slope;
    else
      variance += slope * slope * (is_count ? own : own * own);
  }
  for (size_t c = 0; cluster && c < n_clusters; c++)
    variance += sums[c] * sums[c];
  free(weight);
  free(sums);
  return sqrt(variance);
}

enum { N = 90 };

/* Random rows with many ties of time and of score. */
struct sample {
  double time[N], entry[N], weight[N], score[N];
  uint8_t status[N];
  uint32_t stratum[N], cluster[N];
};

static void draw_sample(struct sample *sample, unsigned seed)
{
  double time = 1;
  for (size_t i = 0; i < N; i++) {
    time += next_number(&seed, 3) == 0;
    sample->time[i] = time;
    sample->entry[i] = time - 1 - next_number(&seed, 9) / 2.0;
    sample->weight[i] = 1 + next_number(&seed, 3);
    sample->score[i] = next_number(&seed, 40);
    sample->status[i] = (uint8_t)next_number(&seed, 3); /* competing events are censored ones */
    sample->stratum[i] = next_number(&seed, 3);
    sample->cluster[i] = next_number(&seed, 11);
  }
}

static void compare(const struct survival_data *data, const struct sample *sample, const uint32_t *cluster)
{
  double ones[N];
  for (size_t i = 0; i < N; i++)
    ones[i] = 1;
  struct concordance got = concordance_compute(data, sample->score, cluster, 11);
  struct concordance counts = concordance_compute_counts(data, sample->score, cluster, 11);
  struct concordance expected = count_pairs(data, sample->score, data->weight ? data->weight : ones);
  assert_near(got.concordant, expected.concordant, 0);
  assert_near(got.discordant, expected.discordant, 0);
  assert_near(got.tied_score, expected.tied_score, 0);
  assert_near(got.tied_time, expected.tied_time, 0);
  assert_near(got.estimate, expected.estimate, 1e-14);
  assert_near(got.std_error, differentiate(data, sample->score, cluster, 11, false), 1e-7);
  assert_near(counts.std_error, differentiate(data, sample->score, cluster, 11, true), 1e-7);
  assert_near(counts.estimate, got.estimate, 0);
  assert_near(concordance_estimate(data, sample->score), got.estimate, 0);
}

/* Every mixture of strata, delayed entry, weights and clusters. */
static void test_pairs(void **state)
{
  (void)state;
  struct sample sample;
  for (unsigned mixture = 0; mixture < 16; mixture++) {
    draw_sample(&sample, mixture + 1);
    struct survival_data data = {.n = N, .time = sample.time, .status = sample.status, .n_groups = 1, .n_strata = 1};
    if (mixture & 1) {
      data.stratum = sample.stratum;
      data.n_strata = 3;
    }
    data.entry = mixture & 2 ? sample.entry : NULL;
    data.weight = mixture & 4 ? sample.weight : NULL;
    compare(&data, &sample, mixture & 8 ? sample.cluster : NULL);
  }
}

/* Four rows by hand: the order of scores is the order of death but for one pair. */
static void test_by_hand(void **state)
{
  (void)state;
  static const double time[] = {1, 2, 2, 3}, score[] = {5, 7, 1, 1};
  static const uint8_t status[] = {1, 1, 0, 1};
  struct survival_data data = {.n = 4, .time = time, .status = status, .n_groups = 1, .n_strata = 1};
  struct concordance got = concordance_compute(&data, score, NULL, 0);
  /* The first against three: one dies later at a higher score.  The second against the one censored then and the last.
   */
  assert_near(got.concordant, 4, 0);
  assert_near(got.discordant, 1, 0);
  assert_near(got.tied_score, 0, 0);
  assert_near(got.estimate, 0.8, 1e-15);
}

static void test_limits(void **state)
{
  (void)state;
  static const double time[] = {1, 2, 3}, equal[] = {4, 4, 4}, falling[] = {3, 2, 1};
  static const uint8_t events[] = {1, 1, 1}, none[] = {0, 0, 2};
  struct survival_data data = {.n = 3, .time = time, .status = events, .n_groups = 1, .n_strata = 1};
  struct concordance got = concordance_compute(&data, equal, NULL, 0);
  assert_near(got.estimate, 0.5, 0);
  assert_near(got.tied_score, 3, 0);
  assert_near(got.std_error, 0, 0);
  got = concordance_compute(&data, falling, NULL, 0);
  assert_near(got.estimate, 1, 0);
  assert_near(got.std_error, 0, 0);
  data.status = none;
  got = concordance_compute(&data, falling, NULL, 0);
  assert_true(isnan(got.estimate) && isnan(got.std_error));
  data.n = 0;
  got = concordance_compute(&data, falling, NULL, 0);
  assert_true(isnan(got.estimate) && isnan(got.std_error));
}

/* A score that orders the rows alike gives the same: only ranks matter, whatever the size. */
static void test_ranks_only(void **state)
{
  (void)state;
  struct sample sample;
  double other[N];
  draw_sample(&sample, 99);
  struct survival_data data = {.n = N, .time = sample.time, .status = sample.status, .n_groups = 1, .n_strata = 1};
  for (size_t i = 0; i < N; i++)
    other[i] = -1e300 + exp(sample.score[i] * 17);
  struct concordance one = concordance_compute(&data, sample.score, NULL, 0);
  for (size_t i = 0; i < N; i++)
    other[i] = (sample.score[i] - 20) * 1e300;
  struct concordance two = concordance_compute(&data, other, NULL, 0);
  assert_near(two.estimate, one.estimate, 0);
  assert_near(two.std_error, one.std_error, 0);
}

enum { MANY = 60000 };

/* Rows that count one are gathered as places, weighted ones as sums: with weights of one both say the same, bit for bit. */
static void test_places_are_sums(void **state)
{
  (void)state;
  unsigned seed = 7;
  double *time = memory_new(MANY, sizeof *time), *entry = memory_new(MANY, sizeof *entry), *score = memory_new(MANY, sizeof *score),
         *ones = memory_new(MANY, sizeof *ones);
  uint8_t *status = memory_new(MANY, 1);
  uint32_t *stratum = memory_new(MANY, sizeof *stratum);
  for (size_t i = 0; i < MANY; i++) {
    time[i] = (double)(i / 2);
    entry[i] = time[i] - 1 - next_number(&seed, 1 + (unsigned)i / 3);
    status[i] = (uint8_t)next_number(&seed, 2);
    stratum[i] = next_number(&seed, 10) ? 0 : 1;
    ones[i] = 1;
  }
  for (unsigned mixture = 0; mixture < 8; mixture++) {
    const unsigned n_scores = mixture & 4 ? 1u << 24 : 20000; /* hardly a tie, or two of three rows */
    for (size_t i = 0; i < MANY; i++)
      score[i] = next_number(&seed, n_scores) - (double)i / MANY;
    for (size_t i = 0; i < MANY && !(mixture & 4); i++)
      score[i] = floor(score[i]);
    struct survival_data data = {.n = MANY, .time = time, .status = status, .n_groups = 1, .n_strata = mixture & 1 ? 2 : 1};
    data.stratum = mixture & 1 ? stratum : NULL;
    data.entry = mixture & 2 ? entry : NULL;
    const struct concordance places = concordance_compute(&data, score, NULL, 0);
    data.weight = ones;
    const struct concordance sums = concordance_compute(&data, score, NULL, 0);
    assert_memory_equal(&places, &sums, sizeof sums);
    assert_true(places.concordant > 1e6 && places.discordant > 1e6);
  }
  free(time);
  free(entry);
  free(score);
  free(ones);
  free(status);
  free(stratum);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_places_are_sums),
      cmocka_unit_test(test_pairs),
      cmocka_unit_test(test_by_hand),
      cmocka_unit_test(test_limits),
      cmocka_unit_test(test_ranks_only),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
