-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 1, b int DEFAULT 2);
-- new
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int);
-- expect
sql-default-dropped t.a high [deploy rolling]
sql-default-dropped t.b medium []
