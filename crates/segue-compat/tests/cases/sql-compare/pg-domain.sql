-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a text);
-- new
CREATE TABLE t (id int PRIMARY KEY, a citext);
-- expect
sql-type-changed public.t.a high [deploy rollback rolling] undecided
