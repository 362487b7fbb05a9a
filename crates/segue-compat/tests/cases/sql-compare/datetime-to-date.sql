-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a datetime);
-- new
CREATE TABLE t (id int PRIMARY KEY, a date);
-- expect
sql-precision-changed t.a critical [deploy rollback rolling]
