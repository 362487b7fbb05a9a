-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a char(10));
-- new
CREATE TABLE t (id int PRIMARY KEY, a varchar(10));
-- expect
sql-char-padding-changed t.a medium [deploy rollback rolling]
