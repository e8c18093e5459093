# Reproduces in R what kaplan showed for:
# logrank surgery, pairwise=holm trend test=logrank,wilcoxon,tarone,peto,modpeto,fh(0.5,1)
# Needs R 4.0 with the package survival.  Run: Rscript FILE.R, in the directory where kaplan ran.
suppressPackageStartupMessages({
  library(survival)
})
options(contrasts = c("contr.treatment", "contr.poly"))

# ---- functions ----

# A table as `kaplan --format tsv` prints it, so that the two can be laid side by side.
print_table <- function(id, rows) {
  rows[] <- lapply(rows, function(x) {
    if (!is.numeric(x)) return(as.character(x))
    ifelse(is.finite(x), formatC(x, digits = 15, format = "g", width = 1), NA)
  })
  cat("# ", id, "\n", sep = "")
  write.table(rows, sep = "\t", quote = FALSE, row.names = FALSE, na = "NA")
  cat("\n")
}
# The rows for which a condition is true; where it is unknown it is not.
where <- function(data, condition)
  rep_len(eval(substitute(condition), data, parent.frame()), nrow(data)) %in% TRUE
# The combinations of some columns as one factor, the first varying slowest, empty ones left out.
group_of <- function(data, names) {
  if (!length(names)) return(factor(rep("all", nrow(data))))
  factors <- lapply(data[names], function(x) droplevels(as.factor(x)))
  parts <- Map(function(name, x) paste0(name, "=", x), names, factors)
  label <- do.call(paste, c(unname(parts), sep = ", "))
  label[!complete.cases(data[names])] <- NA
  factor(label, levels = unique(label[do.call(order, unname(lapply(factors, as.integer)))]), exclude = NA)
}
# Weighted log-rank statistics with hypergeometric variance.  survdiff() has rho = 0 and 1 without delayed entry alone;
# where both answer they agree.  weight(S, n, P): the pooled curve just before t, the number at risk, Peto and Peto's curve.
weighted_logrank <- function(y, group, stratum, weight, scores = NULL) {
  y <- aeqSurv(y)
  stop <- y[, ncol(y) - 1]; dead <- y[, ncol(y)]
  start <- if (ncol(y) == 3) y[, 1] else rep(-Inf, length(stop))
  g <- as.integer(group); k <- nlevels(group)
  O <- E <- U <- numeric(k); V <- matrix(0, k, k)
  for (s in unique(stratum)) {
    S <- P <- 1
    for (t in sort(unique(stop[stratum == s & dead == 1]))) {
      risk <- stratum == s & start < t & stop >= t
      n <- sum(risk); nj <- tabulate(g[risk], k)
      dj <- tabulate(g[risk & stop == t & dead == 1], k); d <- sum(dj)
      P <- P * (1 - d / (n + 1))
      w <- weight(S, n, P)
      O <- O + dj; E <- E + d * nj / n; U <- U + w * (dj - d * nj / n)
      if (n > 1) V <- V + w^2 * d * (n - d) / (n - 1) * (diag(nj / n, k) - outer(nj, nj) / n^2)
      S <- S * (n - d) / n
    }
  }
  if (is.null(scores)) {
    i <- which(E > 0)[-1]; df <- length(i)
    statistic <- if (df) sum(U[i] * solve(V[i, i, drop = FALSE], U[i])) else NA
  } else {
    df <- 1; statistic <- sum(scores * U)^2 / sum(scores * (V %*% scores))
  }
  list(observed = O, expected = E, statistic = statistic, df = df, p_value = pchisq(statistic, df, lower.tail = FALSE))
}
# A factor with another reference, if anybody has that level.
reference <- function(x, level) {
  x <- droplevels(as.factor(x))
  if (level %in% levels(x)) relevel(x, ref = level) else x
}
coefficients_of <- function(fit, level) {
  b <- coef(fit); se <- sqrt(diag(as.matrix(fit$var)))
  se[is.na(b)] <- NA
  z <- b / se; half <- qnorm(1 - (1 - level) / 2) * se
  data.frame(term = gsub("`", "", names(b)), estimate = b, std_error = se, statistic = z, p_value = 2 * pnorm(-abs(z)),
             hr = exp(b), conf_low = exp(b - half), conf_high = exp(b + half))
}
fit_of <- function(fit) {
  k <- sum(!is.na(coef(fit))); upper <- function(x) pchisq(x, k, lower.tail = FALSE)
  lr <- 2 * diff(fit$loglik); wald <- as.vector(fit$wald.test)
  data.frame(n = fit$n, events = fit$nevent, loglik_null = fit$loglik[1], loglik = fit$loglik[2], lr_statistic = lr,
             lr_df = k, lr_p = upper(lr), wald_statistic = wald, wald_df = k, wald_p = upper(wald),
             score_statistic = fit$score, score_df = k, score_p = upper(fit$score),
             concordance = fit$concordance[["concordance"]], concordance_se = fit$concordance[["std"]],
             aic = -2 * fit$loglik[2] + 2 * k, bic = -2 * fit$loglik[2] + log(fit$nevent) * k)
}
newton <- coxph.control(eps = 1e-10)
# ifelse() whose parts may be constants.
either <- function(test, yes, no) {
  n <- max(length(test), length(yes), length(no))
  ifelse(rep_len(test, n), rep_len(yes, n), rep_len(no, n))
}

