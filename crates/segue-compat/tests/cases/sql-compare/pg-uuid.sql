-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a text);
-- new
CREATE TABLE t (id int PRIMARY KEY, a uuid);
-- expect
sql-type-changed public.t.a critical [deploy rollback rolling]
