-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a int unsigned);
-- new
CREATE TABLE t (id int PRIMARY KEY, a int);
-- expect
sql-signedness-changed t.a critical [deploy rollback rolling]
