# SPDX-License-Identifier: GPL-3.0-or-later
# Simulated cohort after Luo, Chen, Zhang, OncoTargets and Therapy 2024 (no patient in it).
# 117 records -> 48 with pNEC and liver metastasis -> 45 with tumour size. Run: Rscript luo2024.R [iterations [folder]]
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])), "common.R"))
set.seed(2024)
ITERS <- as.numeric(c(commandArgs(TRUE), 250000)[1])
N <- 45

# ---- 1. Covariates: Table 1 exactly ------------------------------------------------------------
# Size: 35 at most 5 cm, 10 larger, median 4.4, quartiles 1.8 apart, 1 to 10 cm (the nomogram's axis).
size <- c(1.0, 1.6, 2.0, 2.2, 2.5, 2.6, 2.8, 2.9, 3.0, 3.0, 3.0, 3.2, 3.3, 3.5, 3.5, 3.6, 3.8, 4.0, 4.0,
          4.0, 4.2, 4.3, 4.4, 4.4, 4.5, 4.5, 4.5, 4.6, 4.7, 4.8, 4.8, 5.0, 5.0, 5.0, 5.0,
          5.2, 5.3, 5.5, 5.6, 5.8, 6.0, 6.2, 6.5, 7.0, 10.0)
# Age: 14 at most 60 and 31 older as printed; the printed median of 53 cannot go with that, so the
# smallest medians possible are kept near (61) and the interquartile range of 17 is met.
age <- c(34, 38, 41, 43, 45, 46, 48, 49, 51, 52, 53, 54, 57, 60,
         61, 61, 61, 61, 61, 61, 61, 61, 61, 62, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 71, 72, 72, 73, 74, 75, 76, 77, 78, 79, 81)
stopifnot(length(size) == N, length(age) == N, sum(size <= 5) == 35, sum(age <= 60) == 14,
          median(size) == 4.4, abs(diff(quantile(size, c(.25, .75))) - 1.8) < 1e-9, diff(quantile(age, c(.25, .75))) == 17)
codes <- cbind(sex = deal(c(23, 22)),            # female, male
               ptr = deal(c(30, 15)),            # yes, no
               trt = deal(c(12, 25, 8)),         # both, either, none
               big = 0L)
num <- cbind(age = sample(age), size = sample(size))
codes[, "big"] <- ifelse(num[, "size"] > 5, 2L, 1L); storage.mode(codes) <- "integer"

# ---- 2. Published figures ---------------------------------------------------------------------
tm <- function(...) { m <- rbind(...); storage.mode(m) <- "integer"; m }
models <- list(
  list(t = tm(c(0, 2)),                                hr = 1.048, lo = 0.577, hi = 1.903, w = 1),
  list(t = tm(c(0, 0)),                                hr = 1.009, lo = 0.980, hi = 1.039, w = 1),
  list(t = tm(c(1, 0)),                                hr = 1.293, lo = 1.076, hi = 1.554, w = 1.5),
  list(t = tm(c(1, 2)),                                hr = 2.940, lo = 1.478, hi = 5.852, w = 1.5),
  list(t = tm(c(2, 2), c(2, 3)),                       hr = c(1.885, 4.024), lo = c(0.899, 1.539), hi = c(3.953, 10.525), w = 1.5),
  list(t = tm(c(1, 0), c(1, 2), c(2, 2), c(2, 3)),     hr = c(1.457, 5.666, 2.361, 7.804),
       lo = c(1.199, 2.611, 1.098, 2.729), hi = c(1.770, 12.296, 5.077, 22.319), w = 3))
for (k in seq_along(models)) models[[k]]$se <- with(models[[k]], log(hi / lo) / (2 * 1.959964))
# Table 4: half survive at 98, 63 and 45 points; 29.528 points a unit of linear predictor (0 points:
# size 1 cm, resected, combined treatment) -> cumulative hazard there at 12, 36, 60 months
H0 <- log(2) / exp(c(98, 63, 45) / 29.528)
lrspec <- tm(c(1, 2, -1, 0), c(3, 2, -1, 0), c(2, 3, -1, 0))

loss <- function(s, parts = FALSE) {
  l <- 0
  for (m in models) {
    f <- coxfit(s$os, s$ev, s$codes, s$num, m$t, integer(0), -1L, 0L, TRUE, log(m$hr))
    # numeric effects are small numbers: compare on the scale of their standard error
    tol <- ifelse(m$t[, 2] == 0, 0.25 * m$se, 0.06)
    l <- l + sum(m$w * (soft((f$beta - log(m$hr)) / tol) + 0.7 * soft(log(f$se / m$se) / 0.08) +
                        0.7 * soft((f$beta / f$se - log(m$hr) / m$se) / 0.12)))
  }
  # f is the joint model: baseline hazard, concordance
  eta <- drop(cbind(s$num[, 2] - 1, s$codes[, 2] == 2, s$codes[, 3] == 2, s$codes[, 3] == 3) %*% f$beta)
  o <- order(s$os, -s$ev); w <- exp(eta[o]); h <- s$ev[o] / rev(cumsum(rev(w))); t <- s$os[o]
  H <- c(sum(h[t <= 12]), sum(h[t <= 36]), sum(h[t <= 60]))
  lh <- sum(soft(log((H + 1e-6) / H0) / 0.06)); ci <- cindex(s$os, s$ev, eta); lc <- 3 * soft((ci - 0.744) / 0.006)
  z <- z_of_chisq(logrank(s$os, s$ev, s$codes, lrspec), c(1, 1, 2))
  lk <- sum(2 * soft(pmax(0, c(2.4, 2.05, 2.3) - z) / 0.1))
  if (parts) return(c(cox = l, baseline = lh, cindex = lc, logrank = lk))
  l + lh + lc + lk
}

