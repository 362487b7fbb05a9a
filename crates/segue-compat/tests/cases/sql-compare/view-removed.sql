-- dialect: sqlite
-- old
CREATE TABLE t (a);CREATE VIEW v AS SELECT a FROM t;
-- new
CREATE TABLE t (a);
-- expect
sql-view-removed v high [deploy rolling]
