# SPDX-License-Identifier: GPL-3.0-or-later
# Fidelity table: every published figure beside the simulated cohort's, computed with R's survival
# package alone (not with kernel.cpp). Run: Rscript targets.R [FILE]; writes FILE, else targets.tsv where it is run.
suppressPackageStartupMessages({ library(survival) })
dir <- { f <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)); if (length(f)) dirname(normalizePath(f[1])) else getwd() }
read <- function(f) read.csv(file.path(dir, "..", sub("\\.csv$", "", f), f), na.strings = "", stringsAsFactors = FALSE)

# ---- statistics as the papers' packages define them ---------------------------------------------
first_below <- function(f, p) { t <- f$time[f$surv <= p + 1e-9 & f$n.event > 0]; if (length(t)) t[1] else NA }
quart <- function(t, e) { f <- survfit(Surv(t, e) ~ 1); c(first_below(f, .5), first_below(f, .75), first_below(f, .25)) }
surv_at <- function(t, e, at) summary(survfit(Surv(t, e) ~ 1), times = at, extend = TRUE)$surv
lr <- function(t, e, g) { k <- survdiff(Surv(t, e) ~ g); df <- length(k$n) - 1; c(k$chisq, pchisq(k$chisq, df, lower.tail = FALSE)) }
spss_median <- function(t, e) {                       # first S <= 0.5; s.e. from the density over S 0.55 to 0.45
  f <- survfit(Surv(t, e) ~ 1); k <- f$n.event > 0; tt <- f$time[k]; s <- f$surv[k]
  gw <- cumsum(f$n.event[k] / (f$n.risk[k] * (f$n.risk[k] - f$n.event[k])))
  j <- which(s <= .5 + 1e-9)[1]; if (is.na(j)) return(c(NA, NA, NA))
  u <- max(c(0, tt[s >= .55 - 1e-9])); su <- if (any(s >= .55 - 1e-9)) min(s[s >= .55 - 1e-9]) else 1
  l <- which(s <= .45 + 1e-9)[1]; if (is.na(l)) return(c(tt[j], NA, NA))
  se <- s[j] * sqrt(gw[j]) / ((su - s[l]) / (tt[l] - u)); c(tt[j], max(0, tt[j] - 1.959964 * se), tt[j] + 1.959964 * se)
}
jmp_mean <- function(t, e) {                          # area to the last death; s.e. with m/(m-1)
  f <- survfit(Surv(t, e) ~ 1); k <- f$n.event > 0; tt <- f$time[k]; s <- f$surv[k]; n <- f$n.risk[k]; d <- f$n.event[k]
  D <- length(tt); if (!D) return(c(NA, NA)); mu <- sum(c(1, s)[1:D] * diff(c(0, tt)))
  if (D == 1) return(c(mu, 0)); A <- rev(cumsum(rev(s[-D] * diff(tt)))); m <- sum(d); i <- seq_len(D - 1)
  c(mu, sqrt(m / (m - 1) * sum(A^2 * d[i] / (n[i] * (n[i] - d[i])))))
}
wald <- function(fit) { s <- summary(fit)$coefficients; b <- s[, "coef"]; se <- s[, "se(coef)"]
  cbind(hr = exp(b), lo = exp(b - 1.959964 * se), hi = exp(b + 1.959964 * se), p = 2 * pnorm(-abs(b / se))) }
chi <- function(x, g, correct = FALSE) suppressWarnings(chisq.test(table(x, g), correct = correct))
lr_chi <- function(x, g) { m <- table(x, g); e <- outer(rowSums(m), colSums(m)) / sum(m); G <- 2 * sum(ifelse(m > 0, m * log(m / e), 0)); c(G, pchisq(G, (nrow(m) - 1) * (ncol(m) - 1), lower.tail = FALSE)) }

# ---- the table -----------------------------------------------------------------------------------
rows <- list(); paper <- ""; src <- ""; subset_cmd <- ""
half_up <- function(x, d) { s <- sign(x); s * floor(abs(x) * 10^d + 0.5 + 1e-9) / 10^d }
show <- function(x, d) ifelse(is.na(x), "NR", formatC(half_up(x, d), format = "f", digits = d))
show_p <- function(p) if (p < .001) "<0.001" else show(p, 3)
num <- function(s) suppressWarnings(as.numeric(sub("^[<>]", "", s)))
judge <- function(kind, pub, sim, simv) {
  if (pub == sim) return("exact")
  a <- num(pub); b <- simv; if (is.na(a) || is.na(b)) return("off")
  near <- switch(kind, n = FALSE, pct = abs(a - b) <= 1.01, time = abs(a - b) <= max(1, 0.10 * a), hr = abs(log(b / a)) <= log(1.15),
                 limit = abs(log(b / a)) <= log(1.30), abslimit = abs(a - b) <= max(2, 0.2 * a), b = abs(a - b) <= 0.3, chi = abs(sqrt(a) - sqrt(b)) <= 0.25,
                 p = if (grepl("^<", pub)) b < .001 else (a <= .05) == (b <= .05) && abs(qnorm(a / 2) - qnorm(max(b, 1e-12) / 2)) <= 0.30,
                 surv = abs(a - b) <= if (a > 1.5) 3 else 0.03, FALSE)
  if (isTRUE(near)) "near" else "off"
}
add <- function(table, row, stat, pub, simv, digits, kind, cmd, cell, note = "") {
  sim <- if (is.character(simv)) simv else if (kind == "p") show_p(simv) else show(simv, digits)
  v <- if (is.character(simv)) num(simv) else simv
  pub <- as.character(pub)
  if (kind == "p" && pub == "<0.001" && sim == "<0.001") j <- "exact" else j <- judge(kind, pub, sim, v)
  if (nzchar(note) && j == "off") j <- "paper"
  rows[[length(rows) + 1]] <<- data.frame(paper, table, row, statistic = stat, published = pub, simulated = sim, agreement = j,
    commands = paste(c(src, if (nzchar(subset_cmd)) subset_cmd, cmd), collapse = " ; "), cell, note)
}
dec <- function(s) { s <- sub("^[<>]", "", s); if (grepl("\\.", s)) nchar(sub(".*\\.", "", s)) else 0 }
hr_rows <- function(table, row, pub, w, cmd, cell, note = "") {          # pub = "HR|lo|hi|p"
  p <- strsplit(pub, "|", fixed = TRUE)[[1]]
  add(table, row, "HR", p[1], w[1], dec(p[1]), "hr", cmd, paste0(cell, ".hr"), note)
  add(table, row, "95% CI low", p[2], w[2], dec(p[2]), "limit", cmd, paste0(cell, ".conf_low"), note)
  add(table, row, "95% CI high", p[3], w[3], dec(p[3]), "limit", cmd, paste0(cell, ".conf_high"), note)
  if (length(p) > 3 && nzchar(p[4])) add(table, row, "p", p[4], w[4], dec(p[4]), "p", cmd, paste0(cell, ".p_value"), note)
}
np_rows <- function(table, row, pub, n, total, cmd, cell, note = "", percent_digits = NULL) {   # pub = "38 (54)"
  a <- regmatches(pub, regexec("^(\\d+) *\\((\\d+\\.?\\d*)%?\\)$", pub))[[1]]
  d <- dec(a[3])
  add(table, row, "n", a[2], n, 0, "n", cmd, paste0(cell, ".n"), note)
  add(table, row, "percent", a[3], 100 * n / total, d, "pct", cmd, paste0(cell, ".percent"), note)
}

# ================================================================================================ Luo
paper <- "luo2024"; src <- 'source "luo2024_cohort.kap"'
raw <- read("luo2024.csv")
add("Figure 1", "retrieved", "n", "117", nrow(raw), 0, "n", "flow", "flow[step=0].kept")
add("Figure 1", "not matching pNEC", "n", "68", sum(raw$pathology != "pNEC"), 0, "n", "flow", "flow[step=1].excluded")
d <- raw[raw$pathology == "pNEC", ]; add("Figure 1", "no liver metastasis", "n", "1", sum(d$liver_metastasis == "no"), 0, "n", "flow", "flow[step=2].excluded")
d <- d[d$liver_metastasis == "yes", ]; add("Figure 1", "with pNEC and liver metastasis", "n", "48", nrow(d), 0, "n", "flow", "flow[step=2].kept")
add("Figure 1", "no tumour size", "n", "3", sum(is.na(d$tumor_size_cm)), 0, "n", "flow", "flow[step=3].excluded")
d <- d[!is.na(d$tumor_size_cm), ]; add("Figure 1", "analysed", "n", "45", nrow(d), 0, "n", "flow", "flow[step=3].kept")
d$age_group <- ifelse(d$age <= 60, "<=60", ">60"); d$size_group <- ifelse(d$tumor_size_cm <= 5, "<=5", ">5")
d$primary_resection <- factor(d$primary_resection, c("yes", "no")); d$treatment <- factor(d$treatment, c("combined", "single", "none"))
L1 <- "sex|female|23 (51.1)
sex|male|22 (48.9)
age_group|<=60|14 (31.1)
age_group|>60|31 (68.9)
size_group|<=5|35 (77.8)
size_group|>5|10 (22.2)
primary_resection|yes|30 (66.7)
primary_resection|no|15 (33.3)
treatment|combined|12 (26.7)
treatment|single|25 (55.6)
treatment|none|8 (17.8)"
for (l in strsplit(L1, "\n")[[1]]) { x <- strsplit(l, "|", fixed = TRUE)[[1]]
  np_rows("Table 1", paste(x[1], x[2]), x[3], sum(d[[x[1]]] == x[2]), 45, paste("table1", x[1]), sprintf("table1[variable=%s, level=%s]", x[1], x[2])) }
