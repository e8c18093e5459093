# more.R -- further cases on data sets that make_reference.R does not use, and on names, ties and scales that are awkward.
#
#   Rscript more.R
#
# rewrites data/, expected/ and cases.tsv of this folder with the functions of ../oracle.R.  A case that R itself does not
# bring to the reference's precision is skipped, and said.
script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])
here <- dirname(normalizePath(script))
source(file.path(here, "..", "oracle.R"))
start_set(here)

try_case <- function(e) {
  r <- try(eval.parent(substitute(e)), silent = TRUE)
  if (inherits(r, "try-error")) cat("SKIP:", substr(deparse(substitute(e))[1], 1, 80), conditionMessage(attr(r, "condition")), "\n")
}
d <- survival::rotterdam[seq(1,2982,4),]
put_data("rotterdam", with(d, data.frame(dtime, death, age, meno, size=as.character(size), grade, nodes, pgr, er, hormon, chemo, `year of op`=year, `Größe`=as.character(size), check.names=FALSE)))
d <- survival::retinopathy
put_data("retino", with(d, data.frame(id, laser=as.character(laser), eye=as.character(eye), age, type=as.character(type), trt, futime, status, risk)))
d <- survival::cgd
put_data("cgd", with(d, data.frame(id, treat=as.character(treat), sex=as.character(sex), age, height, weight, inherit=as.character(inherit), steroids, tstart, tstop, status)))
d <- survival::mgus2[seq(1,1384,3),]
d$st <- with(d, ifelse(pstat==1,1,ifelse(death==1,2,0))); d$tt <- with(d, ifelse(pstat==1,ptime,futime))
put_data("mgus", with(d, data.frame(age, sex=as.character(sex), hgb, creat, mspike, tt, st, decade=cut(age,c(0,60,70,80,200),labels=c("u60","60s","70s","80+")))))
d <- survival::stanford2
put_data("stan", with(d, data.frame(id, time, status, age, t5)))
d <- survival::myeloid
set.seed(2); put_data("myeloid", with(d, data.frame(trt=as.character(trt), sex=as.character(sex), grp=sample(c("a","b","c"),nrow(d),TRUE), futime, death)))
set.seed(7); n<-90
put_data("odd", data.frame(`a b`=round(rnorm(n),3), `x:y`=sample(c("p q","r,s",'t"u'),n,TRUE), `年龄`=sample(30:80,n,TRUE), big=1e10+round(rnorm(n),4), tiny=round(rnorm(n),6)*1e-8, tt=c(round(rexp(n-6,.1),1)+.1,.3,.1+.2,.5,.7,.7,.7), ev=rbinom(n,1,.6), `the group`=sample(c("A","B"),n,TRUE), wt=round(runif(n,.2,3),2), fr=sample(1:4,n,TRUE), check.names=FALSE))
rot <- endpoint(cohort("rotterdam"),"os","dtime","death == 1")
ret <- endpoint(cohort("retino"),"os","futime","status == 1")
cg <- endpoint(cohort("cgd"),"inf","tstop","status == 1",entry="tstart")
mg <- endpoint(cohort("mgus"),"pcm","tt","st == 1",competing="st == 2")
st <- endpoint(cohort("stan"),"os","time","status == 1")
my <- endpoint(cohort("myeloid"),"os","futime","death == 1")
od <- endpoint(cohort("odd"),"os","tt","ev == 1")
for (x in list(list("rot",rot,"size",c(365,2000)),list("rotg",rot,c("grade","meno"),c(700)),list("ret",ret,"laser",c(10,30)),list("cgd",cg,"treat",c(100,250)),list("my",my,"trt",c(300,1000)),list("od",od,"x:y",c(2,5)),list("odg",od,"the group",c(3)))) {
  try_case(km_case(x[[1]],x[[2]],x[[3]],at=x[[4]])); for (cf in c("plain","log-log","logit","arcsin")) try_case(km_case(paste0(x[[1]],".",cf),x[[2]],x[[3]],conf=cf,at=x[[4]],what=c("summary","at")))
  try_case(lr_case(x[[1]],x[[2]],x[[3]],groups=TRUE)); for (t in c("wilcoxon","tarone","fh(1,0)","fh(0.5,1.5)")) try_case(lr_case(paste0(x[[1]],".",gsub("[(),]","",t)),x[[2]],x[[3]],t))
}
try_case(pw_case("rot",rot,"size","holm"))
try_case(lr_case("rot.tr",rot,"size",strata=c("meno","grade"),trend=TRUE))
for (t in c("efron","breslow")) { try_case(cox_case(paste0("rot.",t),rot,"age + size + grade + nodes + log(pgr + 1) + hormon",paste0(", ties=",t),ties=t,what=c("terms","fit","baseline")))
 try_case(cox_case(paste0("od.",t),od,"`a b` + `年龄` + big + `x:y`",paste0(", ties=",t),ties=t,what=c("terms","fit"))) }
