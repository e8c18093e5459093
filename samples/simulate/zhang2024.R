# SPDX-License-Identifier: GPL-3.0-or-later
# Simulated cohort after Zhang et al., 2024 ("Distinct clinicopathological features of neuroendocrine
# liver metastases originating from the pancreas and rectum"); no patient in it.
# 81 patients: pancreas 69, rectum 12; Japan 47, China 34. Run: Rscript zhang2024.R [iterations [folder]]
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])), "common.R"))
set.seed(20241)
ITERS <- as.numeric(c(commandArgs(TRUE), 1100000)[1])

# ---- 1. Skeleton: primary x timing (Tables 1, 4) x country (Tables 4, 5) -------------------------
size <- rbind(c(22, 26), c(15, 6), c(4, 1), c(6, 1))              # pancreas sync, async; rectum sync, async
pt <- rep(rep(1:4, 2), c(size)); nat <- rep(1:2, colSums(size)); N <- length(pt)
stopifnot(N == 81)
rows <- function(p, n = 1:2) which(pt %in% p & nat %in% n)
# counts by primary x timing (four rows; first column missing) and by country (Japan, China)
M <- list(
  sex = list(rbind(c(0, 26, 22), c(0, 14, 7), c(0, 2, 3), c(0, 3, 4)), rbind(c(0, 31, 16), c(0, 14, 20))),   # female male
  age = list(rbind(c(0, 35, 13), c(0, 12, 9), c(0, 0, 5), c(0, 2, 5)), rbind(c(0, 25, 22), c(0, 24, 10))),   # <=60 >60
  who = list(rbind(c(0, 4, 39, 5), c(0, 5, 15, 1), c(0, 0, 4, 1), c(0, 2, 5, 0)), rbind(c(0, 6, 38, 3), c(0, 5, 25, 4))),
  ln  = list(rbind(c(0, 35, 13), c(0, 19, 2), c(1, 3, 1), c(0, 7, 0)), rbind(c(1, 36, 10), c(0, 28, 6))),    # no yes
  ki  = list(rbind(c(0, 24, 24), c(1, 13, 7), c(1, 2, 2), c(0, 5, 2)), rbind(c(1, 28, 18), c(1, 16, 17))),   # <=7 >7
  pat = list(rbind(c(1, 20, 20, 7), c(0, 12, 7, 2), c(0, 1, 4, 0), c(0, 2, 1, 4)), rbind(c(0, 15, 21, 11), c(1, 20, 11, 2))),
  htb = list(rbind(c(1, 21, 14, 8, 4), c(0, 14, 4, 2, 1), c(0, 2, 1, 1, 1), c(0, 3, 1, 0, 3)), rbind(c(0, 21, 11, 7, 8), c(1, 19, 9, 4, 1))),
  trt = list(rbind(c(0, 13, 11, 21, 3), c(0, 6, 14, 1, 0), c(0, 1, 1, 3, 0), c(0, 0, 7, 0, 0)), rbind(c(0, 12, 23, 12, 0), c(0, 8, 10, 13, 3))))
X <- list(prim = ifelse(pt <= 2, 1L, 2L), timing = ifelse(pt %in% c(1, 3), 1L, 2L), nat = nat, pt = pt)
for (v in names(M)) {
  stopifnot(all(colSums(M[[v]][[1]]) == colSums(M[[v]][[2]])))
  repeat {
    x <- integer(N); for (p in 1:4) x[rows(p)] <- deal(M[[v]][[1]][p, ], seq_len(ncol(M[[v]][[1]])) - 1)
    for (try in 1:4000) {
      gap <- M[[v]][[2]][1, ] - tabulate(x[nat == 1] + 1, ncol(M[[v]][[1]])); if (all(gap == 0)) break
      lo <- pick(which(gap < 0)) - 1; hi <- pick(which(gap > 0)) - 1; p <- sample.int(4, 1)
      i <- which(pt == p & nat == 1 & x == lo); j <- which(pt == p & nat == 2 & x == hi)
      if (length(i) && length(j)) { i <- pick(i); j <- pick(j); x[c(i, j)] <- x[c(j, i)] }
    }
    if (all(gap == 0) && !(v == "trt" && any(x[rows(3, 2)] == 1))) break   # the rectal PLCR was in Japan (text)
  }
  X[[v]] <- x
}
derived <- function(X) {
  X$g3 <- ifelse(X$who == 3, 2L, 1L); X$htb2 <- ifelse(X$htb == 0, 0L, ifelse(X$htb == 1, 1L, 2L))
  X$surg <- ifelse(X$trt <= 2, 1L, 2L)
  X$p12 <- ifelse(X$trt <= 2, X$trt, 0L); X$p13 <- c(1L, 0L, 2L, 0L)[X$trt]; X$p23 <- c(0L, 1L, 2L, 0L)[X$trt]
  X
}
codes <- do.call(cbind, derived(X)); storage.mode(codes) <- "integer"
V <- setNames(seq_len(ncol(codes)) - 1L, colnames(codes))
with_v <- list(sex = "sex", age = "age", who = c("who", "g3"), ln = "ln", ki = "ki", pat = "pat",
               htb = c("htb", "htb2"), trt = c("trt", "surg", "p12", "p13", "p23"))