# ---- 3. Start from the published model, 43 deaths (the standard error of a balanced binary) ----
eta <- drop(cbind(num[, 2] - 1, codes[, 2] == 2, codes[, 3] == 2, codes[, 3] == 3) %*% log(models[[6]]$hr))
os <- round(60 * (rexp(N) / (H0[3] * exp(eta)))^(1 / 1.12), 1)
os <- pmin(pmax(os, 0.7), 230); ev <- rep(1L, N); ev[order(-os)[1:2]] <- 0L
state <- list(os = os, ev = ev, codes = codes, num = num)

propose <- function(s) {
  u <- runif(1); ij <- sample.int(N, 2)
  if (u < 0.25) { s$os[ij] <- s$os[rev(ij)]; s$ev[ij] <- s$ev[rev(ij)] }
  else if (u < 0.55) {
    i <- ij[1]; t <- round(s$os[i] * exp(rnorm(1, 0, pick(c(0.05, 0.4)))), 1)
    if (t < 0.7 || t > 240) return(NULL); s$os[i] <- t
  } else if (u < 0.60) { if (s$ev[ij[1]] == s$ev[ij[2]]) return(NULL); s$ev[ij] <- s$ev[rev(ij)] }
  else if (u < 0.85) { v <- sample.int(3, 1); if (s$codes[ij[1], v] == s$codes[ij[2], v]) return(NULL); s$codes[ij, v] <- s$codes[rev(ij), v] }
  else if (u < 0.93) { s$num[ij, 2] <- s$num[rev(ij), 2]; s$codes[ij, 4] <- s$codes[rev(ij), 4] }
  else s$num[ij, 1] <- s$num[rev(ij), 1]
  s
}
best <- anneal(state, propose, loss, ITERS, 1.0, 0.003, "luo2024")
message(paste(names(loss(best, TRUE)), round(loss(best, TRUE), 3), collapse = "  "))

# ---- 4. The records as a hospital would hold them ------------------------------------------------
set.seed(48)
chemo <- c("gemcitabine-based", "5-FU-based", "etoposide + platinum")
agent <- c("everolimus", "sunitinib", "bevacizumab", "lenvatinib", "cobimetinib", "famitinib", "nimotuzumab", "sorafenib", "surufatinib")
record <- function(os, ev, sex, age, size, ptr, trt) {
  n <- length(os); dx <- first_date(os, "2000-01-15", "2023-11-20")
  single <- sample(rep(c("c", "t"), c(17, 8)), sum(trt == 2), replace = sum(trt == 2) != 25)
  has_c <- trt == 1; has_t <- trt == 1; has_c[trt == 2] <- single == "c"; has_t[trt == 2] <- single == "t"
  data.frame(sex = c("female", "male")[sex], age = age, pathology = "pNEC", liver_metastasis = "yes", tumor_size_cm = size,
             primary_resection = c("yes", "no")[ptr], treatment = c("combined", "single", "none")[trt],
             chemotherapy = ifelse(has_c, sample(chemo, n, TRUE), "none"), targeted_therapy = ifelse(has_t, sample(agent, n, TRUE), "none"),
             dx_date = dx, last_date = date_after(dx, os), os_months = os, death = ev)
}
main <- record(best$os, best$ev, best$codes[, "sex"], best$num[, "age"], best$num[, "size"], best$codes[, "ptr"], best$codes[, "trt"])
nosize <- record(c(6.3, 21.7, 44.9), c(1L, 1L, 0L), c(2, 1, 1), c(58, 49, 63), NA, c(2, 1, 1), c(3, 2, 1))
other <- record(round(rexp(69, 1 / 20) + 1, 1), rbinom(69, 1, 0.6), sample(1:2, 69, TRUE), round(runif(69, 30, 80)), NA,
                sample(1:2, 69, TRUE), sample(1:3, 69, TRUE))
other$pathology <- c("pNEC", rep("not pNEC", 68)); other$liver_metastasis <- c("no", rep("yes", 68))
other$primary_resection[-1] <- other$treatment[-1] <- other$chemotherapy[-1] <- other$targeted_therapy[-1] <- NA
other$last_date[-1] <- NA; other$os_months[-1] <- other$death[-1] <- NA      # not followed once excluded
all <- rbind(main, nosize, other); all <- all[sample(nrow(all)), ]
write_cohort(cbind(patient_id = sprintf("LUO-%03d", seq_len(nrow(all))), all), "luo2024.csv")