add("Table 1", "age", "median", "53", median(d$age), 0, "time", "table1 age", "table1[variable=age].median", "the paper's median of 53 cannot go with 68.9 % over 60")
add("Table 1", "age", "interquartile range", "17", unname(diff(quantile(d$age, c(.25, .75)))), 0, "time", "table1 age", "table1[variable=age].q3 - q1")
add("Table 1", "tumor_size_cm", "median", "4.4", median(d$tumor_size_cm), 1, "time", "table1 tumor_size_cm", "table1[variable=tumor_size_cm].median")
add("Table 1", "tumor_size_cm", "interquartile range", "1.8", unname(diff(quantile(d$tumor_size_cm, c(.25, .75)))), 1, "time", "table1 tumor_size_cm", "table1[variable=tumor_size_cm].q3 - q1")
S <- Surv(d$os_months, d$death)
one <- function(f) wald(coxph(as.formula(paste("S ~", f)), d))
for (x in list(c("sex", "sex male", "sex=male", "1.048|0.577|1.903|0.879"), c("age", "age", "age", "1.009|0.980|1.039|0.549"),
               c("tumor_size_cm", "tumor size", "tumor_size_cm", "1.293|1.076|1.554|0.006"),
               c("primary_resection", "primary resection no", "primary_resection=no", "2.940|1.478|5.852|0.002")))
  hr_rows("Table 2", x[2], x[4], one(x[1])[1, ], paste("cox", x[1]), sprintf("cox_terms[%s]", x[3]))
w <- one("treatment")
hr_rows("Table 2", "treatment single", "1.885|0.899|3.953|0.093", w[1, ], "cox treatment", "cox_terms[treatment=single]")
hr_rows("Table 2", "treatment none", "4.024|1.539|10.525|0.005", w[2, ], "cox treatment", "cox_terms[treatment=none]")
m <- coxph(S ~ tumor_size_cm + primary_resection + treatment, d); w <- wald(m); cm <- "cox tumor_size_cm + primary_resection + treatment"
hr_rows("Table 3", "tumor size", "1.457|1.199|1.770|<0.001", w[1, ], cm, "cox_terms[tumor_size_cm]")
hr_rows("Table 3", "primary resection no", "5.666|2.611|12.296|<0.001", w[2, ], cm, "cox_terms[primary_resection=no]")
hr_rows("Table 3", "treatment single", "2.361|1.098|5.077|0.028", w[3, ], cm, "cox_terms[treatment=single]")
hr_rows("Table 3", "treatment none", "7.804|2.729|22.319|<0.001", w[4, ], cm, "cox_terms[treatment=none]")
for (v in c("primary_resection", "size_group", "treatment"))
  { p <- lr(d$os_months, d$death, d[[v]])[2]; add("Figure 2", v, "log-rank p below 0.05", "yes", if (p < .05) "yes" else "no", 0, "n", paste("logrank", v), "logrank.p_value", "") }
nm <- paste0(cm, " ; nomogram, at=12,36,60"); b <- coef(m); u <- 100 / (9 * b[1])
for (k in 1:10) add("Table 4", paste("size", k, "cm"), "points", c(0, 11, 22, 33, 44, 56, 67, 78, 89, 100)[k], (k - 1) * b[[1]] * u, 0, "time", nm, sprintf("nomogram_points[tumor_size_cm=%d].points", k))
for (k in list(c("primary resection yes", 0, 0), c("primary resection no", 51, b[[2]] * u), c("treatment combined", 0, 0), c("treatment single", 25, b[[3]] * u), c("treatment none", 61, b[[4]] * u)))
  add("Table 4", k[1], "points", k[2], as.numeric(k[3]), 0, "time", nm, sprintf("nomogram_points[%s].points", k[1]))
bh <- survfit(m, newdata = data.frame(tumor_size_cm = 1, primary_resection = factor("yes", levels(d$primary_resection)), treatment = factor("combined", levels(d$treatment))))
H <- -log(summary(bh, times = c(12, 36, 60))$surv)
pts <- list("12" = c(142, 134, 128, 123, 119, 115, 111, 107, 103, 98, 94, 89, 84, 79, 73, 65, 56, 43, 22),
            "36" = c(107, 99, 93, 88, 84, 80, 76, 72, 68, 63, 59, 54, 49, 44, 37, 30, 21, 8),
            "60" = c(88, 80, 75, 70, 65, 61, 57, 53, 49, 45, 41, 36, 31, 25, 19, 11))
for (k in 1:3) { t <- c("12", "36", "60")[k]; sv <- seq(0.05, by = 0.05, length.out = length(pts[[t]]))
  for (i in seq_along(sv)) add("Table 4", sprintf("%s-month survival %.2f", t, sv[i]), "total points", pts[[t]][i], (log(-log(sv[i])) - log(H[k])) * u, 0, "time", nm, sprintf("nomogram_survival[time=%s, survival=%.2f].total_points", t, sv[i])) }
add("Table 4", "points per unit of linear predictor", "value", "29.528", unname(u), 3, "hr", nm, "(not in the contract's tables)")
add("Table 4", "linear predictor per point", "value", "0.034", unname(1 / u), 3, "hr", nm, "(not in the contract's tables)")
cx <- function(f) concordance(f)$concordance
set.seed(1); bt <- replicate(500, { i <- sample(45, 45, TRUE); r <- try(suppressWarnings(cx(coxph(Surv(os_months, death) ~ tumor_size_cm + primary_resection + treatment, d[i, ]))), TRUE); if (inherits(r, "try-error")) NA else r })
bc <- quantile(bt, c(.025, .975), na.rm = TRUE)
vd <- paste0(cm, " ; validate, boot=1000 seed=1")
add("Text, Figure 4", "C-index", "value", "0.744", cx(m), 3, "hr", vd, "validate[index=concordance].apparent")
add("Text, Figure 4", "C-index", "95% CI low", "0.639", bc[[1]], 3, "hr", vd, "validate[index=concordance].conf_low", "the paper does not say which bootstrap interval")
add("Text, Figure 4", "C-index", "95% CI high", "0.805", bc[[2]], 3, "hr", vd, "validate[index=concordance].conf_high", "the paper does not say which bootstrap interval")

# ================================================================================================= Xu
paper <- "xu2025"; src <- 'source "xu2025_cohort.kap"'
raw <- read("xu2025.csv"); d <- raw
add("Figure 1", "recruited", "n", "228", nrow(d), 0, "n", "flow", "flow[step=0].kept")
cut_ <- function(cond, pub, label, step) { add("Figure 1", label, "n", pub, sum(cond), 0, "n", "flow", sprintf("flow[step=%d].excluded", step - 1L)); d <<- d[!cond, ] }
cut_(d$hm_timing == "metachronous", "51", "metachronous", 2); cut_(d$pathology_stage == "unknown", "12", "unknown stage", 3)
cut_(d$surgery == "HR", "1", "hepatic resection only", 4); cut_(d$perioperative_death == "yes", "1", "perioperative death", 5)
add("Figure 1", "analysed", "n", "163", nrow(d), 0, "n", "flow", "flow[step=4].kept")
d$age_group <- ifelse(d$age < 60, "<60", ">=60"); d$primary_size <- ifelse(d$primary_diameter_mm <= 40, "<=40 mm", ">40 mm"); d$hm_size <- ifelse(d$hm_max_diameter_mm <= 40, "<=40 mm", ">40 mm")
f <- function(v, l) factor(d[[v]], l)
d$surgery <- f("surgery", c("NR", "PR", "PHR")); d$grade <- f("grade", c("NEC", "G1", "G2", "G3")); d$age_group <- f("age_group", c("<60", ">=60")); d$hm_size <- f("hm_size", c("<=40 mm", ">40 mm"))
d$primary_site <- f("primary_site", c("head/neck", "body/tail", "diffuse")); d$sex <- f("sex", c("male", "female")); d$hm_distribution <- f("hm_distribution", c("unilobar", "bilobar"))
btf <- 'filter grade != "NEC" & extrahepatic_metastasis == "no" & primary_site == "body/tail"'
in_bt <- d$grade != "NEC" & d$extrahepatic_metastasis == "no" & d$primary_site == "body/tail"
in_hn <- d$grade != "NEC" & d$extrahepatic_metastasis == "no" & d$primary_site == "head/neck"; in_nec <- d$grade == "NEC"
for (x in list(list("body/tail NET", in_bt, c("86", "19", "25", "42"), btf), list("head/neck NET", in_hn, c("46", NA, NA, "14"), sub("body/tail", "head/neck", btf)), list("NEC", in_nec, c("21", "18", "3", "0"), 'filter grade == "NEC"'))) {
  subset_cmd <- x[[4]]
  add("Figure 1", x[[1]], "n", x[[3]][1], sum(x[[2]]), 0, "n", "table1 surgery", "table1[all].n")
  for (k in 1:3) if (!is.na(x[[3]][k + 1])) add("Figure 1", paste(x[[1]], levels(d$surgery)[k]), "n", x[[3]][k + 1], sum(x[[2]] & d$surgery == levels(d$surgery)[k]), 0, "n", "table1 surgery", sprintf("table1[surgery=%s].n", levels(d$surgery)[k]))
}
subset_cmd <- ""
T1 <- "sex|male|38 (54)|18 (49)|27 (48)|0.757
sex|female|32 (46)|19 (51)|29 (52)
age_group|<60|53 (76)|28 (76)|38 (68)|0.563
age_group|>=60|17 (24)|9 (24)|18 (32)
hm_distribution|unilobar|2 (3)|2 (5)|8 (14)|0.044
hm_distribution|bilobar|68 (97)|35 (95)|48 (86)
extrahepatic_metastasis|no|50 (71)|37 (100)|56 (100)|<0.001
extrahepatic_metastasis|yes|20 (29)|0 (0)|0 (0)
primary_site|head/neck|33 (47)|9 (24)|14 (25)|0.034
primary_site|body/tail|36 (51)|27 (73)|42 (75)
primary_site|diffuse|1 (1)|1 (3)|0 (0)
primary_size|<=40 mm|37 (62)|17 (47)|32 (57)|0.382
primary_size|>40 mm|23 (38)|19 (53)|24 (43)
hm_size|<=40 mm|44 (67)|29 (88)|48 (86)|0.014
hm_size|>40 mm|22 (33)|4 (12)|8 (14)
grade|G1|7 (10)|3 (8)|5 (9)|0.001
grade|G2|36 (51)|25 (68)|45 (80)
grade|G3|9 (13)|6 (16)|6 (11)
grade|NEC|18 (26)|3 (8)|0 (0)
functioning|no|62 (89)|31 (84)|53 (95)|0.230
functioning|yes|8 (11)|6 (16)|3 (5)
men1_vhl|no|69 (100)|35 (95)|54 (96)|0.187
men1_vhl|yes|0 (0)|2 (5)|2 (4)"
for (l in strsplit(T1, "\n")[[1]]) { x <- strsplit(l, "|", fixed = TRUE)[[1]]; v <- x[1]
  for (k in 1:3) { g <- levels(d$surgery)[k]; i <- d$surgery == g & !is.na(d[[v]])
    note <- if (v == "hm_size" && g == "PR") "29 contradicts Table 2 (120) and the printed p; 28 agrees with both" else ""
    np_rows("Table 1", paste(v, x[2], g), x[2 + k], sum(i & d[[v]] == x[2]), sum(i), sprintf("table1 %s, by=surgery", v), sprintf("table1[variable=%s, level=%s, group=surgery=%s]", v, x[2], g), note) }
  if (length(x) > 5) add("Table 1", v, "chi-square p", x[6], chi(d[[v]], d$surgery)$p.value, 3, "p", sprintf("table1 %s, by=surgery test=chisq", v), sprintf("table1_tests[variable=%s].p_value", v)) }
