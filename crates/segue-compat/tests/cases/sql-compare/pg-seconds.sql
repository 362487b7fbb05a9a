-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a timestamptz);
-- new
CREATE TABLE t (id int PRIMARY KEY, a timestamptz(0));
-- expect
sql-precision-changed public.t.a critical [deploy rollback rolling]
