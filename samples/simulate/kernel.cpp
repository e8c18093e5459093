// SPDX-License-Identifier: GPL-3.0-or-later
// Fast survival statistics for the calibration of the simulated cohorts.
//
// A cohort is: time, event (0/1), `codes` (patients x categorical variables, levels 1..k,
// 0 = missing) and `num` (patients x numeric variables). Every statistic below is also
// computed with R's survival package in targets.R, which does not use this file.
//
//   km_stats    Kaplan-Meier: survival just before and at asked times; JMP mean; SPSS median s.e.
//   logrank     log-rank chi-square of any number of groupings
//   coxfit      Cox model by Newton's method (Efron or Breslow)
#include <Rcpp.h>
#include <algorithm>
#include <vector>
using namespace Rcpp;

static const double EPS = 1e-9;

// Does patient i belong to (v1 == l1 and v2 == l2)? A negative variable means "no condition".
static inline bool member(const IntegerMatrix &codes, int i, int v1, int l1, int v2, int l2) {
  if (v1 >= 0 && codes(i, v1) != l1) return false;
  if (v2 >= 0 && codes(i, v2) != l2) return false;
  return true;
}

static std::vector<int> order_of(const NumericVector &t) {
  std::vector<int> o(t.size());
  for (size_t i = 0; i < o.size(); ++i) o[i] = (int)i;
  std::stable_sort(o.begin(), o.end(), [&](int a, int b) { return t[a] < t[b]; });
  return o;
}

// spec: one row a curve (v1, l1, v2, l2), zero-based variables, -1 = no condition.
// qcol/qtime: curve (zero-based) and time of each question.
// [[Rcpp::export]]
List km_stats(NumericVector time, IntegerVector ev, IntegerMatrix codes, IntegerMatrix spec,
              IntegerVector qcol, NumericVector qtime) {
  int n = time.size(), m = spec.nrow(), nq = qcol.size();
  std::vector<int> o = order_of(time);
  NumericMatrix q(nq, 2), mean(m, 2), med(m, 2);
  IntegerVector deaths(m), size(m);
  NumericVector smin(m), tlast(m);
  std::vector<std::vector<int> > byc(m);
  for (int k = 0; k < nq; ++k) byc[qcol[k]].push_back(k);
  std::vector<double> T, S, GW, N, D;
  std::vector<int> idx;
  for (int c = 0; c < m; ++c) {
    T.clear(); S.clear(); GW.clear(); N.clear(); D.clear(); idx.clear();
    for (int k = 0; k < n; ++k) {
      int i = o[k];
      if (member(codes, i, spec(c, 0), spec(c, 1), spec(c, 2), spec(c, 3))) idx.push_back(i);
    }
    int left = (int)idx.size(), tot = 0;
    double s = 1, gw = 0;
    size[c] = left;
    tlast[c] = left ? time[idx.back()] : 0;
    for (size_t k = 0; k < idx.size();) {
      size_t e = k; int d = 0;
      while (e < idx.size() && std::fabs(time[idx[e]] - time[idx[k]]) < EPS) { d += ev[idx[e]]; ++e; }
      if (d > 0) {
        s *= 1.0 - (double)d / left;
        if (left > d) gw += (double)d / ((double)left * (left - d));
        T.push_back(time[idx[k]]); S.push_back(s); GW.push_back(gw); N.push_back(left); D.push_back(d);
        tot += d;
      }
      left -= (int)(e - k); k = e;
    }
    deaths[c] = tot;
    smin[c] = s;
    for (size_t a = 0; a < byc[c].size(); ++a) {
      int k = byc[c][a]; double t = qtime[k], sb = 1, sa = 1;
      for (size_t j = 0; j < T.size(); ++j) {
        if (T[j] < t - EPS) sb = S[j];
        if (T[j] <= t + EPS) sa = S[j]; else break;
      }
      q(k, 0) = sb; q(k, 1) = sa;
    }
    // JMP's mean: area under the curve up to the last death; its standard error carries m/(m-1).
    int E = (int)T.size();
    double mu = 0, prev = 0, sp = 1;
    for (int j = 0; j < E; ++j) { mu += sp * (T[j] - prev); prev = T[j]; sp = S[j]; }
    double A = 0, v = 0;
    for (int j = E - 2; j >= 0; --j) { A += S[j] * (T[j + 1] - T[j]); v += A * A * D[j] / (N[j] * (N[j] - D[j])); }
    mean(c, 0) = mu; mean(c, 1) = tot > 1 ? std::sqrt(v * tot / (tot - 1.0)) : 0;
    // SPSS's median: first time with S <= 0.5; s.e. = s.e.(S) / density over S 0.55 to 0.45.
    double md = NA_REAL, se = NA_REAL;
    for (int j = 0; j < E; ++j) if (S[j] <= 0.5 + EPS) {
      md = T[j];
      double u = 0, Su = 1, l = -1, Sl = 0;
      for (int a = 0; a < E; ++a) if (S[a] >= 0.55 - EPS) { u = T[a]; Su = S[a]; }
      for (int a = 0; a < E; ++a) if (S[a] <= 0.45 + EPS) { l = T[a]; Sl = S[a]; break; }
      if (l > 0) se = S[j] * std::sqrt(GW[j]) / ((Su - Sl) / (l - u));
      break;
    }
    med(c, 0) = md; med(c, 1) = se;
  }
  return List::create(_["q"] = q, _["mean"] = mean, _["median"] = med, _["deaths"] = deaths,
                      _["n"] = size, _["smin"] = smin, _["tlast"] = tlast);
}

