-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a enum('s','m'));
-- new
CREATE TABLE t (id int PRIMARY KEY, a varchar(10));
-- expect
sql-enum-to-text t.a medium [deploy rollback rolling]
