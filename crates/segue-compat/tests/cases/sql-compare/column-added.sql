-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY);
-- new
CREATE TABLE t (id int PRIMARY KEY, nick varchar(20), n int NOT NULL DEFAULT 0);
-- expect
sql-column-added t.n low [rollback rolling]
sql-column-added t.nick low [rollback rolling]
