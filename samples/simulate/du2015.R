# SPDX-License-Identifier: GPL-3.0-or-later
# Simulated cohort after Du et al., Medicine 2015;94(34):e1429 (no patient in it).
# 36 patients with liver metastases of grade 3 gastroenteropancreatic NET. Run: Rscript du2015.R [iterations [folder]]
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])), "common.R"))
set.seed(2015)
ITERS <- as.numeric(c(commandArgs(TRUE), 1000000)[1])
N <- 36

# ---- 1. Treatment skeleton ---------------------------------------------------------------------
# Resection 26 = primary only 16 + liver only 5 + both 5. Locoregional without resection 2 (28 with
# any locoregional treatment). Intervention (NSLRI) 11 as in Table 2: 9 with and 2 without resection.
# Strategy: locoregional only 12, locoregional then systemic 16, systemic only 6, supportive only 2.
surg <- c(rep(2, 16), rep(3, 5), rep(4, 5), rep(1, 10))          # 1 none 2 primary 3 liver 4 both
nslri <- rep(1L, N); nslri[c(1:5, 17:18, 22:23, 27:28)] <- 2L    # 2 = yes
lt <- ifelse(surg > 1 | nslri == 2, 2L, 1L)
strat <- integer(N); strat[lt == 2] <- deal(c(12, 16), c(1, 2)); strat[lt == 1] <- deal(c(6, 2), c(3, 4))
Z <- 6; strat[Z] <- 1L; if (sum(strat == 1) > 12) strat[pick(setdiff(which(strat == 1), Z))] <- 2L   # last death, at 101 months:
                                  # the median of locoregional treatment only, so resected without intervention
A <- 16; B <- 26                  # the two patients told of: a man of 61 (pancreas, distal pancreatectomy,
                                  # alive 31 months on) and a woman of 53 (gall bladder with liver, dead at 7)
stopifnot(sum(nslri == 2) == 11, sum(lt == 2) == 28, surg[A] == 2, surg[B] == 4, nslri[c(A, B)] == 1)

# ---- 2. Covariates: Table 1 --------------------------------------------------------------------
two <- function(yes) deal(c(N - yes, yes))                       # level 2 = yes
X <- list(surg = surg, res = ifelse(surg > 1, 2L, 1L), nslri = nslri, lt = lt, strat = strat,
          st = ifelse(strat %in% c(2, 3), 2L, 1L), combo = 0L,
          male = two(26), sym = 2L, panc = two(12), sync = two(25), ehm = two(8), many = two(30),
          child = two(10), alb = two(10), bil = two(8), asc = two(4), ki = two(28), init = two(19), remn = two(19))
X$sym <- rep(2L, N); X$sym[sample(which(lt == 2), 5)] <- 1L      # 31 symptomatic, all 8 without locoregional treatment
X$combo <- ifelse(surg > 1, ifelse(nslri == 2, 2L, 1L), 0L)      # surgery only / surgery + NSLRI
codes <- do.call(cbind, X); storage.mode(codes) <- "integer"
fix <- function(row, v, val) { if (codes[row, v] != val) { j <- pick(setdiff(which(codes[, v] == val), c(A, B))); codes[c(row, j), v] <<- codes[c(j, row), v] } }
fix(A, "male", 2L); fix(A, "panc", 2L); fix(B, "male", 1L); fix(B, "panc", 1L)
V <- setNames(seq_len(ncol(codes)) - 1L, colnames(codes))

# Numbers with the printed mean and standard deviation (and median where printed).
fit_values <- function(x, mean0, sd0, lo, hi, digits, median0 = NA) {
  step <- 10^-digits
  f <- function(x) 40 * abs(mean(x) - mean0) + 40 * abs(sd(x) - sd0) + if (is.na(median0)) 0 else 40 * abs(median(x) - median0)
  l <- f(x)
  for (k in 1:60000) {
    y <- x; i <- sample.int(length(x), 1); y[i] <- min(hi[min(i, length(hi))], max(lo[min(i, length(lo))], y[i] + step * pick(c(-10:-1, 1:10))))
    m <- f(y); if (m <= l) { x <- y; l <- m }; if (l < 40 * 0.02) break
  }
  round(x, digits)
}
age <- c(fit_values(round(rnorm(34, 53.6, 13.1)), (53.6 * 36 - 114) / 34, 13.45, 22, 79, 0))
kivals <- fit_values(c(22, 25, 25, 26, 28, 30, 30, 30, round(seq(36, 92, length.out = 28))), 53.5, 21.2,
                     c(rep(21, 8), rep(35, 28)), c(rep(30, 8), rep(95, 28)), 0)
