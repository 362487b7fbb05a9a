-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a int);
-- new
CREATE TABLE t (id int PRIMARY KEY, a int, KEY k (a));
-- expect
sql-index-added t#k info []
