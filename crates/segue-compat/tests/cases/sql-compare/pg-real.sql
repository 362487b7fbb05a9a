-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a double precision);
-- new
CREATE TABLE t (id int PRIMARY KEY, a real);
-- expect
sql-precision-changed public.t.a critical [deploy rollback rolling]
