-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a int);
-- new
CREATE TABLE t (id int PRIMARY KEY, a varchar(5));
-- expect
sql-type-changed t.a critical [deploy rollback rolling]