# ---- the file ----

file <- "../../../samples/xu2025/xu2025.csv"
raw <- read.csv(file, sep = ",", quote = "\"", colClasses = "character", na.strings = character(), strip.white = TRUE,
  check.names = FALSE, encoding = "UTF-8")
stopifnot("the file is not as kaplan read it" = nrow(raw) == 228 && ncol(raw) == 32)
names(raw) <- c("patient_id", "center", "sex", "age", "hm_timing", "hm_interval_months", "pathology_stage", "hm_distribution",
  "extrahepatic_metastasis", "primary_site", "primary_diameter_mm", "hm_max_diameter_mm", "differentiation",
  "ki67_percent", "grade", "functioning", "men1_vhl", "lymph_node_metastasis", "surgery", "pancreatic_procedure",
  "hepatic_resection", "perioperative_death", "ssa", "targeted_therapy", "chemotherapy", "tace",
  "rfa", "dx_date", "last_date", "os_months", "death", "lost_to_followup")

# The columns that follow, as kaplan understood them; raw holds all as text.
present <- function(x) replace(x, x %in% c("", "NA", "."), NA)
cohort <- data.frame(row.names = seq_len(nrow(raw)))
cohort[["sex"]] <- factor(present(raw[["sex"]]), levels = c("female", "male"))
cohort[["age"]] <- suppressWarnings(as.numeric(present(trimws(raw[["age"]]))))
cohort[["hm_timing"]] <- factor(present(raw[["hm_timing"]]), levels = c("metachronous", "synchronous"))
cohort[["pathology_stage"]] <- factor(present(raw[["pathology_stage"]]), levels = c("known", "unknown"))
cohort[["hm_distribution"]] <- factor(present(raw[["hm_distribution"]]), levels = c("bilobar", "unilobar"))
cohort[["primary_site"]] <- factor(present(raw[["primary_site"]]), levels = c("body/tail", "diffuse", "head/neck"))
cohort[["primary_diameter_mm"]] <- suppressWarnings(as.numeric(present(trimws(raw[["primary_diameter_mm"]]))))
cohort[["hm_max_diameter_mm"]] <- suppressWarnings(as.numeric(present(trimws(raw[["hm_max_diameter_mm"]]))))
cohort[["grade"]] <- factor(present(raw[["grade"]]), levels = c("G1", "G2", "G3", "NEC"))
cohort[["surgery"]] <- factor(present(raw[["surgery"]]), levels = c("HR", "NR", "PHR", "PR"))
cohort[["perioperative_death"]] <- factor(present(raw[["perioperative_death"]]), levels = c("no", "yes"))
cohort[["os_months"]] <- suppressWarnings(as.numeric(present(trimws(raw[["os_months"]]))))
cohort[["death"]] <- suppressWarnings(as.numeric(present(trimws(raw[["death"]]))))

# ---- the cohort ----

