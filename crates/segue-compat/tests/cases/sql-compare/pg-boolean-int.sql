-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a boolean);
-- new
CREATE TABLE t (id int PRIMARY KEY, a smallint);
-- expect
sql-type-changed public.t.a high [deploy rollback rolling]
