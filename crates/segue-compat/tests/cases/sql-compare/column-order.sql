-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a int, b text);
-- new
CREATE TABLE t (id int PRIMARY KEY, b text, a int);
-- expect
sql-column-order-changed t low []
