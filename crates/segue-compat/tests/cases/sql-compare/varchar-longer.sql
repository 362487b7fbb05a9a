-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a varchar(10));
-- new
CREATE TABLE t (id int PRIMARY KEY, a varchar(20));
-- expect
sql-type-widened t.a medium [rollback rolling]
