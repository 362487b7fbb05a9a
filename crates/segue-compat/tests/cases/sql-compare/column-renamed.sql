-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, name varchar(50) NOT NULL, x int);
-- new
CREATE TABLE t (id int PRIMARY KEY, full_name varchar(50) NOT NULL, x int);
-- expect
sql-column-renamed t.full_name high [deploy rollback rolling]