try_case(cox_case("od.exact",od,"`a b` + `年龄`",", ties=exact",ties="exact"))
try_case(cox_case("ret.cluster",ret,"trt + type + age",", cluster=id",cluster="id",drop_cols=c("score_statistic","score_df","score_p")))
try_case(cox_case("cgd.cl",cg,"treat + age + inherit",", cluster=id",cluster="id",drop_cols=c("score_statistic","score_df","score_p")))
try_case(cox_case("od.w",od,"`a b` + `年龄`",", weights=wt",weights="wt",drop_cols=c("score_statistic","score_df","score_p")))
try_case(cox_case("od.f",od,"`a b` + `the group`",", freq=fr",freq="fr"))
try_case(cox_case("rot.strata",rot,"age + nodes + strata(size)",what=c("terms","fit","baseline"),strata="size"))
for (t in c("efron","breslow")) try_case(add_case(paste0("cox_terms.od.firth",t),"cox_terms",od,paste0("cox `a b` + `年龄`, firth ties=",t),firth(od$d,"`a b` + `年龄`",t),1e-6,1e-9))
for (tr in c("km","identity","log","rank")) { try_case(zph_case(paste0("rot.",tr),rot,"age + size + nodes + hormon",tr))
try_case(zph_case(paste0("cgd.",tr),cg,"treat + age + inherit",tr)) }
try_case(zph_case("rot.st",rot,"age + nodes + strata(size)","km"))
try_case(screen_case("rot",rot,c("age","size","grade","nodes","er","meno","chemo"),0.05))
try_case(screen_case("my",my,c("trt","sex","grp"),0.2))
try_case(screen_case("ret",ret,c("laser","eye","type","trt","risk","age"),0.05))
try_case(table2_case("rot",rot,"size",c("age","nodes"),0.05))
try_case(table2_case("my",my,c("trt","sex","grp"),character(0),0.2))
try_case(table2_case("od",od,"the group","年龄",1))
vv<-c("age","size","grade","nodes","er","meno","hormon","chemo","pgr")
for (dc in list(c("forward","wald"),c("backward","lr"),c("backward","wald"),c("forward","lr"),c("forward","aic"),c("backward","aic"),c("both","aic"))) try_case(step_case(paste0("rot.",dc[1],"_",dc[2]),rot,vv,dc[1],dc[2]))
vm<-c("trt","sex","grp"); for (dc in list(c("forward","wald"),c("backward","lr"),c("both","aic"))) try_case(step_case(paste0("my.",dc[1],"_",dc[2]),my,vm,dc[1],dc[2]))
try_case(t1_case("rot",rot,"size",c("age","nodes","pgr","er"),"grade"))
try_case(t1_case("rots",rot,NULL,c("age","nodes"),"size"))
try_case(t1_case("my",my,c("sex","grp"),NULL,"trt"))
try_case(t1_case("mg",mg,c("sex","decade"),c("age","hgb","creat","mspike"),"sex"))
try_case(t1_case("ret",ret,c("eye","type"),c("age","risk"),"laser"))
try_case(t1_case("od",od,c("x:y","the group"),c("a b","年龄","big","tiny"),"the group"))
try_case(t1_case("odall",od,c("x:y"),c("a b","年龄","big","tiny")))
try_case(t1_case("mgd",mg,c("sex"),c("age","hgb"),"decade"))
try_case(add_case("table1_tests.my.fisher","table1_tests",my,"table1 grp sex, by=trt test=fisher",table1_tests(my$d,c("grp","sex"),"trt","fisher"),1e-8,1e-10))
try_case(add_case("forest.rot","forest",rot,"forest hormon, over=meno,size,grade",forest(rot$d,"hormon",c("meno","size","grade")),1e-6,1e-9))
try_case(add_case("forest.my","forest",my,"forest trt, over=sex,grp",forest(my$d,"trt",c("sex","grp")),1e-6,1e-9))
try_case(add_case("forest.ret","forest",ret,"forest age, over=laser,type",forest(ret$d,"age",c("laser","type")),1e-6,1e-9))
try_case(rmst_case("rot",rot,"size",2500))
try_case(rmst_case("my",my,"trt",1500))
try_case(rmst_case("od",od,"x:y",4))
try_case(rmst_case("ret",ret,"laser",50))
for (b in list(NULL,"sex","decade")) try_case(add_case(paste0("cif_curve.mg.",b),"cif_curve",mg,trimws(paste("cif",b)),cif_curve(mg$d,b),1e-8,1e-10))
for (b in c("sex","decade")) try_case(add_case(paste0("gray.mg.",b),"gray",mg,paste("gray",b),gray(mg$d,b),1e-8,1e-10))
try_case(add_case("fg.mg","finegray_terms",mg,"finegray age + sex + hgb",finegray_terms(mg$d,c("age","sex","hgb")),1e-6,1e-9))
try_case(add_case("fg.mg2","finegray_terms",mg,"finegray mspike + decade",finegray_terms(mg$d,c("mspike","decade")),1e-6,1e-9))
try_case(model_cases("rot",rot,c("age","nodes","size","er"),c(365,1500,3000),list(age=50,nodes=3,size="20-50",er=40),'age=50 nodes=3 size="20-50" er=40',1500,1))
try_case(model_cases("ret",ret,c("age","type","laser","trt")[1:3],c(10,30),list(age=20,type="adult",laser="xenon"),'age=20 type="adult" laser="xenon"',30,2))
try_case(model_cases("my",endpoint(derived(cohort("myeloid"),"z","futime * 0 + 1"),"os","futime","death == 1"),c("trt","sex"),c(300,900),list(trt="A",sex="f"),'trt="A" sex="f"',300,2))
finish_set()
