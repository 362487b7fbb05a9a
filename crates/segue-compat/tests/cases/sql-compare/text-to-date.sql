-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a varchar(20));
-- new
CREATE TABLE t (id int PRIMARY KEY, a date);
-- expect
sql-type-changed t.a critical [deploy rollback rolling]
