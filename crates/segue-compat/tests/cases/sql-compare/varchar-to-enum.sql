-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a varchar(10));
-- new
CREATE TABLE t (id int PRIMARY KEY, a enum('s','m'));
-- expect
sql-enum-to-text t.a critical [deploy rollback rolling]
