-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a binary(4));
-- new
CREATE TABLE t (id int PRIMARY KEY, a varbinary(4));
-- expect
sql-char-padding-changed t.a medium [deploy rollback rolling]
