-- dialect: postgres
-- old
CREATE TABLE "T" ("A b" int);CREATE TABLE t (a int);
-- new
CREATE TABLE "T" ("A b" text);CREATE TABLE t (a int);
-- expect
sql-type-changed public.T.A b high [deploy rollback rolling]
