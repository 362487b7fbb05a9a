-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a varchar(9), CONSTRAINT c CHECK (a in ('x')));
-- new
CREATE TABLE t (id int PRIMARY KEY, a varchar(9), CONSTRAINT c CHECK (a in ('x','y')));
-- expect
sql-check-changed t#c medium [rollback rolling]
