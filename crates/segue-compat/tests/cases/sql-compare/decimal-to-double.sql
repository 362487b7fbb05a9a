-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a decimal(10,2));
-- new
CREATE TABLE t (id int PRIMARY KEY, a double);
-- expect
sql-exactness-changed t.a critical [deploy rollback rolling]
