# Reproduces in R what kaplan showed for:
# validate, boot=30 seed=2
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
# Linear predictors, 0 with every number at 0 and every factor at its reference; the cumulative hazard for 0.
lp_of <- function(fit, data) unname(predict(fit, newdata = data, type = "lp", reference = "zero"))
hazard_of <- function(fit, time, last) {
  baseline <- basehaz(fit, centered = FALSE)
  ifelse(time > last, NA, c(0, baseline$hazard)[findInterval(time, baseline$time) + 1])
}
# The model anew on drawn rows; kept: whether rms keeps it, that is where every coefficient can be estimated and the fit
# does not diverge.
refit <- function(data) {
  data$.y <- outcome(data); infinite <- FALSE
  form <- formula(fit); environment(form) <- environment()   # where predict() looks for the data
  fitted <- function(control) withCallingHandlers(
    tryCatch(coxph(form, data = data, ties = fit$method, control = control), error = function(e) NULL),
    warning = function(w) { infinite <<- TRUE; invokeRestart("muffleWarning") })
  again <- fitted(newton)
  if (is.null(again)) return(list(kept = FALSE))
  again$kept <- !any(is.na(coef(again)) & !is.na(coef(fit)))
  if (!infinite && again$iter < 10) return(again)
  replace <- infinite; coarse <- fitted(coxph.control(eps = 1e-4, iter.max = 10))
  again$kept <- again$kept && coarse$iter < 10
  if (again$kept && replace) { coarse$kept <- TRUE; coarse } else again
}
# rms's indexes: of a model where it was fitted, and of its linear predictor elsewhere.
gini <- function(x) { x <- sort(x); n <- length(x); 2 * sum(x * (2 * seq_len(n) - n - 1)) / (n * (n - 1)) }
indexes_of <- function(model, x, slope, unreliability) {
  c <- concordance(model$y ~ x, reverse = TRUE)$concordance
  null <- -2 * model$loglik[1]; lr <- null + 2 * model$loglik[2]; d <- (lr - 1) / null; u <- unreliability / null
  c(concordance = c, dxy = 2 * c - 1, r2 = (1 - exp(-lr / model$n)) / (1 - exp(-null / model$n)), slope = slope, d = d, u = u, q = d - u,
    g = abs(slope) * gini(x))
}
training_of <- function(model) indexes_of(model, model$linear.predictors, 1, -2)
test_of <- function(data, x) {
  y <- outcome(data)
  own <- coxph(y ~ x, ties = fit$method, control = newton)
  given <- coxph(y ~ x, ties = fit$method, init = 1, control = coxph.control(iter.max = 0))
  indexes_of(own, x, coef(own)[[1]], -2 * (given$loglik[2] - own$loglik[2]))
}
validation_of <- function(data, boot, seed, level) {
  set.seed(seed)
  draws <- lapply(seq_len(boot), function(r) {
    again <- refit(data[sample(nrow(data), nrow(data), TRUE), , drop = FALSE])
    if (again$kept) list(training_of(again), test_of(data, lp_of(again, data)))
    else if (length(again) > 1) list(training_of(again))   # for the limits of concordance alone
  })
  ranks <- sapply(draws[lengths(draws) > 0], function(d) d[[1]][c("concordance", "dxy")])
  draws <- draws[lengths(draws) == 2]
  apparent <- training_of(fit)
  training <- sapply(draws, `[[`, 1); test <- sapply(draws, `[[`, 2)
  none <- NA * apparent; some <- length(draws) > 0
  limit <- function(p) if (some) c(apply(ranks, 1, quantile, p, names = FALSE),
    apply(training[-(1:2), , drop = FALSE], 1, quantile, p, names = FALSE)) else none
  rows <- data.frame(index = names(apparent), apparent = apparent, training = none, test = none)
  if (some) rows[c("training", "test")] <- cbind(rowMeans(training), rowMeans(test))
  rows$optimism <- rows$training - rows$test; rows$corrected <- rows$apparent - rows$optimism
  cbind(rows, conf_low = limit((1 - level) / 2), conf_high = limit((1 + level) / 2), boot = length(draws))
}
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

model <- view[intersect(c(".entry", ".time", ".event"), names(view))]
model[["age"]] <- with(view, as.numeric(age))
model[["grade"]] <- with(view, as.factor(grade))
model[["surgery"]] <- with(view, (surgery))
model <- droplevels(model[complete.cases(model), , drop = FALSE])
model[["grade"]] <- reference(model[["grade"]], "NEC")
level <- 0.95
model$.y <- outcome(model)
fit <- coxph(.y ~ age + grade + surgery, data = model, ties = "efron", control = newton)
indexes <- validation_of(model, boot = 30, seed = 2, level)
print_table("validate", indexes[c("concordance", "slope"), ])
print_table("validate_indexes", indexes)