for (g in levels(d$surgery)) np_rows("Text", paste("surgery", g), c(NR = "70 (42.9)", PR = "37 (22.7)", PHR = "56 (34.4)")[[g]], sum(d$surgery == g), 163, "table1 surgery", sprintf("table1[surgery=%s]", g))

for (x in list(c("grade", "G1", "15 (9.2)"), c("grade", "G2", "106 (65.0)"), c("grade", "G3", "21 (12.9)"), c("grade", "NEC", "21 (12.9)"), c("primary_site", "head/neck", "56 (34.4)"), c("primary_site", "body/tail", "105 (64.4)"), c("primary_site", "diffuse", "2 (1.2)"), c("hm_distribution", "unilobar", "12 (7.4)"), c("hm_distribution", "bilobar", "151 (92.6)")))
  np_rows("Text", paste(x[1], x[2]), x[3], sum(d[[x[1]]] == x[2]), 163, paste("table1", x[1]), sprintf("table1[variable=%s, level=%s]", x[1], x[2]))

surv_table <- function(table, text, keep, total, notes = c()) {
  D <- d[keep, ]
  for (l in strsplit(text, "\n")[[1]]) { x <- strsplit(l, "|", fixed = TRUE)[[1]]; v <- x[1]; i <- !is.na(D[[v]]) & D[[v]] == x[2]; id <- paste(v, x[2])
    nt <- if (id %in% names(notes)) notes[[id]] else ""
    np_rows(table, id, x[3], sum(i), total, paste("table1", v), sprintf("table1[variable=%s, level=%s]", v, x[2]), nt)
    if (x[4] != "?") { q <- quart(D$os_months[i], D$death[i]); s <- strsplit(x[4], "/")[[1]]; k <- c("median", "q25", "q75")
      for (j in 1:3) add(table, id, k[j], s[j], q[j], 0, "time", paste("km", v), sprintf("km_summary[group=%s=%s].%s", v, x[2], k[j]), nt) }
    if (length(x) > 4 && nzchar(x[5])) add(table, v, "log-rank p", x[5], lr(D$os_months, D$death, D[[v]])[2], 3, "p", paste("logrank", v), "logrank.p_value") }
}
T2 <- "sex|male|83 (51)|56/16/NR|0.307
sex|female|80 (49)|70/37/122
age_group|<60|119 (73)|72/33/122|0.024
age_group|>=60|44 (27)|40/12/91
hm_distribution|unilobar|12 (7)|122/40/122|0.956
hm_distribution|bilobar|151 (93)|69/29/NR
extrahepatic_metastasis|no|143 (88)|72/38/NR|<0.001
extrahepatic_metastasis|yes|20 (12)|11/7/21
primary_site|head/neck|56 (34)|50/24/NR|0.291
primary_site|body/tail|105 (64)|70/32/122
primary_site|diffuse|2 (1)|7/7/69
primary_size|<=40 mm|87 (53)|56/36/NR|0.985
primary_size|>40 mm|66 (40)|70/32/122
hm_size|<=40 mm|120 (74)|70/32/NR|0.082
hm_size|>40 mm|34 (21)|44/18/78
grade|G1|15 (9)|NR/NR/NR|<0.001
grade|G2|106 (65)|78/38/NR
grade|G3|21 (13)|50/40/69
grade|NEC|21 (13)|9/6/32
functioning|no|146 (90)|69/29/122|0.673
functioning|yes|17 (10)|72/43/NR
men1_vhl|no|158 (97)|69/29/122|0.366
men1_vhl|yes|4 (3)|44/44/NR
lymph_node_metastasis|no|34 (21)|72/49/122|0.244
lymph_node_metastasis|yes|83 (51)|70/29/NR
surgery|NR|70 (43)|32/12/NR|<0.001
surgery|PR|37 (23)|72/40/NR
surgery|PHR|56 (34)|122/70/NR
ssa|no|60 (37)|38/12/NR|0.001
ssa|yes|103 (63)|78/38/NR
targeted_therapy|no|122 (75)|69/27/NR|0.458
targeted_therapy|yes|41 (25)|91/37/122
chemotherapy|no|106 (65)|72/32/NR|0.175
chemotherapy|yes|57 (35)|50/27/91
tace|no|101 (62)|69/32/NR|0.851
tace|yes|62 (38)|?
rfa|no|137 (84)|?|0.215
rfa|yes|26 (16)|?"
surv_table("Table 2", T2, rep(TRUE, 163), 163, list("primary_size <=40 mm" = "Table 1's cells sum to 86 and its p of 0.382 agrees with them"))
X <- Surv(d$os_months, d$death)
m <- coxph(X ~ age_group + extrahepatic_metastasis + hm_size + grade + surgery + ssa, d, ties = "breslow"); w <- wald(m)
cm <- 'cox age_group + extrahepatic_metastasis + hm_size + ref(grade, "NEC") + surgery + ssa'
for (x in list(c("age_group>=60", "1.500|0.788|2.857|0.217"), c("extrahepatic_metastasisyes", "2.422|1.132|5.179|0.023"), c("hm_size>40 mm", "1.479|0.808|2.706|0.205"),
  c("gradeG1", "0.208|0.056|0.772|0.019"), c("gradeG2", "0.256|0.101|0.649|0.004"), c("gradeG3", "0.278|0.099|0.779|0.015"), c("surgeryPR", "0.616|0.284|1.335|0.219"), c("surgeryPHR", "0.302|0.127|0.721|0.007"), c("ssayes", "0.840|0.417|1.691|0.625")))
  hr_rows("Table 2, multivariate", x[1], x[2], w[x[1], ], cm, sprintf("cox_terms[%s]", x[1]))
q <- quart(d$os_months, d$death)
add("Text", "whole cohort", "median", "69", q[1], 0, "time", "km", "km_summary[all].median")
add("Text", "whole cohort", "deaths", "63", sum(d$death), 0, "n", "km", "km_summary[all].events")
add("Text", "whole cohort", "median follow-up", "48", quart(d$os_months, 1 - d$death)[1], 0, "time", "km", "km_summary[all].followup_median")
subset_cmd <- btf
add("Text", "bt-pNET", "median", "70", quart(d$os_months[in_bt], d$death[in_bt])[1], 0, "time", "km", "km_summary[all].median", "Table 3 gives 78 (48-) for the same 86; 70 (32-122) is the row of all 105 body/tail tumours in Table 2")
T3 <- "sex|male|41 (48)|91/50/NR|0.428
sex|female|45 (52)|72/44/122
age_group|<60|66 (77)|122/48/NR|0.444
age_group|>=60|20 (23)|70/40/91
hm_distribution|unilobar|7 (8)|122/122/122|0.603
hm_distribution|bilobar|79 (92)|78/44/NR
extrahepatic_metastasis|no|86 (100)|78/48/NR
primary_size|<=40 mm|44 (54)|NR/NR/NR|0.397
primary_size|>40 mm|38 (46)|78/32/122
hm_size|<=40 mm|64 (77)|91/50/NR|0.078
hm_size|>40 mm|19 (23)|49/39/78
grade|G1|12 (14)|NR/56/NR|
grade|G2|58 (67)|91/43/NR
grade|G3|14 (16)|50/44/122
functioning|no|76 (88)|91/44/NR|0.936
functioning|yes|10 (12)|72/48/NR
men1_vhl|no|81 (95)|78/48/NR|0.697
men1_vhl|yes|4 (5)|44/44/NR
lymph_node_metastasis|no|22 (31)|122/49/NR|0.698
lymph_node_metastasis|yes|49 (69)|91/43/NR
surgery|NR|19 (22)|50/38/NR|0.045
surgery|PR|25 (29)|78/48/NR
surgery|PHR|42 (49)|122/70/NR
ssa|no|25 (29)|NR/48/NR|0.392
ssa|yes|61 (71)|91/48/NR
targeted_therapy|no|61 (71)|78/50/NR|0.366
targeted_therapy|yes|25 (29)|91/39/122
chemotherapy|no|60 (70)|NR/49/NR|0.143
chemotherapy|yes|26 (30)|70/39/122
tace|no|49 (57)|78/50/NR|0.177
tace|yes|37 (43)|72/40/122
rfa|no|68 (79)|78/48/NR|0.679
rfa|yes|18 (21)|NR/40/NR"
# percentages of Table 3 are of the known values (82, 83, 85, 71), those of Table 2 of all 163
for (l in strsplit(T3, "\n")[[1]]) { v <- strsplit(l, "|", fixed = TRUE)[[1]][1]
  surv_table("Table 3", l, in_bt, sum(!is.na(d[[v]][in_bt])), list("grade G2" = "the printed grades sum to 84 of 86", "primary_size <=40 mm" = "a curve that never reaches 0.75 in 44 against 78 (32-122) in 38 sits badly with p = 0.397")) }
