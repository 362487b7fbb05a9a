-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a varchar(99), UNIQUE KEY u (a));
-- new
CREATE TABLE t (id int PRIMARY KEY, a varchar(99), UNIQUE KEY u (a(10)));
-- expect
sql-unique-added t#u high [deploy rollback rolling]
sql-unique-dropped t#u high [deploy rollback rolling]
