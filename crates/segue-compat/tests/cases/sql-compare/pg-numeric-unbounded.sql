-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a numeric);
-- new
CREATE TABLE t (id int PRIMARY KEY, a numeric(12,2));
-- expect
sql-precision-changed public.t.a critical [deploy rollback rolling]