add("Table 3", "grade", "log-rank p", "0.286", lr(d$os_months[in_bt], d$death[in_bt], droplevels(d$grade[in_bt]))[2], 3, "p", "logrank grade", "logrank.p_value")
B <- d[in_bt, ]; w <- wald(coxph(Surv(os_months, death) ~ hm_size + surgery + chemotherapy, B, ties = "breslow")); cm <- "cox hm_size + surgery + chemotherapy"
for (x in list(c("hm_size>40 mm", "1.884|0.769|4.616|0.166"), c("surgeryPR", "0.598|0.200|1.783|0.356"), c("surgeryPHR", "0.287|0.087|0.946|0.040"), c("chemotherapyyes", "1.608|0.696|3.713|0.266")))
  hr_rows("Table 3, multivariate", x[1], x[2], w[x[1], ], cm, sprintf("cox_terms[%s]", x[1]))
subset_cmd <- paste0(btf, ' & surgery == "PHR"'); P <- B[B$surgery == "PHR", ]; P$hm_size <- factor(P$hm_size, c(">40 mm", "<=40 mm"))
hr_rows("Text (eTable 2)", "PHR: metastasis <=40 mm", "0.131|0.019|0.928|0.042", wald(coxph(Surv(os_months, death) ~ hm_size, P, ties = "breslow"))[1, ], 'cox ref(hm_size, ">40 mm")', "cox_terms[hm_size=<=40 mm]", "adjustment not printed; simulated unadjusted")
subset_cmd <- sub("body/tail", "head/neck", btf); Hn <- d[in_hn, ]
add("Text (eTable 4)", "hn-pNET", "median", "50", quart(Hn$os_months, Hn$death)[1], 0, "time", "km", "km_summary[all].median")
add("Text (eTable 4)", "hn-pNET surgery", "log-rank p", "0.511", lr(Hn$os_months, Hn$death, droplevels(Hn$surgery))[2], 3, "p", "logrank surgery", "logrank.p_value")
add("Text (eTable 3)", "hn-pNET hm_distribution", "chi-square p", "0.026", chi(Hn$hm_distribution, Hn$surgery)$p.value, 3, "p", "table1 hm_distribution, by=surgery test=chisq", "table1_tests.p_value")
add("Text (eTable 3)", "hn-pNET unilobar, all PHR", "n", "3", sum(Hn$hm_distribution == "unilobar" & Hn$surgery == "PHR"), 0, "n", "table1 hm_distribution, by=surgery", "table1[hm_distribution=unilobar, group=surgery=PHR].n")
add("Text", "hn-pNET PHR, concurrent resection", "n", "13", sum(Hn$surgery == "PHR" & Hn$hepatic_resection == "concurrent"), 0, "n", "table1 hepatic_resection, by=surgery", "table1[hepatic_resection=concurrent, group=surgery=PHR].n")
subset_cmd <- 'filter grade == "NEC"'; Nc <- d[in_nec, ]; Nc$surgery <- droplevels(Nc$surgery)
qq <- function(i) quart(Nc$os_months[i], Nc$death[i])
for (x in list(list("pNEC", rep(TRUE, 21), c("9", "6", "32"), "all", "km"), list("pNEC NR", Nc$surgery == "NR", c("9", "6", "32"), "group=surgery=NR", "km surgery"), list("pNEC PR", Nc$surgery == "PR", c("7", "4", "12"), "group=surgery=PR", "km surgery"))) {
  q <- qq(x[[2]]); for (j in 1:3) add("Text (eTable 6)", x[[1]], c("median", "q25", "q75")[j], x[[3]][j], q[j], 0, "time", x[[5]], sprintf("km_summary[%s].%s", x[[4]], c("median", "q25", "q75")[j])) }
add("Text (eTable 6)", "pNEC surgery", "log-rank p", "0.342", lr(Nc$os_months, Nc$death, Nc$surgery)[2], 3, "p", "logrank surgery", "logrank.p_value")
subset_cmd <- ""
add("Text", "lost to follow-up after 6 years", "n", "10", sum(d$lost_to_followup == "yes" & d$os_months > 72), 0, "n", "table1 lost_to_followup", "table1[lost_to_followup=yes].n")

# ============================================================================================== Zhang
paper <- "zhang2024"; src <- 'source "zhang2024_cohort.kap"'
d <- read("zhang2024.csv"); N <- nrow(d)
d$age_group <- ifelse(d$age <= 60, "<=60", ">60"); d$ki67_group <- ifelse(d$ki67_percent <= 7, "<=7", ">7"); d$grade_group <- ifelse(d$who_grade == "G3", "G3", "G1+G2")
d$htb_group <- ifelse(d$hepatic_tumor_burden == "<=10%", "<=10%", ">10%"); d$surgical <- ifelse(d$treatment %in% c("PLCR", "PTR"), "yes", "no")
d$treatment <- factor(d$treatment, c("PLCR", "PTR", "comprehensive", "observation")); d$hepatic_tumor_burden <- factor(d$hepatic_tumor_burden, c("<=10%", "11-25%", "26-50%", ">50%"))
lnm <- "Table 1 has 16 with and Table 5, its labels exchanged, 17"
counts <- function(table, v, lev, cells, by, keep = rep(TRUE, N), filt = "", note = "", pct = NULL) {
  subset_cmd <<- filt; D <- d[keep, ]; groups <- names(cells)
  for (g in groups) { c_ <- cells[[g]]; i <- D[[by]] == g & !is.na(D[[v]])
    for (k in seq_along(lev)) { n <- sum(i & D[[v]] == lev[k])
      add(table, paste(v, lev[k], g), "n", c_[k], n, 0, "n", sprintf("table1 %s, by=%s", v, by), sprintf("table1[variable=%s, level=%s, group=%s=%s].n", v, lev[k], by, g), note)
      if (!is.null(pct)) add(table, paste(v, lev[k], g), "percent", pct[[g]][k], 100 * n / sum(i), 1, "pct", sprintf("table1 %s, by=%s", v, by), sprintf("table1[variable=%s, level=%s, group=%s=%s].percent", v, lev[k], by, g), if (pct[[g]][k] == "36.4" && v == "metastasis_timing") "21/69 is 30.4 %" else if (pct[[g]][k] == "23.5") "5/21 is 23.8 %" else note) } }
}
test_row <- function(table, v, by, how, stat, p, keep = rep(TRUE, N), filt = "", note = "") {
  subset_cmd <<- filt; D <- d[keep, ]; x <- D[[v]]; g <- D[[by]]; if (is.factor(x)) x <- droplevels(x)
  r <- switch(how, pearson = { k <- chi(x, g); c(k$statistic, k$p.value) }, yates = { k <- chi(x, g, TRUE); c(k$statistic, k$p.value) }, lr = lr_chi(x, g), fisher = c(NA, fisher.test(table(x, g))$p.value))
  opt <- c(pearson = "chisq", yates = "chisq-yates", lr = "(likelihood ratio: not in the contract)", fisher = "fisher")[[how]]
  cmd <- sprintf("table1 %s, by=%s test=%s", v, by, opt)
  if (how != "fisher" && nzchar(stat)) add(table, v, paste0("chi-square (", how, ")"), stat, r[[1]], 3, "chi", cmd, sprintf("table1_tests[variable=%s].statistic", v), note)
  if (nzchar(p)) add(table, v, paste0("p (", how, ")"), p, r[[2]], 3, "p", cmd, sprintf("table1_tests[variable=%s].p_value", v), note)
}
pr <- c("pancreas", "rectum")
two <- function(a, b) setNames(list(a, b), pr)
t1 <- list(list("sex", c("female", "male"), c(40, 29), c(5, 7), "pearson", "1.101", "0.294", c("58.0", "42.0"), c("41.7", "58.3")),
  list("who_grade", c("G1", "G2", "G3"), c(9, 54, 6), c(2, 9, 1), "lr", "0.109", "0.947", c("13.0", "78.3", "8.7"), c("16.7", "75.0", "8.3")),
  list("metastasis_timing", c("synchronous", "asynchronous"), c(48, 21), c(5, 7), "yates", "2.392", "0.122", c("69.6", "36.4"), c("41.7", "58.3")),
  list("lymph_node_metastasis", c("yes", "no"), c(15, 54), c(1, 10), "yates", "0.323", "0.570", c("21.7", "78.3"), c("9.1", "90.9")),
  list("ki67_group", c("<=7", ">7"), c(37, 31), c(7, 4), "yates", "0.060", "0.807", c("54.4", "45.6"), c("63.6", "36.4")),
  list("nelm_type", c("I", "II", "III"), c(32, 27, 9), c(3, 5, 4), "lr", "3.372", "0.185", c("47.1", "39.7", "13.2"), c("25.0", "41.7", "33.3")),
  list("hepatic_tumor_burden", levels(d$hepatic_tumor_burden), c(35, 18, 10, 5), c(5, 2, 1, 4), "lr", "5.421", "0.143", c("51.5", "26.5", "14.7", "7.4"), c("41.7", "16.7", "8.3", "33.3")),
  list("treatment", levels(d$treatment), c(19, 25, 22, 3), c(1, 8, 3, 0), "lr", "5.115", "0.164", c("27.5", "36.2", "31.9", "4.3"), c("8.3", "66.7", "25.0", "0.0")))
