-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a int);
-- new
CREATE TABLE t (id int PRIMARY KEY, a int INVISIBLE);
-- expect
sql-column-option-changed t.a medium []
