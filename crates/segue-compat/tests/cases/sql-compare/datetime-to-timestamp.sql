-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a datetime);
-- new
CREATE TABLE t (id int PRIMARY KEY, a timestamp NULL);
-- expect
sql-time-zone-changed t.a critical [deploy rollback rolling]
