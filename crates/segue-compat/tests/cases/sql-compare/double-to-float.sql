-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a double);
-- new
CREATE TABLE t (id int PRIMARY KEY, a float);
-- expect
sql-precision-changed t.a critical [deploy rollback rolling]
