-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, created_at datetime, n int);
-- new
CREATE TABLE t (id int PRIMARY KEY, n int, weight datetime(6));
-- expect
sql-column-added t.weight low [rollback rolling]
sql-column-removed t.created_at critical [deploy rolling]