# Interval from diagnosis to liver metastasis = days to the resection + disease-free interval, whose
# mean, standard deviation, median and quartiles (as JMP counts them) are those of Table 4.
dfsi_r <- c(48.0, 97.3, 117.0, 121.0, 170.1, 193.5, 200.2)
dfsi_p <- c(3.1, 4.4, 11.6, 14.4, 15.5, 15.5, 16.3, 21.0, 26.6, 38.6, 38.6, 43.5, 45.7, 48.1, 53.8, 53.8, 59.2, 70.6, 74.2, 119.5)
stopifnot(abs(mean(dfsi_r) - 135.3) < .05, abs(sd(dfsi_r) - 55.4) < .05, abs(mean(dfsi_p) - 38.7) < .05, abs(sd(dfsi_p) - 28.7) < .05)
delay <- round(runif(N, 0.2, 1.6), 1); gap <- numeric(N)
gap[rows(4)] <- sample(dfsi_r) + delay[rows(4)]
comp_async <- which(pt == 2 & codes[, "trt"] == 3)                 # the one without resection has no such interval
gap[setdiff(rows(2), comp_async)] <- sample(dfsi_p) + delay[setdiff(rows(2), comp_async)]; gap[comp_async] <- 24.5

# ---- 2. Published figures ------------------------------------------------------------------------
# mean +- s.e. as JMP prints it: set (all, p = pancreas, pa / ra = asynchronous pancreas / rectum, js / cs = operated)
mt <- read.table(header = TRUE, stringsAsFactors = FALSE, na.strings = ".", text = "
clock set v l mean se w
os all all 0 165.9 . 2
os all sex 1 152.7 16.8 1
os all sex 2 175.9 19.0 1
os all prim 1 155.0 14.7 1.5
os all prim 2 179.4 24.6 1.5
os all age 1 162.8 16.9 1
os all age 2 161.6 19.2 1
os all nat 1 170.9 14.0 1
os all nat 2 106.6 14.1 1
os all g3 1 169.6 13.2 1
os all g3 2 51.1 13.1 1
os all timing 1 111.9 14.3 1
os all timing 2 193.6 14.3 1
os all ln 1 169.1 14.3 1
os all ln 2 100.3 15.8 1
os all ki 1 196.7 13.6 1
os all ki 2 95.6 11.7 1
os all pat 1 175.2 18.1 1
os all pat 2 148.3 18.9 1
os all pat 3 151.2 30.5 1
os all htb2 1 192.3 14.3 1
os all htb2 2 137.9 18.5 1
os all surg 1 174.6 13.7 1
os all surg 2 86.3 11.2 1
os all trt 1 116.4 18.0 1
os all trt 2 191.1 15.0 1
os all trt 3 83.9 12.0 1
os p sex 1 154.5 18.7 0.7
os p sex 2 135.4 16.4 0.7
os p age 1 162.8 18.2 0.7
os p age 2 104.9 12.6 0.7
os p nat 1 158.5 15.7 0.7
os p nat 2 120.1 8.6 1
os p g3 1 159.3 14.9 0.7
os p g3 2 45.2 14.9 0.7
os p timing 1 115.3 16.4 0.7
os p timing 2 178.0 18.0 0.7
os p ln 1 160.1 16.4 0.7
os p ln 2 99.3 16.0 0.7
os p ki 1 185.8 15.6 0.7
os p ki 2 93.0 13.6 0.7
os p pat 1 174.7 21.4 0.7
os p pat 2 126.8 15.8 0.7
os p pat 3 72.4 21.1 0.7
os p htb2 1 193.2 16.6 0.7
os p htb2 2 103.6 15.7 0.7
os p surg 2 135.9 18.6 0.7
os p surg 1 144.2 7.4 0.7
os ra all 0 212.8 15.8 0.7
os js all 0 172.5 14.0 0.4
os cs all 0 97.2 13.0 0.4
lm pa all 0 128.2 18.1 0.7
lm ra all 0 51.9 1.5 0.7
lm all prim 1 123.25 12.73 0.5
lm all prim 2 49.50 2.38 0.5
lm all nat 1 124.6 12.5 0.5
lm all nat 2 52.1 3.2 0.5
lm js all 0 177.3 14.6 0.15
lm cs all 0 114.8 14.0 0.15")
cond <- function(set, v, l) {
  a <- if (v == "all") c(-1L, 0L) else c(V[[v]], l)
  b <- switch(set, all = c(-1L, 0L), p = c(V[["prim"]], 1L), pa = c(V[["pt"]], 2L), ra = c(V[["pt"]], 4L),
              async = c(V[["timing"]], 2L), op = c(V[["surg"]], 1L),
              js = c(V[["nat"]], 1L), cs = c(V[["nat"]], 2L))
  if (set %in% c("js", "cs")) a <- c(V[["surg"]], 1L)
  as.integer(c(a, b))
}
mspec <- t(mapply(cond, mt$set, mt$v, mt$l)); storage.mode(mspec) <- "integer"; dimnames(mspec) <- NULL
on_os <- which(mt$clock == "os"); on_lm <- which(mt$clock == "lm")

lt <- read.table(header = TRUE, stringsAsFactors = FALSE, text = "
clock set v k chi w
os all sex 2 0.310 1
os all prim 2 0.449 1.5
os all age 2 0.113 1
os all nat 2 0.385 1
os all g3 2 5.116 1.5
os all timing 2 6.076 1.5
os all ln 2 0.777 1
os all ki 2 6.601 1.5
os all pat 3 1.883 1
os all htb2 2 7.283 1.5
os all surg 2 4.036 1.5
os all p12 2 3.795 1
os all p13 2 0.202 1
os all p23 2 5.730 1
os p sex 2 0.002 0.7
os p age 2 0.496 0.7
os p nat 2 0.078 0.7
os p g3 2 6.013 1
os p timing 2 2.656 0.8
os p ln 2 0.613 0.7
os p ki 2 4.541 1
os p pat 3 5.384 0.7
os p htb2 2 8.909 1
os p surg 2 2.063 0.7
os async prim 2 0.605 0.7
os op nat 2 2.977 0.4
lm all prim 2 0.3645 0.7
lm all nat 2 0.633 0.5
lm async prim 2 0.020 0.5
lm op nat 2 0.150 0.3")
lspec <- t(mapply(function(s, v, k) c(V[[v]], k, cond(s, "all", 0)[3:4]), lt$set, lt$v, lt$k))
storage.mode(lspec) <- "integer"; dimnames(lspec) <- NULL
lt$z <- z_of_chisq(lt$chi, lt$k - 1); l_os <- which(lt$clock == "os"); l_lm <- which(lt$clock == "lm")

tm <- function(...) { m <- rbind(...); storage.mode(m) <- "integer"; m }
cx <- list(
  list(t = tm(c(V["g3"], 2), c(V["timing"], 1), c(V["ln"], 2), c(V["ki"], 2), c(V["htb2"], 2), c(V["surg"], 2)),
       hr = c(4.20, 4.27, 1.18, 3.31, 5.70, 1.91), lo = c(0.64, 1.26, 0.30, 1.10, 1.28, 0.42), hi = c(27.53, 14.49, 4.60, 9.98, 25.34, 8.66),
       need = V[c("ln", "ki", "htb2")], c = c(-1L, 0L), w = 2.2),
  list(t = tm(c(V["g3"], 2), c(V["timing"], 1), c(V["ki"], 2), c(V["htb2"], 2), c(V["surg"], 1)),
       hr = c(6.64, 2.07, 1.77, 12.45, 0.28), lo = c(1.05, 0.52, 0.49, 1.58, 0.04), hi = c(42.24, 8.22, 6.42, 98.44, 2.28),
       need = V[c("ki", "htb2")], c = c(V[["prim"]], 1L), w = 1),
  list(t = tm(c(V["g3"], 2), c(V["ki"], 2), c(V["htb2"], 2), c(V["surg"], 2)), hr = c(11.56, NA, NA, NA), lo = c(1.61, NA, NA, NA), hi = c(83.19, NA, NA, NA),
       need = V[c("ki", "htb2")], c = c(V[["timing"]], 1L), w = 0.6))
for (k in seq_along(cx)) cx[[k]]$se <- with(cx[[k]], log(hi / lo) / 3.919928)
none <- numeric(0); num <- matrix(0, N, 1); odd_weight <- 2; side_weight <- 0
five <- tm(c(V["prim"], 1, -1, 0), c(V["prim"], 2, -1, 0)); whole <- tm(c(-1, 0, -1, 0))

# Recurrence after hepatectomy (text, Table 5): the intervals of the 7 and 4 who recurred must fit into the
# follow-up of pancreatic PLCR patients: Japan 5 synchronous and 2 not, besides a perioperative death; China 3 and 1.
recur <- list(list(c(52.3, 39.6, 29.4, 15.6, 15.2), c(15.8, 12.1)), list(c(15.8, 5.9, 4.6), 7.7))
short <- function(lm, v) { x <- sort(lm, decreasing = TRUE)[seq_along(v)]; x[is.na(x)] <- 0; sum(x <= v + 0.4) }
misfit <- function(s) {
  p <- which(s$codes[, "trt"] == 1L & s$codes[, "prim"] == 1L); j <- p[nat[p] == 1]; c <- p[nat[p] == 2]; sy <- pt == 1
  m <- sapply(j[s$ev[j] == 1L], function(d) { k <- setdiff(j, d); short(s$lm[k[sy[k]]], recur[[1]][[1]]) + short(s$lm[k[!sy[k]]], recur[[1]][[2]]) })
  (if (length(m)) min(m) else 5) + short(s$lm[c[sy[c]]], recur[[2]][[1]]) + short(s$lm[c[!sy[c]]], recur[[2]][[2]])
}
loss <- function(s, parts = FALSE) {
  os <- s$lm + s$gap
  a <- km_stats(os, s$ev, s$codes, mspec[on_os, ], integer(0), none)
  b <- km_stats(s$lm, s$ev, s$codes, mspec[on_lm, ], integer(0), none)
  mu <- rbind(a$mean, b$mean); tgt <- mt[c(on_os, on_lm), ]
  i <- !is.na(tgt$se)
  lm <- sum(tgt$w * soft((mu[, 1] - tgt$mean) / (0.025 * tgt$mean))) + sum(0.35 * tgt$w[i] * soft(log((mu[i, 2] + 0.05) / tgt$se[i]) / 0.15))
  z <- c(z_of_chisq(logrank(os, s$ev, s$codes, lspec[l_os, ]), lt$k[l_os] - 1), z_of_chisq(logrank(s$lm, s$ev, s$codes, lspec[l_lm, ]), lt$k[l_lm] - 1))
  zt <- lt$z[c(l_os, l_lm)]; wt <- lt$w[c(l_os, l_lm)]
  ll <- sum(wt * soft((z - zt) / 0.12)) + side_weight * sum((z > 1.975) != (zt > 1.96) & wt >= 0.5)
  lc <- 0
  for (m in cx) {
    f <- coxfit(os, s$ev, s$codes, num, m$t, m$need, m$c[1], m$c[2], TRUE, none); i <- !is.na(m$hr)
    if (any(!i)) lc <- lc + 0.4 * sum(pmax(0, abs(f$beta[!i]) - 2))           # no separation where nothing is printed
    lc <- lc + m$w * sum(soft((f$beta - log(m$hr))[i] / 0.12) + 0.5 * soft(log(f$se / m$se)[i] / 0.12) + 0.5 * soft((f$beta / f$se - log(m$hr) / m$se)[i] / 0.15))
  }
  k5 <- km_stats(os, s$ev, s$codes, five, c(0L, 1L), c(60, 60))$q[, 2]
  fu <- km_stats(os, 1L - s$ev, s$codes, whole, 0L, 76)$q
  l5 <- sum(soft((k5 - c(0.851, 0.800)) / 0.01)) + 2 * loss_quantile(fu[1, 1], fu[1, 2], 0.5)
  cd <- s$codes                                       # grade and Ki-67 agree; pattern and burden hang together
  odd <- sum(cd[, "who"] == 1L & cd[, "ki"] == 2L) + sum(cd[, "who"] == 3L & cd[, "ki"] == 1L)
  odd2 <- sum(cd[, "pat"] == 1L & cd[, "htb"] == 4L) + sum(cd[, "pat"] == 3L & cd[, "trt"] == 1L)
  lp <- odd_weight * odd + 0.15 * odd2 + if (side_weight > 0) 8 * misfit(s) else 0
  if (parts) return(c(means = lm, logrank = ll, cox = lc, five_year = l5, plausible = lp))
  lm + ll + lc + l5 + lp
}

# ---- 3. Start and moves --------------------------------------------------------------------------
# Liver metastasis from September 2018 in China (follow-up at most 60 months), from 2003 in Japan.
cap <- ifelse(nat == 2, 60, 246)
allowed <- function(s, i) all(s$lm[i] >= 0.3 & s$lm[i] <= cap[i] & s$lm[i] + s$gap[i] <= 246)
lm <- ifelse(nat == 2, runif(N, 3, 60), runif(N, 5, 170)); lm <- round(pmax(1, pmin(lm, cap, 246 - gap)), 1)
ev <- integer(N); ev[sample(N, 18)] <- 1L
state <- list(lm = lm, gap = gap, ev = ev, codes = codes)
stopifnot(allowed(state, 1:N))
blocks <- paste(pt, nat); byblock <- split(seq_len(N), blocks); byblock <- byblock[lengths(byblock) > 1]
vars <- names(M)
r4 <- rows(4); r2 <- setdiff(rows(2), comp_async)
propose <- function(s) {
  u <- runif(1)
  if (u < 0.22) {
    ij <- sample.int(N, 2); if (s$ev[ij[1]] == 0 && s$ev[ij[2]] == 0 && runif(1) < 0.5) ij[1] <- pick(which(s$ev == 1))
    s$lm[ij] <- s$lm[rev(ij)]; s$ev[ij] <- s$ev[rev(ij)]; if (!allowed(s, ij)) return(NULL)
  } else if (u < 0.47) {
    i <- if (runif(1) < 0.6) pick(which(s$ev == 1)) else sample.int(N, 1)
    t <- s$lm[i] + if (runif(1) < 0.5) pick(c(-30:-1, 1:30)) / 10 else rnorm(1, 0, 20)
    s$lm[i] <- round(t, 1); if (!allowed(s, i)) return(NULL)
  } else if (u < 0.53) { ij <- sample.int(N, 2); if (s$ev[ij[1]] == s$ev[ij[2]]) return(NULL); s$ev[ij] <- s$ev[rev(ij)]
  } else if (u < 0.55) { i <- sample.int(N, 1); s$ev[i] <- 1L - s$ev[i]; if (abs(sum(s$ev) - 18) > 4) return(NULL)
  } else if (u < 0.60) {
    r <- if (runif(1) < 0.5) r4 else r2; ij <- sample(r, 2); d <- s$gap[ij] - delay[ij]
    s$gap[ij] <- rev(d) + delay[ij]; if (!allowed(s, ij)) return(NULL)
  } else if (u < 0.85) {
    v <- pick(vars); r <- byblock[[sample.int(length(byblock), 1)]]; ij <- r[sample.int(length(r), 2)]
    if (s$codes[ij[1], v] == s$codes[ij[2], v]) return(NULL)
    if (v == "trt" && any(ij == comp_async)) return(NULL)
    w <- with_v[[v]]; s$codes[ij, w] <- s$codes[rev(ij), w]
  } else {                                             # exchange between the countries, made good in another class
    v <- pick(vars); p <- sample.int(4, 2); i <- pick(rows(p[1], 1)); j <- pick(rows(p[1], 2)); k <- pick(rows(p[2], 1)); l <- pick(rows(p[2], 2))
    x <- s$codes[, v]; if (x[i] == x[j] || x[k] != x[j] || x[l] != x[i]) return(NULL)
    if (v == "trt" && (any(c(i, j, k, l) == comp_async) || (3 %in% p))) return(NULL)
    w <- with_v[[v]]; s$codes[c(i, j), w] <- s$codes[c(j, i), w]; s$codes[c(k, l), w] <- s$codes[c(l, k), w]
  }
  s
}
best <- anneal(state, propose, loss, ITERS, 1.5, 0.01, "zhang2024")
# a second, cooler pass in which no grade may contradict its Ki-67, no test the side of 0.05, and the
# recurrences find their place
set.seed(20243); odd_weight <- 25; side_weight <- 1
best <- anneal(best, propose, loss, 500000, 0.7, 0.005, "zhang2024, second")
message(paste(names(loss(best, TRUE)), round(loss(best, TRUE), 2), collapse = "  "))

# ---- 4. The records as a hospital would hold them ------------------------------------------------
set.seed(81)
c0 <- best$codes; os <- round(best$lm + best$gap, 1); yn <- function(x) c("no", "yes")[ifelse(x == 0, NA, x)]
# ages with the printed means and standard deviations by site, median 56.7, range 33 to 85.2
old <- c0[, "age"] == 2L; rect <- c0[, "prim"] == 2L
age <- ifelse(old, ifelse(rect, 70, 66), ifelse(rect, 57, 51)) + rnorm(N, 0, 5); age <- pmin(ifelse(old, 85.2, 60), pmax(ifelse(old, 60.5, 33), age))
off <- function(a) abs(mean(a[!rect]) - 55.41) + abs(sd(a[!rect]) - 11.93) + abs(mean(a[rect]) - 68.03) + abs(sd(a[rect]) - 7.87) + abs(median(a) - 56.7) + abs(min(a) - 33) + abs(max(a) - 85.2)
age <- round(age, 1); l <- off(age)
for (k in 1:120000) { i <- sample.int(N, 1); a <- age; a[i] <- round(min(if (old[i]) 85.2 else 60, max(if (old[i]) 60.1 else 33, a[i] + rnorm(1, 0, pick(c(.2, 3))))), 1); m <- off(a); if (m <= l) { age <- a; l <- m } }
stopifnot(l < 0.03)
# Ki-67 that agrees with the grade; median 5 (quartiles 3 and 10)
ki <- rep(NA_real_, N); who <- c0[, "who"]; kc <- c0[, "ki"]
ki[kc == 1 & who == 1] <- sample(c(1, 2), sum(kc == 1 & who == 1), TRUE)
r <- which(kc == 1 & who == 2); ki[r] <- sample(rep(c(3, 4, 5, 6, 7), c(12, 6, 12, 2, length(r) - 32)))
r <- which(kc == 2 & who == 2); ki[r] <- sample(rep(c(8, 9, 10, 12, 15, 18, 20), c(7, 5, 6, 3, 3, 2, length(r) - 26)))
r <- which(kc == 2 & who == 3); ki[r] <- sample(c(22, 25, 30, 30, 35, 40, 50), length(r))
stopifnot(sum(is.na(ki)) == 2, median(ki, na.rm = TRUE) == 5, all(quantile(ki, c(.25, .75), na.rm = TRUE) == c(3, 10)))
trt <- c0[, "trt"]; nat2 <- c0[, "nat"]; tim <- c0[, "timing"]
proc <- rep("none", N); op <- trt <= 2
proc[op & !rect] <- sample(c(rep("DP", 24), rep("PD", 16), "DP+PD", "TP", "enucleation", "DP"))      # text: 43; the table has 44 operated
proc[op & rect & tim == 2] <- sample(rep(c("EMR", "LAR"), c(4, 3))); proc[op & rect & tim == 1] <- "LAR"
plcr <- which(trt == 1 & !rect)
# second recurrence after hepatectomy: 7 of 10 in Japan (5 synchronous), 4 of 8 in China (3 synchronous);
# 20 patients with PLCR less the rectal one and a perioperative death
place <- function(r, values, who) {                # each interval to the shortest follow-up that holds it
  for (v in sort(values, decreasing = TRUE)) { j <- who[best$lm[who] > v + 0.4]; if (!length(j)) return(NULL); j <- j[which.min(best$lm[j])]; r$dfs[j] <- v; r$rec[j] <- "yes"; who <- setdiff(who, j) }
  r
}
C <- plcr[nat2[plcr] == 2]; found <- NULL
for (peri in plcr[nat2[plcr] == 1][order(-best$ev[plcr[nat2[plcr] == 1]], best$lm[plcr[nat2[plcr] == 1]])]) {
  J <- setdiff(plcr[nat2[plcr] == 1], peri); r <- list(rec = rep(NA_character_, N), dfs = rep(NA_real_, N))
  r <- place(r, recur[[1]][[1]], J[tim[J] == 1]); if (!is.null(r)) r <- place(r, recur[[1]][[2]], J[tim[J] == 2])
  if (!is.null(r)) r <- place(r, recur[[2]][[1]], C[tim[C] == 1]); if (!is.null(r)) r <- place(r, recur[[2]][[2]], C[tim[C] == 2])
  if (!is.null(r)) { found <- r; break }
}
stopifnot(!is.null(found), best$ev[peri] == 1); rec <- found$rec; dfs <- found$dfs
rest <- setdiff(c(J, C), which(!is.na(rec))); rec[rest] <- "no"; dfs[rest] <- round(pmax(0.5, best$lm[rest] - 0.5), 1)
rule <- ifelse(nat2 == 1, "no", NA); rule[nat2 == 1 & op] <- "yes"; ruled <- pick(which(nat2 == 1 & trt == 3)); rule[ruled] <- "yes"
lm_open <- as.Date(ifelse(nat2 == 2, "2018-09-01", "2003-02-01")) + ifelse(nat2 == 2, 0, ceiling(best$gap * 30.4375)); close <- as.Date("2023-09-30")
room <- as.numeric(close - lm_open) - round(best$lm * 30.4375); stopifnot(all(room >= 0))
# followed to the close where alive: liver metastasis as late as the follow-up allows, give or take
lmdate <- lm_open + floor(room * ifelse(best$ev == 1, runif(N), 1 - 0.15 * runif(N)))
dx <- lmdate - round(best$gap * 30.4375)
d <- data.frame(country = c("Japan", "China")[nat2], sex = c("female", "male")[c0[, "sex"]], age = age,
  primary_site = c("pancreas", "rectum")[c0[, "prim"]], who_grade = c("G1", "G2", "G3")[who], ki67_percent = ki,
  metastasis_timing = c("synchronous", "asynchronous")[tim], lymph_node_metastasis = yn(c0[, "ln"]),
  nelm_type = c("I", "II", "III")[ifelse(c0[, "pat"] == 0, NA, c0[, "pat"])],
  hepatic_tumor_burden = c("<=10%", "11-25%", "26-50%", ">50%")[ifelse(c0[, "htb"] == 0, NA, c0[, "htb"])],
  treatment = c("PLCR", "PTR", "comprehensive", "observation")[trt], primary_procedure = proc,
  observation_rule = rule, observation_outcome = ifelse(rule == "yes", ifelse(seq_len(N) == ruled, "not operated", "operated"), NA),
  perioperative_death = ifelse(seq_len(N) == peri, "yes", "no"), recurrence_after_hepatectomy = rec, dfs_ah_months = dfs,
  dx_date = dx, lm_date = lmdate, last_date = lmdate + round(best$lm * 30.4375),
  dfsi_months = ifelse(tim == 2 & op, round(best$gap - delay, 1), NA), os_months = os, osalm_months = round(best$lm, 1), death = best$ev)
d$os_months <- round(as.numeric(d$last_date - d$dx_date) / 30.4375, 1)
stopifnot(max(abs(d$os_months - os)) < 0.11)
d$os_months <- os
d <- d[sample(N), ]
write_cohort(cbind(patient_id = sprintf("ZHANG-%03d", seq_len(N)), d), "zhang2024.csv")