for (x in t1) { counts("Table 1", x[[1]], x[[2]], two(x[[3]], x[[4]]), "primary_site", pct = two(x[[8]], x[[9]])); test_row("Table 1", x[[1]], "primary_site", x[[5]], x[[6]], x[[7]]) }
subset_cmd <- ""
for (g in pr) { a <- d$age[d$primary_site == g]; add("Table 1", paste("age", g), "mean", c(pancreas = "55.41", rectum = "68.03")[[g]], mean(a), 2, "hr", "table1 age, by=primary_site", sprintf("table1[variable=age, group=primary_site=%s].mean", g)); add("Table 1", paste("age", g), "sd", c(pancreas = "11.93", rectum = "7.87")[[g]], sd(a), 2, "hr", "table1 age, by=primary_site", sprintf("table1[variable=age, group=primary_site=%s].sd", g)) }
tt <- t.test(age ~ primary_site, d, var.equal = TRUE)
add("Table 1", "age", "t", "-3.522", unname(tt$statistic), 3, "time", "table1 age, by=primary_site", "table1_tests[variable=age].statistic"); add("Table 1", "age", "p", "<0.001", tt$p.value, 3, "p", "table1 age, by=primary_site", "table1_tests[variable=age].p_value")
add("Text", "age", "median", "56.7", median(d$age), 1, "time", "table1 age", "table1[variable=age].median"); add("Text", "age", "minimum", "33", min(d$age), 0, "n", "table1 age", "table1[variable=age].min"); add("Text", "age", "maximum", "85.2", max(d$age), 1, "n", "table1 age", "table1[variable=age].max")
ki <- d$ki67_percent[!is.na(d$ki67_percent)]
for (k in 1:3) add("Text", "Ki-67", c("median", "q1", "q3")[k], c("5.0", "3.0", "10.0")[k], unname(quantile(ki, c(.5, .25, .75)[k])), 1, "time", "table1 ki67_percent", sprintf("table1[variable=ki67_percent].%s", c("median", "q1", "q3")[k]))
for (g in c("G1", "G2", "G3")) add("Text", paste("WHO", g), "n", c(G1 = "11", G2 = "63", G3 = "7")[[g]], sum(d$who_grade == g), 0, "n", "table1 who_grade", sprintf("table1[who_grade=%s].n", g))
add("Text", "female", "n", "45", sum(d$sex == "female"), 0, "n", "table1 sex", "table1[sex=female].n")
add("Text", "synchronous", "n", "53", sum(d$metastasis_timing == "synchronous"), 0, "n", "table1 metastasis_timing", "table1[metastasis_timing=synchronous].n")
add("Text", "median follow-up", "months", "76.0", quart(d$os_months, 1 - d$death)[1], 1, "time", "km", "km_summary[all].followup_median")
add("Text", "all patients", "mean OS", "165.9", jmp_mean(d$os_months, d$death)[1], 1, "time", "km", "km_summary[all].rmean")
for (g in pr) { i <- d$primary_site == g; add("Text", paste("5-year OS", g), "percent", c(pancreas = "85.1", rectum = "80.0")[[g]], 100 * surv_at(d$os_months[i], d$death[i], 60), 1, "surv", "km primary_site, at=60", sprintf("km_at[group=primary_site=%s].estimate", g)) }
for (x in list(c("primary_procedure DP", "24"), c("primary_procedure PD", "16"), c("primary_procedure EMR", "4"), c("primary_procedure LAR", "5")))
  add("Text", x[1], "n", x[2], sum(d$primary_procedure == sub(".* ", "", x[1])), 0, "n", "table1 primary_procedure", sprintf("table1[primary_procedure=%s].n", sub(".* ", "", x[1])), if (grepl("DP", x[1])) "the text lists 43 pancreatectomies, the tables 44 operated" else "")
add("Text", "observation rule, Japan", "n", "36", sum(d$observation_rule == "yes", na.rm = TRUE), 0, "n", 'table1 observation_rule', "table1[observation_rule=yes].n")

means <- function(table, set, filt, keep, text, clock = "os_months", notes = c()) { subset_cmd <<- filt; D <- d[keep, ]
  for (l in strsplit(text, "\n")[[1]]) { x <- strsplit(l, "|", fixed = TRUE)[[1]]; v <- x[1]; i <- if (v == "all") rep(TRUE, nrow(D)) else !is.na(D[[v]]) & D[[v]] == x[2]
    mu <- jmp_mean(D[[clock]][i], D$death[i]); id <- trimws(paste(set, v, x[2])); nt <- if (paste(v, x[2]) %in% names(notes)) notes[[paste(v, x[2])]] else ""
    cmd <- paste(c(if (clock != "os_months") "use osalm", if (v == "all") "km" else paste("km", v)), collapse = " ; "); cell <- if (v == "all") "km_summary[all]" else sprintf("km_summary[group=%s=%s]", v, x[2])
    add(table, id, "mean", x[3], mu[1], dec(x[3]), "time", cmd, paste0(cell, ".rmean"), nt)
    add(table, id, "standard error of the mean (printed SD)", x[4], mu[2], dec(x[4]), "limit", cmd, paste0(cell, ".rmean_se"), nt)
    if (length(x) > 4) { k <- lr(D[[clock]], D$death, D[[v]]); cm <- paste(c(if (clock != "os_months") "use osalm", paste("logrank", v)), collapse = " ; ")
      add(table, paste(set, v), "log-rank chi-square", x[5], k[1], 3, "chi", cm, "logrank.statistic", nt); add(table, paste(set, v), "log-rank p", x[6], k[2], 3, "p", cm, "logrank.p_value", nt) } } ; subset_cmd <<- "" }
