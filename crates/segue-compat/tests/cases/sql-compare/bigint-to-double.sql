-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a bigint);
-- new
CREATE TABLE t (id int PRIMARY KEY, a double);
-- expect
sql-exactness-changed t.a critical [deploy rollback rolling]
