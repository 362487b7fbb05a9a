-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a int); CREATE VIEW v (x, y) AS SELECT id, a FROM t;
-- new
CREATE TABLE t (id int PRIMARY KEY, a int); CREATE VIEW v (x, z) AS SELECT id, a FROM t;
-- expect
sql-view-changed public.v medium [] undecided
