-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int);
-- new
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 1, b int DEFAULT 2);
-- expect
sql-default-added t.a low [rollback rolling]
sql-default-added t.b info []
