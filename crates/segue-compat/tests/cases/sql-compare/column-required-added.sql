-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY);
-- new
CREATE TABLE t (id int PRIMARY KEY, email varchar(20) NOT NULL);
-- expect
sql-column-required-added t.email high [deploy rollback rolling]