means("Table 2", "", "", rep(TRUE, N), "sex|female|152.7|16.8|0.310|0.578
sex|male|175.9|19.0
primary_site|pancreas|155.0|14.7|0.449|0.503
primary_site|rectum|179.4|24.6
age_group|<=60|162.8|16.9|0.113|0.737
age_group|>60|161.6|19.2
country|Japan|170.9|14.0|0.385|0.535
country|China|106.6|14.1
grade_group|G1+G2|169.6|13.2|5.116|0.024
grade_group|G3|51.1|13.1
metastasis_timing|synchronous|111.9|14.3|6.076|0.014
metastasis_timing|asynchronous|193.6|14.3
lymph_node_metastasis|no|169.1|14.3|0.777|0.378
lymph_node_metastasis|yes|100.3|15.8
ki67_group|<=7|196.7|13.6|6.601|0.010
ki67_group|>7|95.6|11.7
nelm_type|I|175.2|18.1|1.883|0.390
nelm_type|II|148.3|18.9
nelm_type|III|151.2|30.5
htb_group|<=10%|192.3|14.3|7.283|0.007
htb_group|>10%|137.9|18.5
surgical|yes|174.6|13.7|4.036|0.045
surgical|no|86.3|11.2
treatment|PLCR|116.4|18.0
treatment|PTR|191.1|15.0
treatment|comprehensive|83.9|12.0")
for (x in list(c("PLCR", "PTR", "3.795", "0.051"), c("PLCR", "comprehensive", "0.202", "0.653"), c("PTR", "comprehensive", "5.730", "0.017"))) {
  D <- d[d$treatment %in% x[1:2], ]; k <- lr(D$os_months, D$death, droplevels(D$treatment)); subset_cmd <- sprintf('filter treatment in ("%s", "%s")', x[1], x[2])
  add("Table 2", paste(x[1], "against", x[2]), "log-rank chi-square", x[3], k[1], 3, "chi", "logrank treatment", "logrank.statistic"); add("Table 2", paste(x[1], "against", x[2]), "log-rank p", x[4], k[2], 3, "p", "logrank treatment", "logrank.p_value") }
subset_cmd <- ""
d$timing2 <- factor(d$metastasis_timing, c("asynchronous", "synchronous")); d$nosurg <- factor(d$surgical, c("yes", "no"))
w <- wald(coxph(Surv(os_months, death) ~ grade_group + timing2 + lymph_node_metastasis + ki67_group + htb_group + nosurg, d))
cm <- 'cox grade_group + ref(metastasis_timing, "asynchronous") + lymph_node_metastasis + ki67_group + htb_group + ref(surgical, "yes")'
for (x in list(c("grade_groupG3", "4.20|0.64|27.53|0.135"), c("timing2synchronous", "4.27|1.26|14.49|0.020"), c("lymph_node_metastasisyes", "1.18|0.30|4.60|0.814"), c("ki67_group>7", "3.31|1.10|9.98|0.034"), c("htb_group>10%", "5.70|1.28|25.34|0.022"), c("nosurgno", "1.91|0.42|8.66|0.401")))
  hr_rows("Table 2, multivariate", x[1], x[2], w[x[1], ], cm, sprintf("cox_terms[%s]", x[1]))
for (x in list(c("grade_groupG3", "1.44"), c("timing2synchronous", "1.45"), c("lymph_node_metastasisyes", "0.16"), c("ki67_group>7", "1.20"), c("htb_group>10%", "1.74"), c("nosurgno", "0.65")))
  add("Table 2, multivariate", x[1], "B", x[2], log(w[x[1], 1]), 2, "b", cm, sprintf("cox_terms[%s].estimate", x[1]))
P <- d$primary_site == "pancreas"; pf <- 'filter primary_site == "pancreas"'
ns <- "the operated and not operated of Table 3 (144.2; 135.9) do not go with those of Table 2 (174.6; 86.3)"
means("Table 3", "", pf, P, "sex|female|154.5|18.7|0.002|0.961
sex|male|135.4|16.4
age_group|<=60|162.8|18.2|0.496|0.481
age_group|>60|104.9|12.6
country|Japan|158.5|15.7|0.078|0.780
country|China|120.1|8.6
grade_group|G1+G2|159.3|14.9|6.013|0.014
grade_group|G3|45.2|14.9
metastasis_timing|synchronous|115.3|16.4|2.656|0.103
metastasis_timing|asynchronous|178.0|18.0
lymph_node_metastasis|no|160.1|16.4|0.613|0.434
lymph_node_metastasis|yes|99.3|16.0
ki67_group|<=7|185.8|15.6|4.541|0.033
ki67_group|>7|93.0|13.6
nelm_type|I|174.7|21.4|5.384|0.068
nelm_type|II|126.8|15.8
nelm_type|III|72.4|21.1
htb_group|<=10%|193.2|16.6|8.909|0.003
htb_group|>10%|103.6|15.7
surgical|no|135.9|18.6|2.063|0.151
surgical|yes|144.2|7.4", notes = list("surgical no" = ns, "surgical yes" = ns, "country China" = "120.1 of 32 with the 106.6 of these 32 and two more (Table 2) needs the two to die late"))
subset_cmd <- pf
w <- wald(coxph(Surv(os_months, death) ~ grade_group + timing2 + ki67_group + htb_group + surgical, d[P, ])); cm <- 'cox grade_group + ref(metastasis_timing, "asynchronous") + ki67_group + htb_group + surgical'
for (x in list(c("grade_groupG3", "6.64|1.05|42.24|0.045"), c("timing2synchronous", "2.07|0.52|8.22|0.303"), c("ki67_group>7", "1.77|0.49|6.42|0.387"), c("htb_group>10%", "12.45|1.58|98.44|0.017"), c("surgicalyes", "0.28|0.04|2.28|0.235")))
  hr_rows("Table 3, multivariate", x[1], x[2], w[x[1], ], cm, sprintf("cox_terms[%s]", x[1]))
for (x in list(c("grade_groupG3", "1.89"), c("timing2synchronous", "0.73"), c("ki67_group>7", "0.57"), c("htb_group>10%", "2.52"), c("surgicalyes", "-1.264")))
  add("Table 3, multivariate", x[1], "B", x[2], log(w[x[1], 1]), dec(x[2]), "b", cm, sprintf("cox_terms[%s].estimate", x[1]))
subset_cmd <- 'filter metastasis_timing == "synchronous"'
hr_rows("Text", "synchronous NELMs, G3", "11.56|1.61|83.19|0.015", wald(coxph(Surv(os_months, death) ~ grade_group + ki67_group + htb_group + nosurg, d[d$metastasis_timing == "synchronous", ]))["grade_groupG3", ], 'cox grade_group + ki67_group + htb_group + ref(surgical, "yes")', "cox_terms[grade_group=G3]", "the other terms of this model are not printed")
As <- d$metastasis_timing == "asynchronous"; af <- 'filter metastasis_timing == "asynchronous"'
t4 <- list(list("sex", c("female", "male"), c(14, 7), c(3, 4), "fisher", "", "0.381"), list("age_group", c("<=60", ">60"), c(12, 9), c(2, 5), "fisher", "", "0.385"), list("country", c("Japan", "China"), c(15, 6), c(6, 1), "yates", "0.063", "0.801"),
  list("who_grade", c("G1", "G2", "G3"), c(5, 15, 1), c(2, 5, 0), "lr", "0.622", "0.733"), list("lymph_node_metastasis", c("yes", "no"), c(2, 19), c(0, 7), "fisher", "", "1.000"), list("ki67_group", c("<=7", ">7"), c(13, 7), c(5, 2), "fisher", "", "1.000"),
  list("nelm_type", c("I", "II", "III"), c(12, 7, 2), c(2, 1, 4), "lr", "6.341", "0.042"), list("htb_group", c("<=10%", ">10%"), c(14, 7), c(3, 4), "fisher", "", "0.381"), list("treatment", levels(d$treatment), c(6, 14, 1, 0), c(0, 7, 0, 0), "lr", "4.757", "0.093"))
pc4 <- list(sex = two(c("66.7", "33.3"), c("42.9", "57.1")), age_group = two(c("57.1", "42.9"), c("28.6", "71.4")), country = two(c("71.4", "28.6"), c("85.7", "14.3")),
  who_grade = two(c("23.5", "71.4", "4.8"), c("28.6", "71.4", "0.0")), lymph_node_metastasis = two(c("9.5", "90.5"), c("0.0", "100.0")), ki67_group = two(c("65.0", "35.0"), c("71.4", "28.6")),
  nelm_type = two(c("57.1", "33.3", "9.5"), c("28.6", "14.3", "57.1")), htb_group = two(c("66.7", "33.3"), c("42.9", "57.1")), treatment = two(c("28.6", "66.7", "4.8", "0.0"), c("0.0", "100.0", "0.0", "0.0")))
for (x in t4) { counts("Table 4", x[[1]], x[[2]], two(x[[3]], x[[4]]), "primary_site", As, af, pct = pc4[[x[[1]]]]); test_row("Table 4", x[[1]], "primary_site", x[[5]], x[[6]], x[[7]], As, af, if (x[[5]] == "fisher") "the figure in the chi-square column is the two-sided Fisher p; the P column has the one-sided" else "") }
one_sided <- c(sex = "0.249", age_group = "0.192", lymph_node_metastasis = "0.556", ki67_group = "0.571", htb_group = "0.249"); subset_cmd <- af
for (v in names(one_sided)) { m2 <- table(d[As, v], d$primary_site[As]); pv <- min(fisher.test(m2, alternative = "less")$p.value, fisher.test(m2, alternative = "greater")$p.value)
  add("Table 4", v, "p (Fisher, one-sided)", one_sided[[v]], pv, 3, "p", sprintf("table1 %s, by=primary_site test=fisher", v), "(one-sided: not in the contract)") }
means("Table 4", "asynchronous, OS", af, As, "primary_site|pancreas|177.9|18.0|0.605|0.437
primary_site|rectum|212.8|15.8")
means("Table 4", "asynchronous, OSALM", af, As, "primary_site|pancreas|128.2|18.1|0.020|0.886
primary_site|rectum|51.9|1.5", "osalm_months")
subset_cmd <- af
for (g in pr) { x <- d$dfsi_months[As & d$primary_site == g]; x <- x[!is.na(x)]; q <- quantile(x, c(.25, .75), type = 6); k <- list(pancreas = c("38.7", "28.7", "38.6", "15.5", "53.8"), rectum = c("135.3", "55.4", "121.0", "97.3", "193.5"))[[g]]
  v <- c(mean(x), sd(x), median(x), q); for (j in 1:5) add("Table 4", paste("DFS-I", g), c("mean", "sd", "median", "q1", "q3")[j], k[j], v[[j]], 1, "time", "table1 dfsi_months, by=primary_site", sprintf("table1[variable=dfsi_months, group=primary_site=%s].%s", g, c("mean", "sd", "median", "q1", "q3")[j]), if (j > 3) "JMP's quartiles (R type 6), not type 7" else "") }
D <- d[As & !is.na(d$dfsi_months), ]
add("Table 4", "DFS-I", "Mann-Whitney p", "<0.001", wilcox.test(dfsi_months ~ primary_site, D, exact = FALSE, correct = FALSE)$p.value, 3, "p", "table1 dfsi_months, by=primary_site", "table1_tests[variable=dfsi_months].p_value")
add("Table 4", "DFS-I", "t (unequal variances)", "-4.121", unname(t.test(dfsi_months ~ primary_site, D)$statistic), 3, "time", "table1 dfsi_months, by=primary_site", "table1_tests[variable=dfsi_months].statistic", "not reproducible from the printed means and deviations (-4.41)")
co <- c("Japan", "China"); jc <- function(a, b) setNames(list(a, b), co)
t5 <- list(list("sex", c("male", "female"), c(16, 31), c(20, 14), "pearson", "4.907", "0.027", c("34.0", "66.0"), c("58.8", "41.2")), list("age_group", c("<=60", ">60"), c(25, 22), c(24, 10), "pearson", "2.498", "0.114", c("53.2", "46.8"), c("70.6", "29.4")),
  list("primary_site", pr, c(37, 10), c(32, 2), "pearson", "3.705", "0.054", c("78.7", "21.3"), c("94.1", "5.9")), list("who_grade", c("G1", "G2", "G3"), c(6, 38, 3), c(5, 25, 4), "lr", "0.841", "0.657", c("12.8", "80.9", "6.4"), c("14.7", "73.5", "11.8")),
  list("metastasis_timing", c("synchronous", "asynchronous"), c(26, 21), c(27, 7), "pearson", "5.063", "0.024", c("55.3", "44.7"), c("79.4", "20.6")), list("ki67_group", c("<=7", ">7"), c(28, 18), c(16, 17), "pearson", "1.194", "0.274", c("60.9", "39.1"), c("48.5", "51.5")),
  list("nelm_type", c("I", "II", "III"), c(15, 21, 11), c(20, 11, 2), "pearson", "7.861", "0.020", c("31.9", "44.7", "23.4"), c("60.6", "33.3", "6.1")), list("hepatic_tumor_burden", levels(d$hepatic_tumor_burden), c(21, 11, 7, 8), c(19, 9, 4, 1), "lr", "4.864", "0.182", c("44.7", "23.4", "14.9", "17.0"), c("57.6", "27.3", "12.1", "3.0")),
  list("treatment", levels(d$treatment), c(12, 23, 12, 0), c(8, 10, 13, 3), "lr", "8.171", "0.043", c("25.5", "48.9", "25.5", "0.0"), c("23.5", "29.4", "38.2", "8.8")))
for (x in t5) { counts("Table 5", x[[1]], x[[2]], jc(x[[3]], x[[4]]), "country", pct = jc(x[[8]], x[[9]])); test_row("Table 5", x[[1]], "country", x[[5]], x[[6]], x[[7]]) }
counts("Table 5", "lymph_node_metastasis", c("yes", "no"), jc(c(11, 35), c(6, 28)), "country", note = lnm, pct = jc(c("23.9", "76.1"), c("17.6", "82.4"))); test_row("Table 5", "lymph_node_metastasis", "country", "pearson", "0.459", "0.498", note = lnm)
means("Table 5", "OS", "", rep(TRUE, N), "country|Japan|170.9|14.0|0.385|0.535
country|China|106.6|14.1")
means("Table 5", "OSALM", "", rep(TRUE, N), "country|Japan|124.6|12.5|0.633|0.426
country|China|52.1|3.2", "osalm_months")
nt <- list("country Japan" = "the operated rows do not go with the rows of all patients", "country China" = "the operated rows do not go with the rows of all patients")
means("Table 5", "operated, OS", 'filter surgical == "yes"', d$surgical == "yes", "country|Japan|172.5|14.0|2.977|0.084
country|China|97.2|13.0", notes = nt)
means("Table 5", "operated, OSALM", 'filter surgical == "yes"', d$surgical == "yes", "country|Japan|177.3|14.6|0.150|0.699
country|China|114.8|14.0", "osalm_months", nt)
means("Text", "OSALM", "", rep(TRUE, N), "primary_site|pancreas|123.25|12.73
primary_site|rectum|49.50|2.38", "osalm_months")
subset_cmd <- ""; k <- lr(d$osalm_months, d$death, d$primary_site); add("Text", "OSALM primary_site", "log-rank p", "0.546", k[2], 3, "p", "use osalm ; logrank primary_site", "logrank.p_value")
ff <- 'filter treatment == "PLCR" & primary_site == "pancreas" & perioperative_death == "no"'; subset_cmd <- ff; R <- d[d$treatment == "PLCR" & P & d$perioperative_death == "no", ]
for (g in co) for (y in c("yes", "no")) add("Table 5", paste("recurrence of PLCR", y, g), "n", list(Japan = c(yes = "7", no = "3"), China = c(yes = "4", no = "4"))[[g]][[y]], sum(R$country == g & R$recurrence_after_hepatectomy == y), 0, "n", "table1 recurrence_after_hepatectomy, by=country", sprintf("table1[level=%s, group=country=%s].n", y, g))
add("Table 5", "recurrence of PLCR", "chi-square", "0.630", unname(chi(R$recurrence_after_hepatectomy, R$country)$statistic), 3, "chi", "table1 recurrence_after_hepatectomy, by=country", "table1_tests.statistic", "0.748 (Pearson) from the printed counts; the printed P of 0.352 is neither")
add("Table 5", "recurrence of PLCR", "p", "0.352", unname(chi(R$recurrence_after_hepatectomy, R$country)$p.value), 3, "p", "table1 recurrence_after_hepatectomy, by=country", "table1_tests.p_value", "0.387 (Pearson), 0.631 (Fisher, two-sided: printed as the chi-square) from the printed counts")
subset_cmd <- 'filter recurrence_after_hepatectomy == "yes"'; R <- d[!is.na(d$recurrence_after_hepatectomy) & d$recurrence_after_hepatectomy == "yes", ]
for (g in co) { x <- R$dfs_ah_months[R$country == g]; q <- quantile(x, c(.5, .25, .75)); for (j in 1:3) add("Table 5", paste("DFS-AH", g), c("median", "q1", "q3")[j], list(Japan = c("15.8", "15.4", "34.5"), China = c("6.8", "5.6", "9.7"))[[g]][j], q[[j]], 1, "time", "table1 dfs_ah_months, by=country", sprintf("table1[variable=dfs_ah_months, group=country=%s].%s", g, c("median", "q1", "q3")[j])) }
add("Table 5", "DFS-AH", "Mann-Whitney p", "0.047", wilcox.test(dfs_ah_months ~ country, R, exact = FALSE, correct = FALSE)$p.value, 3, "p", "table1 dfs_ah_months, by=country", "table1_tests[variable=dfs_ah_months].p_value", "normal approximation without continuity correction")
for (g in co) add("Text", paste("recurrence, synchronous", g), "n", c(Japan = "5", China = "3")[[g]], sum(R$country == g & R$metastasis_timing == "synchronous"), 0, "n", "table1 metastasis_timing, by=country", sprintf("table1[metastasis_timing=synchronous, group=country=%s].n", g))
subset_cmd <- ""

# ================================================================================================= Du
paper <- "du2015"; src <- 'source "du2015_cohort.kap"'
d <- read("du2015.csv"); N <- nrow(d)
lev <- function(x, l) factor(x, l)
d$resection <- ifelse(d$surgery == "none", "no", "yes"); d$primary_group <- lev(ifelse(d$primary_site == "pancreas", "pancreas", "digestive tract"), c("digestive tract", "pancreas"))
d$lesions <- lev(ifelse(d$liver_metastases > 3, ">3", "<=3"), c("<=3", ">3")); d$albumin <- lev(ifelse(d$albumin_g_l <= 35, "decreased", "normal"), c("normal", "decreased")); d$bilirubin <- lev(ifelse(d$total_bilirubin_mg_dl > 1.1, "increased", "normal"), c("normal", "increased"))
d$ki67_high <- ifelse(d$ki67_percent > 30, "yes", "no"); d$primary_cm <- d$primary_size_mm / 10; d$metastasis_cm <- d$largest_metastasis_mm / 10
d$initial_burden <- lev(ifelse(d$initial_sum_cm > 5, "high", "low"), c("low", "high")); d$remnant_burden <- lev(ifelse(d$remnant_sum_cm > 5, "high", "low"), c("low", "high")); d$metastasis_timing <- lev(d$metastasis_timing, c("metachronous", "synchronous"))
d$locoregional <- ifelse(d$strategy %in% c("LT", "LT+ST"), "yes", "no")
np <- function(table, v, l, pub, note = "") np_rows(table, paste(v, l), pub, sum(d[[v]] == l), N, paste("table1", v), sprintf("table1[variable=%s, level=%s]", v, l), note)
for (x in list(c("sex", "male", "26 (72.2)"), c("symptoms", "yes", "31 (86.1)"), c("child_pugh", "A", "26 (72.2)"), c("child_pugh", "B", "10 (27.8)"), c("ascites", "yes", "4 (11.1)"), c("primary_group", "pancreas", "12 (33.3)"), c("primary_group", "digestive tract", "24 (66.7)"), c("lesions", ">3", "30 (83.3)"), c("metastasis_timing", "synchronous", "25 (69.4)"), c("extrahepatic_metastasis", "yes", "8 (22.2)"))) np("Table 1", x[1], x[2], x[3])
np("Text", "abdominal_pain", "yes", "23 (63.9)")
for (x in list(c("age", "53.6", "13.1"), c("albumin_g_l", "38.4", "6.4"), c("total_bilirubin_mg_dl", "1.24", "0.59"), c("prothrombin_time_s", "11.7", "1.1"), c("primary_size_mm", "44.2", "20.9"), c("largest_metastasis_mm", "29.1", "27.8"), c("ki67_percent", "53.5", "21.2"))) {
  v <- d[[x[1]]]; sem <- x[1] == "total_bilirubin_mg_dl"
  add("Table 1", x[1], "mean", x[2], mean(v), dec(x[2]), "hr", paste("table1", x[1]), sprintf("table1[variable=%s].mean", x[1]))
  add("Table 1", x[1], if (sem) "standard error of the mean" else "sd", x[3], if (sem) sd(v) / sqrt(N) else sd(v), dec(x[3]), "hr", paste("table1", x[1]), sprintf("table1[variable=%s].sd%s", x[1], if (sem) " / sqrt(n)" else ""), if (sem) "as the table's heading; as a deviation it cannot go with the maximum of 16.6" else "") }
add("Text", "primary size", "median", "44", median(d$primary_size_mm), 0, "time", "table1 primary_size_mm", "table1[variable=primary_size_mm].median"); add("Text", "largest metastasis", "median", "29", median(d$largest_metastasis_mm), 0, "time", "table1 largest_metastasis_mm", "table1[variable=largest_metastasis_mm].median")
for (x in list(c("stomach", 7), c("small bowel", 5), c("colon", 4), c("esophagus", 3), c("gallbladder", 3), c("rectum", 2))) add("Text", paste("primary site", x[1]), "n", x[2], sum(d$primary_site == x[1]), 0, "n", "table1 primary_site", sprintf("table1[primary_site=%s].n", x[1]))
for (x in list(c("PUMCH", 16), c("CICAMS", 15), c("SYSUCC", 5))) add("Table 1, note", paste("center", x[1]), "n", x[2], sum(d$center == x[1]), 0, "n", "table1 center", sprintf("table1[center=%s].n", x[1]))
for (x in list(c("primary", 16), c("liver", 5), c("primary and liver", 5))) add("Text", paste("surgery", x[1]), "n", x[2], sum(d$surgery == x[1]), 0, "n", "table1 surgery", sprintf("table1[surgery=%s].n", x[1]))
for (x in list(c("LT", 12), c("LT+ST", 16), c("ST", 6), c("BSC", 2))) add("Text", paste("strategy", x[1]), "n", x[2], sum(d$strategy == x[1]), 0, "n", "table1 strategy", sprintf("table1[strategy=%s].n", x[1]))
add("Text", "lung metastasis", "n", "4", sum(d$extrahepatic_site == "lung", na.rm = TRUE), 0, "n", "table1 extrahepatic_site", "table1[extrahepatic_site=lung].n")
add("Text", "decreased albumin", "n", "10", sum(d$albumin == "decreased"), 0, "n", "table1 albumin", "table1[albumin=decreased].n"); add("Text", "increased bilirubin", "n", "8", sum(d$bilirubin == "increased"), 0, "n", "table1 bilirubin", "table1[bilirubin=increased].n")
mi <- d$metastasis_interval_months[d$metastasis_timing == "metachronous"]; add("Text", "metachronous interval", "median", "7", median(mi), 0, "time", "table1 metastasis_interval_months", "table1.median"); add("Text", "metachronous interval", "maximum", "53", max(mi), 0, "n", "table1 metastasis_interval_months", "table1.max")
for (x in list(c("yes", "complete", 7), c("yes", "partial", 16), c("no", "partial", 3))) add("Text", paste("relief", x[2], if (x[1] == "yes") "with" else "without", "locoregional treatment"), "n", x[3], sum(d$locoregional == x[1] & d$symptom_relief == x[2], na.rm = TRUE), 0, "n", "table1 symptom_relief, by=locoregional", "table1.n", if (x[3] == 16) "7 + 16 is 23, but 20 of 23 were relieved: 13" else "")
add("Text", "deaths", "n", "23", sum(d$death), 0, "n", "km", "km_summary[all].events")
add("Text", "follow-up", "median", "36", quart(d$os_months, 1 - d$death)[1], 0, "time", "km", "km_summary[all].followup_median"); add("Text", "follow-up", "minimum", "2", min(d$os_months), 0, "n", "table1 os_months", "table1[os_months].min"); add("Text", "follow-up", "maximum", "101", max(d$os_months), 0, "n", "table1 os_months", "table1[os_months].max")
med <- function(table, id, i, pub, cmd, cell, filt = "", note = "") { subset_cmd <<- filt; m <- spss_median(d$os_months[i], d$death[i]); p <- strsplit(pub, "|", fixed = TRUE)[[1]]
  add(table, id, "median", p[1], m[1], dec(p[1]), "time", cmd, paste0(cell, ".median"), note)
  if (length(p) > 1) { add(table, id, "median, 95% CI low", p[2], m[2], dec(p[2]), "abslimit", cmd, paste0(cell, ".median_low"), note); add(table, id, "median, 95% CI high", p[3], m[3], dec(p[3]), "abslimit", cmd, paste0(cell, ".median_high"), note) }; subset_cmd <<- "" }
rate <- function(table, id, i, pub, cmd, cell, note = "") { p <- strsplit(pub, "|", fixed = TRUE)[[1]]; for (k in 1:3) if (p[k] != "/") { t <- c(12, 36, 60)[k]; add(table, id, paste0(c(1, 3, 5)[k], "-year survival"), p[k], 100 * surv_at(d$os_months[i], d$death[i], t), 1, "surv", cmd, sprintf("%s, time=%d].estimate", cell, t), note) } }
pval <- function(table, id, v, pub, filt = "", keep = rep(TRUE, N), note = "") { subset_cmd <<- filt; add(table, id, "log-rank p", pub, lr(d$os_months[keep], d$death[keep], d[[v]][keep])[2], 3, "p", paste("logrank", v), "logrank.p_value", note); subset_cmd <<- "" }
all_ <- rep(TRUE, N)
med("Text", "all", all_, "20.0|8.9|31.1", "km", "km_summary[all]"); rate("Text", "all", all_, "62.6|30.1|19.8", "km, at=12,36,60", "km_at[all")
nr_note <- "not reached contradicts the printed 3-year survival of 42.5 %"
for (x in list(c("resection", "yes", "26 (72.7)", "28.0|15.1|40.9", "72.1|34.2|23.2", "0.026"), c("resection", "no", "10 (27.8)", "9.0|0.0|22.4", "50.4|12.5|/"), c("nslri", "yes", "11 (30.6)", "NR", "77.5|42.5|27.2", "0.007"), c("nslri", "no", "25 (69.4)", "15.0|1.2|28.8", "51.7|22.6|/"), c("systemic_therapy", "yes", "22 (61.1)", "15.0|6.3|23.7", "53.3|28.3|14.1", "0.067"), c("systemic_therapy", "no", "14 (38.9)", "29.0|23.4|34.6", "70.9|34.4|26.1"))) {
  i <- d[[x[1]]] == x[2]; id <- paste(x[1], x[2]); note <- if (id == "nslri yes") nr_note else if (id == "systemic_therapy no") "12 of these 14 are the locoregional-only group with a printed median of 101" else if (id == "resection no") "median 9 with 50.4 % alive at 12 months" else ""; np_note <- if (id == "resection yes") "26/36 is 72.2 %" else ""
  np("Table 2", x[1], x[2], x[3], np_note); med("Table 2", id, i, x[4], paste("km", x[1]), sprintf("km_summary[group=%s=%s]", x[1], x[2]), note = note); rate("Table 2", id, i, x[5], sprintf("km %s, at=12,36,60", x[1]), sprintf("km_at[group=%s=%s", x[1], x[2]), note); if (length(x) > 5) pval("Table 2", x[1], x[1], x[6]) }
med("Figure 1A", "locoregional only", d$strategy == "LT", "101|0.0|210.2", "km strategy", "km_summary[group=strategy=LT]", 'filter strategy != "BSC"', "with the printed 29.0 of all 14 without systemic therapy hardly possible"); med("Figure 1A", "locoregional then systemic", d$strategy == "LT+ST", "19|1.3|36.8", "km strategy", "km_summary[group=strategy=LT+ST]", 'filter strategy != "BSC"'); med("Figure 1A", "systemic only", d$strategy == "ST", "9.0|3.3|14.7", "km strategy", "km_summary[group=strategy=ST]", 'filter strategy != "BSC"')
pval("Figure 1A", "strategy", "strategy", "0.016", 'filter strategy != "BSC"', d$strategy != "BSC")
med("Figure 1B", "surgery only", d$resection == "yes" & d$nslri == "no", "20|1.2|38.8", "km nslri", "km_summary[group=nslri=no]", 'filter resection == "yes"'); med("Figure 1B", "surgery and NSLRI", d$resection == "yes" & d$nslri == "yes", "NR", "km nslri", "km_summary[group=nslri=yes]", 'filter resection == "yes"')
pval("Figure 1B", "surgery", "nslri", "0.017", 'filter resection == "yes"', d$resection == "yes"); med("Text", "NSLRI only", d$resection == "no" & d$nslri == "yes", "19", "km", "km_summary[all]", 'filter resection == "no" & nslri == "yes"', "2 patients")
for (x in list(c("primary_group", "pancreas", "54|16.1|91.9", "0.009"), c("primary_group", "digestive tract", "11|0.63|21.4"), c("bilirubin", "increased", "8|0.68|15.3", "0.028"), c("bilirubin", "normal", "27|15.2|38.8"), c("remnant_burden", "low", "54|1.6|106.5", "0.005"), c("remnant_burden", "high", "15|4.5|25.6"))) {
  tb <- if (x[1] == "remnant_burden") "Figure 1C" else "Text"; med(tb, paste(x[1], x[2]), d[[x[1]]] == x[2], x[3], paste("km", x[1]), sprintf("km_summary[group=%s=%s]", x[1], x[2])); if (length(x) > 3) pval(tb, x[1], x[1], x[4]) }
cb <- "the interval tells of a single death in the smaller group, which 10 patients with Child B and the rest of the table do not allow"
for (x in list(c("sex", "0.54|0.20|1.48|0.230"), c("age", "1.00|0.97|1.02|0.796"), c("symptoms", "0.57|0.17|1.92|0.361"), c("primary_group", "0.30|0.12|0.78|0.013"), c("metastasis_timing", "1.37|0.56|3.37|0.498"), c("extrahepatic_metastasis", "0.68|0.26|1.75|0.424"), c("lesions", "3.13|0.73|13.5|0.126"), c("child_pugh", "1.33|0.17|10.3|0.784", cb), c("albumin", "0.79|0.31|2.03|0.626"), c("bilirubin", "2.69|1.07|6.76|0.049", "the interval and the abstract give p = 0.035"), c("ascites", "0.79|0.18|3.40|0.753"), c("ki67_high", "2.67|0.78|9.11|0.118", "the cut is not printed; 30 % here"), c("primary_cm", "0.94|0.76|1.17|0.578"), c("metastasis_cm", "0.98|0.85|1.14|0.818"), c("resection", "0.37|0.15|0.93|0.034"), c("nslri", "0.21|0.06|0.73|0.014"), c("systemic_therapy", "2.33|0.91|6.00|0.078"), c("initial_burden", "0.91|0.39|2.15|0.838"), c("remnant_burden", "3.40|1.38|8.34|0.008")))
  hr_rows("Table 3", x[1], x[2], wald(coxph(as.formula(paste("Surv(os_months, death) ~", x[1])), d, ties = "breslow"))[1, ], paste("cox", x[1]), sprintf("cox_terms[%s]", x[1]), if (length(x) > 2) x[3] else "")
w <- wald(coxph(Surv(os_months, death) ~ primary_group + bilirubin + remnant_burden, d, ties = "breslow")); cm <- "cox primary_group + bilirubin + remnant_burden"
for (k in 1:3) hr_rows("Table 3, multivariate", rownames(w)[k], c("0.275|0.10|0.78|0.015", "5.55|1.86|16.6|0.002", "6.03|2.03|17.1|0.001")[k], w[k, ], cm, sprintf("cox_terms[%s]", rownames(w)[k]))
w <- wald(coxph(Surv(os_months, death) ~ primary_group + bilirubin + remnant_burden + resection + nslri, d, ties = "breslow")); cm <- "cox primary_group + bilirubin + remnant_burden + resection + nslri"
for (k in 4:5) hr_rows("Table 3, multivariate", rownames(w)[k], c("", "", "", "0.98|0.37|2.65|0.936", "0.36|0.10|1.30|0.097")[k], w[k, ], cm, sprintf("cox_terms[%s]", rownames(w)[k]), "")

for (v in c("resection", "nslri")) add("Text", paste("remnant burden against", v), "p", "<0.001", fisher.test(table(d[[v]], d$remnant_burden))$p.value, 3, "p", sprintf("table1 remnant_burden, by=%s test=fisher", v), "table1_tests[variable=remnant_burden].p_value")
out <- do.call(rbind, rows)
# coefficient names of R ("gradeG1") as the contract writes them (term=grade, level=G1)
vars <- c("age_group", "extrahepatic_metastasis", "hm_size", "grade_group", "grade", "surgery", "ssa", "chemotherapy", "timing2", "lymph_node_metastasis", "ki67_group", "htb_group",
  "nosurg", "surgical", "primary_group", "bilirubin", "remnant_burden", "resection", "nslri", "primary_resection", "treatment", "tumor_size_cm", "sex", "age")
vars <- vars[order(-nchar(vars))]; shown <- function(v) c(timing2 = "metastasis_timing", nosurg = "surgical")[v]
split_term <- function(x) { v <- vars[startsWith(x, vars)][1]; if (is.na(v)) return(c(x, "")); l <- substring(x, nchar(v) + 1); l <- sub("^=(?![0-9 ])", "", l, perl = TRUE); c(if (is.na(shown(v))) v else shown(v), l) }
k <- grepl("^cox_terms\\[", out$cell)
out$cell[k] <- vapply(out$cell[k], function(x) { m <- regmatches(x, regexec("^cox_terms\\[(.*)\\](.*)$", x))[[1]]; s <- split_term(m[2]); sprintf("cox_terms[term=%s%s]%s", s[1], if (nzchar(s[2])) paste0(", level=", s[2]) else "", m[3]) }, "")
k <- grepl("multivariate", out$table); out$row[k] <- vapply(out$row[k], function(x) { s <- split_term(x); trimws(paste(s[1], s[2])) }, "")
out$row <- trimws(out$row)
write.table(out, c(commandArgs(TRUE), "targets.tsv")[1], sep = "\t", quote = FALSE, row.names = FALSE, na = "")
print(table(out$paper, out$agreement))
