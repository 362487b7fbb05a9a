-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a text COLLATE "C" UNIQUE);
-- new
CREATE TABLE t (id int PRIMARY KEY, a text UNIQUE);
-- expect
sql-collation-changed public.t.a high [deploy rollback rolling]
