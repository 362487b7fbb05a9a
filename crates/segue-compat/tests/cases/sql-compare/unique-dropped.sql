-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a varchar(9), UNIQUE KEY u (a));
-- new
CREATE TABLE t (id int PRIMARY KEY, a varchar(9), KEY u (a));
-- expect
sql-index-added t#u info []
sql-unique-dropped t#u high [deploy rollback rolling]
