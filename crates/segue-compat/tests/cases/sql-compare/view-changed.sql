-- dialect: mysql
-- old
CREATE TABLE t (a int, b int);CREATE VIEW v AS SELECT a, b FROM t;
-- new
CREATE TABLE t (a int, b int);CREATE VIEW v AS SELECT a FROM t;
-- expect
sql-view-changed v medium [] undecided
