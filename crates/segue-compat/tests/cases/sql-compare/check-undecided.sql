-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a int, b int, CONSTRAINT c CHECK (a > b));
-- new
CREATE TABLE t (id int PRIMARY KEY, a int, b int, CONSTRAINT c CHECK (a <> b));
-- expect
sql-check-changed t#c medium [] undecided
