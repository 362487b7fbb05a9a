-- dialect: mysql
-- old
CREATE TABLE t (a int, b int, PRIMARY KEY (a, b));
-- new
CREATE TABLE t (a int, b int, PRIMARY KEY (b, a));
-- expect
sql-primary-key-changed t high [deploy rollback rolling]
