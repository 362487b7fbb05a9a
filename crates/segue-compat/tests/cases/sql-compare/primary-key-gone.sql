-- dialect: mysql
-- old
CREATE TABLE t (a int NOT NULL, PRIMARY KEY (a));
-- new
CREATE TABLE t (a int NOT NULL);
-- expect
sql-primary-key-changed t high [deploy rollback rolling]
