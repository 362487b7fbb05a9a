-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a int, b int, UNIQUE (a));
-- new
CREATE TABLE t (id int PRIMARY KEY, a int, b int, UNIQUE (a, b));
-- expect
sql-unique-added t#a high [deploy rollback rolling]
sql-unique-dropped t#a high [deploy rollback rolling]
