-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a smallint);
-- new
CREATE TABLE t (id int PRIMARY KEY, a smallint unsigned);
-- expect
sql-signedness-changed t.a critical [deploy rollback rolling]