prim <- fit_values(round(c(seq(12, 43, length.out = 18), seq(45, 88, length.out = 18))), 44.2, 20.9, c(rep(8, 18), rep(45, 18)), c(rep(43, 18), rep(110, 18)), 0, 44)
hep <- fit_values(round(c(3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 10, 12, 14, 15, 16, 18, 20, 27, 31, seq(32, 60, length.out = 14), 80, 95, 110)), 29.1, 27.8,
                  c(rep(2, 17), 25, 31, rep(31, 17)), c(rep(24, 17), 27, 33, rep(125, 17)), 0, 29)
stopifnot(abs(mean(prim) - 44.2) < .06, abs(sd(prim) - 20.9) < .06, median(prim) == 44,
          abs(mean(hep) - 29.1) < .06, abs(sd(hep) - 27.8) < .06, median(hep) == 29,
          abs(mean(kivals) - 53.5) < .06, abs(sd(kivals) - 21.2) < .06)
ages <- numeric(N); ages[A] <- 61; ages[B] <- 53; ages[-c(A, B)] <- sample(age)
stopifnot(abs(mean(ages) - 53.6) < .06)
num <- cbind(age = ages, prim = sample(prim) / 10, hep = sample(hep) / 10)

# ---- 3. Published figures ----------------------------------------------------------------------
# curve: variable, level, condition, level, median, its limits, survival at 12, 36, 60 months, weight
cv <- read.table(header = TRUE, stringsAsFactors = FALSE, na.strings = ".", text = "
v l med lo hi s12 s36 s60 w
all 1 20 8.9 31.1 .626 .301 .198 3
res 2 28 15.1 40.9 .721 .342 .232 3
res 1 9 . 22.4 .504 .125 . 1.5
nslri 2 - . . .775 . . 2.5
nslri 1 15 1.2 28.8 .517 .226 . 1.5
st 2 15 6.3 23.7 .533 .283 .141 1.5
st 1 29 23.4 34.6 .709 .344 .261 1.2
strat 1 101 . 210.2 . . . 3
strat 2 19 1.3 36.8 . . . 1.5
strat 3 9 3.3 14.7 . . . 3
combo 1 20 1.2 38.8 . . . 1.5
combo 2 - . . . . . 2
only 1 19 . . . . . 0.5
panc 2 54 16.1 91.9 . . . 2.5
panc 1 11 0.63 21.4 . . . 1.5
bil 2 8 0.68 15.3 . . . 2
bil 1 27 15.2 38.8 . . . 1.5
remn 1 54 1.6 106.5 . . . 1.5
remn 2 15 4.5 25.6 . . . 1.5")
spec <- t(mapply(function(v, l) switch(v, all = c(-1L, 0L, -1L, 0L), only = c(V[["nslri"]], 2L, V[["res"]], 1L), c(V[[v]], l, -1L, 0L)), cv$v, cv$l))
storage.mode(spec) <- "integer"; dimnames(spec) <- NULL
md <- which(cv$med != "-"); nrr <- which(cv$med == "-"); mdt <- as.numeric(cv$med[md])
mse <- ifelse(is.na(cv$lo), (cv$hi - suppressWarnings(as.numeric(cv$med))) / 1.959964, (cv$hi - cv$lo) / 3.919928)
at <- do.call(rbind, lapply(c(12, 36, 60), function(t) data.frame(c = seq_len(nrow(cv)), t = t, s = cv[[paste0("s", t)]])))
at <- at[!is.na(at$s), ]
qc <- c(md, at$c) - 1L; qtm <- c(mdt, at$t)

uni <- read.table(header = TRUE, stringsAsFactors = FALSE, text = "
v l hr lo hi w
male 2 0.54 0.20 1.48 1
age 0 1.00 0.97 1.02 1
sym 2 0.57 0.17 1.92 1
panc 2 0.30 0.12 0.78 2
sync 2 1.37 0.56 3.37 1
ehm 2 0.68 0.26 1.75 1
many 2 3.13 0.73 13.5 1
child 2 1.33 0.17 10.3 0.5
alb 2 0.79 0.31 2.03 1
bil 2 2.69 1.07 6.76 2
asc 2 0.79 0.18 3.40 1
ki 2 2.67 0.78 9.11 1
prim 0 0.94 0.76 1.17 1
hep 0 0.98 0.85 1.14 1
res 2 0.37 0.15 0.93 2
nslri 2 0.21 0.06 0.73 2
st 2 2.33 0.91 6.00 1.5
init 2 0.91 0.39 2.15 1
remn 2 3.40 1.38 8.34 2")
NV <- c(age = 0L, prim = 1L, hep = 2L)
term <- function(v, l) matrix(as.integer(c(if (l == 0) NV[[v]] else V[[v]], l)), 1)
ut <- Map(term, uni$v, uni$l)
use <- log(uni$hi / uni$lo) / 3.919928; use[uni$v == "child"] <- NA       # that interval tells of one death: see README
m3 <- rbind(term("panc", 2), term("bil", 2), term("remn", 2)); hr3 <- c(0.275, 5.55, 6.03)
se3 <- log(c(0.78, 16.6, 17.1) / c(0.10, 1.86, 2.03)) / 3.919928
m5 <- rbind(m3, term("res", 2), term("nslri", 2)); hr5 <- c(0.98, 0.36); se5 <- log(c(2.65, 1.30) / c(0.37, 0.10)) / 3.919928
lr <- data.frame(v = c("res", "nslri", "st", "panc", "bil", "remn", "strat", "combo"), k = c(2, 2, 2, 2, 2, 2, 3, 2),
                 p = c(.026, .007, .067, .009, .028, .005, .016, .017))
lrspec <- cbind(V[lr$v], lr$k, -1L, 0L); storage.mode(lrspec) <- "integer"; dimnames(lrspec) <- NULL
none <- integer(0)

loss <- function(s, parts = FALSE) {
  k <- km_stats(s$os, s$ev, s$codes, spec, qc, qtm)
  a <- seq_along(md)
  lq <- sum(cv$w[md] * 1.5 * loss_quantile(k$q[a, 1], k$q[a, 2], 0.5)) + sum(cv$w[nrr] * 1.5 * loss_not_reached(k$smin[nrr], 0.5))
  ls <- sum(ifelse(at$c == 1, 3, 0.6) * pmin(4, soft((k$q[-a, 2] - at$s) / ifelse(at$c == 1, 0.01, 0.025))))
  e <- k$median[, 2]; e[is.na(e)] <- 99; i <- !is.na(mse)
  lse <- sum(0.4 * pmin(3, soft(log(pmax(e[i], .1) / mse[i]) / 0.2)))
  z <- z_of_chisq(logrank(s$os, s$ev, s$codes, lrspec), lr$k - 1)
  ll <- sum(2 * soft((z - z_of_p(lr$p)) / 0.08))
  lu <- 0
  for (j in seq_along(ut)) {
    f <- coxfit(s$os, s$ev, s$codes, s$num, ut[[j]], none, -1L, 0L, FALSE, log(uni$hr[j]))
    tol <- if (uni$l[j] == 0) 0.2 * use[j] else 0.08
    lu <- lu + uni$w[j] * (soft((f$beta - log(uni$hr[j])) / tol) + if (is.na(use[j])) 0 else 0.7 * soft(log(f$se / use[j]) / 0.1))
  }
  f <- coxfit(s$os, s$ev, s$codes, s$num, m3, none, -1L, 0L, FALSE, log(hr3))
  lm <- sum(2 * (soft((f$beta - log(hr3)) / 0.08) + 0.7 * soft(log(f$se / se3) / 0.1)))
  f <- coxfit(s$os, s$ev, s$codes, s$num, m5, none, -1L, 0L, FALSE, c(log(hr3), log(hr5)))
  lm <- lm + sum(soft((f$beta[4:5] - log(hr5)) / 0.1) + 0.5 * soft(log(f$se[4:5] / se5) / 0.12))
  fu <- km_stats(s$os, 1L - s$ev, s$codes, spec[1, , drop = FALSE], 0L, 36)
  lf <- 2 * loss_quantile(fu$q[1, 1], fu$q[1, 2], 0.5) + 3 * soft((fu$q[1, 2] - 0.48) / 0.08) + 3 * (min(s$os) != 2) + 3 * (max(s$os) != 101)
  # what hangs together clinically: Child B has a reason; a small initial burden has room for its
  # lesions; the remnant goes with the treatments (P < 0.001 in the text)
  cd <- s$codes; odd <- cd[, "child"] == 2L & cd[, "alb"] == 1L & cd[, "bil"] == 1L & cd[, "asc"] == 1L
  odd2 <- cd[, "asc"] == 2L & cd[, "child"] == 1L
  room <- cd[, "init"] == 1L & s$num[, 2] + s$num[, 3] > 5
  lp <- 0.4 * (sum(odd) + sum(odd2)) + 1.5 * sum(room) + 1.5 * sum(cd[, "strat"] == 4L & (cd[, "init"] == 1L | cd[, "remn"] == 1L)) +
        0.3 * max(0, 9 - sum(cd[, "remn"] == 2L & cd[, "res"] == 1L)) + 0.3 * max(0, sum(cd[, "remn"] == 2L & cd[, "nslri"] == 2L) - 1)
  if (parts) return(c(median = lq, survival = ls, se = lse, logrank = ll, uni = lu, multi = lm, follow = lf, plausible = lp))
  lq + ls + lse + ll + lu + lm + lf + lp
}

# ---- 4. Start and moves --------------------------------------------------------------------------
eta <- rowSums(sapply(seq_len(nrow(uni)), function(j) if (uni$l[j] == 0 || uni$v[j] %in% c("child", "age")) rep(0, N) else 0.6 * log(uni$hr[j]) * (codes[, uni$v[j]] == 2L)))
os <- pmin(100, pmax(2, round(rexp(N, log(2) / 20 * exp(eta - mean(eta)))))); ev <- rep(1L, N)
os[A] <- 33; os[B] <- 8; os[Z] <- 101; w <- setdiff(seq_len(N), c(A, B, Z))
ev[A] <- 0L; ev[sample(w, 12)] <- 0L
os[w[which.min(os[w])]] <- 2
state <- list(os = as.numeric(os), ev = as.integer(ev), codes = codes, num = num)
stopifnot(sum(state$ev) == 23)
landmarks <- c(mdt, 2, 101, 7:14, 20:30)
swap_vars <- c("male", "panc", "sync", "ehm", "many", "child", "alb", "bil", "asc", "ki", "init", "remn")
propose <- function(s) {
  u <- runif(1)
  if (u < 0.26) { ij <- sample(w, 2); s$os[ij] <- s$os[rev(ij)]; s$ev[ij] <- s$ev[rev(ij)] }
  else if (u < 0.48) {
    i <- pick(w); t <- if (runif(1) < 0.3) pick(landmarks) else s$os[i] + pick(c(-8:-1, 1:8))
    if (t < 2 || t > 101) return(NULL); s$os[i] <- t
  } else if (u < 0.54) { ij <- sample(w, 2); if (s$ev[ij[1]] == s$ev[ij[2]]) return(NULL); s$ev[ij] <- s$ev[rev(ij)] }
  else if (u < 0.84) {
    v <- pick(swap_vars); r <- if (v %in% c("male", "panc")) setdiff(seq_len(N), c(A, B)) else seq_len(N); ij <- sample(r, 2)
    if (s$codes[ij[1], v] == s$codes[ij[2], v]) return(NULL); s$codes[ij, v] <- s$codes[rev(ij), v]
  } else if (u < 0.88) {
    ij <- sample(which(lt == 2), 2); if (s$codes[ij[1], "sym"] == s$codes[ij[2], "sym"]) return(NULL); s$codes[ij, "sym"] <- s$codes[rev(ij), "sym"]
  } else if (u < 0.92) {                               # strategy within (no) locoregional treatment
    ij <- sample(setdiff(which(lt == sample.int(2, 1)), Z), 2); if (s$codes[ij[1], "strat"] == s$codes[ij[2], "strat"]) return(NULL)
    s$codes[ij, "strat"] <- s$codes[rev(ij), "strat"]; s$codes[ij, "st"] <- s$codes[rev(ij), "st"]
  } else if (u < 0.94) {                               # how many are above 5 cm is not printed
    v <- pick(c("remn", "init")); i <- sample.int(N, 1); s$codes[i, v] <- 3L - s$codes[i, v]
    if (abs(sum(s$codes[, v] == 2L) - 19) > 3) return(NULL)
  } else { j <- sample.int(3, 1); ij <- sample(if (j == 1) setdiff(seq_len(N), c(A, B)) else seq_len(N), 2); s$num[ij, j] <- s$num[rev(ij), j] }
  s
}
best <- anneal(state, propose, loss, ITERS, 3, 0.01, "du2015")
message(paste(names(loss(best, TRUE)), round(loss(best, TRUE), 2), collapse = "  "))

# ---- 5. The records as a hospital would hold them ------------------------------------------------
set.seed(36)
c0 <- best$codes; is2 <- function(v) c0[, v] == 2L; yn <- function(v) ifelse(is2(v), "yes", "no"); w1 <- best$num
spread <- function(flag, low, high) { x <- numeric(N); x[flag] <- sample(high); x[!flag] <- sample(low); x }
albumin <- spread(is2("alb"), fit_values(round(seq(36, 50, length.out = 26), 1), 41.0, 4.0, 36, 52, 1), c(28, 29.4, 30.2, 31, 31.6, 32, 32.7, 33.3, 34.1, 35))
for (k in 1:40000) { i <- sample(which(!is2("alb")), 1); a <- albumin; a[i] <- round(min(58, max(35.5, a[i] + rnorm(1, 0, .6))), 1)
  if (abs(mean(a) - 38.4) + abs(sd(a) - 6.4) <= abs(mean(albumin) - 38.4) + abs(sd(albumin) - 6.4)) albumin <- a }
# 1.24 with a standard error of the mean of 0.59 (the table's heading) and a maximum of 16.6
bilirubin <- spread(is2("bil"), c(rep(0.2, 16), rep(0.3, 4), rep(0.22, 8)), c(16.6, 14.4, 1.12, 1.15, 1.2, 1.25, 1.3, 1.4))
pt <- fit_values(round(runif(N, 10, 13.4), 1), 11.7, 1.1, 9.6, 13.9, 1)
ki <- spread(is2("ki"), kivals[1:8], kivals[9:36])
# ages again, now within 24 to 80, with the printed mean, deviation and hazard ratio (1.00, p 0.796)
yr <- pmin(80, pmax(24, w1[, "age"])); movable <- setdiff(seq_len(N), c(A, B))
off <- function(a) { f <- coxfit(best$os, best$ev, c0, cbind(a), matrix(c(0L, 0L), 1), none, -1L, 0L, FALSE, numeric(0))
  20 * abs(mean(a) - 53.6) + 10 * abs(sd(a) - 13.1) + 3000 * abs(f$beta + 0.0033) }
l <- off(yr); for (k in 1:20000) { i <- pick(movable); a <- yr; a[i] <- min(80, max(24, a[i] + pick(c(-6:-1, 1:6)))); m <- off(a); if (m <= l) { yr <- a; l <- m } }
stopifnot(abs(mean(yr) - 53.6) < .05, abs(sd(yr) - 13.1) < .05, yr[A] == 61, yr[B] == 53)
site <- rep("pancreas", N); gi <- which(!is2("panc")); site[gi] <- "?"
site[B] <- "gallbladder"; site[setdiff(gi, B)] <- sample(rep(c("stomach", "small bowel", "colon", "esophagus", "gallbladder", "rectum"), c(7, 5, 4, 3, 2, 2)))
ops <- c(pancreas = "distal pancreatectomy", stomach = "gastrectomy", "small bowel" = "small bowel resection", colon = "coloproctectomy",
         esophagus = "esophagectomy", gallbladder = "cholecystectomy", rectum = "coloproctectomy")
s0 <- c0[, "surg"]; prim_op <- ifelse(s0 %in% c(2, 4), ops[site], "none"); hep_op <- ifelse(s0 %in% c(3, 4), sample(c("anatomic resection", "nonanatomic excision"), N, TRUE), "none")
hep_op[B] <- "left hemihepatectomy"; prim_op[A] <- "distal pancreatectomy with splenectomy"
ns <- which(is2("nslri")); rfa <- iat <- integer(N); rfa[ns[1:3]] <- c(1L, 3L, 2L); iat[ns[3:11]] <- c(1L, 2L, 9L, 1L, 3L, 2L, 1L, 4L, 2L)   # one had both: 3 + 9 in 11
iat_type <- ifelse(iat > 0, "TACE", NA); iat_type[ns[11]] <- "intra-arterial chemotherapy"
st <- which(is2("st")); regimen <- rep("none", N); regimen[st] <- "platinum-based"; regimen[st[1]] <- "octreotide"; regimen[st[2]] <- "platinum-based + octreotide"; regimen[st[3:4]] <- "platinum-based + interferon"
prim_cm <- w1[, "prim"]; hep_cm <- w1[, "hep"]
init <- ifelse(is2("init"), pmax(5.1, round(prim_cm + hep_cm + runif(N, 0.5, 9), 1)), pmin(5, round(prim_cm + hep_cm + runif(N, 0, 0.3), 1)))
remn <- ifelse(is2("remn"), pmax(5.1, round(init * runif(N, 0.55, 1.1), 1)), pmin(5, round(pmin(init, 5) * runif(N, 0, 0.9), 1)))
gap <- ifelse(is2("sync"), 0, NA); gap[!is2("sync")] <- sample(c(1, 2, 3, 5, 6, 7, 10, 14, 22, 35, 53))
ehm_site <- rep(NA, N); ehm_site[is2("ehm")] <- sample(c(rep("lung", 4), "bone", "bone", "peritoneum", "distant lymph node"))
pain <- rep("no", N); pain[sample(which(is2("sym")), 23)] <- "yes"
relief <- rep(NA, N); sl <- which(is2("sym") & lt == 2); relief[sl] <- sample(rep(c("complete", "partial", "none"), c(7, 13, 3)))
sn <- which(is2("sym") & lt == 1); relief[sn] <- sample(rep(c("partial", "none"), c(3, 5)))
lmd <- first_date(best$os, "2004-01-10", "2014-09-30")
center <- sample(rep(c("PUMCH", "CICAMS", "SYSUCC"), c(16, 15, 5)))
d <- data.frame(center = center, sex = ifelse(is2("male"), "male", "female"), age = yr, symptoms = yn("sym"), abdominal_pain = pain,
  child_pugh = ifelse(is2("child"), "B", "A"), albumin_g_l = albumin, total_bilirubin_mg_dl = bilirubin, prothrombin_time_s = pt, ascites = yn("asc"),
  primary_site = site, primary_size_mm = round(prim_cm * 10), liver_metastases = ifelse(is2("many"), sample(4:25, N, TRUE), sample(1:3, N, TRUE)),
  largest_metastasis_mm = round(hep_cm * 10), metastasis_timing = ifelse(is2("sync"), "synchronous", "metachronous"), metastasis_interval_months = gap,
  extrahepatic_metastasis = yn("ehm"), extrahepatic_site = ehm_site, ki67_percent = ki,
  surgery = c("none", "primary", "liver", "primary and liver")[s0], primary_procedure = unname(prim_op), hepatic_procedure = hep_op,
  nslri = yn("nslri"), rfa_sessions = rfa, intraarterial_sessions = iat, intraarterial_type = iat_type, systemic_therapy = yn("st"), systemic_regimen = regimen,
  strategy = c("LT", "LT+ST", "ST", "BSC")[c0[, "strat"]], complication = ifelse(seq_len(N) == A, "pancreatic fistula", ifelse(seq_len(N) == B, "hepatic failure", "none")),
  initial_sum_cm = init, remnant_sum_cm = remn, symptom_relief = relief,
  primary_dx_date = lmd - round(gap * 30.4375), lm_date = lmd, last_date = date_after(lmd, best$os), os_months = best$os, death = best$ev)
d <- d[sample(N), ]
write_cohort(cbind(patient_id = sprintf("DU-%02d", seq_len(N)), d), "du2015.csv")
