-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a int);CREATE PUBLICATION p FOR TABLE t;
-- new
CREATE TABLE t (id int PRIMARY KEY, a int);
-- expect
