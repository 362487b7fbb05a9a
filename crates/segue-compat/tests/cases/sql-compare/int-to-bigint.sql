-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a int);
-- new
CREATE TABLE t (id int PRIMARY KEY, a bigint);
-- expect
sql-type-widened t.a medium [deploy rollback rolling]
