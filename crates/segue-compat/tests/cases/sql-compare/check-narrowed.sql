-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT c CHECK (a > 0));
-- new
CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT c CHECK (a > 0 and a < 10));
-- expect
sql-check-changed t#c high [deploy rolling]
