-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY k (a, b));
-- new
CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY k (b, a));
-- expect
sql-index-added t#k info []
sql-index-dropped t#k medium []
