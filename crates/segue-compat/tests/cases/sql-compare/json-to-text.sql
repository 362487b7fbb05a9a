-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a json);
-- new
CREATE TABLE t (id int PRIMARY KEY, a longtext);
-- expect
sql-type-changed t.a high [deploy rollback rolling]
