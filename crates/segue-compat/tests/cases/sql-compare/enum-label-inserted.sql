-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a enum('s','l'));
-- new
CREATE TABLE t (id int PRIMARY KEY, a enum('s','m','l'));
-- expect
sql-enum-label-added t.a medium [deploy rollback rolling]
