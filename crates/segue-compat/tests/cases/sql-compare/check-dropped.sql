-- dialect: sqlite
-- old
CREATE TABLE t (id int PRIMARY KEY, a INT CHECK (a > 0));
-- new
CREATE TABLE t (id int PRIMARY KEY, a INT);
-- expect
sql-check-dropped t#constraint medium [rollback rolling]
