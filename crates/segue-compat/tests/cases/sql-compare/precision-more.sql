-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a decimal(10,2));
-- new
CREATE TABLE t (id int PRIMARY KEY, a decimal(12,4));
-- expect
sql-precision-changed t.a medium [deploy rollback rolling]