// spec: one row a test (v, k, v2, l2): groups 1..k of variable v among v2 == l2.
// [[Rcpp::export]]
NumericVector logrank(NumericVector time, IntegerVector ev, IntegerMatrix codes, IntegerMatrix spec) {
  int n = time.size(), m = spec.nrow();
  std::vector<int> o = order_of(time);
  NumericVector out(m);
  for (int c = 0; c < m; ++c) {
    int v = spec(c, 0), k = spec(c, 1), v2 = spec(c, 2), l2 = spec(c, 3);
    std::vector<double> nr(k, 0.0), U(k, 0.0), V(k * k, 0.0), dg(k);
    std::vector<int> idx;
    for (int a = 0; a < n; ++a) {
      int i = o[a], g = codes(i, v);
      if (g >= 1 && g <= k && (v2 < 0 || codes(i, v2) == l2)) { idx.push_back(i); nr[g - 1] += 1; }
    }
    double N = (double)idx.size();
    for (size_t a = 0; a < idx.size();) {
      size_t e = a; double d = 0; std::fill(dg.begin(), dg.end(), 0.0);
      while (e < idx.size() && std::fabs(time[idx[e]] - time[idx[a]]) < EPS) {
        if (ev[idx[e]]) { d += 1; dg[codes(idx[e], v) - 1] += 1; }
        ++e;
      }
      if (d > 0) {
        double f = N > 1 ? d * (N - d) / (N - 1) : 0;
        for (int g = 0; g < k; ++g) {
          U[g] += dg[g] - d * nr[g] / N;
          for (int h = 0; h < k; ++h) V[g * k + h] += f * (nr[g] / N) * ((g == h ? 1.0 : 0.0) - nr[h] / N);
        }
      }
      for (size_t b = a; b < e; ++b) { nr[codes(idx[b], v) - 1] -= 1; N -= 1; }
      a = e;
    }
    // chi-square on the first k-1 groups by elimination
    int p = k - 1; std::vector<double> M(p * (p + 1));
    for (int g = 0; g < p; ++g) { for (int h = 0; h < p; ++h) M[g * (p + 1) + h] = V[g * k + h]; M[g * (p + 1) + p] = U[g]; }
    double chi = 0; std::vector<double> x(p); bool ok = true;
    for (int g = 0; g < p && ok; ++g) {
      if (std::fabs(M[g * (p + 1) + g]) < 1e-12) { ok = false; break; }
      for (int r = g + 1; r < p; ++r) {
        double f = M[r * (p + 1) + g] / M[g * (p + 1) + g];
        for (int h = g; h <= p; ++h) M[r * (p + 1) + h] -= f * M[g * (p + 1) + h];
      }
    }
    if (ok) {
      for (int g = p - 1; g >= 0; --g) {
        double s = M[g * (p + 1) + p];
        for (int h = g + 1; h < p; ++h) s -= M[g * (p + 1) + h] * x[h];
        x[g] = s / M[g * (p + 1) + g];
      }
      for (int g = 0; g < p; ++g) chi += U[g] * x[g];
    }
    out[c] = chi;
  }
  return out;
}

