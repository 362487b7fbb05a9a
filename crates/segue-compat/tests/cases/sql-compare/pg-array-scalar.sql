-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a integer[]);
-- new
CREATE TABLE t (id int PRIMARY KEY, a integer);
-- expect
sql-type-changed public.t.a high [deploy rollback rolling] undecided
