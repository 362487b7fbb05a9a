-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, nick varchar(20), n int NOT NULL);
-- new
CREATE TABLE t (id int PRIMARY KEY);
-- expect
sql-column-removed t.n critical [deploy rollback rolling]
sql-column-removed t.nick critical [deploy rolling]