# metachronous hepatic metastasis
cohort <- cohort[!where(cohort, hm_timing == "metachronous"), , drop = FALSE]
# unknown pathological stage
cohort <- cohort[!where(cohort, pathology_stage == "unknown"), , drop = FALSE]
# hepatic resection without primary resection
cohort <- cohort[!where(cohort, surgery == "HR"), , drop = FALSE]
# perioperative death
cohort <- cohort[!where(cohort, perioperative_death == "yes"), , drop = FALSE]
cohort[["age_group"]] <- with(cohort, factor(either(age < 60, "<60", ">=60"), levels = c("<60", ">=60")))
cohort[["primary_size"]] <- with(cohort, factor(either(primary_diameter_mm <= 40, "<=40 mm", ">40 mm"), levels = c("<=40 mm", ">40 mm")))
cohort[["hm_size"]] <- with(cohort, factor(either(hm_max_diameter_mm <= 40, "<=40 mm", ">40 mm"), levels = c("<=40 mm", ">40 mm")))
cohort[["surgery"]] <- factor(cohort[["surgery"]], levels = c("NR", "PR", "PHR", "HR"))
cohort[["sex"]] <- factor(cohort[["sex"]], levels = c("male", "female"))
cohort[["age_group"]] <- factor(cohort[["age_group"]], levels = c("<60", ">=60"))
cohort[["hm_distribution"]] <- factor(cohort[["hm_distribution"]], levels = c("unilobar", "bilobar"))
cohort[["primary_site"]] <- factor(cohort[["primary_site"]], levels = c("head/neck", "body/tail", "diffuse"))
cohort[["primary_size"]] <- factor(cohort[["primary_size"]], levels = c("<=40 mm", ">40 mm"))
cohort[["hm_size"]] <- factor(cohort[["hm_size"]], levels = c("<=40 mm", ">40 mm"))
cohort[["grade"]] <- factor(cohort[["grade"]], levels = c("G1", "G2", "G3", "NEC"))
view <- cohort
# Endpoint os = Surv(os_months, death == 1)
view[[".time"]] <- with(view, as.numeric(os_months))
view[[".event"]] <- with(view, as.numeric(death == 1))
view <- view[is.finite(view$.time) & !is.na(view$.event), , drop = FALSE]
outcome <- function(data) with(data, Surv(.time, .event == 1))
attr(view[["surgery"]], "labels") <- c("NR" = "No resection", "PR" = "Resection of the primary lesion", "PHR" = "Resection of the primary and hepatic lesions")

# ---- the numbers ----

view$group <- group_of(view, c("surgery"))
shown <- view[!is.na(view$group), , drop = FALSE]
stratum <- rep(1, nrow(shown))
shown$.y <- outcome(shown)
tests <- NULL
weight <- function(S, n, P) 1
test <- weighted_logrank(shown$.y, shown$group, stratum, weight)
tests <- rbind(tests, data.frame(test = "logrank", test[c("statistic", "df", "p_value")]))
groups <- data.frame(group = levels(shown$group), n = as.vector(table(shown$group)),
  observed = test$observed, expected = test$expected)
trend <- weighted_logrank(shown$.y, shown$group, stratum, weight, scores = seq_len(nlevels(shown$group)))
tests <- rbind(tests, data.frame(test = "trend", trend[c("statistic", "df", "p_value")]))
weight <- function(S, n, P) n
test <- weighted_logrank(shown$.y, shown$group, stratum, weight)
tests <- rbind(tests, data.frame(test = "wilcoxon", test[c("statistic", "df", "p_value")]))
weight <- function(S, n, P) sqrt(n)
test <- weighted_logrank(shown$.y, shown$group, stratum, weight)
tests <- rbind(tests, data.frame(test = "tarone", test[c("statistic", "df", "p_value")]))
weight <- function(S, n, P) P
test <- weighted_logrank(shown$.y, shown$group, stratum, weight)
tests <- rbind(tests, data.frame(test = "peto", test[c("statistic", "df", "p_value")]))
weight <- function(S, n, P) P * n / (n + 1)
test <- weighted_logrank(shown$.y, shown$group, stratum, weight)
tests <- rbind(tests, data.frame(test = "modpeto", test[c("statistic", "df", "p_value")]))
weight <- function(S, n, P) S^0.5 * (1 - S)^1
test <- weighted_logrank(shown$.y, shown$group, stratum, weight)
tests <- rbind(tests, data.frame(test = "fh(0.5,1)", test[c("statistic", "df", "p_value")]))
weight <- function(S, n, P) 1
print_table("logrank", tests)
print_table("logrank_groups", groups)
level <- 0.95
pairs <- t(combn(levels(shown$group), 2))
pairwise <- do.call(rbind, apply(pairs, 1, function(pair) {
  rows <- shown$group %in% pair
  group <- factor(shown$group[rows], levels = pair)
  test <- weighted_logrank(shown$.y[rows], group, stratum[rows], weight)
  s <- stratum[rows]
  fit <- coxph(shown$.y[rows] ~ group + strata(s), ties = "efron", control = newton)
  data.frame(group1 = pair[1], group2 = pair[2], statistic = test$statistic, p_value = test$p_value,
             p_adjusted = NA, coefficients_of(fit, level)[, c("hr", "conf_low", "conf_high")])
}))
pairwise$p_adjusted <- p.adjust(pairwise$p_value, "holm")
print_table("logrank_pairwise", pairwise)
# The same by the package: survdiff(.y ~ group, data = shown)
