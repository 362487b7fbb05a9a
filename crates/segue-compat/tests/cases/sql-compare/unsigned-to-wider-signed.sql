-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a int unsigned);
-- new
CREATE TABLE t (id int PRIMARY KEY, a bigint);
-- expect
sql-signedness-changed t.a medium [deploy rollback rolling]
