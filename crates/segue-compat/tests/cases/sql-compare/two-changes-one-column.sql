-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a varchar(20) NOT NULL DEFAULT 'x');
-- new
CREATE TABLE t (id int PRIMARY KEY, a varchar(10));
-- expect
sql-default-dropped t.a medium []
sql-not-null-dropped t.a medium [deploy rollback rolling]
sql-type-narrowed t.a critical [deploy rolling]
