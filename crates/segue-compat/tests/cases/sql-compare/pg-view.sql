-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a int);CREATE VIEW v AS SELECT a FROM t;
-- new
CREATE TABLE t (id int PRIMARY KEY, a int);CREATE MATERIALIZED VIEW v AS SELECT a FROM t;
-- expect
sql-view-changed public.v medium [] undecided