// terms: one row a column of the model (variable, level); level 0 = the numeric variable of `num`.
// need: variables that must not be missing. Rows: (v2 == l2).
// [[Rcpp::export]]
List coxfit(NumericVector time, IntegerVector ev, IntegerMatrix codes, NumericMatrix num,
            IntegerMatrix terms, IntegerVector need, int v2, int l2, bool efron, NumericVector init) {
  int n = time.size(), p = terms.nrow();
  std::vector<int> o = order_of(time), idx;
  for (int a = 0; a < n; ++a) {
    int i = o[a]; bool ok = v2 < 0 || codes(i, v2) == l2;
    for (int k = 0; ok && k < need.size(); ++k) if (codes(i, need[k]) == 0) ok = false;
    if (ok) idx.push_back(i);
  }
  int N = (int)idx.size();
  std::vector<double> X(N * p);
  for (int j = 0; j < p; ++j) {
    double mu = 0;
    for (int a = 0; a < N; ++a) {
      double x = terms(j, 1) == 0 ? num(idx[a], terms(j, 0)) : (codes(idx[a], terms(j, 0)) == terms(j, 1) ? 1.0 : 0.0);
      X[a * p + j] = x; mu += x;
    }
    mu /= N; for (int a = 0; a < N; ++a) X[a * p + j] -= mu;
  }
  std::vector<double> b(p), bn(p), U(p), I(p * p), w(N), S1(p), S2(p * p), E1(p), E2(p * p), L(p * p);
  for (int j = 0; j < p; ++j) b[j] = init.size() == p ? init[j] : 0;
  auto eval = [&](const std::vector<double> &be, bool deriv) {
    double ll = 0, S0 = 0;
    std::fill(U.begin(), U.end(), 0.0); std::fill(I.begin(), I.end(), 0.0);
    std::fill(S1.begin(), S1.end(), 0.0); std::fill(S2.begin(), S2.end(), 0.0);
    for (int a = N - 1; a >= 0;) {
      int e = a; double E0 = 0; int d = 0;
      std::fill(E1.begin(), E1.end(), 0.0); std::fill(E2.begin(), E2.end(), 0.0);
      while (e >= 0 && std::fabs(time[idx[e]] - time[idx[a]]) < EPS) {
        double eta = 0; for (int j = 0; j < p; ++j) eta += be[j] * X[e * p + j];
        double r = std::exp(eta); S0 += r;
        for (int j = 0; j < p; ++j) {
          S1[j] += r * X[e * p + j];
          if (deriv) for (int h = 0; h <= j; ++h) S2[j * p + h] += r * X[e * p + j] * X[e * p + h];
        }
        if (ev[idx[e]]) {
          ++d; ll += eta; E0 += r;
          for (int j = 0; j < p; ++j) {
            U[j] += X[e * p + j]; E1[j] += r * X[e * p + j];
            if (deriv) for (int h = 0; h <= j; ++h) E2[j * p + h] += r * X[e * p + j] * X[e * p + h];
          }
        }
        --e;
      }
      for (int k = 0; k < d; ++k) {
        double f = efron ? (double)k / d : 0, s0 = S0 - f * E0;
        ll -= std::log(s0);
        for (int j = 0; j < p; ++j) {
          double m1 = (S1[j] - f * E1[j]) / s0; U[j] -= m1;
          if (deriv) for (int h = 0; h <= j; ++h)
            I[j * p + h] += (S2[j * p + h] - f * E2[j * p + h]) / s0 - m1 * (S1[h] - f * E1[h]) / s0;
        }
      }
      a = e;
    }
    return ll;
  };
  auto chol = [&]() {
    for (int j = 0; j < p; ++j) for (int h = 0; h <= j; ++h) {
      double s = I[j * p + h]; for (int k = 0; k < h; ++k) s -= L[j * p + k] * L[h * p + k];
      if (j == h) { if (s <= 1e-10) return false; L[j * p + j] = std::sqrt(s); } else L[j * p + h] = s / L[h * p + h];
    }
    return true;
  };
  double ll = eval(b, true); bool conv = false, good = true;
  for (int it = 0; it < 25; ++it) {
    if (!chol()) { good = false; break; }
    std::vector<double> y(p), st(p);
    for (int j = 0; j < p; ++j) { double s = U[j]; for (int k = 0; k < j; ++k) s -= L[j * p + k] * y[k]; y[j] = s / L[j * p + j]; }
    for (int j = p - 1; j >= 0; --j) { double s = y[j]; for (int k = j + 1; k < p; ++k) s -= L[k * p + j] * st[k]; st[j] = s / L[j * p + j]; }
    double mx = 0; for (int j = 0; j < p; ++j) mx = std::max(mx, std::fabs(st[j]));
    double f = mx > 4 ? 4 / mx : 1, lln = 0;
    for (int h = 0; h < 8; ++h) {
      for (int j = 0; j < p; ++j) bn[j] = b[j] + f * st[j];
      lln = eval(bn, true); if (lln >= ll - 1e-8) break; f /= 2;
    }
    b = bn; double ch = lln - ll; ll = lln;
    if (std::fabs(ch) < 1e-7 && mx < 1e-3) { conv = true; break; }
  }
  NumericVector beta(p), se(p);
  for (int j = 0; j < p; ++j) { beta[j] = b[j]; se[j] = 99; }
  if (good && chol()) for (int j = 0; j < p; ++j) {
    // variance: squared norm of the solution of L y = e_j
    std::vector<double> y(p); double v = 0;
    for (int k = 0; k < p; ++k) { double s = k == j ? 1.0 : 0.0; for (int h = 0; h < k; ++h) s -= L[k * p + h] * y[h]; y[k] = s / L[k * p + k]; v += y[k] * y[k]; }
    se[j] = std::sqrt(v);
  }
  return List::create(_["beta"] = beta, _["se"] = se, _["loglik"] = ll, _["conv"] = conv, _["n"] = N);
}

// Harrell's concordance of a risk score (higher = dies sooner).
// [[Rcpp::export]]
double cindex(NumericVector time, IntegerVector ev, NumericVector risk) {
  double c = 0, t = 0; int n = time.size();
  for (int i = 0; i < n; ++i) if (ev[i]) for (int j = 0; j < n; ++j) if (i != j) {
    bool later = time[j] > time[i] + EPS || (std::fabs(time[j] - time[i]) < EPS && !ev[j]);
    if (!later) continue;
    t += 1; if (risk[i] > risk[j] + EPS) c += 1; else if (std::fabs(risk[i] - risk[j]) <= EPS) c += 0.5;
  }
  return c / t;
}
