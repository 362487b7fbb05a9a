-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a datetime(6));
-- new
CREATE TABLE t (id int PRIMARY KEY, a datetime);
-- expect
sql-precision-changed t.a critical [deploy rollback rolling]
