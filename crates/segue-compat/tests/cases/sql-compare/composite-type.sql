-- dialect: postgres
-- old
CREATE TYPE p AS (x int, y int); CREATE TABLE t (id int PRIMARY KEY, a p);
-- new
CREATE TYPE p AS (x int); CREATE TABLE t (id int PRIMARY KEY, a p);
-- expect
sql-object-changed type public.p medium [] undecided
