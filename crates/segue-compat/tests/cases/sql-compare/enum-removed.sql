-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a enum('s','m','l'));
-- new
CREATE TABLE t (id int PRIMARY KEY, a enum('s','m'));
-- expect
sql-enum-label-removed t.a critical [deploy rollback rolling]
