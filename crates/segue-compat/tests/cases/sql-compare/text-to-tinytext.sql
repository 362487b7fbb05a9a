-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a text, b varchar(255));
-- new
CREATE TABLE t (id int PRIMARY KEY, a tinytext, b tinytext);
-- expect
sql-type-narrowed t.a critical [deploy rolling]
sql-type-narrowed t.b critical [deploy rolling]
