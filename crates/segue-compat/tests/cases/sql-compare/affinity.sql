-- dialect: sqlite
-- old
CREATE TABLE t (id int PRIMARY KEY, a TEXT, b NUMERIC);
-- new
CREATE TABLE t (id int PRIMARY KEY, a INTEGER, b NUMERIC);
-- expect
sql-affinity-changed t.a high [deploy rollback rolling]
