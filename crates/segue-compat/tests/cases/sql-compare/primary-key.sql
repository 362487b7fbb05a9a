-- dialect: mysql
-- old
CREATE TABLE t (a int, b int NOT NULL, PRIMARY KEY (a));
-- new
CREATE TABLE t (a int, b int NOT NULL, PRIMARY KEY (a, b));
-- expect
sql-primary-key-changed t high [deploy rollback rolling]
