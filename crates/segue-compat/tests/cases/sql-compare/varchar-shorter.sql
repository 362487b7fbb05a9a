-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a varchar(20));
-- new
CREATE TABLE t (id int PRIMARY KEY, a varchar(10));
-- expect
sql-type-narrowed t.a critical [deploy rolling]
