-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a money);
-- new
CREATE TABLE t (id int PRIMARY KEY, a numeric(12,2));
-- expect
sql-type-changed public.t.a high [deploy rollback rolling] undecided
