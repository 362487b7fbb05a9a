-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a bigint(20));
-- new
CREATE TABLE t (id int PRIMARY KEY, a int(11));
-- expect
sql-type-narrowed t.a critical [deploy rollback rolling]
