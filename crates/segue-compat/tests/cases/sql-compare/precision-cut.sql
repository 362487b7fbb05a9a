-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a decimal(12,2));
-- new
CREATE TABLE t (id int PRIMARY KEY, a decimal(10,2));
-- expect
sql-precision-changed t.a critical [deploy rollback rolling]
