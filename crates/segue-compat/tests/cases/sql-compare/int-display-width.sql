-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a int(11), b bigint(20));
-- new
CREATE TABLE t (id int PRIMARY KEY, a int, b bigint(19));
-- expect
