-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a decimal(12,4));
-- new
CREATE TABLE t (id int PRIMARY KEY, a decimal(12,2));
-- expect
sql-precision-changed t.a critical [deploy rollback rolling]
